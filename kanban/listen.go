package kanban

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chatlane/chatlane/chatwoot"
)

const (
	// listenLook is how often it is looked whether the event stream is needed.
	listenLook = 2 * time.Second
	// heardKept bounds the events that wait to be applied; beyond it the stream waits.
	heardKept = 1024
)

// listenWhenNeeded listens to Chatwoot's own event stream (CONTRACT 13) as long as webhooks do not arrive: it needs no way from Chatwoot
// to us. Asking goes on beneath it.
func (s *accountSync) listenWhenNeeded(ctx context.Context) error {
	failures, said := 0, chatwoot.Kind("")
	for {
		pause := listenLook
		if s.needsStream(ctx) {
			began := s.Clock()
			err := s.listen(ctx)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if s.Clock().Sub(began) > time.Minute {
				failures = 0
			}
			failures++
			pause = backoff(listenLook, failures)
			if kind := chatwoot.KindOf(err); kind != said {
				said = kind // once for each trouble: it may last for ever
				s.log.InfoContext(ctx, "event stream ended", "error", err)
			}
		}
		if !wait(ctx, pause) {
			return ctx.Err()
		}
	}
}

// needsStream reports whether webhooks do not arrive. While it is tried whether they do, there is time.
func (s *accountSync) needsStream(ctx context.Context) bool {
	a, err := s.Store.Account(ctx, s.id) // from memory
	return err == nil && a.Import.Finished() && !s.proving.Load() && !s.asked.Load() && !s.arrives(a)
}

// listen opens the stream and applies what it tells, until it breaks off or webhooks arrive.
func (s *accountSync) listen(ctx context.Context) error {
	c, a, err := s.client(ctx, s.id)
	if err != nil {
		return err
	}
	owner, err := c.In(chatwoot.LaneBackground).Profile(ctx) // the stream's token is in it, and is kept nowhere
	if err != nil {
		return err
	}
	heard := make(chan chatwoot.CableEvent, heardKept)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.applyHeard(ctx, heard) })
	g.Go(func() error { return s.untilWebhooks(ctx) })
	g.Go(func() error {
		defer s.listens(false)
		return c.Server().Listen(ctx, chatwoot.Subscription{
			PubsubToken: owner.PubsubToken, User: owner.ID, Account: a.ChatwootID,
			Confirmed: func() {
				s.listens(true)
				poke(s.wanted) // what happened while nobody listened is asked for
			},
			Event: func(e chatwoot.CableEvent) {
				select {
				case heard <- e:
				case <-ctx.Done():
				}
			},
		})
	})
	return g.Wait()
}

func (s *accountSync) listens(open bool) {
	if s.listening.Swap(open) != open {
		s.connectionChanged()
	}
}

var errWebhooksArrive = errors.New("webhooks arrive")

// untilWebhooks ends the stream when webhooks do its work again.
func (s *accountSync) untilWebhooks(ctx context.Context) error {
	for wait(ctx, listenLook) {
		a, err := s.Store.Account(ctx, s.id)
		if err != nil {
			return err
		}
		if s.arrives(a) {
			return errWebhooksArrive
		}
	}
	return ctx.Err()
}

// applyHeard applies events in their order, several at once when they come fast.
func (s *accountSync) applyHeard(ctx context.Context, heard <-chan chatwoot.CableEvent) error {
	for {
		var batch []chatwoot.CableEvent
		select {
		case e := <-heard:
			batch = append(batch, e)
		case <-ctx.Done():
			return ctx.Err()
		}
		for len(batch) < deliveryBatch && len(heard) > 0 {
			batch = append(batch, <-heard)
		}
		if err := s.applyEvents(ctx, batch); err != nil {
			return err // the stream begins anew, and what was lost is asked for
		}
	}
}

func (s *accountSync) applyEvents(ctx context.Context, batch []chatwoot.CableEvent) error {
	var snaps []Snapshot
	for _, e := range batch {
		if e.Conversation != nil {
			snaps = append(snaps, SnapshotOf(s.id, *e.Conversation, FromStream, s.Clock(), false))
		}
	}
	if len(snaps) > 0 {
		if _, err := s.apply(ctx, snaps, nil); err != nil {
			return err
		}
		s.mover.inspect(ctx, s.id, snaps)
	}
	for _, e := range batch {
		s.hint(ctx, e)
	}
	return nil
}

// hint acts on an event that carries no state of a conversation.
func (s *accountSync) hint(ctx context.Context, e chatwoot.CableEvent) {
	switch {
	case e.CatalogChanged():
		poke(s.wanted)
	case e.Contact != nil && e.Name == "contact.updated":
		s.contactChanged(ctx, *e.Contact)
	case e.Contact != nil:
		s.contactGone(ctx, ContactID(e.Contact.ID))
	case e.Conversation == nil && e.About != 0:
		s.readSoon([]ConversationID{ConversationID(e.About)})
	}
}

// contactGone reads the conversations of a contact that was deleted or merged into another.
func (s *accountSync) contactGone(ctx context.Context, id ContactID) {
	cached, err := s.Store.ConversationsOfContact(ctx, s.id, id, 25)
	if err != nil {
		s.log.WarnContext(ctx, "conversations of contact", "error", err.Error())
		return
	}
	var ids []ConversationID
	for _, c := range cached {
		ids = append(ids, c.ID)
	}
	if len(ids) > 0 {
		s.readSoon(ids)
	}
}
