package kanban

import (
	"context"
	"errors"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// deliveryBatch bounds what is decoded and applied in one transaction: a few milliseconds in which webhooks that come have to wait.
const deliveryBatch = 32

// applyDeliveries applies stored webhooks in the order of their arrival, whenever one was stored. Those of an earlier run come first.
func (s *accountSync) applyDeliveries(ctx context.Context) error {
	prune := time.NewTicker(time.Minute)
	defer prune.Stop()
	failures := 0
	for {
		more, err := s.applyBatch(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failures++
			s.log.ErrorContext(ctx, "apply webhooks", "error", err.Error())
			if !wait(ctx, backoff(100*time.Millisecond, failures)) {
				return ctx.Err()
			}
			continue
		}
		failures = 0
		if more {
			continue
		}
		select {
		case <-s.delivered:
		case <-prune.C:
			s.keepHouse(ctx)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// keepHouse forgets the marks of consumed deliveries and saves when the last one came.
func (s *accountSync) keepHouse(ctx context.Context) {
	err := s.Store.PruneDeliveries(ctx, s.Clock().Add(-10*time.Minute))
	if at := s.lastWebhook.Load(); at != 0 {
		err = errors.Join(err, s.Store.WebhookSeen(ctx, s.id, fromMillis(at)))
	}
	if err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "keep house", "error", err.Error())
	}
}

// applyBatch applies the oldest deliveries. more says that there may be others.
func (s *accountSync) applyBatch(ctx context.Context) (more bool, err error) {
	deliveries, err := s.Store.Deliveries(ctx, s.id, deliveryBatch)
	if err != nil || len(deliveries) == 0 {
		return false, err
	}
	var snaps []Snapshot
	var events []chatwoot.Event
	ids := make([]int64, 0, len(deliveries))
	for _, d := range deliveries {
		ids = append(ids, d.ID)
		ev, err := chatwoot.ParseEvent(d.Body)
		if err != nil {
			// It was authentic, but says nothing we understand: reconciliation brings what it meant.
			s.log.WarnContext(ctx, "webhook not understood", "delivery", d.ID, "error", err.Error())
			continue
		}
		events = append(events, ev)
		if snap, ok := snapshotOfEvent(s.id, ev, d.ReceivedAt); ok {
			snaps = append(snaps, snap)
		}
	}
	if _, err := s.apply(ctx, snaps, ids); err != nil {
		return false, err
	}
	s.mover.inspect(ctx, s.id, snaps)
	for _, ev := range events {
		s.watch(ctx, ev)
	}
	return len(deliveries) == deliveryBatch, nil
}

// snapshotOfEvent takes the state from the snapshot that a webhook carries, never from its list of changes (CONTRACT 11.2).
func snapshotOfEvent(account AccountID, ev chatwoot.Event, at time.Time) (Snapshot, bool) {
	if ev.Conversation == nil || ev.Conversation.ID == 0 {
		return Snapshot{}, false
	}
	snap := SnapshotOf(account, *ev.Conversation, FromWebhook, at, false)
	if ev.Message != nil {
		snap.hear(*ev.Message)
	}
	return snap, true
}

// watch acts on what a webhook tells besides the conversation's state.
func (s *accountSync) watch(ctx context.Context, ev chatwoot.Event) {
	if before, after, ok := ev.LabelChange(); ok && ev.Conversation != nil {
		s.mover.witness(s.id, ConversationID(ev.Conversation.ID), labelNews{at: s.savedAt(ev), before: before, after: after, heard: s.Clock()})
	}
	s.witnessFields(ctx, ev)
	if ev.Contact != nil && ev.Conversation == nil {
		s.contactChanged(ctx, *ev.Contact)
	}
}

// savedAt is when Chatwoot saved what an event tells of, in its milliseconds; old versions tell no time but ours.
func (s *accountSync) savedAt(ev chatwoot.Event) int64 {
	if at := ev.ChangedAt(); !at.IsZero() {
		return at.UnixMilli()
	}
	return s.Clock().UnixMilli()
}

// contactChanged reads a contact's conversations anew when it is not what they show any more. The webhook carries no version stamp, so it
// is only a hint.
func (s *accountSync) contactChanged(ctx context.Context, c chatwoot.Contact) {
	cached, err := s.Store.ConversationsOfContact(ctx, s.id, ContactID(c.ID), 25)
	if err != nil {
		s.log.WarnContext(ctx, "conversations of contact", "error", err.Error())
		return
	}
	var stale []ConversationID
	for _, conv := range cached {
		if now := contactOf(c); conv.Contact.Name != now.Name || conv.Contact.Phone != now.Phone || conv.Contact.Email != now.Email || conv.Contact.Attributes != now.Attributes {
			stale = append(stale, conv.ID)
		}
	}
	if len(stale) > 0 {
		s.readSoon(stale)
	}
}

// wait sleeps; false when ctx ended.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
