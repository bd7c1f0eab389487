package kanban

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Template is a board's structure, to make another board of: nothing of people or conversations.
type Template struct {
	// Format is the version of the file's format.
	Format   int             `json:"chatlane_board"`
	Name     string          `json:"name"`
	Currency string          `json:"currency"`
	Stages   []TemplateStage `json:"stages"`
	// Rules that a board has besides; what is left out is as on a new board.
	Winner         Winner      `json:"winner,omitempty"`
	HideNoStage    bool        `json:"hide_no_stage,omitempty"`
	Compact        bool        `json:"compact,omitempty"`
	Sort           Sort        `json:"sort,omitempty"`
	HiddenFields   []CardField `json:"hidden_fields,omitempty"`
	LostReasons    []string    `json:"lost_reasons,omitempty"`
	ReasonRequired bool        `json:"reason_required,omitempty"`
	CarryStage     bool        `json:"carry_stage,omitempty"`
}

// TemplateStage is a stage of a template. It is known by its label's title, since numbers mean nothing in another account.
type TemplateStage struct {
	Label string    `json:"label"`
	Name  string    `json:"name"`
	Kind  StageKind `json:"kind"`
	// Color is #rrggbb; empty leaves it to the label.
	Color       string `json:"color,omitempty"`
	Probability int    `json:"probability"`
	WIP         int    `json:"wip,omitempty"`
	RottingDays int    `json:"rotting_days,omitempty"`
	Hidden      bool   `json:"hidden,omitempty"`
}

// The bounds of a template.
const (
	templateFormat = 1
	TemplateLimit  = 32 << 10 // bytes
	templateStages = 40
	templateName   = 60 // letters
)

// TemplateOf is the structure of a board.
func TemplateOf(b Board) Template {
	t := Template{
		Format: templateFormat, Name: b.Name, Currency: b.Currency, Winner: b.Winner, HideNoStage: b.HideNoStage, Compact: b.Compact, Sort: b.Sort,
		HiddenFields: b.HiddenFields, LostReasons: b.LostReasons, ReasonRequired: b.ReasonRequired, CarryStage: b.CarryStage,
	}
	for _, s := range b.Stages {
		t.Stages = append(t.Stages, TemplateStage{
			Label: s.Title, Name: s.Name, Kind: s.Kind, Color: s.Color, Probability: s.Probability, WIP: s.WIP, RottingDays: s.RottingDays,
			Hidden: s.Hidden,
		})
	}
	return t
}

// board is what a template makes of an account, but for its stages.
func (t Template) board(id AccountID) Board {
	return Board{
		Account: id, Name: t.Name, Currency: t.Currency, Winner: cmp.Or(t.Winner, FurthestStage), HideNoStage: t.HideNoStage, Compact: t.Compact, Sort: ParseSort(string(t.Sort)),
		HiddenFields: t.HiddenFields, LostReasons: t.LostReasons, ReasonRequired: t.ReasonRequired, CarryStage: t.CarryStage,
	}
}

// ParseTemplate reads a template that somebody gives us. What is wrong with it is an *InvalidError.
func ParseTemplate(text []byte) (Template, error) {
	if len(text) > TemplateLimit {
		return Template{}, Invalid("template.too_large")
	}
	var version struct {
		Format *int `json:"chatlane_board"`
	}
	if json.Unmarshal(text, &version) != nil || version.Format == nil {
		return Template{}, Invalid("template.other_file")
	}
	if *version.Format != templateFormat {
		return Template{}, Invalid("template.other_version", "version", *version.Format)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	var t Template
	if err := d.Decode(&t); err != nil {
		return Template{}, Invalid("template.broken")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Template{}, Invalid("template.broken")
	}
	return t, t.check()
}

// labelTitle is what Chatwoot takes for a label's title (CONTRACT 7.3).
var (
	labelTitle = regexp.MustCompile(`^[\p{L}\p{N}]+[\p{L}\p{N}_-]+$`)
	hexColor   = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	currency   = regexp.MustCompile(`^[A-Z]{3}$`)
)

func (t Template) check() error {
	switch {
	case !readable(t.Name):
		return Invalid("template.name")
	case !currency.MatchString(t.Currency):
		return Invalid("connect.currency_unknown")
	case len(t.Stages) == 0 || len(t.Stages) > templateStages:
		return Invalid("template.stages", "most", templateStages)
	}
	for i, s := range t.Stages {
		if err := s.check(); err != nil {
			return err
		}
		if slices.ContainsFunc(t.Stages[:i], func(o TemplateStage) bool { return o.Label == s.Label }) {
			return Invalid("stages.twice", "stage", s.Label)
		}
	}
	return t.board(0).Check()
}

func (s TemplateStage) check() error {
	between := func(n, least, most int) bool { return n >= least && n <= most }
	switch {
	case len(s.Label) > 255 || s.Label != strings.ToLower(s.Label) || !labelTitle.MatchString(s.Label):
		return Invalid("template.label", "label", cut(s.Label))
	case !readable(s.Name), s.Color != "" && !hexColor.MatchString(s.Color), !between(s.Probability, 0, 100),
		!between(s.WIP, 0, countLimit), !between(s.RottingDays, 0, daysLimit):
		return Invalid("template.stage", "stage", s.Label)
	case s.Kind != StageOpen && s.Kind != StageWon && s.Kind != StageLost:
		return Invalid("stages.kind", "stage", s.Label, "kind", cut(string(s.Kind)))
	}
	return nil
}

// readable reports whether a name can be shown: some letters, not too many, and no line breaks.
func readable(name string) bool {
	return strings.TrimSpace(name) != "" && utf8.RuneCountInString(name) <= templateName && !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' })
}

// cut is a name of somebody else's as a sentence quotes it.
func cut(text string) string {
	if r := []rune(text); len(r) > templateName {
		return string(r[:templateName]) + "…"
	}
	return text
}

// NewTemplate makes a template of stages that were chosen: names after labels, and a first guess of probabilities.
func NewTemplate(name, currency string, specs []StageSpec) Template {
	t := Template{Format: templateFormat, Name: name, Currency: currency}
	for i, spec := range specs {
		t.Stages = append(t.Stages, TemplateStage{Label: spec.Title, Name: displayName(spec.Title), Kind: spec.Kind, Probability: probability(spec.Kind, i, specs)})
	}
	return t
}
