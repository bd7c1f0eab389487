package chatwoot

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Time is a moment in any of the encodings Chatwoot uses (CONTRACT 11.4): seconds since the epoch as a whole or broken number,
// or ISO 8601 text. 0, null and what cannot be read are the zero time. It is always UTC.
type Time struct{ time.Time }

// UnmarshalJSON never fails.
func (t *Time) UnmarshalJSON(b []byte) error {
	t.Time = time.Time{}
	if us := parseMicros(b); us > 0 {
		t.Time = time.UnixMicro(us).UTC()
	}
	return nil
}

// MarshalJSON writes ISO 8601 text, or null for the zero time.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return t.UTC().AppendFormat(nil, `"2006-01-02T15:04:05.999999Z"`), nil
}

// Micros is a moment in microseconds since the epoch, exact: the digits of the number are read, not its nearest float.
// It is the version stamp of a conversation (updated_at); 0 when Chatwoot sends none (before 4.0.2).
type Micros int64

// UnmarshalJSON reads seconds as a number, or ISO 8601 text. It never fails.
func (m *Micros) UnmarshalJSON(b []byte) error {
	*m = Micros(parseMicros(b))
	return nil
}

// Time returns the moment, zero for 0.
func (m Micros) Time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(m)).UTC()
}

// parseMicros reads a JSON number of seconds or an ISO 8601 string; 0 for anything else, and for moments before the epoch.
func parseMicros(b []byte) int64 {
	s := string(b)
	var us int64
	unquoted, quoted := strings.CutPrefix(s, `"`)
	switch {
	case len(s) > 64, strings.HasPrefix(s, "-"):
	case quoted:
		us = isoMicros(strings.TrimSuffix(unquoted, `"`))
	case strings.ContainsAny(s, "eE"):
		us = floatMicros(s)
	default:
		us = decimalMicros(s)
	}
	if us >= maxMicros {
		return 0
	}
	return us
}

func isoMicros(s string) int64 {
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil || at.Unix() < 0 {
		return 0
	}
	return at.Round(time.Microsecond).UnixMicro()
}

// decimalMicros reads digits with an optional fraction, rounding at the seventh place: Ruby prints up to seven for a stamp that
// has six.
func decimalMicros(s string) int64 {
	whole, fraction, _ := strings.Cut(s, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || seconds > maxMicros/1e6 {
		return 0
	}
	digits := (fraction + "0000000")[:7]
	tenths, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return 0
	}
	return seconds*1e6 + int64((tenths+5)/10)
}

func floatMicros(s string) int64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f > maxMicros/1e6 {
		return 0
	}
	return int64(math.Round(f * 1e6))
}

// maxMicros is the end of the year 9999: later moments have no ISO form of four digits and are surely mistakes.
const maxMicros = 253402300800 * 1_000_000
