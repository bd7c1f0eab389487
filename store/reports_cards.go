package store

import (
	"context"
	"database/sql"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// ReportCards are conversations behind a figure, those first that are where they are for longest, and how many there are in all.
func (s *Store) ReportCards(ctx context.Context, a report.Question, sel report.Selection, skip, limit int) ([]report.Card, int, error) {
	total := 0
	from, first := "leads p", "leads p"
	if sel.Stalled != nil {
		from, first = byStanding, byTime
	}
	count := asked("count(*) FROM "+from, a)
	count.selected(a, sel)
	err := s.each(ctx, a, count, func(rows *sql.Rows) error { return rows.Scan(&total) })
	if err != nil || total <= skip {
		return nil, total, err
	}
	q := asked(`p.conversation_id, p.stage_id, p.place, p.came_at, p.entered_at, p.entered_known, p.valued, p.value, c.face
		FROM `+first+` CROSS JOIN conversations c ON c.account_id = p.account_id AND c.id = p.conversation_id`, a)
	q.selected(a, sel)
	q.sql.WriteString(" ORDER BY p.entered_at, p.conversation_id LIMIT ? OFFSET ?")
	q.args = append(q.args, limit, skip)
	deal := s.dealKeys(a.Board.Account)
	var cards []report.Card
	return cards, total, s.each(ctx, a, q, func(rows *sql.Rows) error {
		var card report.Card
		var id kanban.ConversationID
		var came, entered int64
		var face sql.RawBytes
		if err := rows.Scan(&id, &card.Stage, &card.Place, &came, &entered, &card.Known, &card.Valued, &card.Value, &face); err != nil {
			return err
		}
		read, err := s.faces.read(faceKey{a.Board.Account, id}, face, deal)
		if err != nil {
			return err
		}
		card.Conversation, card.Came, card.Entered, card.Count = read.conversation, fromMillis(came), fromMillis(entered), 1
		cards = append(cards, card)
		return nil
	})
}
