package templates

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed messages/*.json
var messageFiles embed.FS

// Locale is a language that a page is drawn in: its words, plurals, numbers and money. The zero Locale is English.
type Locale struct{ *words }

// words is everything a language consists of. It never changes once it is loaded.
type words struct {
	code      string
	texts     map[string]string
	localizer *i18n.Localizer
	plurals   sync.Map // plural → string, for counts without other values
	numbers   numberFormat
}

type plural struct {
	key   string
	count int
}

var (
	codes   = []string{"en", "pt-BR", "es"}
	locales = loadLocales()
	matcher = language.NewMatcher([]language.Tag{language.English, language.BrazilianPortuguese, language.Spanish})
)

// Locales are the languages there are, English first.
func Locales() []Locale { return locales }

// Match finds the language for a person: the one they chose, else the best of their browser's Accept-Language header.
func Match(acceptLanguage, chosen string) Locale {
	for _, l := range locales {
		if chosen != "" && strings.EqualFold(l.code, chosen) {
			return l
		}
	}
	_, i := language.MatchStrings(matcher, chosen, acceptLanguage)
	return locales[i]
}

// Code is the language's tag: "en", "pt-BR" or "es".
func (l Locale) Code() string { return l.orEnglish().code }

// Name is what the language calls itself.
func (l Locale) Name() string { return l.T("language.name") }

// Short is its name without the country.
func (l Locale) Short() string {
	name, _, _ := strings.Cut(l.Name(), " (")
	return name
}

// T is the text for a key, its {{.name}} places filled in from pairs of names and values. An unknown key is returned as it is:
// a test finds those, a person should still see a page.
func (l Locale) T(key string, pairs ...any) string {
	text, ok := l.orEnglish().texts[key]
	if !ok {
		return key
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{{."+textOf(pairs[i])+"}}", textOf(pairs[i+1]))
	}
	return text
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	}
	return fmt.Sprint(v)
}

// Has reports whether there is a text for a key.
func (l Locale) Has(key string) bool {
	_, ok := l.orEnglish().texts[key]
	return ok
}

// N is the text for a key in the plural form of count, which the text may name as {{.count}}.
func (l Locale) N(key string, count int, pairs ...any) string {
	w := l.orEnglish()
	if len(pairs) > 0 {
		return w.plural(key, count, pairs)
	}
	at := plural{key, count}
	if text, ok := w.plurals.Load(at); ok {
		return text.(string)
	}
	text := w.plural(key, count, nil)
	if count >= 0 && count < maxKeptPlural {
		w.plurals.Store(at, text)
	}
	return text
}

// maxKeptPlural bounds what is remembered; greater counts are rare on a board.
const maxKeptPlural = 1000

func (w *words) plural(key string, count int, pairs []any) string {
	values := map[string]any{"count": w.numbers.integer(int64(count))}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	text, err := w.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: count, TemplateData: values})
	if err != nil && text == "" {
		return key
	}
	return text
}

func (l Locale) orEnglish() *words {
	if l.words == nil {
		return locales[0].words
	}
	return l.words
}

func loadLocales() []Locale {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	loaded := make([]Locale, 0, len(codes))
	for _, code := range codes {
		path := "messages/" + code + ".json"
		raw, err := messageFiles.ReadFile(path)
		if err != nil {
			panic(err) // embedded: only a build without the file can get here
		}
		file, err := bundle.ParseMessageFileBytes(raw, path)
		if err != nil {
			panic(err) // embedded: a test shows it
		}
		w := &words{code: code, texts: map[string]string{}, localizer: i18n.NewLocalizer(bundle, code), numbers: numberFormatOf(code)}
		for _, m := range file.Messages {
			w.texts[m.ID] = m.Other
		}
		loaded = append(loaded, Locale{w})
	}
	return loaded
}
