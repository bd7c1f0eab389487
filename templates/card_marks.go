package templates

import (
	"strings"

	"github.com/chatlane/chatlane/kanban"
)

// MarkView is what a card says of a move that is under way, waits or was refused.
type MarkView struct {
	Text string
	// Move is the move's number; To the stage it goes to.
	Move, To string
	// Retry is the address that tries again at once, Dismiss the one that takes the mark off; empty without such a button.
	Retry, Dismiss string
	// Waiting says that an attempt failed, so that the card shows more than a sign of being under way.
	Waiting bool
}

// ConflictView offers to settle a card that carries two stage labels.
type ConflictView struct{ Text, Settle, Path string }

func (d *deck) marks(v *CardView, c kanban.Card) {
	if m := c.Pending; m != nil {
		v.Pending = &MarkView{Move: itoa(m.ID), To: itoa(m.To)}
		if m.Attempts > 0 && m.Reason != "" {
			v.Pending.Waiting = true
			v.Pending.Text = d.loc.T("card.waiting_move", "stage", stageName(d.loc, d.board, m.To), "reason", Reason(d.loc, m.Reason))
			v.Pending.Retry = AttemptsPath(m.ID)
		}
	}
	if m := c.Refused; m != nil {
		v.Refused = &MarkView{
			Move: itoa(m.ID), To: itoa(m.To),
			Text:    d.loc.T("card.refused", "stage", stageName(d.loc, d.board, m.To), "reason", Reason(d.loc, m.Reason)),
			Dismiss: RefusalPath(m.ID),
		}
	}
	if c.Conflict {
		v.Conflict = d.conflict(c)
	}
}

func (d *deck) conflict(c kanban.Card) *ConflictView {
	var names []string
	for _, s := range d.board.StagesIn(c.Conversation.Labels) {
		names = append(names, s.Name)
	}
	return &ConflictView{
		Text:   d.loc.T("card.two_stages", "stages", strings.Join(names, " + ")),
		Settle: d.loc.T("card.keep", "stage", stageName(d.loc, d.board, c.Stage)),
		Path:   SettlePath(d.board.ID, c.Conversation.ID),
	}
}

// Reason says in the viewer's language why a move waits or was refused. A key without words gets a general sentence.
func Reason(loc Locale, key string) string {
	if loc.Has(key) {
		return loc.T(key)
	}
	return loc.T("reason.unknown")
}

func stageName(loc Locale, b kanban.Board, id kanban.StageID) string {
	if s, ok := b.Stage(id); ok {
		return s.Name
	}
	for _, s := range b.Removed {
		if s.ID == id {
			return s.Name
		}
	}
	return loc.T("stage.none")
}
