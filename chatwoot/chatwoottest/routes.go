package chatwoottest

import (
	"net/http"
	"strings"
)

// routes is every address of the simulated Chatwoot.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	open := func(pattern string, fn func(*call) answer) { mux.Handle(pattern, s.guard(anybody, fn)) }
	open("GET /api", (*call).version)
	open("GET /health", (*call).health)
	open("POST /auth/sign_in", (*call).signIn)
	open("GET /auth/validate_token", (*call).validateToken)
	mux.HandleFunc("GET /cable", s.cable)
	mux.Handle("GET /api/v1/profile", s.guard(signedIn, (*call).profile))
	mux.Handle("POST /api/v1/profile/reset_access_token", s.guard(signedIn, (*call).resetToken))
	mux.Handle("GET /api/v1/accounts/{account}", s.guard(member, (*call).showAccount))
	mux.Handle("GET /api/v2/accounts/{account}/summary_reports/label", s.guard(supervisor, (*call).labelSummary))
	s.conversationRoutes(mux)
	s.contactRoutes(mux)
	s.catalogueRoutes(mux)
	s.screenRoutes(mux)
	s.storageRoutes(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		answer{status: http.StatusNotFound, kind: "text/html; charset=utf-8", text: notFoundPage}.send(w)
	})
	return s.front(mux)
}

const notFoundPage = `<!DOCTYPE html><html><head><title>The page you were looking for doesn't exist (404)</title></head><body><h1>The page you were looking for doesn't exist.</h1></body></html>`

// on registers "METHOD rest" below the account; PATCH stands for PUT as well.
func (s *Server) on(mux *http.ServeMux, route string, need access, fn func(*call) answer) {
	method, rest, _ := strings.Cut(route, " ")
	handler := s.guard(need, fn)
	mux.Handle(method+" /api/v1/accounts/{account}/"+rest, handler)
	if method == http.MethodPatch {
		mux.Handle("PUT /api/v1/accounts/{account}/"+rest, handler)
	}
}

func (s *Server) conversationRoutes(mux *http.ServeMux) {
	s.on(mux, "GET conversations", member, (*call).conversations)
	s.on(mux, "POST conversations", memberBot, (*call).createConversation)
	s.on(mux, "GET conversations/meta", member, (*call).conversationsMeta)
	s.on(mux, "GET conversations/search", member, (*call).searchMessages)
	s.on(mux, "POST conversations/filter", member, (*call).filter)
	s.on(mux, "GET conversations/{id}", labelBot, (*call).conversation)
	s.on(mux, "PATCH conversations/{id}", memberBot, (*call).updateConversation)
	s.on(mux, "DELETE conversations/{id}", supervisor, (*call).deleteConversation)
	s.on(mux, "GET conversations/{id}/labels", labelBot, (*call).labelsOf)
	s.on(mux, "POST conversations/{id}/labels", labelBot, (*call).setLabelsOf)
	s.on(mux, "GET conversations/{id}/messages", member, (*call).messages)
	s.on(mux, "POST conversations/{id}/messages", memberBot, (*call).createMessage)
	s.on(mux, "PATCH conversations/{id}/messages/{message}", member, (*call).updateMessage)
	s.on(mux, "DELETE conversations/{id}/messages/{message}", member, (*call).deleteMessage)
	s.on(mux, "GET conversations/{id}/attachments", member, (*call).attachments)
	s.on(mux, "GET conversations/{id}/participants", member, (*call).participants)
	s.on(mux, "POST conversations/{id}/assignments", memberBot, (*call).assignments)
	s.on(mux, "POST conversations/{id}/toggle_status", memberBot, (*call).toggleStatus)
	s.on(mux, "POST conversations/{id}/toggle_priority", memberBot, (*call).togglePriority)
	s.on(mux, "POST conversations/{id}/toggle_typing_status", memberBot, (*call).typing)
	s.on(mux, "POST conversations/{id}/custom_attributes", memberBot, (*call).setCustomAttributes)
	s.on(mux, "POST conversations/{id}/update_last_seen", member, (*call).lastSeen)
	s.on(mux, "POST conversations/{id}/unread", member, (*call).unread)
	s.on(mux, "POST conversations/{id}/mute", member, (*call).mute)
	s.on(mux, "POST conversations/{id}/unmute", member, (*call).unmute)
	s.on(mux, "POST bulk_actions", member, (*call).bulkActions)
	s.on(mux, "GET search/conversations", member, (*call).accountSearch)
}

