package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// Apply puts snapshots into the cache and marks deliveries as consumed, in one transaction. A snapshot older than the cache is dropped.
// Of two with the same stamp a read wins, because some changes upstream do not move it (CONTRACT 14).
func (s *Store) Apply(ctx context.Context, account kanban.AccountID, snaps []kanban.Snapshot, consumed []int64) (kanban.Applied, error) {
	var out kanban.Applied
	err := s.writePatiently(ctx, func(ctx context.Context, q *db.Queries) error {
		out = kanban.Applied{}
		a := s.applying(q, account, &out)
		for _, snap := range snaps {
			if err := a.apply(ctx, snap); err != nil {
				return err
			}
		}
		for _, id := range consumed {
			if err := q.ConsumeDelivery(ctx, id, int64(account)); err != nil {
				return err
			}
		}
		out.Changes = latest(out.Changes)
		return nil
	})
	return out, err
}

// applying is one transaction that changes conversations of an account.
type applying struct {
	placing
	account kanban.AccountID
	boards  []kanban.Board
	out     *kanban.Applied
	// importing is since when the account is read for the first time; zero when it has been.
	importing time.Time
}

func (s *Store) applying(q *db.Queries, account kanban.AccountID, out *kanban.Applied) applying {
	return applying{placing{q: q, deal: s.dealKeys(account), now: s.now(), order: &s.order}, account, s.boardsOf(account), out, s.importing(account)}
}

func (s *Store) importing(account kanban.AccountID) time.Time {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a := s.accounts[account]
	switch {
	case a.Import.Finished():
		return time.Time{}
	case a.Import.StartedAt.IsZero():
		return a.CreatedAt
	}
	return a.Import.StartedAt
}

func (a applying) apply(ctx context.Context, snap kanban.Snapshot) error {
	snap.Account = a.account
	snap.Conversation = inMillis(snap.Conversation)
	row, err := a.conversation(ctx, snap.ID)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return a.meet(ctx, snap)
	case err != nil:
		return err
	}
	cached, err := conversationOf(row)
	if err != nil {
		return err
	}
	if stale(snap, row) {
		a.out.Stale++
		return a.see(ctx, snap, row, row)
	}
	keep(&snap, cached)
	if face(snap.Conversation) == row.Face {
		a.out.Same++
		next := row
		next.Version, next.ByRead, next.LearnedAt = snap.Version, flag(snap.Read), millis(snap.At)
		return a.see(ctx, snap, row, next)
	}
	a.out.Changed++
	if snap.Source == kanban.FromReconcile && !equalButClocks(snap.Conversation, cached) {
		a.drifted(snap)
	}
	if err := a.note(ctx, cached, snap); err != nil {
		return err
	}
	return a.save(ctx, snap, cached, row)
}

// meet takes in a conversation that is not known, unless it was deleted.
func (a applying) meet(ctx context.Context, snap kanban.Snapshot) error {
	if gone, err := a.stillGone(ctx, snap); gone || err != nil {
		return err
	}
	a.out.New++
	if !a.importing.IsZero() && snap.CreatedAt.Before(a.importing) {
		snap.Source = kanban.FromImport // news of it came before its page: that says nothing of how long it has been where it is
	}
	if snap.Source == kanban.FromReconcile {
		a.drifted(snap)
	}
	if err := a.save(ctx, snap, kanban.Conversation{InboxID: snap.InboxID}, db.Conversation{}); err != nil {
		return err
	}
	return a.carryStage(ctx, snap)
}

func (a applying) drifted(snap kanban.Snapshot) {
	a.out.Drifted = append(a.out.Drifted, kanban.Drift{Conversation: snap.ID, Version: snap.Version})
}

// clockJump is how long after the cache learned something a read must have been asked for to be newer whatever its stamp says:
// Chatwoot's clock may have been put back, and its database restored.
const clockJump = time.Minute

// stale reports whether the cache knows better: a later version, or the same one from a source that is surer of it. Some changes
// upstream do not move the stamp, so of two reads the one asked for later counts.
func stale(snap kanban.Snapshot, row db.Conversation) bool {
	if snap.Read && snap.Version < row.Version && millis(snap.At) > row.LearnedAt+clockJump.Milliseconds() {
		return false
	}
	if snap.Version != row.Version || row.ByRead == 0 {
		return snap.Version < row.Version
	}
	return !snap.Read || millis(snap.At) < row.SeenAt
}

// see notes that a read met the conversation, and the stamp if it moved without anything else.
func (a applying) see(ctx context.Context, snap kanban.Snapshot, row, next db.Conversation) error {
	next.SeenAt = seenAt(snap, row)
	if next == row {
		return nil
	}
	return a.q.SeeConversation(ctx, db.SeeConversationParams{
		SeenAt: next.SeenAt, LearnedAt: next.LearnedAt, Version: next.Version, ByRead: next.ByRead, Account: row.AccountID, ID: row.ID,
	})
}

// seenAt is when a read last met the conversation. A webhook proves nothing: it may be late, and its conversation gone.
func seenAt(snap kanban.Snapshot, row db.Conversation) int64 {
	if !snap.Read {
		return row.SeenAt
	}
	return max(row.SeenAt, millis(snap.At))
}

// save writes a conversation and places it on its boards.
func (a applying) save(ctx context.Context, snap kanban.Snapshot, was kanban.Conversation, row db.Conversation) error {
	c := snap.Conversation
	if err := a.q.SaveConversation(ctx, db.SaveConversationParams{
		Account: int64(a.account), ID: int64(c.ID), Version: c.Version, ByRead: flag(snap.Read), SeenAt: seenAt(snap, row), LearnedAt: millis(snap.At), InboxID: int64(c.InboxID),
		TeamID: int64(c.TeamID), AssigneeID: int64(c.AssigneeID), ContactID: int64(c.Contact.ID), Status: string(c.Status), Face: face(c),
	}); err != nil {
		return err
	}
	return a.placeOn(ctx, c, was.InboxID, newsOf(snap))
}

