package main_test

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	anyAddress = regexp.MustCompile(`https?://\S+`)
	anyCard    = regexp.MustCompile(`id="card-(\d+)"`)
	anyColumn  = regexp.MustCompile(`id="stage-(\d+)"[^>]*data-label="([^"]*)"`)
)

// demo is a running demo. Nothing is in its environment but what a fresh machine has, and where to listen.
func demo(t *testing.T, args ...string) *child {
	t.Helper()
	c := newChild(t)
	c.env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir(), "CHATLANE_LISTEN=" + c.listen}
	c.start(append([]string{"demo"}, args...)...)
	c.says("Chatlane's demo is at")
	return c
}

func TestDemoSaysOneAddressAndShowsABoard(t *testing.T) {
	t.Parallel()
	c := demo(t)
	require.Equal(t, []string{"http://" + c.listen}, anyAddress.FindAllString(c.out.String(), -1))
	page := c.get("/")
	require.Equal(t, http.StatusOK, page.status)
	require.Greater(t, len(anyCard.FindAllString(page.body, -1)), 20, "cards are there at once, for whoever opens it")
	require.Equal(t, []string{"", "novo", "qualificado", "proposta", "ganho", "perdido"}, labelsOf(page.body))
	require.NotEmpty(t, anyCard.FindStringSubmatch(page.body))
	require.Equal(t, http.StatusOK, c.get("/demo").status)

	left, err := os.ReadDir(c.setting("TMPDIR"))
	require.NoError(t, err)
	require.NotEmpty(t, left)
	require.Zero(t, c.stop(), c.out)
	left, err = os.ReadDir(c.setting("TMPDIR"))
	require.NoError(t, err)
	require.Empty(t, left, "nothing is left behind")
	require.Len(t, anyAddress.FindAllString(c.out.String(), -1), 1, "and nothing was said in between: %s", c.out)
}

// labelsOf are the labels of a page's columns.
func labelsOf(page string) []string {
	var out []string
	for _, m := range anyColumn.FindAllStringSubmatch(page, -1) {
		out = append(out, m[2])
	}
	return out
}

func TestDemoMovesWork(t *testing.T) {
	t.Parallel()
	c := demo(t, "--conversations=40", "--traffic=0")
	page := c.get("/boards/1").body
	card := anyCard.FindStringSubmatch(page)[1]
	for _, column := range anyColumn.FindAllStringSubmatch(page, -1) {
		a := c.ask(http.MethodPut, "/boards/1/cards/"+card+"/stage", url.Values{"stage": {column[1]}})
		require.Equal(t, http.StatusOK, a.status, a.body)
		c.eventually(func() bool {
			a := c.get("/boards/1/cards/" + card)
			return strings.Contains(a.body, `data-stage="`+column[1]+`"`) && !strings.Contains(a.body, "data-move")
		}, "the card arrives in "+column[2])
	}
}

func TestDemoKeepsItsDataWhereToldTo(t *testing.T) {
	t.Parallel()
	c := newChild(t)
	c.start("demo", "--conversations=10")
	c.says("Chatlane's demo is at")
	require.Zero(t, c.stop(), c.out)
	require.FileExists(t, c.data("chatlane.db"))
}
