package templates

import (
	"fmt"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// The ticks of setting up, which are also the last parts of their addresses.
const (
	TickChatwoot = "chatwoot"
	TickWebhook  = "webhook"
)

// TickView is how far one thing is that has to work.
type TickView struct {
	Tick, Path string
	// State is now (under way), good, fair or bad.
	State string
	Text  string
	// Note says what that means, or what to do.
	Note string
	// Seen marks what the tick says; the page sends it back and is told only of something else.
	Seen string
}

// NewTick puts a tick into words; ok is false when there is none of that name.
func NewTick(loc Locale, tick string, a kanban.Account, c kanban.Connection) (v TickView, ok bool) {
	switch tick {
	case TickChatwoot:
		v = chatwootTick(loc, a, c)
	case TickWebhook:
		v = webhookTick(loc, a, c)
	default:
		return TickView{}, false
	}
	v.Tick, v.Path = tick, TickPath(a.ID, tick)
	v.Seen = fmt.Sprintf("%s-%d", v.State, len(v.Text)*1000+len(v.Note))
	return v, true
}

func chatwootTick(loc Locale, a kanban.Account, c kanban.Connection) TickView {
	v := TickView{State: "good", Text: a.BaseURL, Note: loc.T("connect.connected_as", "account", a.Name, "person", a.TokenOwner.Name)}
	switch {
	case c.Trouble != "":
		v.State, v.Text = "bad", Reason(loc, c.Trouble)
	case !c.Import.Finished() && c.Import.Total > 0:
		v.Note = loc.T("import.progress", "done", loc.Number(c.Import.Done), "total", loc.Number(c.Import.Total))
	}
	return v
}

func webhookTick(loc Locale, a kanban.Account, c kanban.Connection) TickView {
	feed := ""
	if c.Feed != "" {
		feed = loc.T("feed." + string(c.Feed))
	}
	switch {
	case c.Feed == kanban.FeedWebhooks:
		v := TickView{State: "good", Text: a.Webhook.PublicURL(), Note: feed}
		if !a.Signs() {
			v.State, v.Note = "fair", loc.T("health.unsigned")
		}
		return v
	case c.Proving:
		return TickView{State: "now", Text: loc.T("connect.webhook_proving"), Note: a.Webhook.PublicURL()}
	case !a.Signs() && !a.Link.AllowUnsigned:
		return TickView{State: "fair", Text: loc.T("connect.unsigned", "version", a.Version), Note: feed}
	case !c.WebhookRegistered && c.Link.Refused != "":
		return TickView{State: "bad", Text: Reason(loc, c.Link.Refused), Note: feed}
	case !c.WebhookRegistered:
		return TickView{State: "bad", Text: loc.T("connect.webhook_none"), Note: feed}
	}
	return TickView{State: "fair", Text: Finding(loc, a), Note: feed}
}

// Finding says why no webhook arrives, as far as that was found out.
func Finding(loc Locale, a kanban.Account) string {
	key := a.Link.Proof.Finding
	if key == "" || !loc.Has(key) {
		return loc.T("connect.webhook_unproven")
	}
	if key == "proof.not_tried" {
		return loc.T(key)
	}
	return loc.T(key, "address", a.Webhook.PublicURL(), "version", a.Version)
}

// since is how long ago something was, in words.
func since(loc Locale, at time.Time) string { return loc.Age(time.Since(at)) }
