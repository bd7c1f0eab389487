package templates_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

func draw(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, c.Render(context.Background(), &b))
	return b.String()
}

func parse(t *testing.T, html string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	require.NoError(t, err)
	return doc
}

func drawCard(t *testing.T, loc templates.Locale, c kanban.Card) *goquery.Selection {
	t.Helper()
	return parse(t, draw(t, templates.Card(templates.NewCard(loc, sampleBoard(), sampleCatalog(), c)))).Find(".card")
}

var (
	english    = templates.Match("", "en")
	portuguese = templates.Match("", "pt-BR")
	spanish    = templates.Match("", "es")
)

func TestCardHasItsPublicNames(t *testing.T) {
	t.Parallel()
	card := drawCard(t, english, sampleCard(42, 3, time.Now()))

	require.Equal(t, "card-42", card.AttrOr("id", ""))
	require.Equal(t, "3", card.AttrOr("data-stage", ""))
	require.Equal(t, "/boards/1/cards/42/panel", card.Find(".card__name").AttrOr("href", ""), "scripts know the other addresses by it")
	require.Zero(t, card.Find("form, input").Length(), "browsers lay out every card that has one")
}

func TestCardEscapesForeignText(t *testing.T) {
	t.Parallel()
	c := sampleCard(7, 1, time.Now())
	evil := `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	c.Conversation.Contact.Name, c.Conversation.AssigneeName, c.Conversation.LastMessage.Text = evil, evil, evil
	c.Conversation.LastMessage.Sender, c.Conversation.LastMessage.Kind = evil, kanban.MessageOutgoing
	c.Conversation.Labels, c.Conversation.Channel = []string{evil}, evil
	c.Deal.NextStep = evil

	card := drawCard(t, english, c)

	require.Zero(t, card.Find("script, img").Length())
	require.Contains(t, card.Find(".card__name").Text(), "<script>")
}

func TestCardSaysWhoSaidIt(t *testing.T) {
	t.Parallel()
	said := func(m kanban.Message) string {
		c := sampleCard(7, 1, time.Now())
		c.Conversation.LastMessage = m
		return strings.Join(strings.Fields(drawCard(t, portuguese, c).Find(".card__said").Text()), " ")
	}
	require.Equal(t, "Oi", said(kanban.Message{Text: "Oi", Kind: kanban.MessageIncoming, Sender: "Marina Alves"}))
	require.Equal(t, "Bruno: Segue", said(kanban.Message{Text: "Segue", Kind: kanban.MessageOutgoing, Sender: "Bruno Reis"}))
	require.Equal(t, "Nota: interna", said(kanban.Message{Text: "interna", Kind: kanban.MessageNote}))
	require.Equal(t, "Modelo: Olá", said(kanban.Message{Text: "Olá", Kind: kanban.MessageTemplate}))
	require.Equal(t, "Foto", said(kanban.Message{Kind: kanban.MessageIncoming, Attachment: "image"}))
	require.Equal(t, "Nenhuma mensagem ainda", said(kanban.Message{}))
	require.Equal(t, "um dois", said(kanban.Message{Text: " um\r\n\tdois\u202e ", Kind: kanban.MessageIncoming}))
}

func TestCardWithoutNameShowsWhatIsKnown(t *testing.T) {
	t.Parallel()
	name := func(contact kanban.Contact) string {
		c := sampleCard(7, 1, time.Now())
		c.Conversation.Contact = contact
		return drawCard(t, english, c).Find(".card__name").Text()
	}
	require.Equal(t, "+55 48 98100", name(kanban.Contact{Name: " \n", Phone: "+55 48 98100", Email: "a@example.com"}))
	require.Equal(t, "a@example.com", name(kanban.Contact{Email: "a@example.com"}))
	require.Equal(t, "Conversation 7", name(kanban.Contact{}))
}

func TestCardMarks(t *testing.T) {
	t.Parallel()
	c := sampleCard(7, 2, time.Now())
	c.Pending = &kanban.CardMove{ID: 5, From: 1, To: 2}
	card := drawCard(t, english, c)
	require.Equal(t, "true", card.AttrOr("aria-busy", ""))
	require.Equal(t, "5", card.AttrOr("data-move", ""))
	require.Zero(t, card.Find(".card__mark").Length())

	c.Pending.Attempts, c.Pending.Reason = 2, "move.waiting.unavailable"
	waiting := drawCard(t, english, c).Find(`.card__mark[data-kind="waiting"]`)
	require.Contains(t, waiting.Text(), "To Qualificado: Chatwoot does not answer.")
	require.Equal(t, "/moves/5/attempts", waiting.Find("button").AttrOr("hx-post", ""))

	c.Pending, c.Refused = nil, &kanban.CardMove{ID: 6, From: 2, To: 4, Reason: "move.refused.not_allowed"}
	refused := drawCard(t, spanish, c).Find(`.card__mark[data-kind="refused"]`)
	require.Contains(t, refused.Text(), "No pasó a Ganho: Chatwoot no lo permite.")
	require.Equal(t, "4", refused.Find("form button[name=stage]").AttrOr("value", ""))
	require.Equal(t, "/moves/6/refusal", refused.Find("button[hx-delete]").AttrOr("hx-delete", ""))

	c.Refused.Reason = "words nobody wrote yet"
	require.Contains(t, drawCard(t, english, c).Text(), "Chatwoot did not accept it.")

	c.Refused, c.Conflict, c.Conversation.Labels = nil, true, []string{"qualificado", "proposta"}
	conflict := drawCard(t, english, c).Find(`.card__mark[data-kind="conflict"]`)
	require.Contains(t, conflict.Text(), "In two stages: Qualificado + Proposta")
	require.Equal(t, "/boards/1/cards/7/settle", conflict.Find("button").AttrOr("hx-post", ""))
}

// TestRot: the tint grows in four steps, each with its days, and waits for a next step.
func TestRot(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for _, tc := range []struct {
		share float64
		step  string
	}{{0.49, ""}, {0.5, "1"}, {0.74, "1"}, {0.75, "2"}, {0.99, "2"}, {1, "3"}, {1.49, "3"}, {1.5, "4"}, {40, "4"}} {
		in := time.Duration(tc.share * 6 * 24 * float64(time.Hour)).Round(time.Second)
		c := kanban.Card{Board: 1, Stage: 2, EnteredAt: now.Add(-in), Conversation: kanban.Conversation{ID: 7, Status: kanban.StatusOpen}}
		card := drawCard(t, english, c)
		require.Equal(t, tc.step, card.AttrOr("data-rot", ""), tc.share)
		require.Contains(t, card.Find(".clock--timer time").Text(), fmt.Sprint(int(in.Hours()/24)), tc.share)

		c.Deal.NextStepOn = now.AddDate(0, 0, 1).Format(time.DateOnly)
		require.Empty(t, drawCard(t, english, c).AttrOr("data-rot", ""), "something is booked")
		c.Deal.NextStepOn = now.AddDate(0, 0, -3).Format(time.DateOnly)
		require.Equal(t, tc.step, drawCard(t, english, c).AttrOr("data-rot", ""), "what was booked is over")
	}
}

func TestCardClocks(t *testing.T) {
	t.Parallel()
	now := time.Now()
	c := kanban.Card{Board: 1, Stage: 2, EnteredAt: now.Add(-5 * 24 * time.Hour), Conversation: kanban.Conversation{
		ID: 7, Status: kanban.StatusOpen, Channel: "Channel::Whatsapp", CanReply: true,
		WaitingSince: now.Add(-2*time.Hour - time.Minute), LastIncomingAt: now.Add(-22 * time.Hour),
	}}
	card := drawCard(t, portuguese, c)
	require.Equal(t, "5 d", card.Find(".clock--timer time").Text())
	require.Equal(t, "2", card.AttrOr("data-rot", ""), "5 of 6 days are more than three quarters")
	require.Equal(t, "2 h", card.Find(".clock--wait time").Text())
	require.Equal(t, "1", card.Find(".clock--wait").AttrOr("data-level", ""))
	require.Equal(t, "1 h", card.Find(".clock--window time").Text())

	c.Conversation.CanReply = false
	require.Equal(t, "closed", drawCard(t, portuguese, c).Find(".clock--window").AttrOr("data-level", ""))

	c.Deal.NextStepOn = now.AddDate(0, 0, 2).Format(time.DateOnly)
	card = drawCard(t, portuguese, c)
	require.Empty(t, card.AttrOr("data-rot", ""), "a booked next step stops the clock")
	require.Equal(t, "booked", card.Find(".card__next").AttrOr("data-level", ""))

	c.Conversation.Channel, c.Conversation.Status = "Channel::Email", kanban.StatusResolved
	card = drawCard(t, portuguese, c)
	require.Zero(t, card.Find(".clock--window, .clock--wait").Length(), "nobody waits in a resolved conversation")
}

func TestCardLabels(t *testing.T) {
	t.Parallel()
	c := sampleCard(7, 1, time.Now())
	c.Conversation.Labels = []string{"novo", "vip", "unheard-of"}
	labels := drawCard(t, english, c).Find(".card__labels")
	require.Equal(t, "Labels: vip, unheard-of", labels.AttrOr("aria-label", ""), "the stage's own label is the column")
	require.Equal(t, 1, labels.Find("i.label-20").Length())
	require.Equal(t, 1, labels.Find("i.label-none").Length())

	for range 200 {
		c.Conversation.Labels = append(c.Conversation.Labels, "x")
	}
	labels = drawCard(t, english, c).Find(".card__labels")
	require.Equal(t, 4, labels.Find("i").Length())
	require.Contains(t, labels.Text(), "+198")
	require.Less(t, len(labels.AttrOr("aria-label", "")), 120)
}

func TestMoverIsNamed(t *testing.T) {
	t.Parallel()
	v := templates.NewCard(english, sampleBoard(), sampleCatalog(), sampleCard(7, 1, time.Now()))
	v.Mover = "Bruno Reis"
	require.Contains(t, draw(t, templates.Card(v)), `data-mover="Bruno Reis"`)
}
