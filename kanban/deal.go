package kanban

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"time"
)

// Amount is money in thousandths of the board's currency unit: every currency in use fits without loss.
type Amount int64

// Deal is what a conversation's custom attributes say about the sale (DESIGN 4).
type Deal struct {
	// Value is valid when HasValue is set.
	Value         Amount
	HasValue      bool
	ExpectedClose string // "2026-12-01" or empty
	NextStep      string
	NextStepOn    string // "2026-12-01" or empty
	LostReason    string
}

// DealOf reads the deal out of a conversation's custom attributes. What does not parse counts as absent: the values are foreign.
func DealOf(attributes string, keys DealKeys) Deal {
	var m map[string]any
	dec := json.NewDecoder(strings.NewReader(attributes))
	dec.UseNumber()
	if attributes == "" || dec.Decode(&m) != nil {
		return Deal{}
	}
	d := Deal{
		ExpectedClose: dateIn(m, keys.ExpectedClose),
		NextStep:      textIn(m, keys.NextStep),
		NextStepOn:    dateIn(m, keys.NextStepOn),
		LostReason:    textIn(m, keys.LostReason),
	}
	d.Value, d.HasValue = amountIn(m, keys.Value)
	return d
}

// DealKeysIn picks the attributes that carry the deal among an account's definitions: our own keys first, then the words that
// teams commonly use for them.
func DealKeysIn(defs []AttributeDefinition) DealKeys {
	pick := func(types string, names ...string) string {
		for _, name := range names {
			for _, d := range defs {
				if strings.EqualFold(d.Key, name) && strings.Contains(types, d.Type) {
					return d.Key
				}
			}
		}
		return ""
	}
	return DealKeys{
		Value:         pick("number currency", "deal_value", "valor", "valor_do_negocio", "valor_negocio", "value", "amount", "importe", "monto", "valor_del_negocio"),
		ExpectedClose: pick("date", "expected_close", "fechamento_previsto", "fechamento", "previsao", "close_date", "cierre_previsto", "fecha_de_cierre"),
		NextStep:      pick("text", "next_step", "proximo_passo", "proximo_paso"),
		NextStepOn:    pick("date", "next_step_on", "next_step_date", "proximo_passo_em", "data_proximo_passo", "proximo_paso_el"),
		LostReason:    pick("list text", "lost_reason", "motivo_da_perda", "motivo_perda", "motivo_de_perdida"),
	}
}

// AmountOf parses a decimal such as "1500.5". It is false for what is no finite number or does not fit.
func AmountOf(decimal string) (Amount, bool) {
	if len(decimal) > 40 { // a number longer than this is no price, and exponents make big.Rat eat memory
		return 0, false
	}
	if i := strings.IndexAny(decimal, "eE"); i >= 0 && len(decimal)-i > 4 {
		return 0, false
	}
	r, ok := new(big.Rat).SetString(strings.TrimSpace(decimal))
	if !ok {
		return 0, false
	}
	f, _ := r.Mul(r, big.NewRat(1000, 1)).Float64()
	if math.IsInf(f, 0) || math.Abs(f) > maxAmount {
		return 0, false
	}
	return Amount(math.Round(f)), true
}

// maxAmount is where float64 still counts thousandths exactly: nine billions of billions would not be a price.
const maxAmount = 1 << 52

func amountIn(m map[string]any, key string) (Amount, bool) {
	switch v := m[key].(type) {
	case json.Number:
		return AmountOf(v.String())
	case string:
		return AmountOf(v)
	}
	return 0, false
}

func textIn(m map[string]any, key string) string {
	s, _ := m[key].(string)
	return s
}

// dateIn accepts a day or a full time stamp, as Chatwoot stores either for a date attribute.
func dateIn(m map[string]any, key string) string {
	s, _ := m[key].(string)
	if len(s) > len(time.DateOnly) {
		s = s[:len(time.DateOnly)]
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}
