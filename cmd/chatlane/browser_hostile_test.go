package main_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// hostile are texts that would run if any page took them for more than text.
var hostile = []string{
	`<img src=x onerror="window.__pwned=1;alert(1)">`,
	`"><script>window.__pwned=1</script>`,
	`' onfocus='window.__pwned=1' autofocus tabindex='0`,
	`" onmouseover="window.__pwned=1" x="`,
	`javascript:window.__pwned=1`,
	`</template><svg onload=window.__pwned=1>`,
	`{{.card}} {{constructor.constructor('window.__pwned=1')()}}`,
	`</title><iframe srcdoc="<script>parent.__pwned=1</script>">`,
	"data: x\n\nevent: reload\ndata: <img src=x onerror=window.__pwned=1>",
}

func TestBrowserHostileTextIsText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{Name: hostile[0]})
	agent := w.sim.AddUser(hostile[0], "mallory@example.com", "agent")
	for i, text := range hostile { // what attributes are called, and what there is to choose, is foreign too
		for _, model := range []chatwoot.AttributeModel{chatwoot.ConversationAttribute, chatwoot.ContactAttribute} {
			_, err := w.direct().CreateCustomAttributeDefinition(t.Context(), chatwoot.AttributeDefinition{
				Key: fmt.Sprintf("hostile_%d", i), Name: text, Description: text, Type: chatwoot.AttributeList, Values: []string{text, "x"}, Model: model,
			})
			require.NoError(t, err)
		}
	}
	w.sim.CreateLabel(`x"><img src=x onerror=window.__pwned=1>`, `red;}*{background:url("javascript:window.__pwned=1")}</style>`)
	w.sim.CreateLabel(hostile[4], `#fff" onload="window.__pwned=1`)
	b, err := w.engine.MakeBoard(t.Context(), w.account.ID, hostile[1], "BRL", []kanban.StageSpec{
		{Title: `x"><img src=x onerror=window.__pwned=1>`}, {Title: hostile[4]},
	})
	require.NoError(t, err)
	stages := []string{`x"><img src=x onerror=window.__pwned=1>`, hostile[4]}
	var ids []int64
	for i, text := range hostile {
		ids = append(ids, w.sim.CreateConversation(0, chatwoottest.NewConversation{
			Contact: text, Text: text, Labels: append([]string{text}, stages[i%2]), Assignee: agent.ID, Email: text,
			Custom: map[string]any{"deal_value": text, "next_step": text, "value": text, fmt.Sprintf("hostile_%d", i): text},
		}))
		c, _ := w.sim.Conversation(ids[i])
		w.sim.SetContactAttributes(c.ContactID, map[string]any{fmt.Sprintf("hostile_%d", i): text, "segment": text, "customer_since": text})
	}
	w.board = b
	w.eventually(func() bool {
		c, err := w.store.Catalog(t.Context(), w.account.ID)
		return err == nil && len(c.ContactAttributes) > len(hostile)
	}, "the catalogue is read anew with the labels")
	p := w.browser("hostile").opensBoard(w)
	for _, id := range ids {
		p.until("the card is there", `document.querySelector("%s")`, cardID(id))
	}
	for i, id := range ids {
		w.sim.Incoming(id, hostile[(i+1)%len(hostile)])
		w.sim.Reply(agent.ID, id, hostile[i])
	}
	p.focus(cardID(ids[0]))
	p.press("m")
	p.until("the menu is open", menuIsOpen)
	p.press(kb.Escape)
	for _, id := range ids {
		p.focus(cardID(id))
		p.press(kb.ArrowLeft, chromedp.ModifierShift)
		p.atRest(id)
		p.pointOf(cardID(id))
	}
	p.sound("the board")
	for _, path := range []string{
		"/health", "/connect", "/boards/1", "/sign-in", "/sign-in?return=javascript:window.__pwned=1", fmt.Sprintf("/boards/%d/cards/%d", b.ID, ids[0]),
		fmt.Sprintf("/boards/%d/settings", b.ID), fmt.Sprintf("/accounts/%d/boards", w.account.ID),
		fmt.Sprintf("/boards/%d/list", b.ID), fmt.Sprintf("/boards/%d/reports", b.ID), fmt.Sprintf("/boards/%d?q=%s", b.ID, url.QueryEscape(hostile[0])),
	} {
		p.opens(w.url(path))
		p.sound(path)
	}
	for _, id := range ids {
		p.opens(w.url(fmt.Sprintf("/boards/%d/cards/%d/panel", b.ID, id)))
		p.until("the messages are there", `document.querySelector("#panel .line")`)
		p.sound("the panel")
	}
	require.NotEmpty(t, value[string](p, `document.getElementById("field-contact-attribute-hostile_0")?.closest("form").textContent ?? ""`))
}

// sound wants nothing on the page to have run or to be able to.
func (p *tab) sound(where string) {
	p.t.Helper()
	require.False(p.t, value[bool](p, `"__pwned" in window`), where)
	require.Empty(p.t, value[[]string](p, `[...document.querySelectorAll("*")].filter(e =>
		[...e.attributes].some(a => /^on/i.test(a.name) || (/^(href|src|action|formaction|srcdoc)$/.test(a.name) && /^\s*(javascript|data):/i.test(a.value)))
		|| (e.localName === "script" && !e.src) || e.localName === "iframe" || e.localName === "style" || (e.localName === "img" && e.getAttribute("src") === "x")
	).map(e => e.outerHTML.slice(0, 200))`), where)
}
