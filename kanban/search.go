package kanban

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of a search: what is typed beyond is left out.
const (
	searchLimit = 200 // bytes
	termLimit   = 8
)

// TextOf is what searches look through: words without accents and capitals, each after a space, of the customer's name, e-mail, company,
// the labels, the last message, and the conversation's number; and the phone number's digits.
func TextOf(c Conversation) (words, digits string) {
	var b strings.Builder
	for _, s := range []string{c.Contact.Name, c.Contact.Phone, c.Contact.Email, c.Contact.Company, c.LastMessage.Text} {
		fold(&b, s)
	}
	for _, l := range c.Labels {
		fold(&b, l)
	}
	b.WriteByte(' ')
	b.WriteString(strconv.FormatInt(int64(c.ID), 10))
	return b.String(), digitsIn(c.Contact.Phone)
}

// term is a word that is searched for, or a number: a phone number may be written in any notation.
type term struct {
	words  []string // each has to begin a word, with a space before it
	digits string   // or these have to be within the phone number
	marks  sieve    // of the words
}

// found reports whether a term is in a text.
func (t *term) found(x *Facts) bool {
	if t.digits != "" && strings.Contains(x.Digits, t.digits) {
		return true
	}
	if !x.marks.lets(&t.marks) {
		return false
	}
	for _, w := range t.words {
		if len(w) == 2 && initial(w[1]) != 0 {
			continue // the sieve is sure
		}
		if !beginsIn(x.Words, w) {
			return false
		}
	}
	return len(t.words) > 0
}

// The lengths from which digits are looked for within phone numbers: a single group of them, and several that are written apart.
const (
	fewDigits  = 4
	manyDigits = 7
)

// termsOf reads what somebody typed: all of its terms have to be found.
func termsOf(text string) []term {
	text = bounded(text, searchLimit)
	var terms []term
	for text != "" && len(terms) < termLimit {
		if run := phoneRun(text); run != "" {
			terms = append(terms, termOf(wordsOf(run), local(digitsIn(run))))
			text = text[len(run):]
			continue
		}
		end := strings.IndexFunc(text, unicode.IsSpace)
		if end < 0 {
			end = len(text)
		}
		if words := wordsOf(text[:end]); len(words) > 0 {
			terms = append(terms, termOf(words, ""))
		}
		text = strings.TrimLeftFunc(text[end:], unicode.IsSpace)
	}
	return terms
}

func termOf(words []string, digits string) term {
	return term{words, digits, sieveOf(strings.Join(words, ""))}
}

// phoneRun is the beginning of a text that may be a phone number; empty when it is none.
func phoneRun(text string) string {
	end, digits, groups := 0, 0, 0
	in := false
	for i, r := range text {
		digit := r >= '0' && r <= '9'
		if !digit && !strings.ContainsRune(" +()-./\u00a0", r) {
			if in && unicode.IsLetter(r) {
				return ""
			}
			break
		}
		if digit {
			digits++
			if end = i + 1; !in {
				groups++
			}
		}
		in = digit
	}
	if digits >= manyDigits || groups == 1 && digits >= fewDigits {
		return text[:end]
	}
	return ""
}

// local is a number without the zeros that people dial before it.
func local(digits string) string {
	if short := strings.TrimLeft(digits, "0"); len(short) >= fewDigits {
		return short
	}
	return digits
}

func wordsOf(text string) []string {
	var b strings.Builder
	fold(&b, text)
	words := strings.Fields(b.String())
	for i, w := range words {
		words[i] = " " + w
	}
	return words
}

func digitsIn(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// fold writes the words of a text without accents and capitals, each after a space.
func fold(b *strings.Builder, s string) {
	in := false
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9'):
			in = begin(b, in)
			b.WriteRune(r)
		case r >= 'A' && r <= 'Z':
			in = begin(b, in)
			b.WriteRune(r | 0x20)
		case r < utf8.RuneSelf:
			in = false
		default:
			in = foldRune(b, r, in)
		}
	}
}

// foldRune writes a letter beyond ASCII as what it consists of. A mark belongs to the letter before it.
func foldRune(b *strings.Builder, r rune, in bool) bool {
	if unicode.Is(unicode.Mn, r) {
		return in
	}
	wrote := false
	for _, p := range partsOf(r) {
		if !unicode.IsLetter(p) && !unicode.IsNumber(p) {
			continue
		}
		in, wrote = begin(b, in), true
		b.WriteRune(unicode.ToLower(p))
	}
	return in && wrote
}

// latin are the letters that people mostly write with, taken apart.
var latin = func() (parts [0x250]string) {
	for r := range parts {
		parts[r] = norm.NFKD.String(string(rune(r)))
	}
	return parts
}()

func partsOf(r rune) string {
	if int(r) < len(latin) {
		return latin[r]
	}
	return norm.NFKD.String(string(r))
}

func begin(b *strings.Builder, in bool) bool {
	if !in {
		b.WriteByte(' ')
	}
	return true
}

// bounded is the beginning of a text, some bytes at most, without half a letter at its end.
func bounded(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}
