package desk

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Phone reads a phone number in any notation of a country, such as "BR", or with its country code, and writes it as +5511988887777. It is
// false for what is no number.
func Phone(text, country string) (string, bool) {
	n, err := phonenumbers.Parse(strings.TrimSpace(text), country)
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}
