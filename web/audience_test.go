package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// only lets a board be seen by those named, besides administrators.
func (c *crowd) only(b kanban.Board, a kanban.Audience) kanban.Board {
	c.t.Helper()
	b, err := c.store.Board(c.t.Context(), b.ID)
	require.NoError(c.t, err)
	a.Chosen = true
	b, err = c.engine.ChangeBoard(c.t.Context(), kanban.Viewer{Account: b.Account, Role: kanban.RoleAdministrator}, b.ID, b.Version, func(b *kanban.Board) error {
		b.Audience = a
		return nil
	})
	require.NoError(c.t, err)
	return b
}

func (c *crowd) role(name string) role {
	c.t.Helper()
	for _, r := range c.roles {
		if r.name == name {
			return r
		}
	}
	require.Fail(c.t, "no role", name)
	return role{}
}

// A board of chosen people is not there for others, whatever they ask: every route about a board, a card or a move on it.
func TestABoardOfChosenPeople(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	own, agents := c.objects[0], c.sim.Agents()
	agent, admin := c.role("agent"), c.role("administrator")
	mv := c.move(own)
	check := func(may bool) {
		t.Helper()
		for route, row := range matrix() {
			if row.about != aBoard && row.about != aCard && row.about != aMove || strings.HasPrefix(route.Pattern, "/embed/conversations") {
				continue
			}
			path := own.address(route.Pattern, mv.ID)
			if strings.HasSuffix(path, "/events") && may {
				continue
			}
			a := agent.browser.do(route.Method, path, row.form)
			if !may {
				require.Equal(t, http.StatusNotFound, a.status, "%s %s", route.Method, path)
				require.NotContains(t, a.body, own.canary, path)
			} else {
				require.NotEqual(t, http.StatusNotFound, a.status, "%s %s", route.Method, path)
			}
		}
	}
	c.only(own.board, kanban.Audience{People: []kanban.AgentID{kanban.AgentID(agents[1].ID)}})
	check(false)
	require.Equal(t, http.StatusOK, admin.browser.get(own.address("/boards/:board", 0)).status, "administrators see every board")
	require.NotContains(t, agent.browser.get("/").header.Get("Location"), fmt.Sprint("/boards/", own.board.ID))
	panel := "/embed/conversations/" + fmt.Sprint(own.conversation) + c.onTheScreen(own)
	require.NotContains(t, agent.browser.get(panel).body, own.board.Name)

	c.only(own.board, kanban.Audience{People: []kanban.AgentID{kanban.AgentID(agents[0].ID)}})
	require.Equal(t, http.StatusOK, agent.browser.get(own.address("/boards/:board", 0)).status)
	require.Contains(t, agent.browser.get(panel).body, own.board.Name)
}

func TestABoardOfATeam(t *testing.T) {
	t.Parallel()
	v := kanban.Viewer{Actor: kanban.Actor{ID: 5}, Account: 1, Role: kanban.RoleAgent, Teams: []kanban.TeamID{3}}
	b := kanban.Board{Account: 1}
	require.True(t, v.Enters(b))
	b.Audience = kanban.Audience{Chosen: true, Teams: []kanban.TeamID{4}}
	require.False(t, v.Enters(b))
	b.Audience.Teams = []kanban.TeamID{4, 3}
	require.True(t, v.Enters(b))
	b.Account = 2
	require.False(t, v.Enters(b))
}

// Whoever is no longer meant is told nothing more, from the change on.
func TestStreamsEndWithTheAudience(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	own, agents := c.objects[0], c.sim.Agents()
	agent, admin := c.role("agent"), c.role("administrator")
	second, err := c.engine.CopyBoard(t.Context(), own.owner(), own.board.ID, "Second")
	require.NoError(t, err)
	ends := agent.browser.stream(own.address("/boards/:board/events", 0)).begun()
	narrows := agent.browser.stream(fmt.Sprintf("/boards/%d/events?also=%d", second.ID, own.board.ID)).begun()
	stays := admin.browser.stream(own.address("/boards/:board/events", 0)).begun()
	c.only(own.board, kanban.Audience{People: []kanban.AgentID{kanban.AgentID(agents[1].ID)}})
	ends.next("reload")
	ends.ended()
	narrows.next("reload")
	c.move(own)
	c.hub.Publish(&kanban.Event{Account: own.account, Board: second.ID, Kind: kanban.BoardChanged})
	told := narrows.until("board")
	require.NotContains(t, told, fmt.Sprintf("@%d", own.board.ID))
	require.Contains(t, stays.until("card"), own.canary)
}

func TestAnArchivedBoardIsForAdministrators(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	own := c.objects[0]
	b, err := c.store.Board(t.Context(), own.board.ID)
	require.NoError(t, err)
	_, err = c.engine.ChangeBoard(t.Context(), own.owner(), b.ID, b.Version, func(b *kanban.Board) error { b.Archive(true, time.Now()); return nil })
	require.NoError(t, err)
	for name, status := range map[string]int{"agent": http.StatusNotFound, "administrator": http.StatusOK} {
		require.Equal(t, status, c.role(name).browser.get(own.address("/boards/:board", 0)).status, name)
		require.NotContains(t, c.role(name).browser.get("/").header.Get("Location"), fmt.Sprint("/boards/", b.ID), name)
	}
}
