package kanban_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// TestAttributesOfBothAreKept has a person at our board set attributes of conversations while a program that reads, writes and looks no
// further sets others of the same conversations. At rest every one of them is there. Two such programs lose some.
func TestAttributesOfBothAreKept(t *testing.T) {
	t.Parallel()
	seed := uint64(number(t, "CHATLANE_SEED", time.Now().UnixNano()))
	t.Logf("seed %d", seed)
	var ours, naive int
	synctest.Test(t, func(t *testing.T) { ours = newOffice(t, seed).attributes((*office).engineSets) })
	synctest.Test(t, func(t *testing.T) { naive = newOffice(t, seed).attributes((*office).naiveSets) })
	t.Logf("of 300 values lost: ours %d, naive %d", ours, naive)
	require.Zero(t, ours)
	require.Positive(t, naive, "nobody was in anybody's way: this test tests nothing")
}

// TestAttributesAreComparedByMeaning writes values that Chatwoot's answers, its webhooks and we spell differently. Each is written once,
// and what a race took of it comes back.
func TestAttributesAreComparedByMeaning(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, 1)
		id := o.ids[0]
		const route = "POST /conversations/{id}/custom_attributes"
		values := map[string]any{
			"empresa": "R&D <Açúcar> \u2028 \"S\\A\"", "link": "https://example.com/?a=1&b=<2>", "parte": json.Number("0.12345678901234567890"),
			"valor": json.Number("1500.10"), "lista": []string{"a&b", "ç"},
		}
		for key, value := range values {
			before := o.sim.Requests()[route].Count
			require.NoError(t, o.engine.ChangeAttributes(t.Context(), o.viewer, kanban.ConversationID(id), map[string]any{key: value}), key)
			require.Equal(t, before+1, o.sim.Requests()[route].Count, "%s is written once", key)
		}
	})
}

// attributes lets both work at once and counts the values that are not there in the end.
func (o *office) attributes(sets func(o *office, id int64, key string)) int {
	const cards, each = 5, 150
	set := map[int64][]string{}
	var all sync.WaitGroup
	for who, word := range []string{"nosso", "deles"} {
		all.Go(func() {
			for n := range each {
				time.Sleep(time.Duration(o.pick(40)) * time.Millisecond)
				id, key := o.ids[o.pick(cards)], fmt.Sprintf("%s_%d", word, n)
				o.mu.Lock()
				set[id] = append(set[id], key)
				o.mu.Unlock()
				if who == 0 {
					sets(o, id, key)
				} else {
					o.naiveSets(id, key)
				}
			}
		})
	}
	all.Wait()
	time.Sleep(time.Minute)
	synctest.Wait()
	return o.lostFields(set)
}

func (o *office) lostFields(set map[int64][]string) int {
	lost := 0
	c := o.client(o.sim.AdminToken(), "yes")
	for id, keys := range set {
		conv, err := c.Conversation(o.t.Context(), id)
		require.NoError(o.t, err)
		for _, key := range keys {
			if conv.CustomAttributes.Map()[key] != "sim" {
				lost++
			}
		}
	}
	return lost
}

func (o *office) engineSets(id int64, key string) {
	require.NoError(o.t, o.engine.ChangeAttributes(o.t.Context(), o.viewer, kanban.ConversationID(id), map[string]any{key: "sim"}))
}

// naiveSets reads, writes and looks no further.
func (o *office) naiveSets(id int64, key string) {
	c := o.client(o.sim.Admins()[1].Token, "yes")
	conv, err := c.Conversation(o.t.Context(), id)
	require.NoError(o.t, err)
	m := conv.CustomAttributes.Map()
	m[key] = "sim"
	_, err = c.SetCustomAttributes(o.t.Context(), id, m)
	require.NoError(o.t, err)
}
