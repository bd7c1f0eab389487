package chatwoottest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestCustomRolesNarrowWhatAgentsSee(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		permissions []string
		lists       []string
		opens       []string
	}{
		"everything":             {[]string{chatwoottest.PermitAll}, []string{"mine", "nobody's", "another's"}, []string{"mine", "nobody's", "another's"}},
		"unassigned and mine":    {[]string{chatwoottest.PermitUnassigned, chatwoottest.PermitParticipating}, []string{"mine", "nobody's"}, []string{"mine", "nobody's"}},
		"unassigned only":        {[]string{chatwoottest.PermitUnassigned}, []string{"mine", "nobody's"}, []string{"nobody's"}},
		"mine":                   {[]string{chatwoottest.PermitParticipating}, []string{"mine"}, []string{"mine"}},
		"no conversation at all": {[]string{"report_manage"}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := chatwoottest.Start(t, chatwoottest.Options{})
			me, box := s.Agents()[0], s.Inboxes()[0].ID
			numbers := map[string]int64{
				"mine":      s.CreateConversation(0, chatwoottest.NewConversation{InboxID: box, Assignee: me.ID}),
				"nobody's":  s.CreateConversation(0, chatwoottest.NewConversation{InboxID: box}),
				"another's": s.CreateConversation(0, chatwoottest.NewConversation{InboxID: box, Assignee: s.Users()[0].ID}),
			}
			id := s.AddCustomRole(me.ID, one.permissions...)
			c := client{t, s, me.Token}
			requireSees(t, c, numbers, one.lists, one.opens)
			_, profile := c.do("GET", "/api/v1/profile", nil)
			seat := dig(t, profile, "accounts", 0)
			require.Equal(t, "agent", dig(t, seat, "role"))
			require.EqualValues(t, id, dig(t, seat, "custom_role_id"))
			require.Contains(t, dig(t, seat, "permissions"), "custom_role")
			require.Len(t, dig(t, seat, "permissions"), len(one.permissions)+1)

			s.RemoveCustomRole(me.ID)
			requireSees(t, c, numbers, []string{"mine", "nobody's", "another's"}, []string{"mine", "nobody's", "another's"})
		})
	}
}

func requireSees(t *testing.T, c client, numbers map[string]int64, lists, opens []string) {
	t.Helper()
	listed, opened, want, wantOpen := []int{}, []int{}, []int{}, []int{}
	list := c.api("GET", "conversations?status=all", nil)
	listed = append(listed, ids(t, dig(t, list, "data", "payload"))...)
	require.EqualValues(t, len(listed), dig(t, list, "data", "meta", "all_count"))
	for _, number := range numbers {
		if status, _ := c.do("GET", "/api/v1/accounts/1/conversations/"+itoa(number), nil); status == http.StatusOK {
			opened = append(opened, int(number))
		}
	}
	for _, which := range lists {
		want = append(want, int(numbers[which]))
	}
	for _, which := range opens {
		wantOpen = append(wantOpen, int(numbers[which]))
	}
	require.ElementsMatch(t, want, listed)
	require.ElementsMatch(t, wantOpen, opened)
}

func TestSettingsChangeWhileSomebodyLooks(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	agent := s.Agents()[0]
	c := client{t, s, agent.Token}
	status := func(path string) int { code, _ := c.do("GET", "/api/v1/accounts/1/"+path, nil); return code }
	require.Equal(t, http.StatusUnauthorized, status("webhooks"))
	s.SetRole(s.AccountID(), agent.ID, "administrator")
	require.Equal(t, http.StatusOK, status("webhooks"))

	admin(t, s).api("POST", "webhooks", map[string]any{"url": "https://board.example/hooks/1", "subscriptions": []string{"message_created"}})
	s.AddDashboardApp("Funil", "https://board.example/embed")
	s.DeleteWebhooks()
	s.DeleteDashboardApps()
	require.Empty(t, dig(t, c.api("GET", "webhooks", nil), "payload", "webhooks"))
	require.Empty(t, c.api("GET", "dashboard_apps", nil))

	s.SetRole(s.AccountID(), agent.ID, "agent")
	hidden := s.CreateConversation(0, chatwoottest.NewConversation{InboxID: s.Inboxes()[2].ID, Team: s.Teams()[1].ID})
	require.Equal(t, http.StatusUnauthorized, status("conversations/"+itoa(hidden)))
	s.AddTeamMember(s.Teams()[1].ID, agent.ID)
	require.Equal(t, http.StatusOK, status("conversations/"+itoa(hidden)))
	s.RemoveTeamMember(s.Teams()[1].ID, agent.ID)
	require.Equal(t, http.StatusUnauthorized, status("conversations/"+itoa(hidden)))

	s.SuspendAccount(s.AccountID(), true)
	code, body := c.do("GET", "/api/v1/accounts/1/labels", nil)
	require.Equal(t, http.StatusUnauthorized, code)
	require.Equal(t, errorBody("Account is suspended"), body)
	s.SuspendAccount(s.AccountID(), false)

	s.SetRole(s.AccountID(), agent.ID, "")
	code, body = c.do("GET", "/api/v1/accounts/1/labels", nil)
	require.Equal(t, http.StatusUnauthorized, code)
	require.Equal(t, errorBody("You are not authorized to access this account"), body)
}

func TestPeopleOfSeveralAccounts(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{Conversations: 10})
	agent := s.Agents()[0]
	second := s.AddBusiness("Filial Recife", agent.ID, 7)
	s.SetRole(second, s.Users()[0].ID, "agent")
	c := client{t, s, agent.Token}
	_, profile := c.do("GET", "/api/v1/profile", nil)
	require.Equal(t, "agent", dig(t, profile, "accounts", 0, "role"))
	require.Equal(t, "administrator", dig(t, profile, "accounts", 1, "role"))
	require.EqualValues(t, second, dig(t, profile, "accounts", 1, "id"))

	path := "/api/v1/accounts/" + itoa(second) + "/"
	code, list := c.do("GET", path+"conversations?status=all", nil)
	require.Equal(t, http.StatusOK, code)
	require.ElementsMatch(t, []int{1, 2, 3, 4, 5, 6, 7}, ids(t, dig(t, list, "data", "payload")), "numbers begin anew in each account")
	code, list = admin(t, s).do("GET", path+"conversations?status=all", nil)
	require.Equal(t, http.StatusOK, code)
	require.Empty(t, dig(t, list, "data", "payload"), "an agent of no inbox there")
	code, _ = admin(t, s).agent(1).do("GET", path+"conversations", nil)
	require.Equal(t, http.StatusUnauthorized, code)
}
