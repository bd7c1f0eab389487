package kanban

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"unicode/utf8"

	"github.com/chatlane/chatlane/chatwoot"
)

// lostReasonLimit is how long a reason may be, in characters.
const lostReasonLimit = 200

// asksWhy refuses a move that loses a deal without the reason that the board wants. Undoing a move says nothing new, and what Chatlane
// does by itself knows none.
func (b Board) asksWhy(mv Move) error {
	to, ok := b.Stage(mv.To)
	lost := ok && to.Kind == StageLost
	switch {
	case mv.LostReason != "" && !lost:
		return Invalid("move.reason_for_nothing")
	case utf8.RuneCountInString(mv.LostReason) > lostReasonLimit || strings.ContainsAny(mv.LostReason, "\r\n"):
		return Invalid("move.reason_unreadable")
	case lost && b.ReasonRequired && mv.LostReason == "" && mv.Undoes == 0 && !mv.Repair && !b.lostAlready(mv):
		return Invalid("move.reason_required")
	}
	return nil
}

// lostAlready reports whether a move is of a card that is known to be in a lost stage: it was said then why.
func (b Board) lostAlready(mv Move) bool {
	if mv.Expect == nil {
		return false
	}
	from, ok := b.Stage(*mv.Expect)
	return ok && from.Kind == StageLost
}

// writeReason keeps, in Chatwoot, why a move lost a deal, and takes it back when that move is undone and the reason is still the one that
// it gave. changed is false when there was nothing to do. Whoever calls has the conversation's turn.
func (m *mover) writeReason(ctx context.Context, c *chatwoot.Client, mv Move, log *slog.Logger) (changed bool, err error) {
	given, taken := mv.LostReason, ""
	if mv.Undoes != 0 {
		undone, err := m.Store.Move(ctx, mv.Undoes)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return false, err
		}
		taken = undone.LostReason
	}
	if given == "" && taken == "" {
		return false, nil
	}
	a, err := m.Store.Account(ctx, mv.Account)
	if err != nil || a.Deal.LostReason == "" {
		return false, err // nowhere to keep it
	}
	wish := func(now fields) fields {
		switch key := a.Deal.LostReason; {
		case given != "":
			return fields{key: quoted(given)}
		case now.at(key) == quoted(taken):
			return fields{key: ""}
		}
		return fields{}
	}
	err = m.writeFields(ctx, c, Viewer{Account: mv.Account, Actor: mv.By}, mv.Conversation, wish)
	if refusal(err) != "" {
		log.WarnContext(ctx, "lost reason refused", "error", err.Error())
		return false, nil // the move stands all the same
	}
	return true, err
}

func quoted(text string) string {
	raw, _ := json.Marshal(text) // a string always has one
	return string(raw)
}
