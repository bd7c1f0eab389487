package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/store/storetest"
)

// model drives one account with random acts, and knows by the rules of kanban alone what its boards must show.
type model struct {
	*rapid.T
	ctx     context.Context
	store   *store.Store
	account kanban.AccountID
	admin   kanban.Viewer
	catalog kanban.Catalog
	boards  []kanban.BoardID
	version int64
	now     time.Time
	moves   []kanban.MoveID
	nextID  kanban.LabelID
}

var (
	titlePool  = []string{"novo", "proposta", "ganho", "vip", "urgente", "frio", "NOVO", "Ação"}
	conversers = rapid.Map(rapid.Int64Range(1, 4), func(n int64) kanban.ConversationID { return kanban.ConversationID(n) })
)

func TestBoardsShowWhatTheRulesSay(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	account := int64(0)
	rapid.Check(t, func(rt *rapid.T) {
		account++
		m := &model{T: rt, ctx: t.Context(), store: s, version: 1000, now: start}
		m.begin(account)
		defer m.end()
		rt.Repeat(map[string]func(*rapid.T){
			"news":        m.news,
			"label":       m.changeLabels,
			"board":       m.changeBoard,
			"move":        m.move,
			"carry":       m.carry,
			"retry":       m.retry,
			"forget":      m.forget,
			"acknowledge": m.acknowledge,
			"":            m.check,
		})
	})
}

func (m *model) begin(number int64) {
	a, err := m.store.SaveAccount(m.ctx, kanban.Account{BaseURL: "https://chatwoot.example", ChatwootID: number, Deal: dealKeys})
	require.NoError(m, err)
	m.account, m.catalog, m.nextID = a.ID, kanban.Catalog{Labels: slices.Clone(labels)}, 10
	m.admin = kanban.Viewer{Actor: kanban.Actor{ID: 1, Name: "Ana"}, Account: a.ID, Role: kanban.RoleAdministrator}
	_, err = m.store.SaveCatalog(m.ctx, a.ID, m.catalog)
	require.NoError(m, err)
	for _, of := range [][]kanban.LabelID{{1, 2, 3}, {4, 2}} {
		b := kanban.Board{Account: a.ID, Winner: kanban.FurthestStage}
		for _, id := range of {
			b.Stages = append(b.Stages, kanban.Stage{Label: id, Kind: kanban.StageOpen})
		}
		b, err := m.store.CreateBoard(m.ctx, b)
		require.NoError(m, err)
		m.boards = append(m.boards, b.ID)
	}
}

// end removes the account, so that the next one finds no moves of it to claim.
func (m *model) end() {
	require.NoError(m, m.store.DeleteAccount(m.ctx, m.account))
}

func (m *model) snapshot(t *rapid.T, id kanban.ConversationID) kanban.Snapshot {
	m.version += rapid.Int64Range(-2, 3).Draw(t, "version")
	m.now = m.now.Add(time.Second)
	s := kanban.Snapshot{At: m.now, Read: rapid.Bool().Draw(t, "read"), Source: rapid.SampledFrom([]kanban.Source{kanban.FromWebhook, kanban.FromReconcile}).Draw(t, "source")}
	s.Conversation = kanban.Conversation{
		ID: id, Version: m.version, InboxID: kanban.InboxID(rapid.Int64Range(1, 2).Draw(t, "inbox")), CreatedAt: start,
		Status:         rapid.SampledFrom([]kanban.Status{kanban.StatusOpen, kanban.StatusResolved}).Draw(t, "status"),
		Labels:         rapid.SliceOfNDistinct(rapid.SampledFrom(titlePool), 0, 3, rapid.ID).Draw(t, "labels"),
		LastActivityAt: start.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "activity")) * time.Second), // equal ones, too
	}
	if rapid.Bool().Draw(t, "valued") {
		s.Attributes = fmt.Sprintf(`{"deal_value":%d}`, rapid.IntRange(0, 99).Draw(t, "value"))
	}
	return s
}

func (m *model) news(t *rapid.T) {
	_, err := m.store.Apply(m.ctx, m.account, []kanban.Snapshot{m.snapshot(t, conversers.Draw(t, "id")), m.snapshot(t, conversers.Draw(t, "id"))}, nil)
	require.NoError(t, err)
}

