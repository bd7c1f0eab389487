package templates_test

import (
	"fmt"
	"strconv"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// sampleBoard is a funnel of five stages, one with each rule that shows.
func sampleBoard() kanban.Board {
	stage := func(i int, title, name, color string, kind kanban.StageKind, probability int) kanban.Stage {
		return kanban.Stage{ID: kanban.StageID(i), Board: 1, Position: i - 1, Label: kanban.LabelID(i), Title: title, Name: name, Kind: kind, Color: color, Probability: probability}
	}
	b := kanban.Board{ID: 1, Account: 1, Name: "Vendas", Currency: "BRL", Winner: kanban.FurthestStage, Stages: []kanban.Stage{
		stage(1, "novo", "Novo", "#2781f6", kanban.StageOpen, 20),
		stage(2, "qualificado", "Qualificado", "#f5a623", kanban.StageOpen, 40),
		stage(3, "proposta", "Proposta", "#7c4dff", kanban.StageOpen, 60),
		stage(4, "ganho", "Ganho", "#12a06b", kanban.StageWon, 100),
		stage(5, "perdido", "Perdido", "#e5484d", kanban.StageLost, 0),
	}}
	b.Stages[1].RottingDays = 6
	b.Stages[2].WIP, b.Stages[2].RottingDays = 10, 10
	return b
}

func sampleCatalog() *kanban.Catalog {
	cat := &kanban.Catalog{
		Inboxes: []kanban.Inbox{{ID: 1, Name: "WhatsApp Loja", Channel: "Channel::Whatsapp"}, {ID: 2, Name: "Site", Channel: "Channel::WebWidget"}, {ID: 3, Name: "Contato", Channel: "Channel::Email"}},
	}
	for _, s := range sampleBoard().Stages {
		cat.Labels = append(cat.Labels, kanban.Label{ID: s.Label, Title: s.Title, Color: s.Color})
	}
	for i, title := range []string{"vip", "indicação", "instagram", "retorno", "parcelado"} {
		cat.Labels = append(cat.Labels, kanban.Label{ID: kanban.LabelID(20 + i), Title: title, Color: []string{"#111111", "#0091ff", "#e93d82", "#f76b15", "#30a46c"}[i]})
	}
	return cat
}

// people are invented; some have names that boards have been broken by.
var people = []string{
	"Marina A. Alves", "João Pereira", "Beatriz Nogueira", "Carlos Eduardo Montenegro de Albuquerque Figueiredo Sobrinho", "Lucía Fernández",
	`<img src=x onerror="alert(1)">`, "", "Ana 🌻", "שרה כהן", "محمد العلي", "Robert'); DROP TABLE cards;--", "Thiago Reis", "Sofía Gutiérrez", "Zoë", "O’Connor & Sons",
}

var lines = []string{
	"Oi, ainda tem disponível na cor azul?", "Pode mandar o orçamento por favor, preciso até sexta", "¿Hacen envíos a Córdoba?", "Obrigada! Vou falar com meu marido e já te retorno 😊",
	"Perfect, thanks", "Segue a proposta em anexo com as condições que combinamos", "Quanto fica o frete para 88010-400?", `</li><script>alert("x")</script>`,
}

var channelsInUse = []string{"Channel::Whatsapp", "Channel::WebWidget", "Channel::Email"}

// sampleCard invents a card; the same number is always the same card.
func sampleCard(n int, stage kanban.StageID, now time.Time) kanban.Card {
	age := time.Duration(n*n%97) * 3 * time.Hour
	c := kanban.Conversation{
		Account: 1, ID: kanban.ConversationID(n), InboxID: kanban.InboxID(n%3 + 1), Channel: channelsInUse[n%3], Status: kanban.StatusOpen,
		Contact:     kanban.Contact{ID: kanban.ContactID(n), Name: people[n%len(people)], Phone: "+55 48 9" + strconv.Itoa(81000000+n)},
		LastMessage: kanban.Message{ID: int64(n), Text: lines[n%len(lines)], Kind: []kanban.MessageKind{kanban.MessageIncoming, kanban.MessageOutgoing, kanban.MessageIncoming, kanban.MessageNote}[n%4], Sender: "Bruno Reis", At: now.Add(-age)},
		UnreadCount: []int{0, 2, 0, 0, 14, 0}[n%6], CanReply: n%7 != 0, LastActivityAt: now.Add(-age), CreatedAt: now.Add(-age - 72*time.Hour),
		LastIncomingAt: now.Add(-age % (22 * time.Hour)),
	}
	if n%3 == 0 {
		c.WaitingSince = now.Add(-age/4 - 3*time.Minute)
	}
	if n%4 != 1 {
		c.AssigneeID, c.AssigneeName = kanban.AgentID(n%3+1), []string{"Bruno Reis", "Ana Prado", "Iara Lima"}[n%3]
	}
	c.Priority = []kanban.Priority{"", "", kanban.PriorityHigh, "", kanban.PriorityUrgent, "", kanban.PriorityLow, kanban.PriorityMedium}[n%8]
	for i, title := range []string{"vip", "indicação", "instagram", "retorno", "parcelado"} {
		if (n>>i)&1 == 1 && n%2 == 0 {
			c.Labels = append(c.Labels, title)
		}
	}
	card := kanban.Card{Board: 1, Conversation: c, Stage: stage, EnteredAt: now.Add(-time.Duration(n%11) * 31 * time.Hour), SortKey: now.Add(-age).UnixMilli()}
	if n%3 != 2 {
		card.Deal.Value, card.Deal.HasValue = kanban.Amount(n*n%9700+150)*1000, true
	}
	if n%5 == 0 {
		card.Deal.NextStep, card.Deal.NextStepOn = "Ligar para confirmar as medidas", now.AddDate(0, 0, n%9-3).Format(time.DateOnly)
	}
	return card
}

// sampleStages draws all columns with perStage cards each.
func sampleStages(loc templates.Locale, perStage int, now time.Time) []templates.StageView {
	b, cat := sampleBoard(), sampleCatalog()
	all := append([]kanban.Stage{{ID: kanban.NoStage}}, b.Stages...)
	stages := make([]templates.StageView, 0, len(all))
	for i, s := range all {
		n := perStage
		if s.Kind == kanban.StageLost {
			n = 0
		}
		cards := make([]kanban.Card, 0, n)
		for k := range n {
			cards = append(cards, sampleCard(i*1000+k+1, s.ID, now))
		}
		sortCards(cards)
		mark(cards, s.ID, now)
		total, next := kanban.Total{Count: n * 20, Value: kanban.Amount(n) * 1234 * 1000, Valued: n}, ""
		if n > 0 && s.Kind != kanban.StageWon {
			next = "cursor"
		} else {
			total.Count = n
		}
		if s.WIP > 0 {
			total.Count = s.WIP + 1
		}
		stages = append(stages, templates.NewStage(loc, b, cat, s, cards, total, next))
	}
	return stages
}

// mark gives the first cards of some columns each mark that there is.
func mark(cards []kanban.Card, stage kanban.StageID, now time.Time) {
	if len(cards) < 3 {
		return
	}
	switch stage {
	case 1:
		cards[1].Conflict, cards[1].Conversation.Labels = true, []string{"novo", "proposta"}
	case 2:
		cards[0].Pending = &kanban.CardMove{ID: 71, From: 1, To: stage, At: now}
		cards[1].Pending = &kanban.CardMove{ID: 72, From: 1, To: stage, Attempts: 3, Reason: "move.waiting.unavailable", At: now}
	case 3:
		cards[1].Refused = &kanban.CardMove{ID: 73, From: stage, To: 4, Reason: "move.refused.not_allowed", At: now}
		for i := range 200 {
			cards[2].Conversation.Labels = append(cards[2].Conversation.Labels, fmt.Sprintf("etiqueta-%d", i))
		}
	}
}

func sortCards(cards []kanban.Card) {
	for i := 1; i < len(cards); i++ {
		for k := i; k > 0 && cards[k].SortKey > cards[k-1].SortKey; k-- {
			cards[k], cards[k-1] = cards[k-1], cards[k]
		}
	}
}

func sampleFrame(loc templates.Locale, theme templates.Theme) templates.Frame {
	return templates.Frame{
		Locale: loc, Theme: theme, Path: "/boards/1", SignedIn: true, Administers: true,
		Person:   templates.NewPerson(kanban.Person{Actor: kanban.Actor{ID: 1, Name: "Ana Prado"}, Email: "ana@example.com"}),
		Viewer:   kanban.Viewer{Actor: kanban.Actor{ID: 1, Name: "Ana Prado"}, Account: 1, Role: kanban.RoleAdministrator},
		Accounts: []templates.AccountBoards{{Name: "Estrela Móveis", Boards: []kanban.Board{sampleBoard(), {ID: 2, Name: "Pós-venda"}}}}, Current: sampleBoard(), Catalog: sampleCatalog(),
		ChatwootURL: "https://chat.example.com/app/accounts/1", Cursor: "abcdefgh.1",
		Connection: kanban.Connection{Mode: kanban.ConnectionLive, LastSync: time.Now().Add(-12 * time.Second), MovesWaiting: 3, Import: kanban.ImportState{Done: 5000, Total: 5000, FinishedAt: time.Now()}},
	}
}
