package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCollapsedColumns: a narrow column is narrow from the first byte on, for whoever made it so and nobody else.
func TestCollapsedColumns(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	admin, agent := c.role("administrator").browser, c.role("agent").browser
	board := c.objects[0].board
	path := fmt.Sprintf("/boards/%d", board.ID)
	stage := fmt.Sprint(board.Stages[1].ID)
	narrow := func(b *browser, address string) []string {
		return attributes(b.get(address).page().Find(".stage__head[data-collapsed]"), "id")
	}
	require.Empty(t, narrow(admin, path))

	require.Equal(t, http.StatusSeeOther, admin.post(path+"/columns", url.Values{"collapse": {stage}}).status)
	heads := admin.with("HX-Request", "true").post(path+"/columns", url.Values{"collapse": {stage}})
	require.Equal(t, http.StatusOK, heads.status, "twice is as once")
	require.Equal(t, 1, heads.page().Find(`[data-collapsed][hx-swap-oob]`).Length())
	want := []string{"stage-" + stage + "-head"}
	require.Equal(t, want, narrow(admin, path))
	require.Equal(t, want, narrow(admin, path+"?sort=value"))
	require.Equal(t, want, narrow(admin, path+"/totals"))
	page := admin.get(path).page()
	button := page.Find("#stage-" + stage + "-head button")
	require.Equal(t, "false expand", button.AttrOr("aria-expanded", "")+" "+button.AttrOr("name", ""))
	require.NotEmpty(t, page.Find("#stage-"+stage+"-head .stage__count").Text())
	require.Empty(t, narrow(agent, path), "it is nobody else's")

	require.Equal(t, path, admin.post(path+"/columns", url.Values{"expand": {stage}}).header.Get("Location"))
	require.Empty(t, narrow(admin, path))
	for _, wrong := range []url.Values{{}, {"collapse": {"x"}}, {"collapse": {"99999"}}} {
		require.Equal(t, http.StatusNotFound, admin.post(path+"/columns", wrong).status)
	}
}
