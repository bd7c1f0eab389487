package kanban_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

func TestDealOf(t *testing.T) {
	t.Parallel()
	keys := kanban.DealKeys{Value: "valor", ExpectedClose: "fechamento", NextStep: "passo", NextStepOn: "quando", LostReason: "motivo"}
	for name, c := range map[string]struct {
		attributes string
		want       kanban.Deal
	}{
		"nothing":       {"", kanban.Deal{}},
		"no object":     {"[1]", kanban.Deal{}},
		"all":           {`{"valor":1800.5,"fechamento":"2026-12-01","passo":"ligar","quando":"2026-11-30T03:00:00.000Z","motivo":"preço"}`, kanban.Deal{Value: 1_800_500, HasValue: true, ExpectedClose: "2026-12-01", NextStep: "ligar", NextStepOn: "2026-11-30", LostReason: "preço"}},
		"value as text": {`{"valor":" 42.125 "}`, kanban.Deal{Value: 42_125, HasValue: true}},
		"value zero":    {`{"valor":0}`, kanban.Deal{HasValue: true}},
		"nulls":         {`{"valor":null,"fechamento":null,"passo":null}`, kanban.Deal{}},
		"wrong types":   {`{"valor":{},"fechamento":7,"passo":[],"quando":"soon"}`, kanban.Deal{}},
		"no price":      {`{"valor":"1e999999999"}`, kanban.Deal{}},
		"too large":     {`{"valor":1e300}`, kanban.Deal{}},
		"a novel":       {`{"valor":"` + strings.Repeat("9", 1000) + `"}`, kanban.Deal{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, kanban.DealOf(c.attributes, keys))
		})
	}
}

func TestDealKeysIn(t *testing.T) {
	t.Parallel()
	defs := []kanban.AttributeDefinition{
		{Key: "valor", Type: "number"}, {Key: "deal_value", Type: "currency"}, {Key: "value", Type: "text"}, {Key: "fechamento", Type: "date"}, {Key: "next_step", Type: "checkbox"},
	}
	require.Equal(t, kanban.DealKeys{Value: "deal_value", ExpectedClose: "fechamento"}, kanban.DealKeysIn(defs))
	require.Equal(t, "valor", kanban.DealKeysIn(defs[:1]).Value)
}
