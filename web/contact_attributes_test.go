package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// TestContactAttributesAreKeptInEveryConversation changes one, and finds it in the contact's other conversation and in Chatwoot.
func TestContactAttributesAreKeptInEveryConversation(t *testing.T) {
	t.Parallel()
	w := connected(t, business(0))
	first := w.sim.CreateConversation(0, chatwoottest.NewConversation{Contact: "Lia Torres", Labels: []string{"novo"}})
	contact := w.contactOf(first)
	second := w.sim.CreateConversation(0, chatwoottest.NewConversation{ContactID: contact, Labels: []string{"proposta"}})
	w.contactOf(second)
	p := w.person()
	path := func(id int64, key string) string { return w.boardPath("cards", id, "contact", "attributes", key) }
	segment := func(id int64) string {
		chosen := p.get(w.panelPath(id)).page().Find("#field-contact-attribute-segment option[selected]")
		return chosen.AttrOr("value", "none")
	}
	require.Empty(t, segment(first), "offered, not chosen")

	require.Equal(t, http.StatusOK, p.put(path(first, "customer_since"), url.Values{"value": {"2024-02-29"}}).status)
	require.Equal(t, http.StatusOK, p.put(path(first, "segment"), url.Values{"value": {"Hotel"}}).status)
	require.Equal(t, map[string]any{"segment": "Hotel", "customer_since": "2024-02-29"}, w.sim.ContactAttributes(contact))
	require.Equal(t, "Hotel", segment(first))
	w.eventually(func() bool { return segment(second) == "Hotel" }, "the contact's other conversation has it too")

	require.Equal(t, http.StatusUnprocessableEntity, p.put(path(first, "segment"), url.Values{"value": {"Mina"}}).status, "not among its choices")
	require.Equal(t, http.StatusUnprocessableEntity, p.put(path(first, "customer_since"), url.Values{"value": {"ontem"}}).status)
	require.Equal(t, http.StatusNotFound, p.put(path(first, "deal_value"), url.Values{"value": {"7"}}).status, "this is the conversation's")
	require.Equal(t, "Hotel", w.sim.ContactAttributes(contact)["segment"])

	require.Equal(t, http.StatusOK, p.put(path(first, "segment"), url.Values{"value": {""}}).status)
	require.Equal(t, map[string]any{"customer_since": "2024-02-29"}, w.sim.ContactAttributes(contact), "empty removes it, and only it")

	w.sim.SetContactAttributes(contact, map[string]any{"segment": `<img src=x onerror=alert(1)>`})
	w.eventually(func() bool { return strings.HasPrefix(segment(first), "<img") }, "what is not among the choices is shown as it is")
	w.sim.SetContactAttributes(contact, map[string]any{"segment": strings.Repeat("x", 20<<10)})
	w.eventually(func() bool { return segment(first) == "" }, "what is far too much is left to Chatwoot")
}
