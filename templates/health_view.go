package templates

import (
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// Health is what the health page tells of one account.
type Health struct {
	Account       kanban.Account
	Connection    kanban.Connection
	Conversations int
	// RequestsUsed of RequestBudget were spent in the current minute; a budget of 0 is not known.
	RequestsUsed, RequestBudget int
	// Refused are sentences about what Chatwoot refuses, newest first.
	Refused []string
}

// HealthView is the health page.
type HealthView struct {
	Frame    Frame
	Accounts []HealthAccountView
	Version  string
}

// HealthAccountView is one account on the health page.
type HealthAccountView struct {
	Name, Address string
	Connection    ConnectionView
	Rows          []HealthRow
	Refused       []string
}

// HealthRow is a line of the health page. State is good, fair or bad; At is a time that the page keeps current.
type HealthRow struct {
	Name, Text, Note string
	State            string
	At               string
}

// NewHealthPage puts the state of accounts into words.
func NewHealthPage(loc Locale, frame Frame, version string, accounts []Health) HealthView {
	frame.Locale = loc
	v := HealthView{Frame: frame, Version: version}
	for _, h := range accounts {
		v.Accounts = append(v.Accounts, newHealthAccount(loc, h))
	}
	return v
}

func newHealthAccount(loc Locale, h Health) HealthAccountView {
	return HealthAccountView{
		Name: h.Account.Name, Address: h.Account.BaseURL,
		Connection: NewConnection(loc, h.Connection),
		Refused:    h.Refused,
		Rows: []HealthRow{
			modeRow(loc, h),
			webhookRow(loc, h),
			timeRow(loc, "health.poll", h.Connection.Sync.PolledAt, 5*time.Minute),
			timeRow(loc, "health.sweep", h.Connection.Sync.SweptAt, 24*time.Hour),
			driftRow(loc, h),
			{Name: loc.T("health.conversations"), Text: loc.Number(h.Conversations), State: "good"},
			queueRow(loc, h),
			budgetRow(loc, h),
			{Name: loc.T("health.chatwoot_version"), Text: orUnknown(loc, h.Account.Version), State: stateOf(h.Account.Version != "")},
		},
	}
}

func modeRow(loc Locale, h Health) HealthRow {
	states := map[kanban.ConnectionMode]string{kanban.ConnectionLive: "good", kanban.ConnectionImporting: "fair", kanban.ConnectionDelayed: "fair", kanban.ConnectionDown: "bad"}
	mode := modeOf(h.Connection)
	r := HealthRow{Name: loc.T("health.mode"), Text: loc.T("connection." + string(mode)), Note: loc.T("health.mode_" + string(mode)), State: states[mode]}
	if h.Connection.Trouble != "" {
		r.Note = Reason(loc, h.Connection.Trouble)
	}
	return r
}

func webhookRow(loc Locale, h Health) HealthRow {
	r := HealthRow{Name: loc.T("health.webhook"), State: "good"}
	switch at := h.Connection.LastWebhook; {
	case !h.Connection.WebhookRegistered:
		r.Text, r.State, r.Note = loc.T("health.webhook_none"), "bad", loc.T("health.webhook_none_note")
	case at.IsZero():
		r.Text, r.State, r.Note = loc.T("health.never"), "fair", loc.T("health.webhook_silent_note")
	default:
		r.At, r.Text = stamp(at), loc.Age(time.Since(at))
	}
	return r
}

func timeRow(loc Locale, key string, at time.Time, fresh time.Duration) HealthRow {
	if at.IsZero() {
		return HealthRow{Name: loc.T(key), Text: loc.T("health.never"), State: "fair"}
	}
	r := HealthRow{Name: loc.T(key), At: stamp(at), Text: loc.Age(time.Since(at)), State: "good"}
	if time.Since(at) > fresh {
		r.State = "fair"
	}
	return r
}

func driftRow(loc Locale, h Health) HealthRow {
	r := HealthRow{Name: loc.T("health.drift"), Text: loc.N("health.drift_count", int(h.Connection.Sync.Drift)), State: "good"}
	if !h.Connection.Sync.DriftAt.IsZero() {
		r.At = stamp(h.Connection.Sync.DriftAt)
	}
	return r
}

func queueRow(loc Locale, h Health) HealthRow {
	text := loc.N("connection.moves_waiting", h.Connection.MovesWaiting) + " · " + loc.N("health.deliveries", h.Connection.DeliveriesWaiting)
	return HealthRow{Name: loc.T("health.queue"), Text: text, State: stateOf(h.Connection.MovesWaiting == 0 || modeOf(h.Connection) != kanban.ConnectionDown)}
}

func budgetRow(loc Locale, h Health) HealthRow {
	text := loc.T("health.budget_used", "used", loc.Number(h.RequestsUsed), "budget", loc.Number(h.RequestBudget))
	return HealthRow{Name: loc.T("health.budget"), Text: text, State: stateOf(h.RequestBudget == 0 || h.RequestsUsed < h.RequestBudget)}
}

func stateOf(good bool) string {
	if good {
		return "good"
	}
	return "fair"
}

func orUnknown(loc Locale, s string) string {
	if s == "" {
		return loc.T("health.unknown")
	}
	return s
}
