package main_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

const twins = `document.querySelector("%s .card__twins")?.textContent ?? ""`

// TestBrowserCardsOfOneContactSaySo marks them while more than one is there, and through live updates.
func TestBrowserCardsOfOneContactSaySo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	first, other := w.conversation("Ana Lima", with("novo")...), w.conversation("Rui Costa", with("novo")...)
	c, _ := w.sim.Conversation(first)
	second := w.sim.CreateConversation(0, chatwoottest.NewConversation{ContactID: c.ContactID, Labels: with("proposta")})
	p := w.browser("board").opensBoard(w)
	p.shows(second, w.stage("proposta"))
	p.focus(cardID(other))

	for _, id := range []int64{first, second} {
		p.until("it says that there are two", twins+` === "2×"`, cardID(id))
	}
	require.Empty(t, value[string](p, twins, cardID(other)))
	w.sim.Incoming(first, "Bom dia") // its card is drawn anew
	p.until("the card tells of the message", `document.querySelector("%s .card__said").textContent.includes("Bom dia")`, cardID(first))
	p.until("and still that there are two", twins+` === "2×"`, cardID(first))
	p.accessible("twins")

	w.sim.SetLabels(0, second, nil)
	w.sim.SetStatus(0, second, "resolved") // leaves the board
	p.until("nothing is said of one", twins+` === ""`, cardID(first))
}

// TestBrowserTwoPeopleWorkOneConversation has one of them write while the other saves: nobody's words are lost, nor what both have chosen.
func TestBrowserTwoPeopleWorkOneConversation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	mine, theirs := w.browser("mine").opensBoard(w).opensCard(id), w.browser("theirs").opensBoard(w).opensCard(id)

	value[any](mine, `document.getElementById("field-attribute-next_step").focus()`)
	mine.press("Enviar a propo")
	theirs.types("field-attribute-deal_value", "900")
	theirs.chooses("field-contact-attribute-segment", "Hotel")
	mine.until("what they saved is there", `document.getElementById("field-attribute-deal_value").value === "900" && document.getElementById("field-contact-attribute-segment").value === "Hotel"`)
	require.Equal(t, "Enviar a propo", value[string](mine, `document.activeElement.value`), "what is being written stays, with the caret")
	mine.press("sta")
	mine.press(kb.Tab)
	w.eventually(func() bool {
		have := w.upstream(id).CustomAttributes.Map()
		return have["next_step"] == "Enviar a proposta" && have["deal_value"] != nil
	}, "both are kept")
	theirs.until("and shown to the other", `document.getElementById("field-attribute-next_step").value === "Enviar a proposta"`)

	mine.focus(cardID(id))
	mine.press(kb.ArrowRight, chromedp.ModifierShift)
	theirs.shows(id, w.stage("qualificado"))
	w.labelled(id, with("qualificado")...)
	require.Equal(t, "Hotel", w.sim.ContactAttributes(w.upstream(id).Contact.ID)["segment"])
}
