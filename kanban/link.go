package kanban

import "time"

// Link is what Chatlane set up in Chatwoot for an account, and what it found out about it. Nothing in it is secret.
type Link struct {
	// RegisteredAt is when the webhook became what it is: only a delivery after that proves that it arrives.
	RegisteredAt time.Time
	// WebhookRepairedAt is when the webhook was last registered anew, because somebody had deleted or changed it.
	WebhookRepairedAt time.Time
	// AllowUnsigned says that an administrator knows that this Chatwoot signs nothing, and takes its deliveries all the same.
	AllowUnsigned bool
	App           AppLink
	Proof         Proof
	// Refused is a message key of what Chatwoot refused when the registrations were last looked after; empty when nothing.
	Refused string
	// DisconnectedAt is when the account was disconnected; what was kept of it waits for it to be connected again.
	DisconnectedAt time.Time
}

// AppLink is our dashboard app in Chatwoot: the tab beside a conversation's messages.
type AppLink struct {
	// URL is what an administrator wished to have there; empty without a wish.
	URL string
	// ID is Chatwoot's; 0 when it is not there.
	ID         int64
	RepairedAt time.Time
}

// Proof is the round trip that shows whether webhooks arrive: something is changed in Chatwoot, and Chatwoot is to tell.
type Proof struct {
	// StartedAt and EndedAt are when the last one was; it is under way between them.
	StartedAt, EndedAt time.Time
	// Finding is a message key of why nothing arrived; empty when something did.
	Finding string
	// Identifier marks the contact that was made for it, Contact is its number; both are blank when it is deleted again.
	Identifier string
	Contact    int64
}

// UnderWay reports whether the round trip has not ended yet.
func (p Proof) UnderWay() bool { return p.StartedAt.After(p.EndedAt) }

// Disconnected reports whether an account was disconnected and only its data is kept.
func (a Account) Disconnected() bool { return !a.Link.DisconnectedAt.IsZero() }

// Signs reports whether the account's Chatwoot signs its webhooks: from 4.12 on it does (CONTRACT 11.6).
func (a Account) Signs() bool { return a.Webhook.Secret != "" || atLeast(a.Version, 4, 12, 0) }

// HearsWebhooks reports whether deliveries are taken: signed ones, or unsigned ones knowingly.
func (a Account) HearsWebhooks() bool { return a.Webhook.Secret != "" || a.Link.AllowUnsigned }
