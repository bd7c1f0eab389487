package store_test

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/store/storetest"
)

// start is when the clock of a test's world begins.
var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// world is a store with one account, its labels and one board of three stages.
type world struct {
	t       *testing.T
	ctx     context.Context
	path    string
	store   *store.Store
	account kanban.AccountID
	board   kanban.Board
	admin   kanban.Viewer
	ms      atomic.Int64 // what the clock says
}

// labels of the account; the first three are stages of the board.
var labels = []kanban.Label{
	{ID: 1, Title: "novo", Color: "#111111"},
	{ID: 2, Title: "proposta", Color: "#222222"},
	{ID: 3, Title: "ganho", Color: "#333333"},
	{ID: 4, Title: "vip"},
	{ID: 5, Title: "urgente"},
}

var dealKeys = kanban.DealKeys{Value: "deal_value"}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), path: filepath.Join(t.TempDir(), "chatlane.db")}
	w.ms.Store(start.UnixMilli())
	w.open()
	w.account = w.connect("https://chatwoot.example", 1)
	w.admin = kanban.Viewer{Actor: kanban.Actor{ID: 1, Name: "Ana"}, Account: w.account, Role: kanban.RoleAdministrator}
	w.board = w.newBoard(w.account, labels[:3])
	return w
}

func (w *world) open() { w.store = storetest.At(w.t, w.path, w.now) }

// reopen is what a restart sees.
func (w *world) reopen() {
	w.t.Helper()
	require.NoError(w.t, w.store.Close())
	w.open()
}

func (w *world) now() time.Time             { return time.UnixMilli(w.ms.Load()).UTC() }
func (w *world) pass(d time.Duration)       { w.ms.Add(d.Milliseconds()) }
func (w *world) version() int64             { return w.now().UnixMicro() }
func (w *world) stage(i int) kanban.StageID { return w.board.Stages[i].ID }

func (w *world) connect(address string, number int64) kanban.AccountID {
	w.t.Helper()
	a, err := w.store.SaveAccount(w.ctx, kanban.Account{
		BaseURL: address, ChatwootID: number, Name: "Padaria Aurora", Token: "token-canary-7", Deal: dealKeys, TokenOwner: kanban.Actor{ID: 1, Name: "Ana"},
	})
	require.NoError(w.t, err)
	_, err = w.store.SaveCatalog(w.ctx, a.ID, kanban.Catalog{Labels: labels})
	require.NoError(w.t, err)
	return a.ID
}

func (w *world) newBoard(account kanban.AccountID, of []kanban.Label) kanban.Board {
	w.t.Helper()
	b := kanban.Board{Account: account, Name: "Vendas", Currency: "BRL", Winner: kanban.FurthestStage}
	for _, l := range of {
		b.Stages = append(b.Stages, kanban.Stage{Label: l.ID, Title: l.Title, Name: l.Title, Kind: kanban.StageOpen})
	}
	b, err := w.store.CreateBoard(w.ctx, b)
	require.NoError(w.t, err)
	return b
}

// conversation is one of an inbox, as a webhook would tell of it now.
func (w *world) conversation(id kanban.ConversationID, titles ...string) kanban.Snapshot {
	return kanban.Snapshot{Source: kanban.FromWebhook, At: w.now(), Conversation: kanban.Conversation{
		ID: id, Version: w.version(), InboxID: 1, Status: kanban.StatusOpen, Labels: append([]string{}, titles...), CreatedAt: start, LastActivityAt: w.now(),
		Contact: kanban.Contact{ID: 9, Name: "Bruno Reis"},
	}}
}

func (w *world) apply(snaps ...kanban.Snapshot) kanban.Applied {
	w.t.Helper()
	applied, err := w.store.Apply(w.ctx, w.account, snaps, nil)
	require.NoError(w.t, err)
	return applied
}

func (w *world) card(id kanban.ConversationID) kanban.Card {
	w.t.Helper()
	c, err := w.store.Card(w.ctx, w.board, w.admin, id)
	require.NoError(w.t, err)
	return c
}

func (w *world) transitions(id kanban.ConversationID) []kanban.Transition {
	w.t.Helper()
	all, err := w.store.Transitions(w.ctx, w.board, id)
	require.NoError(w.t, err)
	return all
}

// accept has Ana move a card.
func (w *world) accept(id kanban.ConversationID, to kanban.StageID) kanban.Move {
	w.t.Helper()
	mv, _, err := w.try(kanban.Move{Conversation: id, To: to})
	require.NoError(w.t, err)
	return mv
}

func (w *world) try(mv kanban.Move) (kanban.Move, []kanban.CardChange, error) {
	mv.Board, mv.By = w.board.ID, w.admin.Actor
	return w.store.AcceptMove(w.ctx, w.admin, mv, func(b kanban.Board, c kanban.Conversation) error { return b.Admits(c, mv.To) })
}

func (w *world) claim() []kanban.Move {
	w.t.Helper()
	moves, err := w.store.ClaimMoves(w.ctx, w.now(), time.Minute, 10)
	require.NoError(w.t, err)
	return moves
}

// done settles a move with a read that shows its labels.
func (w *world) done(mv kanban.Move, titles ...string) kanban.Applied {
	w.t.Helper()
	snap := w.conversation(mv.Conversation, titles...)
	snap.Source, snap.Read, snap.By, snap.Move = kanban.FromMove, true, mv.By, mv.ID
	applied, err := w.store.SettleMove(w.ctx, mv.ID, kanban.MoveDone, "", &snap)
	require.NoError(w.t, err)
	return applied
}

// relabel saves the catalogue with other labels.
func (w *world) relabel(l ...kanban.Label) kanban.CatalogChange {
	w.t.Helper()
	change, err := w.store.SaveCatalog(w.ctx, w.account, kanban.Catalog{Labels: l})
	require.NoError(w.t, err)
	w.board, err = w.store.Board(w.ctx, w.board.ID)
	require.NoError(w.t, err)
	return change
}
