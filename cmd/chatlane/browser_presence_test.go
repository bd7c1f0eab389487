package main_test

import (
	"testing"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/web"
)

// TestBrowserPresence: two people see what each other has open and is moving, and no longer when that has ended.
func TestBrowserPresence(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{}, func(c *web.Config) { c.Open, c.Password = false, "correct horse" })
	id, other := w.conversation("Ana Lima", with("novo")...), w.conversation("Bia Reis", with("novo")...)
	signedIn := func(name string, u chatwoottest.User) *tab {
		p := w.browser(name)
		p.opens(w.boardURL())
		p.signsIn(u)
		p.until("the board is there", `document.querySelectorAll(".card").length === 2`)
		return p
	}
	ana, carla := w.sim.Admins()[0], w.sim.Users()[1]
	w.sim.SetRole(1, carla.ID, "administrator")
	p, q := signedIn("first", ana), signedIn("second", carla)
	mark := `document.querySelector("%s > .card__here")?.getAttribute("aria-label")`

	p.opensCard(id)
	q.until("the other sees it", mark+` === %q`, cardID(id), ana.Name+" has this open, too")
	q.accessible("somebody has a card open")
	q.opensCard(id)
	q.until("in the panel, too", `document.querySelector("#panel-here:not([hidden])")?.textContent === %q`, ana.Name+" has this open, too")
	q.accessible("a panel that another has open")
	q.shoot("presence")
	p.until("and so does the first", mark+` === %q`, cardID(id), carla.Name+" has this open, too")
	w.sim.Incoming(id, "Mais uma coisa")
	p.until("news of the card leaves the mark", `document.querySelector("%s .card__said").textContent.includes("Mais uma coisa") && `+mark, cardID(id), cardID(id))

	q.press("\x1b")
	p.until("it is closed", `!document.querySelector("%s > .card__here") && document.querySelector("#panel-here").hidden`, cardID(id))
	p.press("\x1b")
	p.panelGone()
	p.focus(cardID(other))
	p.press(" ")
	q.until("it is being moved", mark+` === %q`, cardID(other), ana.Name+" is moving it")
	p.press("\x1b")
	q.until("and put back", `!document.querySelector(".card__here")`)
}
