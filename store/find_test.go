package store_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
)

// finding is a world whose cards differ in everything that filters look at.
type finding struct {
	*world
	random *rand.Rand
}

// randomly is a conversation that may be anything.
func (w finding) randomly(id kanban.ConversationID) kanban.Snapshot {
	r := w.random
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	snap := w.conversation(id, pick("novo", "proposta", "ganho", "vip"), pick("vip", "urgente", "novo"))
	c := &snap.Conversation
	c.InboxID, c.TeamID, c.AssigneeID = kanban.InboxID(r.IntN(3)+1), kanban.TeamID(r.IntN(3)), kanban.AgentID(r.IntN(4))
	c.Status = kanban.Statuses()[r.IntN(4)]
	c.Priority = kanban.Priorities()[r.IntN(5)]
	c.Contact.Name = pick("João Açaí", "BRUNO Reis", "Zoë Löwe", "Ana Núñez", "")
	c.Contact.Phone = pick("", "+5511999990000", "+34 612 345 678", "+5521988887777")
	c.Contact.Email = pick("", "joao@padaria.example", "zoe@example.com")
	c.LastMessage = kanban.Message{ID: int64(r.IntN(1000)), Kind: kanban.MessageIncoming, Text: pick("Olá, tudo bem?", "orçamento, por favor", "¿Cuánot cuesta?", "")}
	c.CreatedAt = w.now().Add(-time.Duration(r.IntN(100)) * time.Hour)
	c.LastActivityAt = w.now().Add(-time.Duration(r.IntN(50)) * time.Hour)
	if r.IntN(2) == 0 {
		c.WaitingSince = w.now().Add(-time.Duration(r.IntN(60)) * time.Hour)
	}
	day := w.now().AddDate(0, 0, r.IntN(5)-2).Format(time.DateOnly)
	c.Attributes = pick(`{}`, `{"deal_value":1500.5}`, `{"deal_value":-20}`, `{"deal_value":"77","next_step":"ligar"}`, `{"next_step_on":"`+day+`"}`)
	return snap
}

// filter is one that leaves some cards out, as an address may have it.
func (w finding) filter() kanban.Filter {
	r, v := w.random, url.Values{}
	maybe := func(name string, of ...string) {
		for r.IntN(4) == 0 {
			v.Add(name, of[r.IntN(len(of))])
		}
	}
	maybe("q", "joao", "AÇAÍ", "lowe", "zoe@example", "(11) 99999-0000", "612345678", "55 21", "11", "orc favor", "nunez", "vip", "7", "#3", "99999", "ninguém")
	for _, n := range kanban.Needs() {
		if r.IntN(8) == 0 {
			v.Add("needs", string(n))
		}
	}
	maybe("agent", "0", "1", "2")
	maybe("team", "0", "1", "2")
	maybe("inbox", "1", "2")
	maybe("label", "vip", "urgente", "nowhere")
	maybe("priority", "none", "urgent", "low")
	maybe("status", "open", "resolved", "nonsense")
	maybe("value_min", "0", "77", "100,5")
	maybe("value_max", "1500.5", "50")
	maybe("since", w.now().AddDate(0, 0, -2).Format(time.DateOnly))
	maybe("lanes", "agent", "team", "inbox", "priority", "nonsense")
	maybe("until", w.now().AddDate(0, 0, -1).Format(time.DateOnly))
	if all := kanban.Sorts(); r.IntN(2) == 0 {
		v.Set("sort", string(all[r.IntN(len(all))]))
	}
	f := kanban.ParseFilter(v)
	again, err := url.ParseQuery(f.Query())
	require.NoError(w.t, err)
	require.Equal(w.t, f, kanban.ParseFilter(again), "an address says the whole filter: %s", f.Query())
	return f
}

// viewer is somebody who sees all, some or nothing.
func (w finding) viewer() kanban.Viewer {
	v := w.admin
	if w.random.IntN(3) == 0 {
		return v
	}
	v.Role, v.Inboxes = kanban.RoleAgent, []kanban.InboxID{1, 2}[:w.random.IntN(3)]
	if v.Narrow = w.random.IntN(3) == 0; v.Narrow {
		v.Only = []kanban.ConversationID{2, 3, 5, 8, 13, 21}
	}
	return v
}

// happen changes something, in one of the ways there are.
func (w finding) happen() {
	r := w.random
	id := kanban.ConversationID(r.IntN(40) + 1)
	w.pass(time.Minute)
	switch r.IntN(6) {
	case 0:
		_, err := w.store.Forget(w.ctx, w.account, []kanban.ConversationID{id}, kanban.FromReconcile)
		require.NoError(w.t, err)
	case 1:
		_, _, _ = w.try(kanban.Move{Conversation: id, To: w.stage(r.IntN(3))}) // not every card is there
	case 2:
		for _, mv := range w.claim() {
			_, err := w.store.SettleMove(w.ctx, mv.ID, kanban.MoveRefused, "move.refused", nil)
			require.NoError(w.t, err)
		}
	default:
		w.pass(2 * time.Minute)
		w.apply(w.randomly(id))
	}
}

