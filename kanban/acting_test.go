package kanban_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// signIn signs in the owner of a token.
func (w *world) signIn(token string) kanban.Person {
	w.t.Helper()
	in, err := w.engine.SignIn(w.t.Context(), kanban.SignIn{Server: w.address, Token: token})
	require.NoError(w.t, err)
	return in.Person
}

// as makes somebody who signed in the one who moves cards.
func (w *world) as(p kanban.Person) {
	w.t.Helper()
	v, err := w.engine.Viewer(w.t.Context(), p.ID, w.account.ID)
	require.NoError(w.t, err)
	w.viewer = v
}

// state is a move as it is now.
func (b *bubble) state(id kanban.MoveID) kanban.Move {
	b.t.Helper()
	time.Sleep(time.Second)
	synctest.Wait()
	mv, err := b.store.Move(b.t.Context(), id)
	require.NoError(b.t, err)
	return mv
}

// lastWriter is who last changed a conversation's labels, as Chatwoot tells it.
func (b *bubble) lastWriter(id kanban.ConversationID) int64 {
	b.t.Helper()
	history := b.sim.LabelHistory(int64(id))
	require.NotEmpty(b.t, history)
	return history[len(history)-1].ByID
}

func TestAMoveIsWrittenByWhoeverMadeIt(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		agent := b.sim.Agents()[0]
		id := b.fresh("novo")
		b.as(b.signIn(agent.Token))
		mv := b.move(id, "ganho")
		require.Equal(t, kanban.MoveDone, b.state(mv.ID).State)
		require.Equal(t, agent.ID, b.lastWriter(id))
		require.Contains(t, b.lines(id), agent.Name+" adicionou ganho", "Chatwoot's activity line names them")
	})
}

// lines are the messages of a conversation, activity included.
func (b *bubble) lines(id kanban.ConversationID) string {
	b.t.Helper()
	var answer struct {
		Payload []struct{ Content string } `json:"payload"`
	}
	b.ask(fmt.Sprintf("conversations/%d/messages", id), &answer)
	var all []string
	for _, m := range answer.Payload {
		all = append(all, m.Content)
	}
	return strings.Join(all, "\n")
}

// The token of the synchronisation acts for nobody but its owner, whatever is wrong with theirs.
func TestTheSynchronisationTokenActsForItsOwnerOnly(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		for name, who := range map[string]chatwoottest.User{"an agent": b.sim.Agents()[0], "another administrator": b.sim.Admins()[1]} {
			id := b.fresh("novo")
			b.viewer = kanban.Viewer{Actor: kanban.Actor{ID: kanban.AgentID(who.ID), Name: who.Name}, Account: b.account.ID, Role: kanban.RoleAdministrator}
			mv := b.state(b.move(id, "ganho").ID)
			require.Equal(t, kanban.MovePending, mv.State, name)
			require.Equal(t, "move.waiting.sign_in", mv.Reason, name)
			require.Equal(t, []string{"novo"}, b.sim.Labels(int64(id)), name)
		}
		owner := b.sim.Admins()[0]
		id := b.fresh("novo")
		b.viewer = kanban.Viewer{Actor: kanban.Actor{ID: kanban.AgentID(owner.ID), Name: owner.Name}, Account: b.account.ID, Role: kanban.RoleAdministrator}
		require.Equal(t, kanban.MoveDone, b.state(b.move(id, "ganho").ID).State)
		require.Equal(t, owner.ID, b.lastWriter(id))
	})
}

