package store

import (
	"context"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// contactLimit bounds the conversations of one contact that are looked at, and standingLimit where they stand: some contacts are robots.
const (
	contactLimit  = 100
	standingLimit = 1000
)

// Others are the contact's other conversations that the viewer may see, the newest first.
func (s *Store) Others(ctx context.Context, v kanban.Viewer, c kanban.Conversation) ([]kanban.Other, error) {
	if c.Contact.ID == 0 || v.Account != c.Account {
		return nil, nil
	}
	all, err := s.ConversationsOfContact(ctx, c.Account, c.Contact.ID, contactLimit)
	if err != nil {
		return nil, err
	}
	var others []kanban.Other
	for _, one := range all {
		if v.Related(c, one) {
			others = append(others, kanban.Other{Conversation: one})
		}
	}
	if len(others) == 0 {
		return nil, nil
	}
	return others, s.standing(ctx, c, others)
}

// standing notes where conversations of a contact stand.
func (s *Store) standing(ctx context.Context, c kanban.Conversation, others []kanban.Other) error {
	rows, err := db.New(s.read).StandingsOfContact(ctx, int64(c.Account), int64(c.Contact.ID), standingLimit)
	if err != nil {
		return err
	}
	at := map[kanban.ConversationID][]kanban.Standing{}
	for _, r := range rows {
		id := kanban.ConversationID(r.ConversationID)
		at[id] = append(at[id], kanban.Standing{Board: kanban.BoardID(r.BoardID), Stage: kanban.StageID(r.StageID)})
	}
	for i := range others {
		others[i].At = at[others[i].ID]
	}
	return nil
}
