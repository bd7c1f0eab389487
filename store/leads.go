package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
	"github.com/chatlane/chatlane/store/db"
)

// placeOf is where a lead is by its placement.
func placeOf(on bool, p db.Placement) report.Place {
	switch {
	case !on:
		return report.OffBoard
	case p.ConfirmedID == int64(kanban.NoStage):
		return report.InIntake
	}
	return report.InStage
}

// follow keeps what reports count of a conversation. Its way is read anew when it moved, or when nothing is known of it yet.
func (p placing) follow(ctx context.Context, b kanban.Board, c kanban.Conversation, deal kanban.Deal, at report.Place, moved bool) error {
	old, err := p.q.Lead(ctx, int64(b.ID), int64(c.ID))
	known := err == nil
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	next := old
	if moved || !known {
		rows, err := p.q.Transitions(ctx, int64(b.ID), int64(c.ID))
		if err != nil {
			return err
		}
		j, ok := report.JourneyOf(transitionsOf(rows), c.CreatedAt)
		if !ok {
			return nil
		}
		next = leadOf(b, c, j)
		if !known {
			if err := p.q.ShowStays(ctx, int64(b.ID), int64(c.ID)); err != nil {
				return err
			}
		}
	}
	next.Place, next.InboxID, next.TeamID, next.AssigneeID = int64(at), int64(c.InboxID), int64(c.TeamID), int64(c.AssigneeID)
	next.Value, next.Valued, next.ClosesOn, next.LostReason = int64(deal.Value), flag(deal.HasValue), deal.ExpectedClose, reasonOf(deal)
	next.Labels = labelText(c.Labels)
	if known && next == old {
		return nil
	}
	return p.saveLead(ctx, next)
}

func leadOf(b kanban.Board, c kanban.Conversation, j report.Journey) db.Lead {
	return db.Lead{
		BoardID: int64(b.ID), ConversationID: int64(c.ID), AccountID: int64(c.Account), CameAt: millis(j.Came), Earlier: flag(j.Earlier),
		Visited: listOf(j.Visited), StageID: int64(j.Stage), EnteredAt: millis(j.Entered), EnteredKnown: flag(j.Known), Told: flag(j.Told),
	}
}

func (p placing) saveLead(ctx context.Context, l db.Lead) error {
	return p.q.SaveLead(ctx, db.SaveLeadParams{
		Board: l.BoardID, Conversation: l.ConversationID, Account: l.AccountID, CameAt: l.CameAt, Earlier: l.Earlier, Visited: l.Visited, Stage: l.StageID,
		Place: l.Place, EnteredAt: l.EnteredAt, EnteredKnown: l.EnteredKnown, Inbox: l.InboxID, Team: l.TeamID, Assignee: l.AssigneeID, Value: l.Value,
		Valued: l.Valued, ClosesOn: l.ClosesOn, LostReason: l.LostReason, Labels: l.Labels, Told: l.Told,
	})
}

// longestReason bounds what is kept of a lost reason, in bytes: it is foreign.
const longestReason = 200

func reasonOf(d kanban.Deal) string {
	text := strings.Join(strings.Fields(d.LostReason), " ")
	if len(text) > longestReason {
		text = strings.ToValidUTF8(text[:longestReason], "")
	}
	return text
}

// labelText is titles so that one of them can be found in it whole.
func labelText(titles []string) string {
	if len(titles) == 0 {
		return ""
	}
	return "\n" + strings.ToLower(strings.Join(titles, "\n")) + "\n"
}