func TestAMoveWaitsForItsPersonToSignInAgain(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		agent := b.sim.Agents()[0]
		id, other := b.fresh("novo"), b.fresh("novo")
		person := b.signIn(agent.Token)
		b.as(person)
		token := b.sim.RevokeToken(agent.ID)
		mv := b.state(b.move(id, "ganho").ID)
		require.Equal(t, kanban.MovePending, mv.State)
		require.Equal(t, "move.waiting.sign_in", mv.Reason)
		require.Equal(t, b.card(id).Stage, mv.To, "shown where it goes")
		kept, err := b.engine.Person(t.Context(), person.ID)
		require.NoError(t, err)
		require.Empty(t, kept.Token, "a refused token is kept no longer")
		_, err = b.engine.Viewer(t.Context(), person.ID, b.account.ID)
		require.ErrorIs(t, err, kanban.ErrSignedOut)

		b.as(b.signIn(b.sim.Agents()[1].Token))
		require.Equal(t, kanban.MoveDone, b.state(b.move(other, "ganho").ID).State, "others go on")
		require.Equal(t, []string{"novo"}, b.sim.Labels(int64(id)), "and sign nobody in but themselves")

		b.signIn(token)
		require.Equal(t, kanban.MoveDone, b.state(mv.ID).State, "at once")
		require.Equal(t, agent.ID, b.lastWriter(id))
	})
}

func TestAMoveIsGivenBackWhenNobodySignsIn(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		agent := b.sim.Agents()[0]
		id := b.fresh("novo", "vip")
		b.as(b.signIn(agent.Token))
		b.sim.RevokeToken(agent.ID)
		mv := b.move(id, "ganho")
		time.Sleep(24*time.Hour - time.Minute)
		require.Equal(t, kanban.MovePending, b.state(mv.ID).State)
		time.Sleep(11 * time.Minute)
		mv = b.state(mv.ID)
		require.Equal(t, kanban.MoveRefused, mv.State)
		require.Equal(t, "move.refused.signed_out", mv.Reason)
		require.Equal(t, b.stage("novo"), b.card(id).Stage)
		require.Equal(t, "move.refused.signed_out", b.card(id).Refused.Reason)
		require.ElementsMatch(t, []string{"novo", "vip"}, b.sim.Labels(int64(id)))
	})
}

// Whoever signs out everywhere has nothing done in their name until they are back.
func TestSigningOutEverywhereHoldsMoves(t *testing.T) {
	var hold atomic.Bool
	synced(t, chatwoottest.Options{}, seldom, func(r *http.Request, answered bool) error {
		if hold.Load() && !answered && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/labels") {
			return errors.New("no way there")
		}
		return nil
	}, func(t *testing.T, b *bubble) {
		agent := b.sim.Agents()[0]
		id := b.fresh("novo")
		person := b.signIn(agent.Token)
		b.as(person)
		hold.Store(true)
		mv := b.move(id, "ganho")
		time.Sleep(time.Second)
		require.NoError(t, b.engine.SignOutEverywhere(t.Context(), person.ID))
		hold.Store(false)
		time.Sleep(2 * time.Minute)
		waits := b.state(mv.ID)
		require.Equal(t, kanban.MovePending, waits.State)
		require.Equal(t, "move.waiting.sign_in", waits.Reason)
		again := b.signIn(agent.Token)
		require.Equal(t, person.ID, again.ID)
		require.Greater(t, again.Epoch, person.Epoch, "sessions of before are over")
		require.Equal(t, kanban.MoveDone, b.state(mv.ID).State)
	})
}

// Somebody signs in with a new token while the old one is on its way to be refused: the new one must not be forgotten for it.
func TestARefusedTokenTakesNoNewerOneWithIt(t *testing.T) {
	var b *bubble
	var during func()
	synced(t, chatwoottest.Options{}, seldom, func(r *http.Request, answered bool) error {
		if again := during; again != nil && answered && r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/conversations/") {
			during = nil
			again()
		}
		return nil
	}, func(t *testing.T, made *bubble) {
		b = made
		agent := b.sim.Agents()[0]
		id := b.fresh("novo")
		person := b.signIn(agent.Token)
		b.as(person)
		token := b.sim.RevokeToken(agent.ID)
		during = func() { b.signIn(token) }
		mv := b.move(id, "ganho")
		time.Sleep(5 * time.Second)
		require.Nil(t, during)
		require.Equal(t, kanban.MoveDone, b.state(mv.ID).State)
		kept, err := b.engine.Person(t.Context(), person.ID)
		require.NoError(t, err)
		require.Equal(t, token, kept.Token)
	})
}
