package chatwoot_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

func TestMicrosAreExact(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{
		"1795398031.479579":                  1795398031479579,
		"1795398031.4795792":                 1795398031479579,
		"1795398031.4795798":                 1795398031479580,
		"1795398031.9999999":                 1795398032000000,
		"1795398031.5":                       1795398031500000,
		"1795398031":                         1795398031000000,
		"1.795398031e9":                      1795398031000000,
		"0.000001":                           1,
		"253402300799.999999":                253402300799999999,
		`"2026-11-23T01:40:31.479Z"`:         1795398031479000,
		`"2026-11-22T22:40:31.479579-03:00"`: 1795398031479579,
		"0":                                  0, "0.0": 0, "-1": 0, "-0.5": 0, "null": 0, "true": 0, "[]": 0, "{}": 0, `""`: 0, `"soon"`: 0, `"1795398031"`: 0, "1e400": 0,
		"253402300800": 0, "99999999999999999999999999": 0, "1e-400": 0, `"0000-01-01T00:00:00Z"`: 0, `"2026-11-23"`: 0,
	} {
		var m chatwoot.Micros
		require.NoError(t, json.Unmarshal([]byte(in), &m), in)
		require.Equal(t, want, int64(m), in)
		var at chatwoot.Time
		require.NoError(t, json.Unmarshal([]byte(in), &at), in)
		require.Equal(t, want == 0, at.IsZero(), in)
		if want != 0 {
			require.Equal(t, time.UnixMicro(want).UTC(), at.Time, in)
			require.Equal(t, at.Time, m.Time())
		}
	}
	require.True(t, chatwoot.Micros(0).Time().IsZero())
}

func TestTimeIsWrittenAsItIsRead(t *testing.T) {
	t.Parallel()
	for _, at := range []chatwoot.Time{{}, {Time: time.UnixMicro(1795398031479579).UTC()}, {Time: time.Unix(1795398031, 0).UTC()}} {
		b, err := json.Marshal(at)
		require.NoError(t, err)
		var again chatwoot.Time
		require.NoError(t, json.Unmarshal(b, &again))
		require.Equal(t, at, again)
	}
}