func (s *Server) contactRoutes(mux *http.ServeMux) {
	s.on(mux, "GET contacts", member, (*call).contactList)
	s.on(mux, "POST contacts", member, (*call).createContact)
	s.on(mux, "GET contacts/search", member, (*call).contactSearch)
	s.on(mux, "GET contacts/{id}", member, (*call).showContact)
	s.on(mux, "PATCH contacts/{id}", member, (*call).updateContact)
	s.on(mux, "DELETE contacts/{id}", supervisor, (*call).deleteContact)
	s.on(mux, "POST contacts/{id}/destroy_custom_attributes", member, (*call).destroyContactAttributes)
	s.on(mux, "GET contacts/{id}/conversations", member, (*call).contactConversations)
	s.on(mux, "GET contacts/{id}/contactable_inboxes", member, (*call).contactableInboxes)
	s.on(mux, "POST contacts/{id}/contact_inboxes", member, (*call).createContactInbox)
	s.on(mux, "GET contacts/{id}/labels", member, (*call).contactLabels)
	s.on(mux, "POST contacts/{id}/labels", member, (*call).setContactLabels)
	s.on(mux, "POST contact_inboxes/filter", member, (*call).findByContactInbox)
	s.on(mux, "POST actions/contact_merge", member, (*call).mergeContacts)
}

func (s *Server) catalogueRoutes(mux *http.ServeMux) {
	s.on(mux, "GET cache_keys", member, (*call).cacheKeysOf)
	s.on(mux, "GET labels", member, (*call).accountLabels)
	s.on(mux, "POST labels", supervisor, (*call).createLabel)
	s.on(mux, "GET labels/{id}", supervisor, (*call).accountLabel)
	s.on(mux, "PATCH labels/{id}", supervisor, (*call).updateLabel)
	s.on(mux, "DELETE labels/{id}", supervisor, (*call).deleteLabel)
	s.on(mux, "GET inboxes", member, (*call).inboxes)
	s.on(mux, "POST inboxes", supervisor, (*call).createInbox)
	s.on(mux, "GET inboxes/{id}", member, (*call).showInbox)
	s.on(mux, "DELETE inboxes/{id}", supervisor, (*call).deleteInbox)
	s.on(mux, "POST inboxes/{id}/set_agent_bot", supervisor, (*call).setAgentBot)
	s.on(mux, "GET inbox_members/{id}", member, (*call).inboxMembers)
	for _, method := range []string{"POST", "PATCH", "DELETE"} {
		s.on(mux, method+" inbox_members", supervisor, (*call).changeInboxMembers)
		s.on(mux, method+" teams/{id}/team_members", supervisor, (*call).changeTeamMembers)
	}
	s.on(mux, "GET assignable_agents", member, (*call).assignableAgents)
	s.on(mux, "GET agents", member, (*call).agents)
	s.on(mux, "POST agents", supervisor, (*call).createAgent)
	s.on(mux, "DELETE agents/{id}", supervisor, (*call).deleteAgent)
	s.on(mux, "POST agent_bots", supervisor, (*call).createBot)
	s.on(mux, "GET teams", member, (*call).teams)
	s.on(mux, "POST teams", supervisor, (*call).createTeam)
	s.on(mux, "DELETE teams/{id}", supervisor, (*call).deleteTeam)
	s.on(mux, "GET teams/{id}/team_members", member, (*call).teamMembers)
	s.on(mux, "GET custom_attribute_definitions", member, (*call).attributeDefinitions)
	s.on(mux, "POST custom_attribute_definitions", supervisor, (*call).createAttributeDefinition)
	s.on(mux, "DELETE custom_attribute_definitions/{id}", supervisor, (*call).deleteAttributeDefinition)
	s.on(mux, "GET canned_responses", member, (*call).cannedResponses)
	s.on(mux, "POST canned_responses", member, (*call).createCannedResponse)
	s.on(mux, "GET custom_filters", member, (*call).customFilters)
	s.on(mux, "POST custom_filters", member, (*call).createCustomFilter)
	s.on(mux, "DELETE custom_filters/{id}", member, (*call).deleteCustomFilter)
	s.settingsRoutes(mux)
}

func (s *Server) settingsRoutes(mux *http.ServeMux) {
	s.on(mux, "GET webhooks", supervisor, (*call).webhooks)
	s.on(mux, "POST webhooks", supervisor, (*call).createWebhook)
	s.on(mux, "PATCH webhooks/{id}", supervisor, (*call).updateWebhook)
	s.on(mux, "DELETE webhooks/{id}", supervisor, (*call).deleteWebhook)
	s.on(mux, "GET dashboard_apps", member, (*call).dashboardApps)
	s.on(mux, "POST dashboard_apps", member, (*call).createDashboardApp)
	s.on(mux, "GET dashboard_apps/{id}", member, (*call).dashboardApp)
	s.on(mux, "PATCH dashboard_apps/{id}", member, (*call).updateDashboardApp)
	s.on(mux, "DELETE dashboard_apps/{id}", member, (*call).deleteDashboardApp)
}
