package templates

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bojanz/currency"

	"github.com/chatlane/chatlane/kanban"
)

// numberFormat writes numbers and money as a language does.
type numberFormat struct {
	group    string
	minGroup int // digits that a number must have before its thousands are set apart
	whole    *currency.Formatter
	exact    *currency.Formatter
	affixes  *sync.Map // currency code → affixes
}

// affixes are what stands before and after a whole amount of a currency.
type affixes struct{ before, after string }

func numberFormatOf(code string) numberFormat {
	f := numberFormat{group: ".", minGroup: 4, affixes: new(sync.Map), whole: formatterOf(code), exact: formatterOf(code)}
	f.whole.MinDigits = 0
	switch code {
	case "en":
		f.group = ","
	case "es":
		f.minGroup = 5 // 1234 but 12.345 (CLDR minimumGroupingDigits)
	}
	return f
}

func formatterOf(code string) *currency.Formatter {
	f := currency.NewFormatter(currency.NewLocale(code))
	f.MaxDigits = 3
	return f
}

func (f numberFormat) integer(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	if len(digits) < f.minGroup {
		return sign + digits
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(f.group)
		}
		b.WriteRune(d)
	}
	return b.String()
}

// Number writes a whole number.
func (l Locale) Number(n int) string { return l.orEnglish().numbers.integer(int64(n)) }

// Money writes an amount in a currency; without decimals when there are none. An unknown currency is written as its code.
func (l Locale) Money(a kanban.Amount, code string) string {
	f := l.orEnglish().numbers
	units := strconv.FormatInt(int64(a)/1000, 10)
	thousandths := int64(a) % 1000
	if thousandths == 0 && a >= 0 {
		x := f.affixesOf(code)
		return x.before + f.integer(int64(a)/1000) + x.after
	}
	if thousandths == 0 {
		return formatMoney(f.whole, f, units, code, a)
	}
	if a < 0 {
		thousandths = -thousandths
		units = "-" + strings.TrimPrefix(units, "-")
	}
	decimals := strconv.FormatInt(1000+thousandths, 10)[1:]
	return formatMoney(f.exact, f, units+"."+decimals, code, a)
}

// affixesOf learns once how a currency is written: the formatter takes longer than all else on a card together.
func (f numberFormat) affixesOf(code string) affixes {
	if x, ok := f.affixes.Load(code); ok {
		return x.(affixes)
	}
	before, after, _ := strings.Cut(formatMoney(f.whole, f, "0", code, 0), "0")
	x := affixes{before, after}
	f.affixes.Store(code, x)
	return x
}

func formatMoney(f *currency.Formatter, n numberFormat, decimal, code string, a kanban.Amount) string {
	amount, err := currency.NewAmount(decimal, code)
	if err != nil {
		return strings.TrimSpace(n.integer(int64(a)/1000) + "\u00a0" + code)
	}
	return f.Format(amount)
}

// Day writes a day of some year near this one, such as "Dec 12".
func (l Locale) Day(t time.Time) string {
	return l.T("date.day", "day", strconv.Itoa(t.Day()), "month", l.month(t))
}

// Date writes a day with its year, such as "Dec 12, 2026".
func (l Locale) Date(t time.Time) string {
	return l.T("date.day_year", "day", l.Day(t), "year", strconv.Itoa(t.Year()))
}

func (l Locale) month(t time.Time) string { return strings.Fields(l.T("date.months"))[t.Month()-1] }

// Age writes how long ago something was in its largest unit: "3 d". The page's script writes it the same way as time goes on.
func (l Locale) Age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return l.T("age.now")
	case d < time.Hour:
		return l.unit("age.minutes", d/time.Minute)
	case d < 24*time.Hour:
		return l.unit("age.hours", d/time.Hour)
	default:
		return l.unit("age.days", d/(24*time.Hour))
	}
}

func (l Locale) unit(key string, n time.Duration) string {
	return strings.ReplaceAll(l.orEnglish().texts[key], "{{.count}}", strconv.FormatInt(int64(n), 10))
}

// stamp is a time as the page's script reads it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// Bytes writes how large something is: "1.2 MB".
func (l Locale) Bytes(n int64) string {
	unit, units := 0, []string{"B", "KB", "MB", "GB"}
	size := float64(n)
	for ; size >= 1000 && unit < len(units)-1; unit++ {
		size /= 1000
	}
	text := strconv.FormatFloat(size, 'f', 0, 64)
	if size < 10 && unit > 0 {
		text = strconv.FormatFloat(size, 'f', 1, 64)
		if l.Code() != "en" {
			text = strings.Replace(text, ".", ",", 1)
		}
	}
	return text + "\u00a0" + units[unit]
}

// DecimalComma reports whether numbers are written as 1.500,50.
func (l Locale) DecimalComma() bool { return l.Code() != "en" }
