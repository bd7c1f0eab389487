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
	// Problem is what went wrong with something done here.
	Problem string
}

// HealthAccountView is one account on the health page.
type HealthAccountView struct {
	Name, Address string
	Connection    ConnectionView
	Rows          []HealthRow
	Refused       []string
	// Number is the account's, for what can be done about it.
	Number kanban.AccountID
	// AppWished says that the tab in Chatwoot was added, CanTry that webhooks may be registered.
	AppWished, CanTry bool
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
	v := HealthAccountView{
		Name: h.Account.Name, Address: h.Account.BaseURL,
		Connection: NewConnection(loc, h.Connection),
		Refused:    h.Refused,
		Rows: []HealthRow{
			modeRow(loc, h),
			feedRow(loc, h),
			webhookRow(loc, h),
			arrivalRow(loc, h),
			appRow(loc, h),
			timeRow(loc, "health.poll", h.Connection.Sync.PolledAt, 5*time.Minute),
			timeRow(loc, "health.sweep", h.Connection.Sync.SweptAt, 24*time.Hour),
			driftRow(loc, h),
			{Name: loc.T("health.conversations"), Text: loc.Number(h.Conversations), State: "good"},
			queueRow(loc, h),
			budgetRow(loc, h),
			{Name: loc.T("health.chatwoot_version"), Text: orUnknown(loc, h.Account.Version), State: stateOf(h.Account.Version != "")},
		},
		Number: h.Account.ID, AppWished: h.Connection.Link.App.URL != "", CanTry: h.Account.Signs() || h.Connection.Link.AllowUnsigned,
	}
	v.Rows = append(v.Rows, unsignedRow(loc, h)...)
	return v
}
