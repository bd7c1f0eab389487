package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/gob"
	"errors"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// KeepSend keeps a message that is to be sent; it is durable when KeepSend returns. fresh is false when one with that key is known,
// which is returned as it is.
func (s *Store) KeepSend(ctx context.Context, m kanban.Send) (kept kanban.Send, fresh bool, err error) {
	var body bytes.Buffer
	if err := gob.NewEncoder(&body).Encode(m.Parcel); err != nil {
		return kanban.Send{}, false, err
	}
	err = s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		fresh = false
		id, err := q.InsertSend(ctx, db.InsertSendParams{
			Account: int64(m.Account), Conversation: int64(m.Conversation), ByID: int64(m.By.ID), ByName: m.By.Name, Key: m.Key,
			Private: flag(m.Private), Blank: []byte{}, Now: s.now(),
		})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		fresh = true
		return q.SetSendBody(ctx, s.seal.seal(body.Bytes(), "sends", id, "body"), id) // bound to the row, so the row comes first
	})
	if err != nil {
		return kanban.Send{}, false, err
	}
	row, err := db.New(s.read).SendByKey(ctx, int64(m.Account), int64(m.By.ID), m.Key)
	if err != nil {
		return kanban.Send{}, false, err
	}
	kept, err = s.sendOf(row)
	return kept, fresh, err
}

// Send is a message on its way.
func (s *Store) Send(ctx context.Context, id kanban.SendID) (kanban.Send, error) {
	row, err := db.New(s.read).SendByID(ctx, int64(id))
	if err != nil {
		return kanban.Send{}, found(err)
	}
	return s.sendOf(row)
}

// OpenSends are the messages of a person in a conversation that have not arrived, the oldest first.
func (s *Store) OpenSends(ctx context.Context, account kanban.AccountID, id kanban.ConversationID, by kanban.AgentID) ([]kanban.Send, error) {
	rows, err := db.New(s.read).OpenSends(ctx, int64(account), int64(id), int64(by))
	if err != nil {
		return nil, err
	}
	var all []kanban.Send
	for _, row := range rows {
		m, err := s.sendOf(row)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// DueSends are the messages that something is to be done about by a time.
func (s *Store) DueSends(ctx context.Context, now time.Time) ([]kanban.SendID, error) {
	rows, err := db.New(s.read).DueSends(ctx, millis(now))
	var ids []kanban.SendID
	for _, id := range rows {
		ids = append(ids, kanban.SendID(id))
	}
	return ids, err
}

// BeginSend notes, before a message is sent, that it is and what the newest message was. It is false for one that does not wait.
func (s *Store) BeginSend(ctx context.Context, id kanban.SendID, newest int64, now time.Time) (begun bool, err error) {
	err = s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		n, err := q.BeginSend(ctx, newest, millis(now), int64(id))
		begun = n == 1
		return err
	})
	return begun, err
}

// SettleSend notes what became of a message. What has arrived keeps neither text nor files.
func (s *Store) SettleSend(ctx context.Context, m kanban.Send) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		err := q.SettleSend(ctx, db.SettleSendParams{
			State: string(m.State), Message: m.Message, Reason: m.Reason, Detail: m.Detail, DueAt: millis(m.DueAt), ID: int64(m.ID),
		})
		if err != nil || m.State != kanban.SendDone {
			return err
		}
		return q.ClearSend(ctx, []byte{}, int64(m.ID))
	})
}

// InterruptedSends has those messages looked for that were being sent when the program ended.
func (s *Store) InterruptedSends(ctx context.Context) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error { return q.InterruptedSends(ctx, s.now()) })
}

// DeleteSend forgets a message that its writer gives up. ErrNotFound: it is just being sent, or gone.
func (s *Store) DeleteSend(ctx context.Context, id kanban.SendID) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		n, err := q.DeleteSend(ctx, int64(id))
		if err == nil && n == 0 {
			return kanban.ErrNotFound
		}
		return err
	})
}

// SentMessages are the messages in Chatwoot, newer than one, that are known to be ours.
func (s *Store) SentMessages(ctx context.Context, account kanban.AccountID, id kanban.ConversationID, newest int64) ([]int64, error) {
	return db.New(s.read).SentMessages(ctx, int64(account), int64(id), newest)
}

// DeleteOldSends forgets messages that arrived before a time.
func (s *Store) DeleteOldSends(ctx context.Context, before time.Time) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error { return q.DeleteOldSends(ctx, millis(before)) })
}

func (s *Store) sendOf(r db.Send) (kanban.Send, error) {
	m := kanban.Send{
		ID: kanban.SendID(r.ID), Account: kanban.AccountID(r.AccountID), Conversation: kanban.ConversationID(r.ConversationID),
		By: kanban.Actor{ID: kanban.AgentID(r.ByID), Name: r.ByName}, Key: r.Key, Private: r.Private != 0, State: kanban.SendState(r.State),
		Newest: r.Newest, Message: r.MessageID, Reason: r.Reason, Detail: r.Detail, Attempts: int(r.Attempts),
		CreatedAt: fromMillis(r.CreatedAt), BegunAt: fromMillis(r.BegunAt), DueAt: fromMillis(r.DueAt),
	}
	if m.State == kanban.SendDone {
		return m, nil
	}
	body, err := s.seal.open(r.Body, "sends", r.ID, "body")
	if err != nil {
		return kanban.Send{}, err
	}
	return m, gob.NewDecoder(bytes.NewReader(body)).Decode(&m.Parcel)
}
