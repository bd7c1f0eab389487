package kanban

import (
	"context"
	"slices"
)

// StageRemoval is how a stage is to go.
type StageRemoval struct {
	// KeepLabels takes away the column alone: its conversations keep the label, which means nothing to the board from then on.
	KeepLabels bool
	// To is where the cards are moved otherwise: another stage of the board, or NoStage.
	To StageID
	// DeleteLabel has the label deleted in Chatwoot when no card has it any more.
	DeleteLabel bool
}

// Remaining is what a stage that is being emptied still has.
type Remaining struct {
	// Here counts cards that are in the stage, on the screen or in Chatwoot.
	Here int
	// Refused counts those among them that Chatwoot would not let go.
	Refused int
}

// RemoveStage takes a stage off a board that is still as the administrator saw it (ErrStale). Its cards are moved first, each by a move
// of the administrator's, as fast as leaves Chatwoot and other people's moves in peace; the stage goes when the last one has left.
func (e *Engine) RemoveStage(ctx context.Context, by Viewer, id BoardID, version int64, stage StageID, r StageRemoval) (Board, error) {
	b, err := e.boardFor(ctx, by, id)
	if err != nil {
		return Board{}, err
	}
	i, err := b.mayRemove(stage, r)
	if err != nil {
		return b, err
	}
	if r.DeleteLabel {
		if err := e.mayDeleteLabel(ctx, b, b.Stages[i]); err != nil {
			return b, err
		}
	}
	left, err := e.Store.CardsLeft(ctx, b.Stages[i])
	if err != nil {
		return b, err
	}
	if r.KeepLabels || left.Here == 0 {
		return e.removeAtOnce(ctx, by, b.Stages[i], version, r.DeleteLabel)
	}
	b, err = e.ChangeBoard(ctx, by, id, version, func(b *Board) error {
		b.Stages[i].Leaving = &Leaving{To: r.To, By: by.Actor, Begun: e.Clock(), Cards: left.Here, DeleteLabel: r.DeleteLabel}
		return nil
	})
	if err == nil {
		poke(e.sync(b.Account).leaving)
	}
	return b, err
}

// removeAtOnce takes away a stage whose cards are not to be moved, or that has none.
func (e *Engine) removeAtOnce(ctx context.Context, by Viewer, s Stage, version int64, label bool) (Board, error) {
	b, err := e.ChangeBoard(ctx, by, s.Board, version, func(b *Board) error {
		b.Stages = slices.DeleteFunc(b.Stages, func(o Stage) bool { return o.ID == s.ID })
		return nil
	})
	if err != nil || !label || s.LabelGone {
		return b, err
	}
	if err := e.deleteLabel(ctx, by, s.Label); err != nil {
		return b, &LabelRefusedError{err}
	}
	return b, nil
}

// mayRemove finds a stage that is to go, and refuses what cannot be done with its cards.
func (b Board) mayRemove(stage StageID, r StageRemoval) (int, error) {
	i := slices.IndexFunc(b.Stages, func(s Stage) bool { return s.ID == stage })
	if i < 0 {
		return 0, ErrNotFound
	}
	if !r.KeepLabels && r.To != NoStage {
		to, ok := b.Stage(r.To)
		if !ok || to.ID == stage || to.Leaving != nil {
			return 0, Invalid("stages.nowhere")
		}
		if b.ReasonRequired && to.Kind == StageLost && b.Stages[i].Kind != StageLost {
			return 0, Invalid("stages.lost_without_reason", "stage", to.Name)
		}
	}
	if slices.ContainsFunc(b.Stages, func(s Stage) bool { return s.Leaving != nil && s.Leaving.To == stage }) {
		return 0, Invalid("stages.awaits_cards", "stage", b.Stages[i].Name)
	}
	if r.KeepLabels && r.DeleteLabel {
		return 0, Invalid("stages.nowhere")
	}
	return i, nil
}

// mayDeleteLabel refuses to delete a label that another board has.
func (e *Engine) mayDeleteLabel(ctx context.Context, b Board, s Stage) error {
	boards, err := e.Store.Boards(ctx, b.Account)
	if err != nil {
		return err
	}
	for _, o := range boards {
		if o.ID != b.ID && slices.ContainsFunc(o.Stages, func(x Stage) bool { return x.Label == s.Label }) {
			return Invalid("stages.label_in_use", "label", s.Title, "board", o.Name)
		}
	}
	return nil
}

// KeepStage ends the emptying of a stage, which stays with the cards that it still has. Moves that are under way go on.
func (e *Engine) KeepStage(ctx context.Context, by Viewer, id BoardID, version int64, stage StageID) (Board, error) {
	return e.ChangeBoard(ctx, by, id, version, func(b *Board) error {
		return b.leaving(stage, func(s *Stage) { s.Leaving = nil })
	})
}

// EmptyAgain tries the cards of a stage again that Chatwoot would not let go, now in the name of whoever asks.
func (e *Engine) EmptyAgain(ctx context.Context, by Viewer, id BoardID, version int64, stage StageID) (Board, error) {
	b, err := e.ChangeBoard(ctx, by, id, version, func(b *Board) error {
		return b.leaving(stage, func(s *Stage) {
			again := *s.Leaving
			again.Begun, again.By = e.Clock(), by.Actor
			s.Leaving = &again
		})
	})
	if err == nil {
		poke(e.sync(b.Account).leaving)
	}
	return b, err
}

// leaving changes a stage that is being emptied.
func (b *Board) leaving(stage StageID, change func(*Stage)) error {
	i := slices.IndexFunc(b.Stages, func(s Stage) bool { return s.ID == stage && s.Leaving != nil })
	if i < 0 {
		return ErrNotFound
	}
	change(&b.Stages[i])
	return nil
}
