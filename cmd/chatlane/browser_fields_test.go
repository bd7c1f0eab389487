package main_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// upstream is a conversation as Chatwoot has it.
func (w *world) upstream(id int64) chatwoot.Conversation {
	w.t.Helper()
	conv, err := w.direct().Conversation(w.t.Context(), id)
	require.NoError(w.t, err)
	return conv
}

// direct speaks to Chatwoot past the program.
func (w *world) direct() *chatwoot.Client {
	w.t.Helper()
	w.onceDirect.Do(func() {
		server, err := chatwoot.NewServer(chatwoot.ServerConfig{URL: w.sim.URL(), AllowPrivateNetwork: true, RequestsPerMinute: 6_000_000})
		require.NoError(w.t, err)
		w.besides = server.Client(w.sim.AdminToken(), w.sim.AccountID())
	})
	return w.besides
}

// types writes into a field in place of what stands there, and leaves it.
func (p *tab) types(field, text string) {
	p.t.Helper()
	value[any](p, `(document.getElementById(%q).focus(), document.getElementById(%q).select())`, field, field)
	p.press(text)
	p.press(kb.Tab)
}

// chooses picks a value of a field's list.
func (p *tab) chooses(field, choice string) {
	p.t.Helper()
	value[any](p, `((s) => { s.focus(); s.value = %q; s.dispatchEvent(new Event("change", {bubbles: true})); })(document.getElementById(%q))`, choice, field)
}

func TestBrowserFieldsAreChangedInPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	agent := w.sim.Agents()[0]
	w.sim.AddInboxMember(w.sim.Inboxes()[0].ID, agent.ID)
	p, other := w.browser("mine").opensBoard(w).opensCard(id), w.browser("theirs").opensBoard(w).opensCard(id)

	p.chooses("field-assignee", fmt.Sprint(agent.ID))
	w.eventually(func() bool { a := w.upstream(id).Assignee; return a != nil && a.ID == agent.ID }, "assigned")
	other.until("others see it", `document.getElementById("field-assignee").value === "%d"`, agent.ID)
	p.chooses("field-priority", "urgent")
	w.eventually(func() bool { return w.upstream(id).Priority == "urgent" }, "urgent")
	p.until("the card shows it", `document.querySelector("%s .card__priority[data-level=urgent]")`, cardID(id))

	p.types("field-attribute-deal_value", "1,250.50")
	w.eventually(func() bool { return fmt.Sprint(w.upstream(id).CustomAttributes.Map()["deal_value"]) == "1250.5" }, "the value")
	p.types("field-attribute-next_step_on", "12012026")
	w.eventually(func() bool { return w.upstream(id).CustomAttributes.Map()["next_step_on"] == "2026-12-01" }, "the next step")
	p.until("the card shows both", `document.querySelector("%s .card__value")?.textContent.includes("1,250.50") && document.querySelector("%s .card__next")`, cardID(id), cardID(id))
	require.Equal(t, "1250.5", fmt.Sprint(w.upstream(id).CustomAttributes.Map()["deal_value"]), "the other attribute is kept")

	p.chooses("field-status", "resolved")
	w.eventually(func() bool { return w.upstream(id).Status == "resolved" }, "resolved")
	p.chooses("field-snooze", "tomorrow")
	w.eventually(func() bool { c := w.upstream(id); return c.Status == "snoozed" && !c.SnoozedUntil.IsZero() }, "snoozed")
	p.until("it says until when", `document.querySelector("#fields .fields__hint time")`)
}

func TestBrowserLabelsInThePanel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	w.sim.CreateLabel("revenda", "#112233")
	id := w.conversation("Ana Lima", with("novo")...)
	p := w.browser("labels").opensBoard(w)
	w.eventually(func() bool {
		cat, err := w.store.Catalog(t.Context(), w.account.ID)
		return err == nil && hasLabel(cat.Labels, "revenda")
	}, "the label is known")
	p.opensCard(id)
	p.types("field-labels", "revenda")
	p.click("#fields .chips__add button")
	w.labelled(id, with("novo", "revenda")...)
	p.click(`#fields .chip button[value="urgente"]`)
	w.eventually(func() bool { return !contains(w.sim.Labels(id), "urgente") && contains(w.sim.Labels(id), "revenda") }, "taken off")

	// One that is a stage moves the card.
	value[any](p, `(document.getElementById("field-labels").value = "", document.getElementById("field-labels").focus())`)
	p.press("qualificado")
	p.press(kb.Enter)
	p.shows(id, w.stage("qualificado"))
	w.eventually(func() bool { return contains(w.sim.Labels(id), "qualificado") && !contains(w.sim.Labels(id), "novo") }, "moved")

	p.expects("422")
	value[any](p, `(document.getElementById("field-labels").value = "", document.getElementById("field-labels").focus())`)
	p.press("não existe")
	p.press(kb.Enter)
	p.until("it is said", `document.querySelector("#notices .notice")?.textContent.includes("no label")`)
}

func TestBrowserFieldRefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", "novo")
	p := w.browser("refused").opensBoard(w).opensCard(id)
	p.expects("422")
	p.types("field-contact-phone", "12345")
	p.until("it is said, and what was typed stays", `document.querySelector("#notices .notice") && document.getElementById("field-contact-phone").value === "12345" && document.getElementById("field-contact-phone").getAttribute("aria-invalid")`)
	p.types("field-contact-phone", "+55 11 98888-7777")
	w.eventually(func() bool { return w.upstream(id).Contact.PhoneNumber == "+5511988887777" }, "the number")
	p.types("field-contact-name", "<b>Ana</b> Lima Souza")
	p.until("the card has the new name", `document.querySelector("%s .card__name").textContent === "<b>Ana</b> Lima Souza"`, cardID(id))
}

func TestBrowserFieldKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", "novo")
	p := w.browser("keys").opensBoard(w)
	p.focus(cardID(id))
	p.press("v")
	p.panelOf(id)
	p.until("the value has the focus", `document.activeElement.id === "field-attribute-deal_value"`)
	p.press("900")
	p.press(kb.Enter)
	w.eventually(func() bool { return fmt.Sprint(w.upstream(id).CustomAttributes.Map()["deal_value"]) == "900" }, "the value")
	p.focus("#panel")
	p.press("i")
	w.eventually(func() bool { a := w.upstream(id).Assignee; return a != nil && a.ID == w.sim.Admins()[0].ID }, "to me")
	p.focus("#panel")
	p.press("e")
	w.eventually(func() bool { return w.upstream(id).Status == "resolved" }, "resolved")
	p.do(chromedp.Reload())
	p.panelOf(id)
}

func contains(all []string, title string) bool { return slices.Contains(all, title) }

func hasLabel(all []kanban.Label, title string) bool {
	return slices.ContainsFunc(all, func(l kanban.Label) bool { return l.Title == title })
}
