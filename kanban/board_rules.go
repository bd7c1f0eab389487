package kanban

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The bounds of a board's settings.
const (
	reasonsLimit = 40
	reasonLimit  = 60 // letters
	countLimit   = 100_000
	daysLimit    = 3650
)

// Check refuses settings that cannot be, with an *InvalidError.
func (b Board) Check() error {
	switch {
	case !readable(b.Name):
		return Invalid("connect.board_name_missing")
	case !currency.MatchString(b.Currency):
		return Invalid("connect.currency_unknown")
	case b.Winner != FurthestStage && b.Winner != EarliestStage,
		slices.ContainsFunc(b.Scope.Statuses, func(s Status) bool { return !slices.Contains(Statuses(), s) }),
		slices.ContainsFunc(b.HiddenFields, func(f CardField) bool { return !slices.Contains(CardFields(), f) }):
		return Invalid("error.invalid_text")
	case len(b.Stages) > templateStages:
		return Invalid("stages.too_many", "most", templateStages)
	case b.Audience.Chosen && len(b.Audience.Teams)+len(b.Audience.People) == 0:
		return Invalid("board.audience_nobody")
	}
	if err := b.checkReasons(); err != nil {
		return err
	}
	return b.checkStages()
}

func (b Board) checkReasons() error {
	if len(b.LostReasons) > reasonsLimit {
		return Invalid("board.reasons_too_many", "most", reasonsLimit)
	}
	if b.ReasonRequired && len(b.LostReasons) == 0 {
		return Invalid("board.reasons_missing")
	}
	for i, r := range b.LostReasons {
		if !readable(r) || utf8.RuneCountInString(r) > reasonLimit {
			return Invalid("board.reason_unreadable", "reason", cut(r), "most", reasonLimit)
		}
		if slices.ContainsFunc(b.LostReasons[:i], func(o string) bool { return strings.EqualFold(o, r) }) {
			return Invalid("board.reason_twice", "reason", r)
		}
	}
	return nil
}

func (b Board) checkStages() error {
	for i, s := range b.Stages {
		if err := s.check(); err != nil {
			return err
		}
		if slices.ContainsFunc(b.Stages[:i], func(o Stage) bool { return o.Label == s.Label }) {
			return Invalid("stages.twice", "stage", s.Title)
		}
	}
	return nil
}

func (s Stage) check() error {
	within := func(n, most int) bool { return n >= 0 && n <= most }
	switch {
	case !readable(s.Name):
		return Invalid("stages.name", "most", templateName)
	case s.OwnColor && !hexColor.MatchString(s.Color):
		return Invalid("stages.color", "stage", s.Name)
	case !within(s.WIP, countLimit), !within(s.RottingDays, daysLimit), !within(s.Probability, 100):
		return Invalid("stages.number", "stage", s.Name)
	case s.Kind != StageOpen && s.Kind != StageWon && s.Kind != StageLost:
		return Invalid("stages.kind", "stage", s.Name, "kind", cut(string(s.Kind)))
	}
	return nil
}

// Archived reports whether the board was put away.
func (b Board) Archived() bool { return !b.ArchivedAt.IsZero() }

// Archive puts the board away, or brings it back.
func (b *Board) Archive(wish bool, now time.Time) {
	b.ArchivedAt = time.Time{}
	if wish {
		b.ArchivedAt = now
	}
}

// Order puts the stages in an order. Stages that are not named come after those that are, as they were.
func (b *Board) Order(ids []StageID) {
	place := func(s Stage) int {
		if i := slices.Index(ids, s.ID); i >= 0 {
			return i
		}
		return len(ids)
	}
	slices.SortStableFunc(b.Stages, func(s, t Stage) int { return place(s) - place(t) })
}

// insert puts a new stage where its kind belongs: after the last open one, or at the end.
func (b *Board) insert(s Stage) {
	at := len(b.Stages)
	if s.Kind == StageOpen {
		at = 0
		for i, o := range b.Stages {
			if o.Kind == StageOpen {
				at = i + 1
			}
		}
	}
	b.Stages = slices.Insert(b.Stages, at, s)
}
