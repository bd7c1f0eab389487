package chatwoottest

import (
	"context"
	"sync"
	"time"
)

// work is what Sidekiq is to Chatwoot: jobs that run after the answer has gone
// out. Each lane has its own number of workers; nothing runs while there is
// nothing to do, so an idle simulator holds no goroutine.
type work struct {
	mu      sync.Mutex
	idle    *sync.Cond // signalled when pending falls to 0 or when closed
	running sync.WaitGroup
	pending int
	closed  bool
	timers  map[*time.Timer]struct{}
}

func newWork() *work {
	w := &work{timers: map[*time.Timer]struct{}{}}
	w.idle = sync.NewCond(&w.mu)
	return w
}

// lane runs its jobs in the order they came, at most workers at a time: with
// one worker they keep their order, with ten they finish in any.
type lane struct {
	work    *work
	workers int
	busy    int
	waiting []func()
}

// add queues fn to run after d.
func (l *lane) add(d time.Duration, fn func()) {
	l.work.mu.Lock()
	defer l.work.mu.Unlock()
	if l.work.closed {
		return
	}
	l.work.pending++
	if d <= 0 {
		l.queue(fn)
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(d, func() {
		l.work.mu.Lock()
		defer l.work.mu.Unlock()
		delete(l.work.timers, timer)
		if !l.work.closed {
			l.queue(fn)
		}
	})
	l.work.timers[timer] = struct{}{}
}

// queue hands fn to a worker, hiring one if there is room. The lock is held.
func (l *lane) queue(fn func()) {
	l.waiting = append(l.waiting, fn)
	if l.busy < l.workers {
		l.busy++
		l.work.running.Add(1)
		go l.toil()
	}
}

// toil runs jobs until none is left, then goes home.
func (l *lane) toil() {
	defer l.work.running.Done()
	l.work.mu.Lock()
	defer l.work.mu.Unlock()
	for len(l.waiting) > 0 && !l.work.closed {
		fn := l.waiting[0]
		l.waiting = l.waiting[1:]
		l.work.mu.Unlock()
		fn()
		l.work.mu.Lock()
		if l.work.pending--; l.work.pending == 0 {
			l.work.idle.Broadcast()
		}
	}
	l.busy--
}

// wait returns when nothing is queued, timed or running.
func (w *work) wait(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.idle.Broadcast()
	})
	defer stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.pending > 0 && !w.closed {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.idle.Wait()
	}
	return nil
}

// close drops what has not begun and waits for what has.
func (w *work) close() {
	w.mu.Lock()
	w.closed = true
	for timer := range w.timers {
		timer.Stop()
	}
	w.idle.Broadcast()
	w.mu.Unlock()
	w.running.Wait()
}