// changeLabels renames, deletes or adds a label; a title that another label bears is refused by Chatwoot.
func (m *model) changeLabels(t *rapid.T) {
	list := m.catalog.Labels
	title := rapid.SampledFrom(titlePool).Draw(t, "title")
	borne := slices.ContainsFunc(list, func(l kanban.Label) bool { return strings.EqualFold(l.Title, title) })
	i := rapid.IntRange(0, max(len(list)-1, 0)).Draw(t, "label")
	switch act := rapid.SampledFrom([]string{"rename", "delete", "add"}).Draw(t, "act"); {
	case act == "delete" && len(list) > 0:
		m.catalog.Labels = slices.Delete(slices.Clone(list), i, i+1)
	case act == "rename" && len(list) > 0 && !borne:
		m.catalog.Labels = slices.Clone(list)
		m.catalog.Labels[i].Title = strings.ToLower(title)
	case act == "add" && !borne:
		m.nextID++
		m.catalog.Labels = append(slices.Clone(list), kanban.Label{ID: m.nextID, Title: strings.ToLower(title)})
	}
	_, err := m.store.SaveCatalog(m.ctx, m.account, m.catalog)
	require.NoError(t, err)
}

// changeBoard changes the order, the labels, the number of stages, the rule or the scope of a board.
func (m *model) changeBoard(t *rapid.T) {
	b, err := m.store.Board(m.ctx, rapid.SampledFrom(m.boards).Draw(t, "board"))
	require.NoError(t, err)
	b.Stages = slices.Clone(b.Stages)
	switch rapid.IntRange(0, 4).Draw(t, "what") {
	case 0:
		slices.Reverse(b.Stages)
	case 1:
		if n := len(b.Stages); n > 1 { // two stages exchange their labels
			b.Stages[0].Label, b.Stages[n-1].Label = b.Stages[n-1].Label, b.Stages[0].Label
		}
	case 2:
		if len(b.Stages) > 0 {
			b.Stages = b.Stages[1:]
		}
	case 3:
		for _, l := range m.catalog.Labels {
			if !slices.ContainsFunc(b.Stages, func(s kanban.Stage) bool { return s.Label == l.ID }) {
				b.Stages = append(b.Stages, kanban.Stage{Label: l.ID, Kind: kanban.StageOpen})
				break
			}
		}
	case 4:
		b.Winner = rapid.SampledFrom([]kanban.Winner{kanban.FurthestStage, kanban.EarliestStage}).Draw(t, "winner")
		b.Scope.Inboxes = rapid.SliceOfNDistinct(rapid.SampledFrom([]kanban.InboxID{1, 2}), 0, 2, rapid.ID).Draw(t, "inboxes")
	}
	_, err = m.store.UpdateBoard(m.ctx, b)
	require.NoError(t, err)
}

func (m *model) move(t *rapid.T) {
	b, err := m.store.Board(m.ctx, rapid.SampledFrom(m.boards).Draw(t, "board"))
	require.NoError(t, err)
	to := kanban.NoStage
	if len(b.Stages) > 0 && rapid.Bool().Draw(t, "to a stage") {
		to = rapid.SampledFrom(b.Stages).Draw(t, "to").ID
	}
	mv, _, err := m.store.AcceptMove(m.ctx, m.admin, kanban.Move{Board: b.ID, Conversation: conversers.Draw(t, "id"), To: to, By: m.admin.Actor},
		func(b kanban.Board, c kanban.Conversation) error { return b.Admits(c, to) })
	var invalid *kanban.InvalidError
	if errors.Is(err, kanban.ErrNotFound) || errors.As(err, &invalid) {
		return
	}
	require.NoError(t, err)
	if mv.State == kanban.MovePending {
		m.moves = append(m.moves, mv.ID)
	}
}

// carry does what a mover does with one move: it ends as done, refused or put off.
func (m *model) carry(t *rapid.T) {
	m.now = m.now.Add(time.Hour)
	moves, err := m.store.ClaimMoves(m.ctx, time.Now().Add(time.Hour), time.Minute, 1)
	require.NoError(t, err)
	for _, mv := range moves {
		switch rapid.IntRange(0, 3).Draw(t, "end") {
		case 0:
			_, err = m.store.SettleMove(m.ctx, mv.ID, kanban.MoveRefused, "move.refused.not_allowed", nil)
		case 1:
			_, err = m.store.DeferMove(m.ctx, mv.ID, time.Now(), "move.waiting.unavailable")
		default:
			err = m.write(t, mv)
		}
		require.NoError(t, err)
	}
}

func (m *model) write(t *rapid.T, mv kanban.Move) error {
	snap := m.snapshot(t, mv.Conversation)
	if c, err := m.store.Conversation(m.ctx, m.account, mv.Conversation); err == nil {
		snap.Version = c.Version + 1
		m.version = max(m.version, snap.Version)
	}
	if b, err := m.store.Board(m.ctx, mv.Board); err == nil {
		after := b.LabelsAfter(snap.Labels, mv.To)
		require.NoError(t, m.store.RecordBase(m.ctx, mv.ID, snap.Labels, after, time.Now()))
		snap.Labels = after
	}
	snap.Source, snap.Read, snap.Move, snap.By = kanban.FromMove, true, mv.ID, mv.By
	_, err := m.store.SettleMove(m.ctx, mv.ID, kanban.MoveDone, "", &snap)
	return err
}

