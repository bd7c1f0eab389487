package main_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/web"
)

const personIsOpen = `document.querySelector("#person").matches(":popover-open")`

// People sign in by the keys alone, with a second factor, and find who they are and the ways out in one menu.
func TestBrowserSignInAndOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Seed: 4, Conversations: 24}, func(c *web.Config) {
		c.Open, c.Password, c.LookEvery = false, "correct horse", 50*time.Millisecond
	})
	agent := w.sim.Agents()[0]
	w.sim.SetTwoFactor(agent.ID, "731946")
	p := w.browser("people")
	p.expects("401")
	p.opens(w.boardURL())
	for _, m := range manners {
		p.inManner(w, m).opens(w.url("/sign-in"))
		p.click(`.way:has([name=token]) summary`)
		p.accessible("sign-in with a token, " + m.String())
	}

	p.opens(w.boardURL())
	p.until("the address has the focus", `document.activeElement.name === "email"`)
	p.press(agent.Email)
	p.press(kb.Tab)
	p.press("wrong")
	p.press(kb.Enter)
	p.until("it is refused", `document.querySelector("[role=alert]")`)
	p.accessible("refused")
	p.until("the password has the focus", `document.activeElement.name === "password"`)
	p.press(agent.Password) // the password has the focus, the address is still there
	p.press(kb.Enter)
	p.until("the code is asked for", `document.querySelector("[name=code]")`)
	p.accessible("code")
	p.until("the code has the focus", `document.activeElement.name === "code"`)
	p.press("731946")
	p.press(kb.Enter)
	p.until("the board is open", `document.querySelector("#board .card") && location.pathname.startsWith("/boards/")`)

	for _, m := range manners {
		p.inManner(w, m).opensBoard(w)
		p.click(".bar__person")
		p.until("the menu is open", personIsOpen)
		p.accessible("person's menu, " + m.String())
	}
	for _, width := range []int64{320, 768} {
		p.do(chromedp.EmulateViewport(width, 640))
		p.opensBoard(w)
		p.focus(".bar__person")
		p.press(kb.Enter)
		p.until("the menu is open", personIsOpen)
		require.Empty(t, value[[]string](p, overflowing), "at %d px", width)
		require.True(t, value[bool](p, `(r => r.left >= 0 && r.right <= innerWidth)(document.querySelector("#person").getBoundingClientRect())`), "at %d px", width)
		require.Equal(t, agent.Name, value[string](p, `document.querySelector("#person-name").textContent`))
		p.press(kb.Escape)
		p.until("the menu is closed, its button has the focus", `!`+personIsOpen+` && document.activeElement.matches(".bar__person")`)
	}

	// Signed out elsewhere, an open board leads to sign-in by itself.
	person, err := w.store.PersonAt(t.Context(), w.account.BaseURL, kanban.AgentID(agent.ID))
	require.NoError(t, err)
	require.NoError(t, w.engine.SignOutEverywhere(t.Context(), person.ID))
	p.until("the sign-in page is shown, and knows the way back", `location.pathname === "/sign-in" && location.search.includes("boards")`)
}
