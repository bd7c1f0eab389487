package kanban_test

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// present is the board as the store has it now.
func (n *nemesis) present() kanban.Board {
	b, err := n.store.Board(n.t.Context(), n.board.ID)
	require.NoError(n.t, err)
	return b
}

func (n *nemesis) stageTitle() string {
	stages := n.present().Stages // from memory, so even while our process is down
	return stages[n.rng.IntN(len(stages))].Title
}

// isStage reports whether a title is or was that of a stage's label in Chatwoot, whatever we know of it.
func (n *nemesis) isStage(title string) bool {
	if slices.Contains(n.lost, title) || len(n.present().StagesIn([]string{title})) > 0 {
		return true
	}
	for _, l := range n.sim.AccountLabels() {
		if l.Name == title {
			return slices.ContainsFunc(n.present().Stages, func(s kanban.Stage) bool { return int64(s.Label) == l.ID })
		}
	}
	return false
}

func (n *nemesis) accountTitles() []string {
	var titles []string
	for _, l := range n.sim.AccountLabels() {
		titles = append(titles, l.Name)
	}
	return titles
}

// free is a title that no label of the account has: a new one, one that a label had before, or one that only conversations carry.
func (n *nemesis) free() string {
	pool := append(slices.Clone(n.lost), "solto", fmt.Sprintf("titulo-%d", n.rng.IntN(20)))
	title := n.one(pool...)
	if slices.Contains(n.accountTitles(), title) {
		return fmt.Sprintf("titulo-%d-%d", n.events, n.rng.IntN(1000))
	}
	return title
}

func (n *nemesis) renameLabel() {
	from, to := n.one(n.accountTitles()...), n.free()
	n.sim.RenameLabel(from, to)
	n.losing(from)
}

func (n *nemesis) deleteLabel() {
	titles := n.accountTitles()
	if len(titles) < 6 {
		return
	}
	title := n.one(titles...)
	n.sim.DeleteLabel(title)
	n.losing(title)
}

func (n *nemesis) createLabel() {
	if len(n.accountTitles()) < 20 {
		n.sim.CreateLabel(n.free(), "#1f93ff")
		n.allDecided()
	}
}

func (n *nemesis) losing(title string) {
	n.allDecided()
	n.lost, n.lostAt = append(n.lost, title), time.Now()
}

// move is a viewer who moves a card: once, several times in a row, or back to where it has no stage.
func (n *nemesis) move() {
	if len(n.mine) == 0 {
		return
	}
	id := n.mine[n.rng.IntN(len(n.mine))]
	for range 1 + n.weighted(80, 15, 5)*2 {
		n.moveOnce(id)
	}
	if n.rng.IntN(10) == 0 {
		n.afterRefusal()
	}
}

func (n *nemesis) moveOnce(id int64) {
	board := n.present()
	to := kanban.NoStage
	if i := n.rng.IntN(len(board.Stages) + 1); i < len(board.Stages) {
		to = board.Stages[i].ID
	}
	mv := kanban.Move{Board: board.ID, Conversation: kanban.ConversationID(id), To: to}
	if n.rng.IntN(10) == 0 {
		expect := board.Stages[0].ID
		mv.Expect = &expect
	}
	mv, _, err := n.engine.Accept(n.t.Context(), n.viewer, mv)
	if errors.Is(err, kanban.ErrNotFound) || errors.Is(err, kanban.ErrStale) {
		return
	}
	require.NoError(n.t, err)
	if mv.ID == 0 {
		return // it was shown there already
	}
	n.moved[mv.ID] = mv
	delete(n.wish, id)
	if n.informed() {
		n.wish[id] = mv.ID
	}
}

// jobsTake is longer than Chatwoot's jobs wait and run.
const jobsTake = time.Second

// informed reports whether we know of all labels what they are called, and Chatwoot is done with the last one that it lost. A move made
// before that may write a title that is dead: a job takes it off the conversations later, even if a label bears it again.
func (n *nemesis) informed() bool {
	if time.Since(n.lostAt) < jobsTake {
		return false
	}
	catalog, err := n.store.Catalog(n.t.Context(), n.account.ID)
	require.NoError(n.t, err)
	known := map[int64]string{}
	for _, l := range catalog.Labels {
		if !l.Gone {
			known[int64(l.ID)] = l.Title
		}
	}
	labels := n.sim.AccountLabels()
	for _, l := range labels {
		if known[l.ID] != l.Name {
			return false
		}
	}
	return len(labels) == len(known)
}

// afterRefusal is a viewer who has seen that a move came back, or who will not wait.
func (n *nemesis) afterRefusal() {
	for id := range n.moved {
		if n.rng.IntN(2) == 0 {
			_, err := n.engine.Acknowledge(n.t.Context(), id)
			require.NoError(n.t, err)
		} else {
			require.NoError(n.t, n.engine.Retry(n.t.Context(), id))
		}
		return
	}
}

// changeBoard is somebody in the board's settings: another rule, another scope, or a stage gets the label that bears its title now.
func (n *nemesis) changeBoard() {
	b := n.present()
	b.Stages = slices.Clone(b.Stages)
	switch n.rng.IntN(3) {
	case 0:
		b.Winner = kanban.Winner(n.one(string(kanban.FurthestStage), string(kanban.EarliestStage)))
	case 1:
		b.Scope.Statuses = nil
		if n.rng.IntN(2) == 0 {
			b.Scope.Statuses = []kanban.Status{kanban.StatusOpen, kanban.StatusPending}
		}
	case 2:
		n.mapAnew(&b)
	}
	n.allDecided()
	if _, err := n.store.UpdateBoard(n.t.Context(), b); !errors.Is(err, kanban.ErrStale) {
		require.NoError(n.t, err)
	}
}

func (n *nemesis) mapAnew(b *kanban.Board) {
	catalog, err := n.store.Catalog(n.t.Context(), n.account.ID)
	require.NoError(n.t, err)
	for i, s := range b.Stages {
		for _, l := range catalog.Labels {
			taken := slices.ContainsFunc(b.Stages, func(o kanban.Stage) bool { return o.Label == l.ID })
			if s.LabelGone && !l.Gone && !taken {
				b.Stages[i].Label, b.Stages[i].Title = l.ID, l.Title
				break
			}
		}
	}
}
