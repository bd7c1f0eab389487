package main_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// fullest is the stage label that most conversations in Chatwoot have, and how many.
func (w *world) fullest() (label string, count int) {
	w.t.Helper()
	counts := map[string]int{}
	for _, c := range w.sim.Conversations() {
		for _, s := range w.board.Stages {
			if slices.Contains(w.sim.Labels(c.ID), s.Title) {
				counts[s.Title]++
			}
		}
	}
	for title, n := range counts {
		if n > count {
			label, count = title, n
		}
	}
	return label, count
}

// scrollsThrough scrolls to the end of a column and wants every card there once and in order. The board may be fetched anew meanwhile,
// whenever Chatwoot's labels or agents change: so all is asked at one moment.
func (p *tab) scrollsThrough(list string, count int) {
	p.t.Helper()
	p.until(fmt.Sprintf("all %d cards are there, each once and in order", count), `(list => {
		list.scrollTop = list.scrollHeight;
		const cards = [...list.querySelectorAll(".card")];
		window.state = [cards.length, new Set(cards.map(c => c.id)).size, list.querySelectorAll(".stage__more").length].join();
		return window.state === "%d,%d,0" && cards.every((c, i) => !i ||
			(cards[i - 1].dataset.sort - c.dataset.sort || cards[i - 1].id.slice(5) - c.id.slice(5)) > 0);
	})(document.querySelector(%q))`, count, count, list)
}

func TestBrowserTenThousandCardsScroll(t *testing.T) {
	t.Parallel()
	started := time.Now()
	w := newWorld(t, chatwoottest.Options{Seed: 3, Conversations: 10_000, PageSize: 500})
	t.Logf("10 000 conversations made and imported in %v", time.Since(started).Round(time.Millisecond))
	label, count := w.fullest()
	column := fmt.Sprintf("#stage-%d", w.stage(label))
	p := w.browser("scroll").opensBoard(w)
	p.until("the column counts all", `document.querySelector("%s .stage__count").textContent.replace(/\D/g, "") === "%d"`, column, count)
	const elsewhere = `[...document.querySelectorAll(".card")].filter(c => !c.closest("%s")).length`
	others := value[int](p, elsewhere, column)
	require.Less(t, others, 400, "the first page has every column's first cards only")

	started = time.Now()
	p.scrollsThrough(column+"-cards", count)
	t.Logf("%d of 10 000 cards scrolled through in %v", count, time.Since(started).Round(time.Millisecond))

	require.Equal(t, others, value[int](p, elsewhere, column), "other columns have loaded nothing")
}

func TestBrowserBoardRenewedWhileMoreIsLoading(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	const count = 170
	for i := range count {
		w.sim.CreateConversation(0, chatwoottest.NewConversation{Contact: fmt.Sprintf("Cliente %d", i), Labels: []string{"novo"}})
	}
	w.eventually(func() bool {
		n, err := w.store.CountConversations(t.Context(), w.account.ID)
		return err == nil && n == count
	}, "all are known")
	p := w.browser("scroll").opensBoard(w)
	list := fmt.Sprintf("#stage-%d-cards", w.stage("novo"))
	p.until("the first part is there", `document.querySelectorAll("%s .card").length === 50`, list)
	scroll := fmt.Sprintf(`(list => list.scrollTop = list.scrollHeight)(document.querySelector("%s"))`, list)
	value[any](p, scroll)
	p.until("the second part is there", `document.querySelectorAll("%s .card").length === 100`, list)

	// The third part is asked for, and while it is on its way the board is fetched anew.
	asked, first, others := make(chan struct{}, 100), make(chan struct{}), make(chan struct{})
	var n atomic.Int32
	more := func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/stages/") }
	w.late(more, func() {
		wait := others
		if n.Add(1) == 1 {
			wait = first
		}
		asked <- struct{}{}
		<-wait
	}, func() {})
	freeFirst, freeOthers := sync.OnceFunc(func() { close(first) }), sync.OnceFunc(func() { close(others) })
	defer freeFirst()
	defer freeOthers()
	value[any](p, scroll)
	<-asked
	value[any](p, `document.addEventListener("htmx:afterSettle", e => { if (e.target.id === "board") window.renewed = true; })`)
	w.hub.Publish(&kanban.Event{Account: w.account.ID, Kind: kanban.BoardChanged})
	p.until("the board is renewed", "window.renewed")
	freeFirst()
	<-asked // what the column needs now
	value[any](p, `new Promise(done => setTimeout(done, 300))`)
	freeOthers()

	p.scrollsThrough(list, count)
}
