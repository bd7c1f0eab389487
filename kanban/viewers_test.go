package kanban_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// noticed is how soon what Chatwoot says anew of a person holds here: a minute, less the ten seconds between two looks of a stream.
const noticed = 50 * time.Second

// within waits until somebody's sight is as wanted, asking as often as a stream does.
func (b *bubble) within(d time.Duration, p kanban.Person, wanted func(kanban.Viewer, error) bool) {
	b.t.Helper()
	for passed := time.Duration(0); ; passed += 10 * time.Second {
		if wanted(b.engine.Viewer(b.t.Context(), p.ID, b.account.ID)) {
			return
		}
		require.Less(b.t, passed, d, "not noticed")
		time.Sleep(10 * time.Second)
		synctest.Wait()
	}
}

// viewerOf is what somebody may see; it must be told.
func (b *bubble) viewerOf(p kanban.Person) kanban.Viewer {
	b.t.Helper()
	v, err := b.engine.Viewer(b.t.Context(), p.ID, b.account.ID)
	require.NoError(b.t, err)
	return v
}

func (b *bubble) inboxesOf(u chatwoottest.User) (in []kanban.InboxID) {
	b.t.Helper()
	for _, one := range b.sim.Inboxes() {
		b.sim.AddInboxMember(one.ID, u.ID)
		in = append(in, kanban.InboxID(one.ID))
	}
	return in
}

func TestWhatIsChangedInChatwootIsNoticed(t *testing.T) {
	member := func(v kanban.Viewer, err error) bool { return err == nil && v.Role == kanban.RoleAgent }
	for name, c := range map[string]struct {
		before func(kanban.Viewer, error) bool
		change func(*bubble, chatwoottest.User)
		after  func(kanban.Viewer, error) bool
	}{
		"an inbox taken away": {
			member, func(b *bubble, u chatwoottest.User) { b.sim.RemoveInboxMember(b.sim.Inboxes()[0].ID, u.ID) },
			func(v kanban.Viewer, err error) bool {
				return err == nil && !slices.Contains(v.Inboxes, 1) && len(v.Inboxes) > 0
			},
		},
		"made administrator": {
			member, func(b *bubble, u chatwoottest.User) { b.sim.SetRole(b.sim.AccountID(), u.ID, "administrator") },
			func(v kanban.Viewer, err error) bool { return err == nil && v.SeesAll() },
		},
		"removed from the account": {
			member, func(b *bubble, u chatwoottest.User) { b.sim.DeleteAgent(u.ID) },
			func(v kanban.Viewer, err error) bool {
				return errors.Is(err, kanban.ErrNotFound) && v.Role == "" && v.Inboxes == nil
			},
		},
		"the account suspended": {
			member, func(b *bubble, _ chatwoottest.User) { b.sim.SuspendAccount(b.sim.AccountID(), true) },
			func(v kanban.Viewer, err error) bool { return errors.Is(err, kanban.ErrNotFound) && v.Role == "" },
		},
		"a token refused": {
			member, func(b *bubble, u chatwoottest.User) { b.sim.RevokeToken(u.ID) },
			func(v kanban.Viewer, err error) bool { return v.Role == "" && chatwoot.KindOf(err) == "" && err != nil },
		},
		"a custom role": {
			member, func(b *bubble, u chatwoottest.User) { b.sim.AddCustomRole(u.ID) },
			func(v kanban.Viewer, err error) bool { return err == nil && v.Narrow && len(v.Only) == 0 },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for asking, early := range map[string]time.Duration{"while asking": 0, "when asked later": noticed} {
				t.Run(asking, func(t *testing.T) {
					synced(t, chatwoottest.Options{Conversations: 5}, seldom, nil, func(t *testing.T, b *bubble) {
						agent := b.sim.Agents()[0]
						b.inboxesOf(agent)
						p := b.signIn(agent.Token)
						require.True(t, c.before(b.engine.Viewer(t.Context(), p.ID, b.account.ID)))
						c.change(b, agent)
						time.Sleep(early)
						b.within(noticed-early, p, c.after)
					})
				})
			}
		})
	}
}

func TestADemotedAdministratorSeesOnlyTheirInboxes(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		admin := b.sim.Admins()[1]
		p := b.signIn(admin.Token)
		require.True(t, b.viewerOf(p).SeesAll())
		b.sim.SetRole(b.sim.AccountID(), admin.ID, "agent")
		b.within(noticed, p, func(v kanban.Viewer, err error) bool { return err == nil && !v.SeesAll() })
	})
}

