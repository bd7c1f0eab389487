package chatwoottest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// screenView is the page of the stand-in.
type screenView struct {
	Account   string
	AccountID int64
	As        int64
	Label     string
	Count     int
	Users     []screenUser
	Labels    []screenLabel
	Rows      []screenRow
	Apps      []screenApp
	Open      *screenConversation
	Context   string // what is posted to dashboard apps
}

type screenUser struct {
	ID         int64
	Name, Role string
}

type screenLabel struct{ Title, Color string }

type screenRow struct {
	ID                               int64
	Name, Initials, Inbox, Ago, Text string
	Outgoing, Current                bool
	Unread                           int
	Labels                           []screenLabel
}

type screenApp struct {
	Title  string
	Frames []string
}

type screenConversation struct {
	ID                          int64
	Path, Name, Initials, Inbox string
	Assignee, Status            string
	NextStatus, NextLabel       string
	Labels, Missing             []screenLabel
	Messages                    []screenMessage
}

type screenMessage struct{ Kind, Text, By, At string }

// screenRows is how many conversations the list shows.
const screenRows = 40

func (s *Server) viewScreen(a *account, r *http.Request) screenView {
	view := screenView{Account: a.name, AccountID: a.id, As: s.acting(a, r), Label: r.URL.Query().Get("label")}
	if named := r.PathValue("label"); named != "" {
		view.Label = named
	}
	for id, role := range a.roles {
		view.Users = append(view.Users, screenUser{id, s.users[id].name, role})
	}
	slices.SortFunc(view.Users, func(x, y screenUser) int { return int(x.ID - y.ID) })
	for _, l := range a.labels {
		view.Labels = append(view.Labels, screenLabel{l.title, l.color})
	}
	for _, app := range a.apps {
		view.Apps = append(view.Apps, screenApp{app.title, app.frames})
	}
	open := a.conversations.byID[pathNumber(r, "id")]
	view.Rows, view.Count = s.viewRows(a, view.Label, open)
	if open != nil {
		view.Open = s.viewOpen(a, open)
		view.Context = s.appContext(a, open, view.As)
	}
	return view
}

// acting is the user chosen on the page, or the first agent.
func (s *Server) acting(a *account, r *http.Request) int64 {
	if id, err := strconv.ParseInt(r.URL.Query().Get("as"), 10, 64); err == nil && a.user(id) {
		return id
	}
	chosen := int64(0)
	for id, role := range a.roles {
		if chosen == 0 || role == "agent" && (a.roles[chosen] != "agent" || id < chosen) {
			chosen = id
		}
	}
	return chosen
}

func (s *Server) viewRows(a *account, title string, open *conversation) ([]screenRow, int) {
	var rows []screenRow
	all := a.conversations.byActivity.all
	count := 0
	for _, v := range slices.Backward(all) {

		if title != "" && !slices.Contains(v.labels, title) {
			continue
		}
		if count++; len(rows) < screenRows {
			rows = append(rows, s.viewRow(a, v, v == open))
		}
	}
	return rows, count
}

func (s *Server) viewRow(a *account, v *conversation, current bool) screenRow {
	row := screenRow{
		ID: v.id, Name: shownName(v), Initials: initials(shownName(v)), Inbox: v.inbox.name, Ago: ago(s.now().Sub(v.lastActivityAt)),
		Current: current, Unread: unreadCount(v), Labels: a.coloured(v.labels),
	}
	if m := lastMessage(v, func(m *message) bool { return m.kind != activity }); m != nil {
		row.Text, row.Outgoing = m.content, m.kind == outgoing
	}
	return row
}

func (s *Server) viewOpen(a *account, v *conversation) *screenConversation {
	open := &screenConversation{
		ID: v.id, Path: fmt.Sprintf("/app/accounts/%d/conversations/%d", a.id, v.id), Name: shownName(v), Initials: initials(shownName(v)),
		Inbox: v.inbox.name, Status: v.status, NextStatus: "resolved", NextLabel: "Resolve", Labels: a.coloured(v.labels),
	}
	if v.status != "open" {
		open.NextStatus, open.NextLabel = "open", "Reopen"
	}
	if u := s.users[v.assigneeID]; u != nil {
		open.Assignee = u.name
	}
	for _, l := range a.labels {
		if !slices.Contains(v.labels, l.title) {
			open.Missing = append(open.Missing, screenLabel{l.title, l.color})
		}
	}
	for _, m := range last(v.messages, 60) {
		open.Messages = append(open.Messages, viewLine(m))
	}
	return open
}

func viewLine(m *message) screenMessage {
	line := screenMessage{Kind: messageTypes[m.kind], Text: m.content}
	if m.kind == activity {
		return line
	}
	if m.private {
		line.Kind = "note"
	}
	line.By, line.At = m.sender.name, m.createdAt.Local().Format("Jan 2, 15:04")
	return line
}

// coloured leaves out titles that are no account labels, as the dashboard does.
func (a *account) coloured(titles []string) []screenLabel {
	var all []screenLabel
	for _, title := range titles {
		if l := a.labelTitled(title); l != nil {
			all = append(all, screenLabel{l.title, l.color})
		}
	}
	return all
}

// appContext is the string Chatwoot posts to the frames of dashboard apps
// (CONTRACT 12.4).
func (s *Server) appContext(a *account, v *conversation, viewer int64) string {
	type store struct {
		conversationView
		Messages          []*messagePush `json:"messages"`
		AllMessagesLoaded bool           `json:"allMessagesLoaded"`
		DataFetched       bool           `json:"dataFetched"`
	}
	shown := store{conversationView: s.viewConversation(a, v, viewer), Messages: []*messagePush{}, DataFetched: true}
	for _, m := range last(v.messages, 20) {
		shown.Messages = append(shown.Messages, s.pushMessage(a, v, m, false))
	}
	u := s.users[viewer]
	posted, err := json.Marshal(map[string]any{"event": "appContext", "data": map[string]any{
		"conversation": shown, "contact": viewContact(v.contact),
		"currentAgent": map[string]any{"id": u.id, "name": u.name, "email": u.email},
	}})
	if err != nil {
		return ""
	}
	return string(posted)
}

func shownName(v *conversation) string {
	if v.contact.name == "" {
		return "Contact " + itoa(v.contact.id)
	}
	return v.contact.name
}

func initials(name string) string {
	var letters strings.Builder
	for word := range strings.FieldsSeq(name) {
		letter, _ := utf8.DecodeRuneInString(word)
		if letters.WriteString(strings.ToUpper(string(letter))); utf8.RuneCountInString(letters.String()) == 2 {
			break
		}
	}
	return letters.String()
}

func ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "now"
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	}
	return fmt.Sprintf("%dd", int(d.Hours()/24))
}