// onBoard are all cards of the board that a look finds, without any help of what is kept for looking.
func (w finding) onBoard(v kanban.Viewer, look *kanban.Look) map[kanban.StageID][]kanban.Card {
	w.t.Helper()
	found := map[kanban.StageID][]kanban.Card{}
	for _, stage := range append([]kanban.Stage{{}}, w.board.Stages...) {
		cards, next, err := w.store.Cards(w.ctx, w.board, v, stage.ID, nil, 1000)
		require.NoError(w.t, err)
		require.Nil(w.t, next)
		for _, c := range cards {
			if look.Place(&c) {
				found[stage.ID] = append(found[stage.ID], c)
			}
		}
		slices.SortFunc(found[stage.ID], func(a, b kanban.Card) int {
			if a.Lane != b.Lane {
				return int(b.Lane - a.Lane)
			}
			if a.SortKey != b.SortKey {
				return int(b.SortKey>>1 - a.SortKey>>1)
			}
			return int(b.Conversation.ID - a.Conversation.ID)
		})
	}
	return found
}

// TestFoundIsWhatMatches: whatever happened, and however it is asked for, the cards found are those that match by the rule, each once.
func TestFoundIsWhatMatches(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	w := finding{newWorld(t), rand.New(rand.NewPCG(seed, 0))}
	for id := range kanban.ConversationID(30) {
		w.apply(w.randomly(id + 1))
	}
	for range 150 {
		w.happen()
		v, f := w.viewer(), w.filter()
		look := f.Look(w.board, v, w.now())
		want := w.onBoard(v, look)
		w.checkFound(v, f, look, want)
		w.checkPages(v, f, look, want)
	}
}

func (w finding) checkFound(v kanban.Viewer, f kanban.Filter, look *kanban.Look, want map[kanban.StageID][]kanban.Card) {
	w.t.Helper()
	const limit = 4
	found, err := w.store.Found(w.ctx, w.board, v, look, limit)
	require.NoError(w.t, err)
	all, mine := 0, 0
	for stage, cards := range want {
		all += len(cards)
		for _, c := range cards {
			if c.Conversation.AssigneeID == v.ID {
				mine++
			}
		}
		require.Equal(w.t, len(cards), found.Counts.Stages[stage].Count, f.Query())
		lanes := map[kanban.Lane]int{}
		for _, c := range cards {
			if f.Lanes != "" {
				lanes[c.Lane]++
			}
		}
		require.Equal(w.t, lanes, orNone(found.Counts.Stages[stage].Lanes), f.Query())
		require.Equal(w.t, numbersOf(cards[:min(limit, len(cards))]), numbersOf(found.Columns[stage].Cards), "%s of stage %d", f.Query(), stage)
		require.Equal(w.t, len(cards) > limit, found.Columns[stage].Next != nil)
	}
	require.Equal(w.t, all, found.Counts.All)
	require.Equal(w.t, mine, found.Counts.For(v.ID).Needs[kanban.NeedMine])
	for _, n := range kanban.Needs() {
		with := f
		if !f.Has(n) {
			with = f.Toggled(n)
		}
		counts, err := w.store.Counts(w.ctx, w.board, v, with.Look(w.board, v, w.now()))
		require.NoError(w.t, err)
		require.Equal(w.t, counts.All, found.Counts.Needs[n], "%s with %s", f.Query(), n)
	}
}

func orNone(lanes map[kanban.Lane]int) map[kanban.Lane]int {
	if lanes == nil {
		return map[kanban.Lane]int{}
	}
	return lanes
}

// checkPages goes through all pages, those of each column and those of the whole board.
func (w finding) checkPages(v kanban.Viewer, f kanban.Filter, look *kanban.Look, want map[kanban.StageID][]kanban.Card) {
	w.t.Helper()
	pages := func(stage *kanban.StageID) []kanban.ConversationID {
		var got []kanban.ConversationID
		for after := (*kanban.Cursor)(nil); ; {
			cards, next, err := w.store.FoundAfter(w.ctx, w.board, v, look, stage, after, 3)
			require.NoError(w.t, err)
			got = append(got, numbersOf(cards)...)
			if after = next; next == nil {
				return got
			}
		}
	}
	var all []kanban.ConversationID
	for _, stage := range append([]kanban.Stage{{}}, w.board.Stages...) {
		require.Equal(w.t, numbersOf(want[stage.ID]), pages(&stage.ID), f.Query())
		all = append(all, numbersOf(want[stage.ID])...)
	}
	require.ElementsMatch(w.t, all, pages(nil), f.Query())
	ids, err := w.store.FoundIDs(w.ctx, w.board, v, look)
	require.NoError(w.t, err)
	require.Equal(w.t, pages(nil), append([]kanban.ConversationID(nil), ids...), f.Query())
	cards, err := w.store.FoundCards(w.ctx, w.board, v, look, ids)
	require.NoError(w.t, err)
	require.Len(w.t, cards, len(ids))
}

