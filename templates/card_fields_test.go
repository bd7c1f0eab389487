package templates_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// full is a card that has every part, and its board.
func full() (kanban.Board, *kanban.Catalog, kanban.Card) {
	b := kanban.Board{ID: 1, Account: 1, Currency: "USD", Stages: []kanban.Stage{{ID: 1, Board: 1, Label: 1, Title: "new", Name: "New", Kind: kanban.StageOpen, RottingDays: 2}}}
	cat := &kanban.Catalog{Labels: []kanban.Label{{ID: 1, Title: "new"}, {ID: 2, Title: "vip"}}, Inboxes: []kanban.Inbox{{ID: 1, Name: "Sales line"}}}
	now := time.Now()
	return b, cat, kanban.Card{Board: 1, Stage: 1, EnteredAt: now.Add(-72 * time.Hour), Deal: kanban.Deal{Value: 1_500_000, HasValue: true, NextStep: "Call", NextStepOn: "2020-01-01"}, Conversation: kanban.Conversation{
		ID: 7, Account: 1, InboxID: 1, Channel: "Channel::Whatsapp", Status: kanban.StatusOpen, Priority: kanban.PriorityHigh, Labels: []string{"new", "vip"}, AssigneeName: "Carla Dias",
		Contact: kanban.Contact{Name: "Bruno Reis"}, WaitingSince: now.Add(-2 * time.Hour), LastIncomingAt: now.Add(-2 * time.Hour), CanReply: true,
		LastMessage: kanban.Message{Kind: kanban.MessageIncoming, Text: "the last words"},
	}}
}

// marks of each part in a card's markup.
var marks = map[kanban.CardField]string{
	kanban.FieldMessage: "the last words", kanban.FieldChannel: "card__channel", kanban.FieldAssignee: "Carla Dias", kanban.FieldPriority: "card__priority",
	kanban.FieldLabels: "vip", kanban.FieldValue: "1,500", kanban.FieldNextStep: "card__next", kanban.FieldClocks: "clock--timer", kanban.FieldWindow: "clock--window",
}

func TestABoardLeavesOutPartsOfCards(t *testing.T) {
	t.Parallel()
	b, cat, c := full()
	face := func() string {
		var html strings.Builder
		require.NoError(t, templates.Card(templates.NewCard(english, b, cat, c)).Render(context.Background(), &html))
		return html.String()
	}
	require.Len(t, marks, len(kanban.CardFields()))
	for _, f := range kanban.CardFields() {
		b.HiddenFields = nil
		require.Contains(t, face(), marks[f], f)
		b.HiddenFields = []kanban.CardField{f}
		require.NotContains(t, face(), marks[f], f)
	}
	b.HiddenFields = kanban.CardFields()
	bare := face()
	require.Contains(t, bare, "Bruno Reis")
	require.NotContains(t, bare, "data-rot=", "no tint without its number of days")
	b.HiddenFields, b.Compact = nil, true
	require.NotContains(t, face(), marks[kanban.FieldMessage])
	require.Contains(t, face(), marks[kanban.FieldValue])
}

func TestABookedStepPausesRottingThoughItIsNotShown(t *testing.T) {
	t.Parallel()
	b, cat, c := full()
	require.NotEmpty(t, templates.NewCard(english, b, cat, c).Rot)
	c.Deal.NextStepOn = time.Now().AddDate(0, 0, 3).Format(time.DateOnly)
	b.HiddenFields = []kanban.CardField{kanban.FieldNextStep}
	v := templates.NewCard(english, b, cat, c)
	require.Empty(t, v.Rot)
	require.True(t, v.Booked)
}

func TestHiddenAndLeavingStages(t *testing.T) {
	t.Parallel()
	b, _, _ := full()
	b.Stages = append(b.Stages, kanban.Stage{ID: 2, Name: "Away", Hidden: true}, kanban.Stage{ID: 3, Name: "Going", Leaving: &kanban.Leaving{}})
	require.Len(t, b.Columns(), 2)
	require.NotEmpty(t, templates.NewStageHead(english, b, b.Stages[2], kanban.Total{}).Gone)
}
