package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/store/storetest"
)

// victim in the environment names the database that a child process writes to until it is killed.
const victim = "CHATLANE_STORE_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victim); path != "" {
		fmt.Fprintln(os.Stderr, beVictim(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// beVictim keeps webhooks and moves from many goroutines, and says of each when it is acknowledged.
func beVictim(path string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{Path: path, Key: storetest.Key})
	if err != nil {
		return err
	}
	boards, err := s.Boards(ctx, 1)
	if err != nil {
		return err
	}
	failed := make(chan error)
	run := rand.Uint64()
	for worker := range 16 {
		go func() {
			for n := 0; ; n++ {
				name, err := acknowledged(ctx, s, boards[0], fmt.Sprintf("%d-%d-%d", run, worker, n), kanban.ConversationID(worker+1), n)
				if err != nil {
					failed <- err
					return
				}
				_, _ = os.Stdout.WriteString(name + "\n") // one write, so lines never mix
			}
		}()
	}
	return <-failed
}

// acknowledged keeps a webhook, or each fourth time a move, and returns its name once it is durable.
func acknowledged(ctx context.Context, s *store.Store, b kanban.Board, key string, id kanban.ConversationID, n int) (string, error) {
	if n%4 > 0 {
		_, err := s.SaveDelivery(ctx, b.Account, []byte(key), []byte(`{"event":"conversation_updated"}`), start)
		return "webhook " + key, err
	}
	to := b.Stages[n/4%len(b.Stages)].ID
	mv, _, err := s.AcceptMove(ctx, kanban.Viewer{Account: b.Account, Role: kanban.RoleAdministrator}, kanban.Move{Board: b.ID, Conversation: id, To: to},
		func(kanban.Board, kanban.Conversation) error { return nil })
	if mv.State == kanban.MoveDone {
		return "nothing to do", err
	}
	return fmt.Sprintf("move %d", mv.ID), err
}

// killed runs a child until it has acknowledged some writes, kills it, and returns all that it had acknowledged.
func killed(t *testing.T, path string, after int) []string {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), victim+"="+path)
	var said strings.Builder
	child.Stderr = &said
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	var names []string
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		names = append(names, strings.TrimSpace(line))
		if len(names) == after {
			require.NoError(t, child.Process.Kill())
		}
	}
	require.Error(t, child.Wait())
	require.GreaterOrEqual(t, len(names), after, said.String())
	return names
}

func TestNothingAcknowledgedIsLostWhenTheProcessIsKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for id := kanban.ConversationID(1); id <= 16; id++ {
		w.apply(w.conversation(id, "vip"))
	}
	require.NoError(t, w.store.Close())
	kept := map[string]bool{}
	for range 5 {
		for _, name := range killed(t, w.path, 200+rand.IntN(400)) {
			kept[name] = true
		}
		w.open()
		w.whole(kept)
		require.NoError(t, w.store.Close())
	}
	w.open()
}

// whole compares the database with what was acknowledged.
func (w *world) whole(kept map[string]bool) {
	w.t.Helper()
	d := raw(w.t, w.path)
	var ok string
	require.NoError(w.t, d.QueryRowContext(w.ctx, "PRAGMA integrity_check").Scan(&ok))
	require.Equal(w.t, "ok", ok)
	there := map[string]bool{"nothing to do": true}
	rows, err := d.QueryContext(w.ctx, "SELECT 'webhook ' || CAST(key AS TEXT) FROM deliveries UNION ALL SELECT 'move ' || id FROM moves")
	require.NoError(w.t, err)
	defer func() { require.NoError(w.t, rows.Close()) }()
	for rows.Next() {
		var name string
		require.NoError(w.t, rows.Scan(&name))
		there[name] = true
	}
	require.NoError(w.t, rows.Err())
	for name := range kept {
		require.True(w.t, there[name], "%s was acknowledged and is lost", name)
	}
	for id := kanban.ConversationID(1); id <= 16; id++ {
		if card := w.card(id); card.Pending != nil {
			require.Equal(w.t, card.Pending.To, card.Stage)
		}
	}
}
