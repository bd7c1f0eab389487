package chatwoot_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

const mark = "Chatlane-Process"

func TestWhoAnswersAtAnAddress(t *testing.T) {
	t.Parallel()
	us := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set(mark, "us") }))
	t.Cleanup(us.Close)
	elsewhere := httptest.NewServer(http.RedirectHandler(us.URL, http.StatusFound))
	t.Cleanup(elsewhere.Close)
	endless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for w.Header().Set(mark, "us"); r.Context().Err() == nil; {
			_, _ = w.Write(make([]byte, 1<<16))
		}
	}))
	t.Cleanup(endless.Close)
	long := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set(mark, strings.Repeat("x", 1<<20)) }))
	t.Cleanup(long.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for name, tt := range map[string]struct {
		address string
		private bool
		want    chatwoot.Sight
	}{
		"this process":                    {us.URL, true, chatwoot.Sight{Resolves: true, Private: true, Answered: true, Mark: "us"}},
		"a redirect is not followed":      {elsewhere.URL, true, chatwoot.Sight{Resolves: true, Private: true, Answered: true}},
		"an answer without an end":        {endless.URL, true, chatwoot.Sight{Resolves: true, Private: true, Answered: true, Mark: "us"}},
		"a header without an end":         {long.URL, true, chatwoot.Sight{Resolves: true, Private: true}},
		"nobody":                          {gone.URL, true, chatwoot.Sight{Resolves: true, Private: true}},
		"a private address without leave": {us.URL, false, chatwoot.Sight{Resolves: true, Private: true}},
		"a name of it, without leave":     {strings.Replace(us.URL, "127.0.0.1", "localhost", 1), false, chatwoot.Sight{Resolves: true, Private: true}},
		"no such name":                    {"http://chatlane.invalid", true, chatwoot.Sight{}},
		"no address":                      {"http://[", true, chatwoot.Sight{}},
	} {
		require.Equal(t, tt.want, chatwoot.LookAt(t.Context(), tt.address, mark, tt.private), name)
	}
}
