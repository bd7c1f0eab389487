package main_test

import (
	"testing"

	"github.com/chromedp/chromedp"
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

// overflowing names what makes the page wider than the window, though the columns scroll on their own.
const overflowing = `(() => {
	const wide = document.documentElement.scrollWidth > innerWidth + 1;
	return wide ? [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".board__columns, .tabs"))
		.map(e => e.tagName + "." + e.getAttribute("class")).concat("the page") : [];
})()`
