package main_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/web"
)

// manner is how a page is looked at.
type manner struct {
	language, theme string
	phone           bool
}

func (m manner) String() string {
	screen := "desktop"
	if m.phone {
		screen = "phone"
	}
	return m.language + " " + m.theme + " " + screen
}

// manners are every language and theme on both screens, each pair of two at least once.
var manners = []manner{
	{"en", "light", false},
	{"en", "dark", true},
	{"pt-BR", "dark", false},
	{"pt-BR", "light", true},
	{"es", "light", true},
	{"es", "dark", false},
}

// inManner sets a page's screen, language and theme for what it opens next.
func (p *tab) inManner(w *world, m manner) *tab {
	p.t.Helper()
	if m.phone {
		p.phone(390, 844)
	} else {
		p.do(chromedp.EmulateViewport(1440, 900))
	}
	for name, v := range map[string]string{"language": m.language, "theme": m.theme} {
		command(p, network.SetCookie, network.SetCookieParams{Name: name, Value: v, URL: w.url("/")})
	}
	return p
}

// accessible has axe look at the page as it is.
func (p *tab) accessible(state string) {
	p.t.Helper()
	source, err := os.ReadFile("testdata/axe-core/axe.min.js")
	require.NoError(p.t, err)
	p.do(chromedp.Evaluate[chromedp.Void](string(source)))
	// What still fades in has colours that nobody will read by. It is brought to its end: to wait for that would take for ever where the
	// browser draws nothing, such as cards below the screen.
	violations := value[[]string](p, `(document.getAnimations().filter(a => a.effect.getComputedTiming().iterations !== Infinity).forEach(a => a.finish()),
		axe.run(document, {resultTypes: ["violations"]})).then(r => r.violations.flatMap(v =>
		v.nodes.map(n => v.id + ": " + n.target.join(" ") + " " + n.html.slice(0, 160) + " " + n.failureSummary.slice(0, 300))))`)
	for _, v := range violations {
		p.t.Errorf("%s: %s", state, v)
	}
	if len(violations) > 0 {
		p.shoot("axe")
	}
}

func TestBrowserAxeBoard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Seed: 4, Conversations: 24})
	two := w.conversation("Duas Etapas", "novo", "proposta")
	refused := w.conversation("Recusada Silva", "novo")
	waiting := w.conversation("Esperando Souza", "novo")
	w.sim.SetPriority(0, two, "urgent")
	p := w.browser("axe").opensBoard(w)

	w.sim.Fault(chatwoottest.Fault{Match: "POST */labels", Kind: chatwoottest.FaultRefuse401})
	p.focus(cardID(refused))
	p.press(kb.ArrowRight, chromedp.ModifierShift)
	p.until("it is refused", `document.querySelector("%s [data-kind=refused]")`, cardID(refused))
	w.sim.ClearFaults()
	w.sim.Fault(chatwoottest.Fault{Kind: chatwoottest.FaultStatus502})
	p.focus(cardID(waiting))
	p.press(kb.ArrowRight, chromedp.ModifierShift)
	p.until("it waits", `document.querySelector("%s [data-kind=waiting]")`, cardID(waiting))

	for _, m := range manners {
		at := func(state string) string { return fmt.Sprintf("%s, %s", state, m) }
		p.inManner(w, m).opensBoard(w)
		p.accessible(at("board with conflict, refusal, waiting move, Chatwoot down"))

		p.focus(cardID(two))
		p.press("m")
		p.until("the menu is open", menuIsOpen)
		p.accessible(at("menu"))
		p.press(kb.Escape)
		p.until("the menu is closed", "!"+menuIsOpen)

		p.press("?")
		p.until("the help is open", `document.querySelector("#help").matches(":popover-open")`)
		p.accessible(at("help"))
		p.press(kb.Escape)
		p.until("the help is closed", `!document.querySelector("#help").matches(":popover-open")`)

		p.click("[popovertarget=languages]")
		p.accessible(at("languages"))
		p.press(kb.Escape)

		p.focus(cardID(two))
		p.press(" ")
		p.press(kb.ArrowRight)
		p.accessible(at("lifted card"))
		p.press(kb.Escape)

		p.press("z")
		p.expects("422")
		value[any](p, `htmx.ajax("PUT", "/boards/%d/cards/%d/stage", {values: {stage: "987654"}, target: "#notices", swap: "beforeend"})`, w.board.ID, two)
		p.until("a notice is shown", `document.querySelector("#notices .notice")`)
		p.accessible(at("notice"))
	}
}

func TestBrowserAxeUndo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("axe")
	for i, m := range manners {
		p.inManner(w, m).opensBoard(w)
		p.focus(cardID(id))
		p.press([]string{kb.ArrowRight, kb.ArrowLeft}[i%2], chromedp.ModifierShift)
		p.until("undo is offered", `!document.querySelector("#undo").hidden`)
		p.atRest(id)
		p.accessible("undo, " + m.String())
	}
}

func TestBrowserAxePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	p := w.browser("axe")
	p.expects("404")
	for _, m := range manners {
		p.inManner(w, m)
		for _, path := range []string{fmt.Sprintf("/boards/%d", w.board.ID), "/connect", "/health", "/nowhere"} {
			p.opens(w.url(path))
			p.accessible(path + ", " + m.String())
		}
	}
}

func TestBrowserAxeSignIn(t *testing.T) {
	t.Parallel()
	w := newBareWorld(t, chatwoottest.Options{}, func(c *web.Config) { c.Open, c.Password = false, "correct horse" })
	p := w.browser("axe")
	p.expects("401")
	for _, m := range manners {
		p.inManner(w, m).opens(w.url("/sign-in"))
		p.accessible("sign-in, " + m.String())
	}
	p.focus("[name=password]")
	p.press("wrong")
	p.press(kb.Enter)
	p.until("it says that it is wrong", `document.querySelector("[role=alert], .problem")`)
	p.accessible("sign-in refused")
	p.focus("[name=password]")
	p.press("correct horse")
	p.press(kb.Enter)
	p.until("the first page is that of connecting", `location.pathname === "/connect"`)

	p.focus("[name=address]")
	p.press(w.sim.URL())
	p.focus("[name=token]")
	p.press(w.sim.AdminToken())
	p.press(kb.Enter)
	p.until("the account is asked for", `document.querySelector("[name=account]")`)
	p.accessible("connect: account")
	p.click("[name=account]")
	p.press(kb.Enter)
	p.until("the three ticks are shown", `document.querySelectorAll(".tick").length === 3 && document.querySelector("[name=plan]")`)
	p.accessible("set up: three ticks")
	p.until("webhooks arrive", `document.querySelectorAll('.tick__state[data-state="good"]').length === 2`)
	p.click("[name=plan][value=labels]")
	p.accessible("set up: own labels")
	p.click("[name=plan][value=sales]")
	p.click(".tick form[action$='/boards'] .button--main")
	p.until("the board is made", `document.querySelector(".made")`)
	p.accessible("set up: done")
}
