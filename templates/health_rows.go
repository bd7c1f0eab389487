package templates

import (
	"strings"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// This file is the rows of the health page, each a line about one thing.

func modeRow(loc Locale, h Health) HealthRow {
	states := map[kanban.ConnectionMode]string{kanban.ConnectionLive: "good", kanban.ConnectionImporting: "fair", kanban.ConnectionDelayed: "fair", kanban.ConnectionDown: "bad"}
	mode := modeOf(h.Connection)
	r := HealthRow{Name: loc.T("health.mode"), Text: loc.T("connection." + string(mode)), State: states[mode]}
	switch {
	case h.Connection.Trouble != "":
		r.Note = Reason(loc, h.Connection.Trouble)
	case mode == kanban.ConnectionDown || mode == kanban.ConnectionImporting:
		r.Note = loc.T("health.mode_" + string(mode))
	}
	return r
}

func feedRow(loc Locale, h Health) HealthRow {
	feed := h.Connection.Feed
	if feed == "" {
		feed = kanban.FeedPolling
	}
	return HealthRow{
		Name: loc.T("health.feed"), Text: loc.T("health.feed_" + string(feed)), Note: loc.T("feed." + string(feed)),
		State: stateOf(feed != kanban.FeedPolling),
	}
}

func webhookRow(loc Locale, h Health) HealthRow {
	r := HealthRow{Name: loc.T("health.webhook_registered"), Text: loc.T("health.webhook_there"), State: "good"}
	c := h.Connection
	switch {
	case c.Link.Refused != "":
		r.State, r.Note = "bad", Reason(loc, c.Link.Refused)
	case !h.Account.Signs() && !c.Link.AllowUnsigned:
		r.Text, r.State, r.Note = loc.T("health.webhook_none"), "bad", loc.T("connect.unsigned", "version", h.Account.Version)
	case !c.WebhookRegistered:
		r.Text, r.State, r.Note = loc.T("health.webhook_none"), "bad", loc.T("health.webhook_none_note")
	case c.Proving:
		r.State, r.Note = "fair", loc.T("connect.webhook_proving")
	case c.Feed != kanban.FeedWebhooks:
		r.State, r.Note = "fair", Finding(loc, h.Account)
	}
	if at := c.Link.WebhookRepairedAt; !at.IsZero() {
		r.Note = strings.TrimSpace(r.Note + " " + loc.T("health.repaired", "age", since(loc, at)))
	}
	return r
}

// unsignedRow warns of deliveries that anybody could invent; nil where Chatwoot signs them.
func unsignedRow(loc Locale, h Health) []HealthRow {
	if h.Account.Signs() || !h.Connection.Link.AllowUnsigned {
		return nil
	}
	return []HealthRow{{Name: loc.T("health.signature"), Text: loc.T("health.signature_none"), State: "bad", Note: loc.T("health.unsigned")}}
}

func arrivalRow(loc Locale, h Health) HealthRow {
	at := h.Connection.LastWebhook
	if at.IsZero() {
		return HealthRow{Name: loc.T("health.webhook"), Text: loc.T("health.never"), State: "fair"}
	}
	return HealthRow{Name: loc.T("health.webhook"), At: stamp(at), Text: since(loc, at), State: "good"}
}

func appRow(loc Locale, h Health) HealthRow {
	app := h.Connection.Link.App
	r := HealthRow{Name: loc.T("health.app"), Text: loc.T("health.app_there"), State: "good"}
	switch {
	case app.URL == "":
		r.Text = loc.T("health.app_none")
	case !app.RepairedAt.IsZero():
		r.Note = loc.T("health.repaired", "age", since(loc, app.RepairedAt))
	}
	return r
}

func timeRow(loc Locale, key string, at time.Time, fresh time.Duration) HealthRow {
	if at.IsZero() {
		return HealthRow{Name: loc.T(key), Text: loc.T("health.never"), State: "fair"}
	}
	r := HealthRow{Name: loc.T(key), At: stamp(at), Text: since(loc, at), State: "good"}
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