func TestSomebodyRemovedMayComeBack(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		agent := b.sim.Agents()[0]
		p := b.signIn(agent.Token)
		b.sim.DeleteAgent(agent.ID)
		b.within(noticed, p, func(_ kanban.Viewer, err error) bool { return errors.Is(err, kanban.ErrNotFound) })
		b.sim.SetRole(b.sim.AccountID(), agent.ID, "agent")
		b.within(noticed, p, func(v kanban.Viewer, err error) bool { return err == nil && v.Role == kanban.RoleAgent })
	})
}

func TestARefusedTokenSignsOut(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		agent := b.sim.Agents()[0]
		p := b.signIn(agent.Token)
		token := b.sim.RevokeToken(agent.ID)
		time.Sleep(noticed)
		for range 3 {
			_, err := b.engine.Viewer(t.Context(), p.ID, b.account.ID)
			require.ErrorIs(t, err, kanban.ErrSignedOut)
		}
		kept, err := b.engine.Person(t.Context(), p.ID)
		require.NoError(t, err)
		require.Empty(t, kept.Token)
		b.viewerOf(b.signIn(token))
	})
}

// away is a network that may be cut or hang.
type away struct {
	cut, hangs atomic.Bool
}

func (a *away) travel(r *http.Request, answered bool) error {
	switch {
	case answered:
	case a.cut.Load():
		return errLost
	case a.hangs.Load():
		<-r.Context().Done()
		return r.Context().Err()
	}
	return nil
}

// While Chatwoot is away, the last word holds for half a day; of whom nothing was ever said nothing is known.
func TestTheLastWordHoldsWhileChatwootIsAway(t *testing.T) {
	var a away
	synced(t, chatwoottest.Options{}, seldom, a.travel, func(t *testing.T, b *bubble) {
		known, never := b.sim.Agents()[0], b.sim.Agents()[1]
		p := b.signIn(known.Token)
		want := b.viewerOf(p)
		stranger, err := b.store.SavePerson(t.Context(), kanban.Person{BaseURL: b.address, Actor: kanban.Actor{ID: kanban.AgentID(never.ID)}, Token: never.Token})
		require.NoError(t, err)
		a.cut.Store(true)
		for hour := range 12 {
			time.Sleep(time.Hour - time.Second)
			require.Equal(t, want, b.viewerOf(p), "after %d hours", hour)
			v, err := b.engine.Viewer(t.Context(), stranger.ID, b.account.ID)
			require.Error(t, err)
			require.Zero(t, v)
		}
		time.Sleep(time.Hour)
		v, err := b.engine.Viewer(t.Context(), p.ID, b.account.ID)
		require.Error(t, err, "nothing holds for ever")
		require.Zero(t, v)
		a.cut.Store(false)
		time.Sleep(2 * time.Minute) // the connection tries again in a while
		require.Equal(t, want, b.viewerOf(p))
		b.viewerOf(stranger)
	})
}

// The last word outlives the process.
func TestTheLastWordIsKept(t *testing.T) {
	var a away
	synced(t, chatwoottest.Options{}, seldom, a.travel, func(t *testing.T, b *bubble) {
		p := b.signIn(b.sim.Agents()[0].Token)
		want := b.viewerOf(p)
		a.cut.Store(true)
		b.halt()
		b.open()
		b.start()
		time.Sleep(time.Hour)
		require.Equal(t, want, b.viewerOf(p))
	})
}

// A Chatwoot that hangs keeps whoever is at work waiting once at most, and what it said meanwhile is noticed when it is back.
func TestAHangingChatwootKeepsNobodyWaiting(t *testing.T) {
	var a away
	synced(t, chatwoottest.Options{}, seldom, a.travel, func(t *testing.T, b *bubble) {
		agent := b.sim.Agents()[0]
		b.inboxesOf(agent)
		p := b.signIn(agent.Token)
		a.hangs.Store(true)
		waits := 0
		for range 360 {
			time.Sleep(10 * time.Second)
			began := time.Now()
			require.NotEmpty(t, b.viewerOf(p).Inboxes)
			if waited := time.Since(began); waited > 0 {
				require.LessOrEqual(t, waited, 15*time.Second)
				waits++
			}
		}
		require.LessOrEqual(t, waits, 1)
		b.sim.RemoveInboxMember(b.sim.Inboxes()[0].ID, agent.ID)
		a.hangs.Store(false)
		b.within(noticed, p, func(v kanban.Viewer, err error) bool {
			return err == nil && !slices.Contains(v.Inboxes, kanban.InboxID(b.sim.Inboxes()[0].ID))
		})
	})
}

