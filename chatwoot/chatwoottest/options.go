package chatwoottest

import (
	"net/http"
	"time"
)

// Options describe the Chatwoot wanted. The zero value is an empty business
// with its people, inboxes and labels, as fast as the machine, not throttled.
type Options struct {
	// Seed makes the sample data; the same seed makes the same business.
	Seed int64
	// Conversations is how many to invent; 0 leaves the business without any.
	Conversations int
	// Name of the business.
	Name string
	// Blank leaves out everything but one account and one administrator.
	Blank bool
	// Locale of the account, for the texts of errors and activity lines:
	// "pt_BR" (default) or "en".
	Locale string

	// PageSize of conversation lists; 25 unless set, as CONVERSATION_RESULTS_PER_PAGE.
	PageSize int
	// RateLimit is requests a minute and address, 0 for none. Above 0 it also
	// turns on the throttles of sign-in, conversations/meta and contact search
	// for loopback addresses, which Chatwoot exempts.
	RateLimit int
	// ThrottleSignIn allows loopback addresses as few sign-ins as Chatwoot does
	// others: five in five minutes (CONTRACT 3.1).
	ThrottleSignIn bool
	// SessionLimit is how many clients of one user may be signed in; 25 unless
	// set, as MAX_USER_SESSIONS.
	SessionLimit int
	// Latency is what answers cost.
	Latency Latency
	// Version to be: below 4.12 webhooks are unsigned, below 4.14.2 they lack
	// the account. Default "4.14.2".
	Version string

	// BlockPrivateWebhooks is the guard of 4.14: webhooks to private addresses
	// are silently not sent (CONTRACT 11.7).
	BlockPrivateWebhooks bool
	// NoCable is a proxy in front that does not pass the upgrade of /cable on,
	// until CloseCable says otherwise.
	NoCable bool
	// CablePing is how often a stream says that it lives; 3 s unless set.
	CablePing time.Duration
	// WebhookDelay lies between a change and its delivery; 0.2–0.4 s in life.
	WebhookDelay time.Duration
	// WebhookTimeout of one delivery; 5 s unless set.
	WebhookTimeout time.Duration
	// WebhookTransport sends the deliveries; a test may hand them to a handler
	// in the same process. Default: a new connection for each, as Chatwoot does.
	WebhookTransport http.RoundTripper
	// JobDelay lies between a change and what a job does after it: activity
	// messages, bulk actions, the rewriting of renamed labels.
	JobDelay time.Duration

	// SaveTime lies between a request's reading of a conversation and its
	// writing of the labels. Two that overlap both tell what they read as the
	// labels before, and the later one replaces the other's unseen, as recorded
	// (README 5, "race 2").
	SaveTime time.Duration

	// Clock tells the time; time.Now unless set. Stamps never repeat and never
	// go back, even if it does.
	Clock func() time.Time
}

func (o Options) withDefaults() Options {
	if o.PageSize <= 0 {
		o.PageSize = 25
	}
	if o.Version == "" {
		o.Version = "4.14.2"
	}
	if o.Name == "" {
		o.Name = "Casa Aurora Móveis"
	}
	if o.Locale == "" {
		o.Locale = "pt_BR"
	}
	if o.CablePing <= 0 {
		o.CablePing = 3 * time.Second
	}
	if o.SessionLimit <= 0 {
		o.SessionLimit = defaultSessionLimit
	}
	if o.WebhookTimeout <= 0 {
		o.WebhookTimeout = 5 * time.Second
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return o
}