// newsOf gives a snapshot's transitions their time: that of the change where somebody told of it as it happened.
func newsOf(snap kanban.Snapshot) news {
	n := news{source: snap.Source, by: snap.By, move: snap.Move}
	if snap.Source == kanban.FromImport {
		return n
	}
	if snap.Version == 0 {
		return n
	}
	n.at = time.UnixMicro(snap.Version).UTC()
	n.known = snap.Source == kanban.FromWebhook || snap.Source == kanban.FromStream || snap.Source == kanban.FromMove
	return n
}

// placeOn places a conversation on all boards of its account.
func (a applying) placeOn(ctx context.Context, c kanban.Conversation, wasInbox kanban.InboxID, n news) error {
	for _, b := range a.boards {
		change, changed, err := a.place(ctx, b, c, wasInbox, n)
		if err != nil {
			return err
		}
		if changed {
			a.out.Changes = append(a.out.Changes, change)
		}
	}
	return nil
}

// keep carries over what a snapshot does not know better.
func keep(snap *kanban.Snapshot, cached kanban.Conversation) {
	if snap.KeepMessage || !snap.Read && cached.LastMessage.ID > snap.LastMessage.ID {
		snap.LastMessage = cached.LastMessage
	}
	if snap.Labels == nil { // the source did not say; an empty list says that there are none
		snap.Labels = cached.Labels
	}
	if cached.LastIncomingAt.After(snap.LastIncomingAt) {
		snap.LastIncomingAt = cached.LastIncomingAt
	}
	if snap.UUID == "" { // webhooks carry none
		snap.UUID = cached.UUID
	}
}

// equalButClocks compares conversations without what moves by itself or without any event.
func equalButClocks(a, b kanban.Conversation) bool {
	calm := func(c kanban.Conversation) string {
		c.LastActivityAt, c.WaitingSince, c.UnreadCount, c.CanReply, c.UUID = time.Time{}, time.Time{}, 0, false, ""
		c.LastIncomingAt = time.Time{}
		c.Labels = slices.Sorted(slices.Values(c.Labels))
		return face(c)
	}
	return calm(a) == calm(b)
}

// inMillis rounds times to what the database keeps: sources tell the same moment in several encodings.
func inMillis(c kanban.Conversation) kanban.Conversation {
	for _, t := range []*time.Time{&c.CreatedAt, &c.LastActivityAt, &c.WaitingSince, &c.SnoozedUntil, &c.LastIncomingAt, &c.LastMessage.At} {
		*t = fromMillis(millis(*t))
	}
	return c
}

// face is a conversation as the database keeps it: equal texts are equal conversations, whatever their version.
func face(c kanban.Conversation) string {
	c.Account, c.ID, c.Version = 0, 0, 0
	return listOf(c)
}

func conversationOf(r db.Conversation) (kanban.Conversation, error) {
	var c kanban.Conversation
	err := json.Unmarshal([]byte(r.Face), &c)
	c.Account, c.ID, c.Version = kanban.AccountID(r.AccountID), kanban.ConversationID(r.ID), r.Version
	return c, err
}

// Conversation is one cached conversation.
func (s *Store) Conversation(ctx context.Context, account kanban.AccountID, id kanban.ConversationID) (kanban.Conversation, error) {
	r, err := db.New(s.read).Conversation(ctx, int64(account), int64(id))
	if err != nil {
		return kanban.Conversation{}, found(err)
	}
	return conversationOf(r)
}

// CountConversations counts an account's cached conversations.
func (s *Store) CountConversations(ctx context.Context, account kanban.AccountID) (int, error) {
	n, err := db.New(s.read).CountConversations(ctx, int64(account))
	return int(n), err
}

// UnseenSince are conversations that nothing has confirmed since a time.
func (s *Store) UnseenSince(ctx context.Context, account kanban.AccountID, t time.Time, limit int) ([]kanban.ConversationID, error) {
	ids, err := db.New(s.read).UnseenSince(ctx, int64(account), millis(t), int64(limit))
	return conversationIDs(ids), err
}

// ConversationsOf are the conversations that some agents or teams have.
func (s *Store) ConversationsOf(ctx context.Context, account kanban.AccountID, agents []kanban.AgentID, teams []kanban.TeamID, limit int) ([]kanban.ConversationID, error) {
	q := db.New(s.read)
	var all []int64
	for _, id := range agents {
		ids, err := q.ConversationsOfAgent(ctx, int64(account), int64(id), int64(limit))
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	for _, id := range teams {
		ids, err := q.ConversationsOfTeam(ctx, int64(account), int64(id), int64(limit))
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return conversationIDs(all[:min(limit, len(all))]), nil
}

// ConversationsOfContact are a contact's cached conversations, the newest first.
func (s *Store) ConversationsOfContact(ctx context.Context, account kanban.AccountID, contact kanban.ContactID, limit int) ([]kanban.Conversation, error) {
	rows, err := db.New(s.read).ConversationsOfContact(ctx, int64(account), int64(contact), int64(limit))
	if err != nil {
		return nil, err
	}
	out := make([]kanban.Conversation, 0, len(rows))
	for _, r := range rows {
		c, err := conversationOf(r)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func conversationIDs(ids []int64) []kanban.ConversationID {
	out := make([]kanban.ConversationID, 0, len(ids))
	for _, id := range ids {
		out = append(out, kanban.ConversationID(id))
	}
	return out
}
