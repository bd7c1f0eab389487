package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// Cursor is kanban's.
type Cursor = kanban.Cursor

// cardQuery builds the one query of cards: what the viewer may see, and what is asked for.
type cardQuery struct {
	sql  strings.Builder
	args []any
}

func (q *cardQuery) and(clause string, args ...any) {
	q.sql.WriteString(" AND ")
	q.sql.WriteString(clause)
	q.args = append(q.args, args...)
}

// listed limits a query to what Chatwoot would list for the viewer (kanban.Viewer.Sees).
func (q *cardQuery) listed(v kanban.Viewer) {
	if v.SeesAll() {
		return
	}
	if v.Role == "" {
		q.and("0")
	}
	q.and("p.inbox_id IN (SELECT value FROM json_each(?))", listOf(append([]kanban.InboxID{}, v.Inboxes...)))
	if v.Narrow {
		q.and("p.conversation_id IN (SELECT value FROM json_each(?))", listOf(append([]kanban.ConversationID{}, v.Only...)))
	}
}

func cardsOn(b kanban.Board) *cardQuery {
	q := &cardQuery{args: []any{int64(b.ID)}}
	q.sql.WriteString(`SELECT p.conversation_id, p.stage_id, p.conflict, p.sort_key, p.entered_at, p.pending_id, p.refused_id, p.rank, c.version, c.face
		FROM placements p JOIN conversations c ON c.account_id = p.account_id AND c.id = p.conversation_id WHERE p.board_id = ?`)
	return q
}

// mine guards every read of a board: viewers of another account, and those it is not meant for, find nothing there.
func mine(b kanban.Board, v kanban.Viewer) error {
	if !v.Enters(b) {
		return kanban.ErrNotFound
	}
	return nil
}

// Cards is a page of a column, in its order. The cursor is nil on the last page.
func (s *Store) Cards(ctx context.Context, b kanban.Board, v kanban.Viewer, stage kanban.StageID, after *Cursor, limit int) ([]kanban.Card, *Cursor, error) {
	if err := mine(b, v); err != nil {
		return nil, nil, err
	}
	q := cardsOn(b)
	q.listed(v)
	q.and("p.stage_id = ?", int64(stage))
	if after != nil {
		q.and("(p.sort_key, p.conversation_id) < (?, ?)", after.SortKey, int64(after.Conversation))
	}
	q.sql.WriteString(" ORDER BY p.sort_key DESC, p.conversation_id DESC LIMIT ?")
	q.args = append(q.args, limit+1)
	cards, err := s.cards(ctx, q, b, limit+1)
	if err != nil || len(cards) <= limit {
		return cards, nil, err
	}
	cards = cards[:limit]
	last := cards[limit-1]
	return cards, &Cursor{SortKey: last.SortKey, Conversation: last.Conversation.ID}, nil
}

// Card is one card that the viewer names; ErrNotFound when it is not on the board, or Chatwoot would not open its conversation for them.
func (s *Store) Card(ctx context.Context, b kanban.Board, v kanban.Viewer, id kanban.ConversationID) (kanban.Card, error) {
	if err := mine(b, v); err != nil {
		return kanban.Card{}, err
	}
	q := cardsOn(b)
	q.and("p.conversation_id = ?", int64(id))
	cards, err := s.cards(ctx, q, b, 1)
	if err != nil {
		return kanban.Card{}, err
	}
	if len(cards) == 0 || !v.Opens(cards[0].Conversation) {
		return kanban.Card{}, kanban.ErrNotFound
	}
	return cards[0], nil
}

// cards reads cards; most is how many there may be.
func (s *Store) cards(ctx context.Context, q *cardQuery, b kanban.Board, most int) ([]kanban.Card, error) {
	return s.cardsBy(ctx, q, b, &s.faces, most)
}

// cardsApart is cards for going through all of a board: nothing of it is remembered, or what others need would be forgotten.
func (s *Store) cardsApart(ctx context.Context, q *cardQuery, b kanban.Board, most int) ([]kanban.Card, error) {
	return s.cardsBy(ctx, q, b, nil, most)
}

