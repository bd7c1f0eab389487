package desk

import (
	"context"
	"errors"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

const (
	// goesOnEvery is how often it is looked whether a message is due.
	goesOnEvery = time.Second
	// atOnce bounds how many messages are gone on with at a time.
	atOnce = 4
	// remembers is how long it is known which messages were ours.
	remembers = 24 * time.Hour
)

// Run goes on with messages that wait or whose outcome is not known, and with batches, until ctx ends. It returns nil then.
func (d *Desk) Run(ctx context.Context) error {
	if err := d.Store.InterruptedSends(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	places := make(chan struct{}, atOnce)
	tick := time.NewTicker(goesOnEvery)
	defer tick.Stop()
	for n := 0; ; n++ {
		if n%3600 == 0 {
			d.note(ctx, "forget old messages", d.Store.DeleteOldSends(ctx, d.Clock().Add(-remembers)))
			d.note(ctx, "forget old leads", d.Store.DeleteOldBeginnings(ctx, d.Clock().Add(-remembers)))
			d.note(ctx, "forget old batches", d.Store.DeleteOldBatches(ctx, d.Clock().Add(-batchesKept)))
		}
		d.goOn(ctx, places)
		d.goOnBatches(ctx)
		select {
		case <-tick.C:
		case <-d.more:
		case <-ctx.Done():
			for range atOnce {
				places <- struct{}{} // those that are under way end first
			}
			d.batches.Wait()
			return nil
		}
	}
}

// goOn takes up what is due, each message in one place at a time.
func (d *Desk) goOn(ctx context.Context, places chan struct{}) {
	due, err := d.Store.DueSends(ctx, d.Clock())
	d.note(ctx, "look for messages that are due", err)
	for _, id := range due {
		if _, busy := d.busy.LoadOrStore(id, true); busy {
			continue
		}
		select {
		case places <- struct{}{}:
		default:
			d.busy.Delete(id)
			return
		}
		go func() {
			defer func() { d.busy.Delete(id); <-places }()
			if err := d.deliver(ctx, id); !errors.Is(err, kanban.ErrNotFound) {
				d.note(ctx, "go on with a message", err)
			}
		}()
	}
}

func (d *Desk) note(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		d.Logger.WarnContext(ctx, "the desk failed", "to", what, "error", err.Error())
	}
}
