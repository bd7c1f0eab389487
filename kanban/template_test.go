package kanban_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

const soundTemplate = `{"chatlane_board":1,"name":"Vendas","currency":"BRL","stages":[
	{"label":"novo","name":"Novo","kind":"open","color":"#1f93ff","probability":20},
	{"label":"negociação","name":"Negociação","kind":"open","probability":60,"wip":12,"rotting_days":4},
	{"label":"ganho","name":"Ganho","kind":"won","probability":100}]}`

func TestATemplateIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	b := kanban.Board{
		ID: 7, Account: 3, Name: "Vendas", Currency: "BRL", Version: 9, Scope: kanban.Scope{Inboxes: []kanban.InboxID{5}}, Winner: kanban.EarliestStage,
		HideNoStage: true, Compact: true, HiddenFields: []kanban.CardField{kanban.FieldWindow}, LostReasons: []string{"Preço"}, ReasonRequired: true, CarryStage: true,
		Stages: []kanban.Stage{
			{ID: 70, Label: 700, Title: "novo", Name: "Chegou", Kind: kanban.StageOpen, Color: "#1f93ff", Probability: 15, WIP: 8, RottingDays: 3},
			{ID: 71, Label: 701, Title: "ganho", Name: "Ganho", Kind: kanban.StageWon, Color: "#2e7d32", Probability: 100, Hidden: true},
		},
	}
	text, err := json.Marshal(kanban.TemplateOf(b))
	require.NoError(t, err)
	read, err := kanban.ParseTemplate(text)
	require.NoError(t, err)
	require.Equal(t, kanban.TemplateOf(b), read)
	for _, number := range []string{"700", "701", "70", "inbox"} {
		require.NotContains(t, strings.ReplaceAll(string(text), `"probability"`, ""), `:`+number, "numbers of one account mean nothing in another")
	}
}

func TestATemplateThatIsNone(t *testing.T) {
	t.Parallel()
	with := func(old, now string) string { return strings.Replace(soundTemplate, old, now, 1) }
	stages := make([]string, 41)
	for i := range stages {
		stages[i] = fmt.Sprintf(`{"label":"s%02d","name":"S","kind":"open","probability":1}`, i)
	}
	for name, tt := range map[string]struct{ text, key string }{
		"nothing":                 {"", "template.other_file"},
		"no JSON":                 {"<html>", "template.other_file"},
		"another JSON":            {`{"name":"Vendas"}`, "template.other_file"},
		"a list":                  {`[1]`, "template.other_file"},
		"a later version":         {with(`:1,`, `:2,`), "template.other_version"},
		"an unknown field":        {with(`"wip"`, `"wipe"`), "template.broken"},
		"more after the end":      {soundTemplate + "{}", "template.other_file"},
		"a text for a number":     {with(`:20`, `:"20"`), "template.broken"},
		"too much":                {soundTemplate + strings.Repeat(" ", kanban.TemplateLimit), "template.too_large"},
		"no name":                 {with(`"name":"Vendas"`, `"name":" "`), "template.name"},
		"a name of two lines":     {with(`"name":"Vendas"`, `"name":"a\nb"`), "template.name"},
		"a long name":             {with(`"name":"Vendas"`, `"name":"`+strings.Repeat("x", 61)+`"`), "template.name"},
		"no currency":             {with(`"BRL"`, `"R$"`), "connect.currency_unknown"},
		"a rule that is none":     {with(`"currency"`, `"winner":"random","currency"`), "error.invalid_text"},
		"a part that is none":     {with(`"currency"`, `"hidden_fields":["x"],"currency"`), "error.invalid_text"},
		"a reason twice":          {with(`"currency"`, `"lost_reasons":["a","A"],"currency"`), "board.reason_twice"},
		"no stages":               {`{"chatlane_board":1,"name":"Vendas","currency":"BRL","stages":[]}`, "template.stages"},
		"many stages":             {`{"chatlane_board":1,"name":"Vendas","currency":"BRL","stages":[` + strings.Join(stages, ",") + `]}`, "template.stages"},
		"a stage twice":           {with(`"ganho"`, `"novo"`), "stages.twice"},
		"a label with a space":    {with(`"novo"`, `"no vo"`), "template.label"},
		"a label in capitals":     {with(`"novo"`, `"Novo"`), "template.label"},
		"a label of one letter":   {with(`"novo"`, `"n"`), "template.label"},
		"a kind that is none":     {with(`"kind":"won"`, `"kind":"paid"`), "stages.kind"},
		"a colour that is none":   {with(`#1f93ff`, `red;x:url(//x)`), "template.stage"},
		"a probability that lies": {with(`:60`, `:160`), "template.stage"},
		"a limit below nothing":   {with(`:12`, `:-1`), "template.stage"},
	} {
		_, err := kanban.ParseTemplate([]byte(tt.text))
		var invalid *kanban.InvalidError
		require.ErrorAs(t, err, &invalid, name)
		require.Equal(t, tt.key, invalid.Key, name)
	}
}

func FuzzParseTemplate(f *testing.F) {
	f.Add([]byte(soundTemplate))
	f.Add([]byte(`{"chatlane_board":1}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		read, err := kanban.ParseTemplate(text)
		if err != nil {
			return
		}
		again, err := json.Marshal(read)
		require.NoError(t, err)
		same, err := kanban.ParseTemplate(again)
		require.NoError(t, err, "what is taken once is taken again")
		require.Equal(t, read, same)
	})
}
