package chatwoottest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func fetchPage(t *testing.T, address string) string {
	t.Helper()
	got := request(t, http.MethodGet, address, nil)
	require.Equal(t, http.StatusOK, got.status)
	return got.body
}

func TestScreenShowsAndChangesLabels(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	id := s.CreateConversation(0, chatwoottest.NewConversation{Contact: "<img src=x>", Text: "Oi", Labels: []string{"novo", "unseen"}})
	page := s.URL() + "/app/accounts/1/conversations/" + itoa(id)
	require.Contains(t, fetchPage(t, s.URL()+"/app"), "Simulated Chatwoot")
	require.NotContains(t, fetchPage(t, page), "<img src=x>")
	require.NotContains(t, fetchPage(t, page), "Remove unseen", "the dashboard does not show unknown titles")

	request(t, http.MethodPost, page+"/labels?as=3", url.Values{"add": {"vip"}})
	require.Equal(t, []string{"novo", "unseen", "vip"}, s.Labels(id))
	require.Equal(t, "Carla Dias", s.LabelHistory(id)[1].By)
	request(t, http.MethodPost, page+"/labels?as=3", url.Values{"remove": {"novo"}})
	require.Equal(t, []string{"unseen", "vip"}, s.Labels(id))
	request(t, http.MethodPost, page+"/messages?as=3", url.Values{"kind": {"incoming"}, "text": {"Alguém aí?"}})
	require.Contains(t, fetchPage(t, page), "Alguém aí?")

	refused := request(t, http.MethodPost, page+"/labels", url.Values{"add": {"urgente"}}, "Sec-Fetch-Site", "cross-site")
	require.Equal(t, http.StatusForbidden, refused.status, "other sites may not")
	require.Equal(t, http.StatusNotFound, request(t, http.MethodGet, s.URL()+"/app/accounts/1/conversations/99", nil).status)
}

// TestScreenPostsTheContext reads what dashboard apps are told (CONTRACT 12.4).
func TestScreenPostsTheContext(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	s.AddDashboardApp("Funil", "https://board.example.com/embed")
	id := s.CreateConversation(0, chatwoottest.NewConversation{Text: "Oi", Assignee: 2, Labels: []string{"vip"}})
	page := fetchPage(t, s.URL()+"/app/accounts/1/conversations/"+itoa(id)+"?as=2")
	require.Contains(t, page, `data-frame="dashboard-app--frame-0-0" data-src="https://board.example.com/embed"`)
	found := regexp.MustCompile(`data-context="([^"]*)"`).FindStringSubmatch(page)
	require.Len(t, found, 2)
	var posted struct {
		Event string
		Data  struct {
			Conversation map[string]any
			Contact      map[string]any
			CurrentAgent map[string]any
		}
	}
	require.NoError(t, json.Unmarshal([]byte(html.UnescapeString(found[1])), &posted))
	require.Equal(t, "appContext", posted.Event)
	require.EqualValues(t, id, posted.Data.Conversation["id"])
	require.Equal(t, true, posted.Data.Conversation["dataFetched"])
	require.NotEmpty(t, posted.Data.Conversation["messages"])
	require.Equal(t, map[string]any{"id": 2.0, "name": "Bruno Reis", "email": "bruno@casa-aurora.example"}, posted.Data.CurrentAgent)
}

func TestScreenHearsOfChanges(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	id := s.CreateConversation(0, chatwoottest.NewConversation{})
	asking, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/app/accounts/1/events", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(asking)
	require.NoError(t, err)
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	require.True(t, lines.Scan())
	s.SetLabels(1, id, []string{"vip"})
	for lines.Scan() && lines.Text() != "data: "+itoa(id) {
	}
	require.Equal(t, "data: "+itoa(id), lines.Text())
}

func TestTrafficKeepsItAlive(t *testing.T) {
	t.Parallel()
	s := chatwoottest.New(chatwoottest.Options{Seed: 4, Conversations: 50})
	defer s.Close()
	before := len(s.Conversations())
	busy(t, s, 500)
	after := s.Conversations()
	require.Greater(t, len(after), before)
	changed, stages := 0, 0
	for _, v := range after {
		for _, write := range s.LabelHistory(v.ID) {
			changed++
			require.NotEqual(t, write.Before, write.After)
		}
		stages += min(1, len(v.Labels))
	}
	require.Greater(t, changed, 40)
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	s.Traffic(ctx, 60_000)
}
