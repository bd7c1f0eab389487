package main_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestBrowserLanguageAndTheme(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	w.conversation("Ana Lima", with("novo")...)
	p := w.browser("look").opensBoard(w)

	for _, l := range []struct{ code, none string }{{"pt-BR", "Sem etapa"}, {"es", "Sin etapa"}, {"en", "No stage"}} {
		p.click(`[popovertarget=languages]`)
		p.click(`#languages [value="` + l.code + `"]`)
		p.until("the page is in "+l.code, `document.readyState === "complete" && document.documentElement.lang === %q &&
			document.querySelector("#stage-0-name").textContent === %q`, l.code, l.none)
	}

	const ground = `getComputedStyle(document.body).backgroundColor`
	for _, theme := range []string{"light", "dark", "system"} {
		p.click(`[name=theme]`)
		p.until("the theme is "+theme, `document.readyState === "complete" && document.documentElement.dataset.theme === %q`, theme)
		dark := value[bool](p, `(m => m.slice(0, 3).every(c => c < 80))(%s.match(/\d+/g).map(Number))`, ground)
		require.Equal(t, theme == "dark", dark, "%s: %s", theme, value[string](p, ground))
	}
	p.opens(w.boardURL())
	require.Equal(t, "en system", value[string](p, `document.documentElement.lang + " " + document.documentElement.dataset.theme`), "both outlive a visit")
}

func TestBrowserPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Seed: 2, Conversations: 60})
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("phone").phone(390, 844).opensBoard(w)

	require.True(t, value[bool](p, `[...document.querySelectorAll(".stage")].every(s => Math.abs(s.getBoundingClientRect().width - innerWidth) < 2)`), "a column fills the screen")
	p.click(`.tabs__tab[href="#stage-` + columnNumber(w.stage("novo")) + `"]`)
	p.until("the column is on the screen, its tab is marked", `Math.abs(document.querySelector("#stage-%d").getBoundingClientRect().left) < 2 &&
		document.querySelector(".tabs__tab[aria-current]").hash === "#stage-%d"`, w.stage("novo"), w.stage("novo"))

	p.tap(cardID(id) + " .card__menu")
	p.until("the menu is open", menuIsOpen)
	require.True(t, value[bool](p, `(r => r.left <= 1 && r.right >= innerWidth - 1 && r.bottom >= innerHeight - 1)(document.querySelector("#card-menu").getBoundingClientRect())`), "it is a sheet at the bottom")
	require.True(t, value[bool](p, `[...document.querySelectorAll("#card-menu [role=option]")].every(o => o.getBoundingClientRect().height >= 44)`), "a finger hits each choice")
	p.tap("#move-to-" + columnNumber(w.stage("proposta")))
	p.shows(id, w.stage("proposta"))
	w.labelled(id, with("proposta")...)
	require.Empty(t, value[[]string](p, overflowing))
}

func TestBrowserNarrowAndWide(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Seed: 2, Conversations: 60})
	p := w.browser("width").opensBoard(w)
	for _, size := range [][2]int64{{320, 640}, {390, 844}, {768, 1024}, {1440, 900}, {2560, 1440}} {
		p.do(chromedp.EmulateViewport(size[0], size[1]))
		for _, path := range []string{"/boards/1", "/boards/1/settings", "/accounts/1/boards", "/health", "/connect", "/nowhere"} {
			p.expects("404")
			p.opens(w.url(path))
			require.Empty(t, value[[]string](p, overflowing), "%s at %d px", path, size[0])
		}
	}
}

// TestBrowserInEveryCondition: zoomed to 400 %, in forced colours, without motion and without hover a board can be read and worked (QUALITY U5).
func TestBrowserInEveryCondition(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Seed: 2, Conversations: 30})
	id := w.conversation("Ana Lima", with("novo")...)
	for name, prepare := range map[string]func(*tab){
		"400 %":          func(p *tab) { p.do(chromedp.EmulateViewport(320, 225)) }, // what is left of 1280 × 900
		"forced colours": func(p *tab) { p.feature("forced-colors", "active") },
		"reduced motion": func(p *tab) { p.feature("prefers-reduced-motion", "reduce") },
		"without hover":  func(p *tab) { p.feature("hover", "none") },
	} {
		p := w.browser(name)
		prepare(p)
		p.opensBoard(w)
		require.Empty(t, value[[]string](p, overflowing), name)
		p.accessible("board, " + name)
		p.focus(cardID(id))
		p.until("the card can be seen: "+name, `(r => r.bottom > 40 && r.top < innerHeight)(document.querySelector(%q).getBoundingClientRect())`, cardID(id))
		require.True(t, value[bool](p, `getComputedStyle(document.activeElement).outlineStyle !== "none" || getComputedStyle(document.activeElement).boxShadow !== "none"`), "%s: the focus shows", name)
		p.press("m")
		p.until("its menu is open: "+name, menuIsOpen)
		require.Empty(t, value[[]string](p, overflowing), name)
		p.accessible("menu, " + name)
		if name == "without hover" {
			require.True(t, value[bool](p, `getComputedStyle(document.querySelector("%s .card__menu")).opacity === "1"`, cardID(id)), "its button is there without a pointer above it")
		}
		if name == "reduced motion" {
			require.True(t, value[bool](p, `document.getAnimations().every(a => a.effect.getComputedTiming().duration <= 1)`), "nothing moves")
		}
		p.press(kb.Escape)
		p.opensCard(id)
		require.Empty(t, value[[]string](p, overflowing), name)
		p.until("the messages can be read: "+name, `(l => (l?.scrollIntoView({block: "nearest"}), l && l.getBoundingClientRect().height > 100))(document.querySelector(".thread__scroll"))`)
		p.accessible("panel, " + name)
	}
}

// feature has the browser answer a media query.
func (p *tab) feature(name, is string) {
	p.t.Helper()
	command(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: is}}})
}

// overflowing names what makes the page wider than the window, though the columns scroll on their own.
const overflowing = `(() => {
	const wide = document.documentElement.scrollWidth > innerWidth + 1;
	return wide ? [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".board__columns, .tabs"))
		.map(e => e.tagName + "." + e.getAttribute("class")).concat("the page") : [];
})()`
