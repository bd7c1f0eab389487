package chatwoottest

import "sync"

// watchers are those who look at the stand-in screen: they hear which
// conversation changed and fetch it.
type watchers struct {
	mu        sync.Mutex
	listening map[chan int64]struct{}
}

// notify never waits: a listener who is behind misses a hint and will look at
// the next one.
func (w *watchers) notify(conversation int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for listener := range w.listening {
		select {
		case listener <- conversation:
		default:
		}
	}
}

func (w *watchers) listen() (changed chan int64, stop func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.listening == nil {
		w.listening = map[chan int64]struct{}{}
	}
	changed = make(chan int64, 64)
	w.listening[changed] = struct{}{}
	return changed, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.listening, changed)
	}
}
