package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
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

// A conversation that has a stage on another board only is shown there, once.
func TestPaletteFindsOnAllBoards(t *testing.T) {
	t.Parallel()
	w := connected(t, business(40))
	card := w.card()
	name := card.Conversation.Contact.Name
	a := w.person().get(w.boardPath("palette") + "?q=" + url.QueryEscape(name))
	require.Equal(t, http.StatusOK, a.status)
	require.Contains(t, a.body, fmt.Sprintf(`data-card="%d"`, card.Conversation.ID))

	offered := w.person().get(w.boardPath("palette"))
	require.Contains(t, offered.body, `data-move=`)
	require.Contains(t, offered.body, "/settings")
	require.NotContains(t, w.person().get(w.boardPath("palette")+"?framed=1").body, "/settings", "what Chatwoot's frame leads to nothing of")
}
