package main_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestBrowserNewLead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	p := w.browser("lead").opensBoard(w)
	p.click(".bar__lead")
	p.until("the form is there", `document.querySelector("#lead [name=q]")`)
	p.click("#lead [name=q]")
	p.press("(11) 98888-7777")
	value[any](p, `((s) => { s.value = "BR"; s.dispatchEvent(new Event("change", {bubbles: true})); })(document.querySelector("#lead [name=country]"))`)
	p.click("#lead [name=q]")
	p.press(" ")
	p.until("the number is taken over", `document.querySelector("#lead [name=phone]").value === "+5511988887777"`)
	p.click("#lead [name=name]")
	p.press("Marina Alves")
	p.click("#lead textarea")
	p.press("Veio da feira")
	p.click("#lead .button--main")
	p.until("its panel is open", `location.pathname.endsWith("/panel") && document.getElementById("panel-name")?.textContent === "Marina Alves"`)
	p.says("Veio da feira")
	w.labelled(1, "novo")

	// The same person once more: they are known.
	p.opensBoard(w)
	p.click(".bar__lead")
	p.until("the form is there", `document.querySelector("#lead [name=q]")`)
	p.click("#lead [name=q]")
	p.press("marina")
	p.until("they are found", `document.querySelector("#lead-contacts")?.textContent.includes("Marina Alves")`)
	require.Equal(t, 0, value[int](p, `document.querySelectorAll("#lead .button--main[disabled]").length`))
	for _, m := range manners {
		p.inManner(w, m).opensBoard(w)
		p.click(".bar__lead")
		p.until("the form is there", `document.querySelector("#lead [name=q]")`)
		p.accessible("new lead, " + m.String())
	}
}
