package store

import (
	"context"
	"slices"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// Arrange puts a card beside another one of its stage in the order by hand. All of it is one transaction, so of those who arrange at once
// the later sees what the earlier did, and no two orders come of it. ErrStale when they are not in one stage.
func (s *Store) Arrange(ctx context.Context, b kanban.Board, by kanban.Actor, id kanban.ConversationID, at kanban.Spot) ([]kanban.CardChange, error) {
	var out kanban.Applied
	err := s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		out = kanban.Applied{}
		a := s.applying(q, b.Account, &out)
		card, err := q.Placement(ctx, int64(b.ID), int64(id))
		if err != nil {
			return found(err)
		}
		beside, err := q.Placement(ctx, int64(b.ID), int64(max(at.Above, at.Below)))
		if err != nil {
			return found(err)
		}
		if card.StageID != beside.StageID || card.ConversationID == beside.ConversationID {
			return kanban.ErrStale
		}
		return a.arrange(ctx, b, card, beside, at, by)
	})
	return latest(out.Changes), err
}

// arranging bounds how many cards are moved apart to make room for one. Ranks are so far apart that a few nearly always do.
const arranging = 1 << 12

// arrange gives a card a rank beside another one's. Where there is no room, cards next to it are moved apart, as few as do.
func (a applying) arrange(ctx context.Context, b kanban.Board, card, beside db.Placement, at kanban.Spot, by kanban.Actor) error {
	for n := 0; n <= arranging; n = max(1, 2*n) {
		apart, upper, lower, err := a.around(ctx, card, beside, at.Above != 0, n)
		if err != nil {
			return err
		}
		ranks, ok := kanban.Ranks(len(apart), upper, lower)
		if !ok {
			continue
		}
		for i, id := range apart {
			if err := a.rank(ctx, b, id, ranks[i], by); err != nil {
				return err
			}
		}
		return nil
	}
	return kanban.ErrStale // thousands of cards without any room between them
}

// around are the cards to be given ranks anew, the uppermost first: the card in its place, and n of those above it. upper and lower are the
// ranks between which that is, nil where nothing bounds it.
func (a applying) around(ctx context.Context, card, beside db.Placement, above bool, n int) (apart []int64, upper, lower *int64, err error) {
	if !above { // directly below one is directly above the next one, or at the end
		below, err := a.q.RanksBelow(ctx, db.RanksBelowParams{
			Board: card.BoardID, Stage: card.StageID, But: card.ConversationID, Rank: beside.Rank, Conversation: beside.ConversationID, Most: 1,
		})
		if err != nil {
			return nil, nil, nil, err
		}
		if len(below) > 0 {
			lower = &below[0].Rank
			beside.ConversationID, beside.Rank = below[0].ConversationID, below[0].Rank
		}
	} else {
		lower = &beside.Rank
	}
	over, err := a.q.RanksAbove(ctx, db.RanksAboveParams{
		Board: card.BoardID, Stage: card.StageID, But: card.ConversationID, Rank: floor(lower, beside), Conversation: bound(lower, beside), Most: int64(n) + 1,
	})
	if err != nil {
		return nil, nil, nil, err
	}
	if len(over) > n {
		upper, over = &over[n].Rank, over[:n]
	}
	apart = []int64{card.ConversationID}
	for _, o := range over {
		apart = append(apart, o.ConversationID)
	}
	slices.Reverse(apart)
	return apart, upper, lower, nil
}

// floor and bound are below which card the place is: with nothing below it, below all.
func floor(lower *int64, beside db.Placement) int64 {
	if lower == nil {
		return -1 << 62
	}
	return beside.Rank
}

func bound(lower *int64, beside db.Placement) int64 {
	if lower == nil {
		return 0
	}
	return beside.ConversationID
}

func (a applying) rank(ctx context.Context, b kanban.Board, id, rank int64, by kanban.Actor) error {
	if err := a.q.SetRank(ctx, rank, int64(b.ID), id); err != nil {
		return err
	}
	row, err := a.conversation(ctx, kanban.ConversationID(id))
	if err != nil {
		return err
	}
	c, err := conversationOf(row)
	if err != nil {
		return err
	}
	return a.show(ctx, b, c, by)
}
