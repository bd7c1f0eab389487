package store

import (
	"context"
	"slices"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// note keeps what a snapshot changed in a conversation besides its stages. What was there before Chatlane is no edit.
func (a applying) note(ctx context.Context, was kanban.Conversation, snap kanban.Snapshot) error {
	if snap.Source == kanban.FromImport {
		return nil
	}
	n := newsOf(snap)
	if n.at.IsZero() {
		n.at = fromMillis(a.now)
	}
	for _, e := range kanban.EditsBetween(was, snap.Conversation, a.deal, a.isStage) {
		if err := a.q.InsertEdit(ctx, db.InsertEditParams{
			Account: int64(a.account), Conversation: int64(snap.ID), Field: string(e.Field), Was: e.Before, Became: e.After, At: millis(n.at),
			AtKnown: flag(n.known), Source: string(n.source), ByID: int64(n.by.ID), ByName: n.by.Name,
		}); err != nil {
			return err
		}
	}
	return nil
}

// isStage reports whether a label of this title is a stage of some board.
func (a applying) isStage(title string) bool {
	return slices.ContainsFunc(a.boards, func(b kanban.Board) bool { return len(b.StagesIn([]string{title})) > 0 })
}

// Edits are the latest edits of a conversation, the oldest of them first.
func (s *Store) Edits(ctx context.Context, account kanban.AccountID, id kanban.ConversationID, most int) ([]kanban.Edit, error) {
	rows, err := db.New(s.read).Edits(ctx, int64(account), int64(id), int64(most))
	if err != nil {
		return nil, err
	}
	edits := make([]kanban.Edit, 0, len(rows))
	for _, r := range slices.Backward(rows) {
		edits = append(edits, kanban.Edit{
			Account: account, Conversation: id, Field: kanban.EditField(r.Field), Before: r.Was, After: r.Became,
			At: fromMillis(r.At), AtKnown: r.AtKnown != 0, Source: kanban.Source(r.Source), By: kanban.Actor{ID: kanban.AgentID(r.ByID), Name: r.ByName},
		})
	}
	return edits, nil
}