func numbersOf(cards []kanban.Card) []kanban.ConversationID {
	var ids []kanban.ConversationID
	for _, c := range cards {
		ids = append(ids, c.Conversation.ID)
	}
	return ids
}

// TestFoundBelongsToTheAccount: a viewer of another account finds nothing, as if there were no such board.
func TestFoundBelongsToTheAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.apply(w.conversation(1, "novo"))
	stranger := w.admin
	stranger.Account++
	look := kanban.Filter{}.Look(w.board, stranger, w.now())
	_, err := w.store.Found(w.ctx, w.board, stranger, look, 9)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	_, _, err = w.store.FoundAfter(w.ctx, w.board, stranger, look, nil, nil, 9)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	_, err = w.store.Counts(w.ctx, w.board, stranger, look)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	_, err = w.store.FoundIDs(w.ctx, w.board, stranger, look)
	require.ErrorIs(t, err, kanban.ErrNotFound)
	_, err = w.store.FoundCards(w.ctx, w.board, stranger, look, []kanban.ConversationID{1})
	require.ErrorIs(t, err, kanban.ErrNotFound)
}

// TestSearch finds people the way that people write.
func TestSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	snap := w.conversation(4711, "proposta")
	snap.Contact = kanban.Contact{ID: 3, Name: "José Müller", Phone: "+5511987654321", Email: "jose.muller@padaria.example", Company: "Pão & Cia"}
	snap.LastMessage = kanban.Message{ID: 5, Kind: kanban.MessageIncoming, Text: "Quero o orçamento até amanhã"}
	w.apply(snap)
	finds := func(text string) bool {
		counts, err := w.store.Counts(w.ctx, w.board, w.admin, kanban.Filter{Text: text}.Look(w.board, w.admin, w.now()))
		require.NoError(t, err)
		return counts.All == 1
	}
	for _, text := range []string{
		"jose", "JOSÉ MÜLLER", "muller jose", "mul", "jose.muller@padaria", "padaria", "pao cia", "orcamento amanhã", "proposta", "4711", "#4711", "47",
		"+55 11 98765-4321", "(11) 98765-4321", "11987654321", "011 98765.4321", "98765 4321", "4321", "98765", "jose 98765-4321", "5511", "José 11 98765 4321 orçamento",
	} {
		require.True(t, finds(text), text)
	}
	for _, text := range []string{"josefina", "ose", "4712", "(21) 98765-4321", "jose maria", "123456789"} {
		require.False(t, finds(text), text)
	}
	require.True(t, finds("  "), "nothing to search for leaves nothing out")
	require.True(t, finds("!?"), "signs are no words")
}

// TestLookIsKeptCurrent: what was changed is found by whoever did it, at once; and a look is no worse for what was undone.
func TestLookIsKeptCurrent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	count := func(text string) int {
		counts, err := w.store.Counts(w.ctx, w.board, w.admin, kanban.Filter{Text: text}.Look(w.board, w.admin, w.now()))
		require.NoError(t, err)
		return counts.All
	}
	require.Zero(t, count("bruno"))
	for i := range kanban.ConversationID(50) {
		w.apply(w.conversation(i+1, "novo"))
		require.Equal(t, int(i)+1, count("bruno"))
	}
	w.pass(time.Minute)
	snap := w.conversation(7, "novo")
	snap.Contact.Name = "Carla"
	w.apply(snap)
	require.Equal(t, 49, count("bruno"))
	require.Equal(t, 1, count("carla"))
	_, err := w.store.Forget(w.ctx, w.account, []kanban.ConversationID{7, 8}, kanban.FromReconcile)
	require.NoError(t, err)
	require.Equal(t, 48, count("bruno"))
	require.NoError(t, w.store.SetDealKeys(w.ctx, w.account, kanban.DealKeys{Value: "other"}))
	require.Equal(t, 48, count("bruno"))
	b := w.newBoard(w.account, labels[:1])
	found, err := w.store.Found(w.ctx, b, w.admin, kanban.Filter{Text: "bruno"}.Look(b, w.admin, w.now()), 9)
	require.NoError(t, err)
	require.Equal(t, 48, found.Counts.All, fmt.Sprint(found.Counts))
}

func TestScatteredGoesEverywhereOnce(t *testing.T) {
	t.Parallel()
	for n := range 1000 {
		require.Len(t, slices.Compact(slices.Sorted(store.Scattered(n))), n)
		require.Len(t, slices.Collect(store.Scattered(n)), n)
	}
}
