package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
)

// Everybody finds in the palette what Chatwoot would list for them, on whatever board of the account, and nothing else.
func TestPaletteFindsWhatMayBeSeen(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	for _, r := range c.roles {
		for _, o := range c.objects[:4] {
			for _, wanted := range c.objects[:4] {
				a := r.browser.get(fmt.Sprintf("/boards/%d/palette?q=%s", o.board.ID, url.QueryEscape(wanted.canary)))
				what := fmt.Sprintf("%s on the board of %s looks for %s", r.name, o.name, wanted.name)
				sees := r.in && r.may(subject{about: aBoard}, o) && r.may(subject{about: aCard}, wanted) && o.account == wanted.account
				if sees {
					require.Equal(t, http.StatusOK, a.status, what)
					require.Contains(t, a.body, wanted.canary, what)
				} else {
					require.NotContains(t, a.body, wanted.canary, what)
				}
			}
		}
	}
}

// What stands on another board of the account is found there, by those who may open that board.
func TestPaletteFindsOnAllBoards(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	own, agent := c.objects[0], c.role("agent")
	stages, err := kanban.ParseStages("suporte,feito=won")
	require.NoError(t, err)
	other, err := c.engine.MakeBoard(t.Context(), own.account, "Suporte", "BRL", stages)
	require.NoError(t, err)
	conv := conversation(own.account, 40, "suporte")
	first, err := c.store.Conversation(t.Context(), own.account, own.conversation)
	require.NoError(t, err)
	conv.InboxID, conv.Contact.Name = first.InboxID, "Otávia Sá"
	_, err = c.store.Apply(t.Context(), own.account, []kanban.Snapshot{{Conversation: conv, Source: kanban.FromImport, At: time.Now(), Read: true}}, nil)
	require.NoError(t, err)
	there, here := fmt.Sprintf(`data-board="%d"`, other.ID), fmt.Sprintf(`data-board="%d"`, own.board.ID)
	found := func() string { return agent.browser.get(own.address("/boards/:board/palette?q=otavia", 0)).body }

	require.Contains(t, found(), here, "a board shows whatever has no stage on it, too")
	c.change(own.board, func(b *kanban.Board) { b.HideNoStage = true })
	require.Contains(t, found(), there)
	require.Contains(t, found(), "Suporte · Suporte", "where it stands")
	require.NotContains(t, agent.browser.get(own.address("/boards/:board/palette?framed=1&q=otavia", 0)).body, there, "the frame leads to no other board")
	c.only(other, kanban.Audience{People: []kanban.AgentID{kanban.AgentID(c.sim.Agents()[1].ID)}})
	require.NotContains(t, found(), there, "a board that is not open to them")
	require.Contains(t, found(), here)
	require.NotContains(t, found(), "Suporte")
	require.NotContains(t, agent.browser.get(own.address("/boards/:board/palette", 0)).body, "Suporte")
}

func (c *crowd) change(b kanban.Board, change func(*kanban.Board)) {
	c.t.Helper()
	b, err := c.store.Board(c.t.Context(), b.ID)
	require.NoError(c.t, err)
	_, err = c.engine.ChangeBoard(c.t.Context(), kanban.Viewer{Account: b.Account, Role: kanban.RoleAdministrator}, b.ID, b.Version, func(b *kanban.Board) error {
		change(b)
		return nil
	})
	require.NoError(c.t, err)
}

// The palette offers what there is for the one who looks, where they look.
func TestPaletteOffersWhatThereIs(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	own := c.objects[0]
	path := own.address("/boards/:board/palette", 0)
	settings := own.address("/boards/:board/settings", 0)
	require.Contains(t, c.role("administrator").browser.get(path).body, settings)
	agent := c.role("agent").browser.get(path)
	require.Contains(t, agent.body, fmt.Sprintf(`data-move="%d"`, own.board.Stages[0].ID))
	require.NotContains(t, agent.body, settings)
	require.NotContains(t, c.role("administrator").browser.get(path+"?framed=1").body, settings, "the frame leads to nothing else")
}

// TestKeysAreThoseOfTheKeyboard: where the keyboard has ⌘, the board says so.
func TestKeysAreThoseOfTheKeyboard(t *testing.T) {
	t.Parallel()
	w := connected(t, business(0))
	for agent, apple := range map[string]bool{
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15": true,
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                false,
	} {
		page := w.person().with("User-Agent", agent).get(w.boardPath()).page()
		require.Equal(t, apple, page.Find("body[data-apple]").Length() == 1, agent)
		require.Equal(t, "Ctrl", page.Find("#help kbd .modifier").First().Text(), "the word that a style replaces")
	}
}