// However many of somebody's requests wait, Chatwoot is asked once.
func TestManyRequestsAskOnce(t *testing.T) {
	var profiles atomic.Int64
	synced(t, chatwoottest.Options{}, seldom, func(r *http.Request, answered bool) error {
		if !answered && strings.HasSuffix(r.URL.Path, "/profile") {
			profiles.Add(1)
			time.Sleep(time.Second)
		}
		return nil
	}, func(t *testing.T, b *bubble) {
		p := b.signIn(b.sim.Agents()[0].Token)
		time.Sleep(time.Hour)
		synctest.Wait()
		before := profiles.Load()
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() { b.viewerOf(p) })
		}
		all.Wait()
		require.Equal(t, before+1, profiles.Load())
	})
}

// What a custom role sees of its inboxes is what Chatwoot lists for it.
func TestCustomRolesSeeWhatChatwootLists(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		agent, colleague := b.sim.Agents()[0], b.sim.Agents()[1]
		b.inboxesOf(agent)
		inbox := b.sim.Inboxes()[0].ID
		nobodys := b.sim.CreateConversation(0, chatwoottest.NewConversation{InboxID: inbox, Labels: []string{"novo"}})
		own := b.sim.CreateConversation(0, chatwoottest.NewConversation{InboxID: inbox, Labels: []string{"novo"}, Assignee: agent.ID})
		others := b.sim.CreateConversation(0, chatwoottest.NewConversation{InboxID: inbox, Labels: []string{"novo"}, Assignee: colleague.ID})
		time.Sleep(time.Second)
		p := b.signIn(agent.Token)
		sees := func(v kanban.Viewer) (seen []int64) {
			for _, id := range []int64{nobodys, own, others} {
				c, err := b.cached(id)
				require.NoError(t, err)
				if v.Sees(c) {
					seen = append(seen, id)
					require.True(t, v.Opens(c))
				}
			}
			return seen
		}
		require.Equal(t, []int64{nobodys, own, others}, sees(b.viewerOf(p)))
		for _, role := range []struct {
			permissions []string
			want        []int64
		}{
			{[]string{chatwoottest.PermitUnassigned}, []int64{nobodys, own}},
			{[]string{chatwoottest.PermitParticipating}, []int64{own}},
			{nil, nil},
			{[]string{chatwoottest.PermitAll}, []int64{nobodys, own, others}},
		} {
			b.sim.AddCustomRole(agent.ID, role.permissions...)
			b.within(noticed, p, func(v kanban.Viewer, err error) bool { return err == nil && slices.Equal(sees(v), role.want) })
		}
		b.sim.AddCustomRole(agent.ID, chatwoottest.PermitParticipating)
		b.within(noticed, p, func(v kanban.Viewer, err error) bool { return err == nil && slices.Equal(sees(v), []int64{own}) })
		b.sim.Assign(0, own, colleague.ID)
		b.within(noticed, p, func(v kanban.Viewer, err error) bool { return err == nil && sees(v) == nil })
	})
}

// A conversation of one's team is shown to whoever names it, and in no list (CONTRACT 2.2).
func TestATeamOpensWhatNoListShows(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		agent, team, inbox := b.sim.Agents()[0], b.sim.Teams()[0].ID, b.sim.Inboxes()[0].ID
		b.sim.RemoveInboxMember(inbox, agent.ID)
		b.sim.AddTeamMember(team, agent.ID)
		id := b.sim.CreateConversation(0, chatwoottest.NewConversation{InboxID: inbox, Labels: []string{"novo"}, Team: team})
		time.Sleep(time.Second)
		c, err := b.cached(id)
		require.NoError(t, err)
		p := b.signIn(agent.Token)
		v := b.viewerOf(p)
		require.False(t, v.Sees(c))
		require.True(t, v.Opens(c))
		b.sim.RemoveTeamMember(team, agent.ID)
		b.within(noticed, p, func(v kanban.Viewer, err error) bool { return err == nil && !v.Opens(c) })
	})
}
