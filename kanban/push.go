package kanban

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// push writes the labels of a move and returns the snapshot that proves them. It always begins by reading, so that it may be repeated
// after anything. Two writers in a race both get 200 and their own list back, so only a later read counts (CONTRACT 6.2.7).
func (m *mover) push(ctx context.Context, mv Move, log *slog.Logger) (Snapshot, error) {
	c, p, err := m.clientOf(ctx, mv)
	if err != nil {
		return Snapshot{}, err
	}
	snap, err := m.pushWith(ctx, c.In(chatwoot.LaneMove).Once(), mv, log)
	return snap, m.signedOut(ctx, p, mv.Account, err)
}

func (m *mover) pushWith(ctx context.Context, c *chatwoot.Client, mv Move, log *slog.Logger) (Snapshot, error) {
	board, err := m.prepare(ctx, c, mv)
	if err != nil {
		return Snapshot{}, err
	}
	leave, err := m.race.turns.take(ctx, conversationKey{mv.Account, mv.Conversation})
	if err != nil {
		return Snapshot{}, err
	}
	defer leave()
	reasoned := false
	for range overwrites + 1 {
		conv, at, err := m.write(ctx, c, board, mv)
		if err != nil {
			return Snapshot{}, err
		}
		snap := SnapshotOf(mv.Account, conv, FromMove, at, true)
		snap.By, snap.Move = mv.By, mv.ID
		switch {
		case m.race.overwritten(mv.Account, board, snap.Conversation, m.Clock()):
		case reasoned:
			return snap, nil
		default:
			reasoned = true
			if changed, err := m.writeReason(ctx, c, mv, log); err != nil {
				return Snapshot{}, err
			} else if !changed {
				return snap, nil
			}
			continue // read once more: what proves the move is to know of the reason
		}
		log.InfoContext(ctx, "move overwritten by somebody's older view, written again")
	}
	return Snapshot{}, errOverwritten
}

// prepare finds the board of a move, with the target's label created anew if Chatwoot lost it.
func (m *mover) prepare(ctx context.Context, c *chatwoot.Client, mv Move) (Board, error) {
	board, err := m.Store.Board(ctx, mv.Board)
	if err != nil {
		return Board{}, fmt.Errorf("board of move: %w", err)
	}
	if s, ok := board.Stage(mv.To); ok && s.LabelGone {
		return m.sync(mv.Account).restoreLabel(ctx, c, board.ID, s)
	}
	return board, nil
}

// write reads the labels, writes those after the move if they differ, and reads what became of it. at is when the first reading began:
// what proves the move is newer.
func (m *mover) write(ctx context.Context, c *chatwoot.Client, board Board, mv Move) (conv chatwoot.Conversation, at time.Time, err error) {
	at = m.Clock()
	conv, err = m.labelled(ctx, c, mv.Account, mv.Conversation)
	if err != nil {
		return conv, at, err
	}
	next := board.LabelsAfter(conv.Labels, mv.To)
	if sameTitles(conv.Labels, next) || mv.overtaken(board, conv.Labels) {
		return conv, at, nil
	}
	begun := m.Clock()
	if err := m.Store.RecordBase(ctx, mv.ID, conv.Labels, next, begun); err != nil {
		return conv, at, err
	}
	conv, err = m.rewrite(ctx, c, labelWrite{move: mv, base: conv.Labels, written: next, at: begun, since: int64(conv.UpdatedAt)})
	return conv, begun, err
}

// labelled reads a conversation whose labels are to be written, or have been. Its version says what they were worked out from; a list of
// labels alone has none.
func (m *mover) labelled(ctx context.Context, c *chatwoot.Client, account AccountID, id ConversationID) (chatwoot.Conversation, error) {
	conv, err := c.Conversation(ctx, int64(id))
	if err != nil {
		return chatwoot.Conversation{}, err
	}
	if conv.Labels == nil {
		return chatwoot.Conversation{}, errNoLabels
	}
	m.race.saw(conversationKey{account, id}, conv.Labels, int64(conv.UpdatedAt))
	return conv, nil
}

// rewrite replaces the labels of a conversation and reads what became of it.
func (m *mover) rewrite(ctx context.Context, c *chatwoot.Client, w labelWrite) (chatwoot.Conversation, error) {
	begun := m.race.begin(w)
	if _, err := c.SetConversationLabels(ctx, int64(w.move.Conversation), w.written); err != nil {
		return chatwoot.Conversation{}, err
	}
	conv, err := m.labelled(ctx, c, w.move.Account, w.move.Conversation)
	if err != nil {
		return chatwoot.Conversation{}, err
	}
	m.race.answered(begun, int64(conv.UpdatedAt))
	return conv, nil
}

var errNoLabels = errors.New("no labels in Chatwoot's answer")