func (s *Store) cardsBy(ctx context.Context, q *cardQuery, b kanban.Board, faces *faces, most int) ([]kanban.Card, error) {
	rows, err := s.read.QueryContext(ctx, q.sql.String(), q.args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	deal := s.dealKeys(b.Account)
	cards := make([]kanban.Card, 0, most)
	var marks []mark
	for rows.Next() {
		card, pending, refused, err := scanCard(rows, b, deal, faces)
		if err != nil {
			return nil, err
		}
		if pending+refused > 0 {
			marks = append(marks, mark{len(cards), pending, refused})
		}
		cards = append(cards, card)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return cards, s.markMoves(ctx, cards, marks)
}

// mark says which card has which moves.
type mark struct {
	card             int
	pending, refused int64
}

func scanCard(rows *sql.Rows, b kanban.Board, deal kanban.DealKeys, faces *faces) (card kanban.Card, pending, refused int64, err error) {
	var id, stage, conflict, enteredAt, version int64
	var face sql.RawBytes
	if err := rows.Scan(&id, &stage, &conflict, &card.SortKey, &enteredAt, &pending, &refused, &card.Rank, &version, &face); err != nil {
		return kanban.Card{}, 0, 0, err
	}
	read, err := faces.read(faceKey{b.Account, kanban.ConversationID(id)}, face, deal)
	if err != nil {
		return kanban.Card{}, 0, 0, err
	}
	card.Board, card.Conversation, card.Deal, card.Stage = b.ID, read.conversation, read.deal, kanban.StageID(stage)
	card.Conflict, card.EnteredAt, card.Conversation.Version = conflict == 1, fromMillis(enteredAt), version
	return card, pending, refused, nil
}

// markMoves reads the moves of the few cards that have one.
func (s *Store) markMoves(ctx context.Context, cards []kanban.Card, marks []mark) error {
	q := db.New(s.read)
	for _, m := range marks {
		for id, to := range map[int64]**kanban.CardMove{m.pending: &cards[m.card].Pending, m.refused: &cards[m.card].Refused} {
			if id == 0 {
				continue
			}
			mv, err := q.Move(ctx, id)
			if err != nil {
				return err
			}
			*to = cardMoveOf(mv)
		}
		if p := cards[m.card].Pending; p != nil {
			cards[m.card].EnteredAt = p.At
		}
	}
	return nil
}

// maxSum is the greatest sum of values that a column's head tells.
const maxSum = 1 << 62

// Totals are the heads of all columns: every card the viewer may see counts, loaded or not.
func (s *Store) Totals(ctx context.Context, b kanban.Board, v kanban.Viewer) (map[kanban.StageID]kanban.Total, error) {
	if err := mine(b, v); err != nil {
		return nil, err
	}
	q := &cardQuery{args: []any{int64(b.ID)}}
	q.sql.WriteString("SELECT p.stage_id, count(*), sum(CAST(p.value AS REAL)), sum(p.valued), sum(p.conflict) FROM placements p WHERE p.board_id = ?")
	q.listed(v)
	q.sql.WriteString(" GROUP BY p.stage_id")
	rows, err := s.read.QueryContext(ctx, q.sql.String(), q.args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	totals := map[kanban.StageID]kanban.Total{}
	for rows.Next() {
		var stage int64
		var value float64 // values are foreign: as whole numbers their sum could overflow
		var t kanban.Total
		if err := rows.Scan(&stage, &t.Count, &value, &t.Valued, &t.Conflicts); err != nil {
			return nil, err
		}
		t.Value = bounded(value)
		totals[kanban.StageID(stage)] = t
	}
	return totals, rows.Err()
}

// Transitions are the history of a card, the oldest first.
func (s *Store) Transitions(ctx context.Context, b kanban.Board, id kanban.ConversationID) ([]kanban.Transition, error) {
	rows, err := db.New(s.read).Transitions(ctx, int64(b.ID), int64(id))
	if err != nil {
		return nil, err
	}
	return transitionsOf(rows), nil
}

func transitionsOf(rows []db.Transition) []kanban.Transition {
	out := make([]kanban.Transition, 0, len(rows))
	for _, r := range rows {
		out = append(out, kanban.Transition{
			Account: kanban.AccountID(r.AccountID), Board: kanban.BoardID(r.BoardID), Conversation: kanban.ConversationID(r.ConversationID),
			From: kanban.StageID(r.FromID), To: kanban.StageID(r.ToID), At: fromMillis(r.At), AtKnown: r.AtKnown == 1, Source: kanban.Source(r.Source),
			By: kanban.Actor{ID: kanban.AgentID(r.ByID), Name: r.ByName}, Move: kanban.MoveID(r.MoveID),
		})
	}
	return out
}
