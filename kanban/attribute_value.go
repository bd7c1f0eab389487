package kanban

import (
	"encoding/json"
	"math/big"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Chatwoot's limits of one custom attribute (CONTRACT 5.6).
const (
	attributeTextLimit = 1500
	attributeNumberMax = 9_999_999_999
	patternLimit       = 500 // characters of a foreign pattern that is tried
)

// Parse reads what a person typed into an attribute: nil for nothing, else what Chatwoot is to keep. decimalComma says that they write
// 1.500,50 and not 1,500.50.
func (d AttributeDefinition) Parse(text string, decimalComma bool) (any, error) {
	text = strings.TrimSpace(strings.Map(printable, text))
	if d.Type == "checkbox" {
		return text == "true" || text == "on", nil
	}
	if text == "" {
		return nil, nil
	}
	switch d.Type {
	case "number", "currency", "percent":
		return parseNumber(text, decimalComma)
	case "date":
		if day, err := time.Parse(time.DateOnly, text); err != nil || day.Year() < 1900 {
			return nil, Invalid("field.date")
		}
		return text, nil
	case "link":
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, Invalid("field.link")
		}
	case "list":
		if len(d.Values) > 0 && !slices.Contains(d.Values, text) {
			return nil, Invalid("field.list")
		}
	}
	if utf8.RuneCountInString(text) > attributeTextLimit {
		return nil, Invalid("field.too_long", "most", attributeTextLimit)
	}
	return text, d.matches(text)
}

// printable drops what no field of a form can show and PostgreSQL does not keep.
func printable(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' || r == utf8.RuneError {
		return -1
	}
	return r
}

func parseNumber(text string, decimalComma bool) (any, error) {
	group, decimal := ",", "."
	if decimalComma {
		group, decimal = ".", ","
	}
	text = strings.NewReplacer(" ", "", "\u00a0", "", "%", "", group, "").Replace(text)
	text = strings.Replace(text, decimal, ".", 1)
	for _, r := range text {
		if (r < '0' || r > '9') && r != '.' && r != '-' {
			return nil, Invalid("field.number")
		}
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok || len(text) > 40 {
		return nil, Invalid("field.number")
	}
	if r.Abs(r).Cmp(big.NewRat(attributeNumberMax, 1)) > 0 {
		return nil, Invalid("field.too_high", "most", attributeNumberMax)
	}
	return json.Number(plainNumber(text)), nil
}

// plainNumber is a number as JSON has it: no leading zeros, no bare point.
func plainNumber(text string) string {
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		return sign + whole + "." + fraction
	}
	return sign + whole
}

// matches holds a text against the attribute's pattern. That is Ruby's; one that Go does not understand is left to Chatwoot's own screen.
func (d AttributeDefinition) matches(text string) error {
	if d.Pattern == "" || len(d.Pattern) > patternLimit || d.Type != "text" {
		return nil
	}
	pattern := d.Pattern
	if inner, found := strings.CutPrefix(pattern, "/"); found && strings.Contains(inner, "/") {
		pattern = inner[:strings.LastIndex(inner, "/")]
	}
	re, err := regexp.Compile(pattern)
	if err != nil || re.MatchString(text) {
		return nil //nolint:nilerr // a pattern of another dialect forbids nothing
	}
	if d.Cue != "" {
		return Invalid("field.pattern_cue", "cue", d.Cue)
	}
	return Invalid("field.pattern")
}