func (m *model) retry(t *rapid.T) {
	if len(m.moves) > 0 {
		_, err := m.store.RetryMove(m.ctx, rapid.SampledFrom(m.moves).Draw(t, "move"), time.Now())
		require.NoError(t, err)
	}
}

func (m *model) acknowledge(t *rapid.T) {
	if len(m.moves) > 0 {
		_, err := m.store.AcknowledgeRefusal(m.ctx, rapid.SampledFrom(m.moves).Draw(t, "move"))
		require.NoError(t, err)
	}
}

func (m *model) forget(t *rapid.T) {
	_, err := m.store.Forget(m.ctx, m.account, []kanban.ConversationID{conversers.Draw(t, "id")}, kanban.FromReconcile)
	require.NoError(t, err)
}

// check compares each board with what a fresh computation shows.
func (m *model) check(t *rapid.T) {
	for _, id := range m.boards {
		b, err := m.store.Board(m.ctx, id)
		require.NoError(t, err)
		m.checkLabels(t, b)
		want := map[kanban.StageID]kanban.Total{}
		for id := kanban.ConversationID(1); id <= 4; id++ {
			m.checkCard(t, b, id, want)
		}
		totals, err := m.store.Totals(m.ctx, b, m.admin)
		require.NoError(t, err)
		require.Equal(t, want, totals)
	}
}

// checkLabels: the stages of a board follow the labels of the account.
func (m *model) checkLabels(t *rapid.T, b kanban.Board) {
	for _, s := range b.Stages {
		i := slices.IndexFunc(m.catalog.Labels, func(l kanban.Label) bool { return l.ID == s.Label })
		require.Equal(t, i < 0, s.LabelGone)
		if i >= 0 {
			require.Equal(t, m.catalog.Labels[i].Title, s.Title)
		}
		for _, former := range s.Former {
			require.False(t, slices.ContainsFunc(m.catalog.Labels, func(l kanban.Label) bool { return l.ID != s.Label && strings.EqualFold(l.Title, former) }),
				"%q is a label of its own: a move must not take it away", former)
		}
	}
}

func (m *model) checkCard(t *rapid.T, b kanban.Board, id kanban.ConversationID, want map[kanban.StageID]kanban.Total) {
	c, err := m.store.Conversation(m.ctx, m.account, id)
	if !errors.Is(err, kanban.ErrNotFound) {
		require.NoError(t, err)
	}
	known := err == nil
	place, on := b.Place(c)
	on = on && known
	history, err := m.store.Transitions(m.ctx, b, id)
	require.NoError(t, err)
	last := kanban.NoStage
	for _, h := range history {
		require.Equal(t, last, h.From, "each transition begins where the last one ended")
		require.NotEqual(t, h.From, h.To)
		last = h.To
	}
	card, err := m.store.Card(m.ctx, b, m.admin, id)
	if !on {
		require.ErrorIs(t, err, kanban.ErrNotFound)
		require.Equal(t, kanban.NoStage, last)
		return
	}
	require.NoError(t, err)
	require.Equal(t, place.Stage, last, "the history ends where the labels say")
	shown := place.Stage
	if mv, ok := m.pending(t, b, id); ok {
		require.NotNil(t, card.Pending)
		require.Equal(t, mv.ID, card.Pending.ID)
		if _, ok := b.Stage(mv.To); ok || mv.To == kanban.NoStage {
			shown = mv.To
		}
	} else {
		require.Nil(t, card.Pending)
	}
	require.Equal(t, shown, card.Stage)
	require.Equal(t, place.Conflict, card.Conflict)
	require.Equal(t, c, card.Conversation)
	total := want[shown]
	total.Count++
	if deal := kanban.DealOf(c.Attributes, dealKeys); deal.HasValue {
		total.Valued++
		total.Value += deal.Value
	}
	if place.Conflict {
		total.Conflicts++
	}
	want[shown] = total
}

// pending is the newest pending move of a card.
func (m *model) pending(t *rapid.T, b kanban.Board, id kanban.ConversationID) (kanban.Move, bool) {
	for _, mid := range slices.Backward(m.moves) {
		mv, err := m.store.Move(m.ctx, mid)
		require.NoError(t, err)
		if mv.State == kanban.MovePending && mv.Board == b.ID && mv.Conversation == id {
			return mv, true
		}
	}
	return kanban.Move{}, false
}
