package main_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// pairs is how many live events meet how many interactions: CHATLANE_PAIRS of them, a few in a plain run.
func pairs() int {
	n, err := strconv.Atoi(os.Getenv("CHATLANE_PAIRS"))
	if err != nil || n < 1 {
		return 60
	}
	return n
}

// posture is everything of a page that belongs to whoever uses it: the focus, what is written and where the caret is, what is open, and
// how far each column and the panel are scrolled, by the card that is at the top there.
const posture = `JSON.stringify([
	(e => [e.id || e.className || e.tagName, e.value, e.selectionStart, e.selectionEnd])(document.activeElement),
	[...document.querySelectorAll(":popover-open")].map(e => e.id),
	document.querySelector("#panel")?.dataset.card,
	document.querySelector(".card[data-lifted]")?.id,
	[...document.querySelectorAll(".card[data-picked]")].map(e => e.id).sort(),
	[...document.querySelectorAll(".stage__cards")].map(l => l.scrollTop > 0 && !l.querySelector("[data-lifted]") ? [...l.querySelectorAll(".card")].find(c => c.offsetTop + c.offsetHeight > l.scrollTop + 2)?.id : 0),
	document.querySelector(".board__columns").scrollLeft,
	String(getSelection()),
])`

// TestBrowserNobodyIsDisturbed has random live events meet random states of use; each leaves the person's page as it was (QUALITY U3).
func TestBrowserNobodyIsDisturbed(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("CHATLANE_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	t.Logf("CHATLANE_SEED=%d", seed)
	u := newUndisturbed(t, seed)
	for n := range pairs() {
		act, event := u.acts[u.dice.IntN(len(u.acts))], u.events[u.dice.IntN(len(u.events))]
		act.do()
		before := value[string](u.page, posture)
		event.do()
		require.Equal(t, before, value[string](u.page, posture), "pair %d: %s while %s", n, event.name, act.name)
		u.reset()
	}
}

type undisturbed struct {
	*world
	page   *tab
	dice   *rand.Rand
	mine   int64   // the card that the person works with
	others []int64 // those that things happen to
	acts   []deedOf
	events []deedOf
	said   int
}

type deedOf struct {
	name string
	do   func()
}

func newUndisturbed(t *testing.T, seed uint64) *undisturbed {
	t.Helper()
	w := newWorld(t, chatwoottest.Options{Seed: 4, Conversations: 60})
	u := &undisturbed{world: w, dice: rand.New(rand.NewPCG(seed, 1)), mine: w.conversation("Zoe Prado", with("novo")...)}
	for i := range 6 {
		u.others = append(u.others, w.conversation(fmt.Sprintf("Outra %d", i), with("proposta")...))
	}
	u.page = w.browser("undisturbed").opensBoard(w)
	u.page.until("the card is there", `document.querySelector("%s")`, cardID(u.mine))
	u.acts, u.events = u.interactions(), u.happenings()
	return u
}

// interactions are states in which a person may be.
func (u *undisturbed) interactions() []deedOf {
	p, card := u.page, cardID(u.mine)
	return []deedOf{
		{"a card has the focus", func() { p.focus(card) }},
		{"the card's menu is open and typed into", func() {
			p.focus(card)
			p.press("m")
			p.until("the menu is open", menuIsOpen)
			p.press("pro")
			value[any](p, `document.activeElement.setSelectionRange(1, 2)`)
		}},
		{"a search is being written", func() {
			p.focus("#search")
			p.press("ze")
			value[any](p, `document.activeElement.setSelectionRange(1, 1)`)
		}},
		{"a reply is being written", func() {
			p.focus(card)
			p.press("r")
			p.until("one can write", `document.activeElement.matches("#panel textarea")`)
			p.press("Bom dia")
			value[any](p, `document.activeElement.setSelectionRange(2, 5)`)
		}},
		{"a field is being written", func() {
			p.opensCard(u.mine)
			p.until("the field is there", `document.getElementById("field-contact-name")`)
			p.focus("#field-contact-name")
			value[any](p, `document.activeElement.setSelectionRange(1, 3)`)
		}},
		{"the help is open", func() {
			p.focus(card)
			p.press("?")
			p.until("it is open", `document.querySelector("#help:popover-open")`)
		}},
		{"the filters are open", func() {
			p.focus(card)
			p.press("f")
			p.until("they are", `document.querySelector("#filters:popover-open #filter-form [name=until]") && document.activeElement.matches("#filters input")`)
			p.focus("#filter-form [name=until]")
		}},
		{"a card is lifted", func() {
			p.focus(card)
			p.press(" ")
			p.until("it is", `document.querySelector(".card[data-lifted]")`)
		}},
		{"cards are chosen", func() {
			p.focus(card)
			p.press("x")
			p.until("they are", `document.querySelector("#bulk:not([hidden])") && document.querySelector(%q).hasAttribute("data-picked")`, card)
		}},
		{"a column is scrolled", func() {
			p.focus("#board")
			value[any](p, `document.querySelector("#stage-%d-cards").scrollTop = 150`, u.stage("qualificado"))
		}},
	}
}

// happenings are what others do meanwhile. Each is waited for until the page shows it; nothing can be shown of a card that waits.
func (u *undisturbed) happenings() []deedOf {
	p := u.page
	shown := func(id int64, script string, args ...any) {
		p.until("it is shown", `document.querySelector(".card[data-lifted]") || (c => `+fmt.Sprintf(script, args...)+`)(document.querySelector(%q))`, cardID(id))
	}
	another := func() int64 { return u.others[u.dice.IntN(len(u.others))] }
	say := func(id int64) {
		u.said++
		text := fmt.Sprintf("Mensagem %d", u.said)
		u.sim.Incoming(id, text)
		shown(id, `c?.querySelector(".card__said").textContent.includes(%q)`, text)
	}
	return []deedOf{
		{"the customer writes", func() { say(u.mine) }},
		{"another customer writes", func() { say(another()) }},
		{"another card is moved", func() {
			id, to := another(), []string{"proposta", "ganho", "perdido"}[u.dice.IntN(3)]
			u.sim.SetLabels(0, id, with(to))
			shown(id, `c?.dataset.stage === "%d"`, u.stage(to))
		}},
		{"the card gets a priority", func() {
			to := []string{"urgent", "high", "low"}[u.dice.IntN(3)]
			u.sim.SetPriority(0, u.mine, to)
			shown(u.mine, `c.querySelector(".card__priority")?.dataset.level === %q`, to)
		}},
		{"somebody takes the card", func() {
			agent := u.sim.Users()[u.dice.IntN(3)]
			u.sim.Assign(0, u.mine, agent.ID)
			shown(u.mine, `c.querySelector(".avatar--small")?.ariaLabel === %q`, agent.Name)
		}},
		{"the board's settings change", func() {
			name := fmt.Sprintf("Vendas %d", u.dice.IntN(1000))
			now, err := u.store.Board(u.t.Context(), u.board.ID)
			require.NoError(u.t, err)
			_, err = u.engine.ChangeBoard(u.t.Context(), kanban.Viewer{Account: now.Account, Role: kanban.RoleAdministrator}, now.ID, now.Version, func(b *kanban.Board) error {
				b.Name = name
				return nil
			})
			require.NoError(u.t, err)
			p.until("it is shown", `document.querySelector(".card[data-lifted]") || document.querySelector("#board-switcher").textContent.includes(%q)`, name)
		}},
	}
}

// reset leaves whatever the person was doing.
func (u *undisturbed) reset() {
	value[any](u.page, `(async () => {
		for (const e of document.querySelectorAll(":popover-open")) e.hidePopover();
		document.querySelector("[data-pick-none]")?.click();
		document.querySelector("[data-close-panel]")?.click();
		for (const e of document.querySelectorAll("textarea, #search")) e.value = "";
		document.activeElement.blur();
		await new Promise(r => setTimeout(r, 30));
	})()`)
	u.page.until("nothing is open", `!document.querySelector(":popover-open, #panel, .card[data-lifted], .card[data-picked]")`)
}
