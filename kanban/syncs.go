package kanban

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"
)

// running is the sync of one account at work.
type running struct {
	stop context.CancelFunc
	done chan struct{}
}

// runSyncs keeps a sync at work for each account: also for those connected later, and no longer than they are connected.
func (e *Engine) runSyncs(ctx context.Context, g *errgroup.Group) error {
	at := map[AccountID]running{}
	for {
		accounts, err := e.Store.Accounts(ctx)
		if err != nil {
			return err
		}
		connected := map[AccountID]bool{}
		for _, a := range accounts {
			connected[a.ID] = true
			if _, runs := at[a.ID]; !runs {
				at[a.ID] = e.start(ctx, g, a.ID)
			}
		}
		for id, r := range at {
			if !connected[id] {
				r.stop()
				<-r.done
				delete(at, id)
				e.forget(id)
			}
		}
		select {
		case <-e.added:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (e *Engine) start(ctx context.Context, g *errgroup.Group, id AccountID) running {
	own, stop := context.WithCancel(ctx)
	r := running{stop: stop, done: make(chan struct{})}
	s := e.sync(id)
	g.Go(func() error {
		defer close(r.done)
		defer stop()
		if err := s.run(own); err != nil && (ctx.Err() != nil || !errors.Is(err, context.Canceled)) {
			return err
		}
		return nil // the account was disconnected
	})
	return r
}

// AccountAdded makes a running engine take up an account that was just connected, or let go of one that was disconnected.
func (e *Engine) AccountAdded(AccountID) { poke(e.added) }

func (e *Engine) sync(id AccountID) *accountSync {
	e.mu.Lock()
	defer e.mu.Unlock()
	s, ok := e.syncs[id]
	if !ok {
		s = newAccountSync(e, id)
		e.syncs[id] = s
	}
	return s
}

// forget drops what was in memory of an account that is disconnected.
func (e *Engine) forget(id AccountID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.syncs, id)
}
