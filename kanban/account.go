package kanban

import (
	"strings"
	"time"
)

// Account is one Chatwoot account on one Chatwoot server, as Chatlane is connected to it.
// Secrets are plain here and encrypted by the store.
type Account struct {
	ID AccountID
	// BaseURL is the server's address without a trailing slash.
	BaseURL string
	// ChatwootID is the account's number on that server.
	ChatwootID int64
	Name       string
	Locale     string
	// Version is what GET /api said last, such as "4.14.2"; empty when unknown.
	Version string
	// Token is the synchronisation token, an administrator's. It never reaches a browser and never acts for a person.
	Token string
	// TokenOwner is the person the synchronisation token belongs to.
	TokenOwner Actor
	// AllowPrivateNetwork says that the operator vouched for this address (CHATWOOT_URL or CHATLANE_ALLOW_PRIVATE_NETWORK).
	AllowPrivateNetwork bool
	Webhook             AccountWebhook
	Link                Link
	Deal                DealKeys
	Import              ImportState
	Sync                SyncState
	CreatedAt           time.Time
}

// AccountWebhook is the webhook that Chatlane registered in Chatwoot for an account.
type AccountWebhook struct {
	// ID is Chatwoot's; 0 when none is registered.
	ID int64
	// URL is the address registered, key included.
	URL string
	// Key is the unguessable part of the path.
	Key string
	// Secret signs deliveries; empty on Chatwoot below 4.12, which signs nothing.
	Secret string
	// LastAt is when the last authentic delivery arrived; zero when none ever did.
	LastAt time.Time
}

// PublicURL is where Chatwoot sends its deliveries, without what is secret about it; empty when no webhook is registered.
func (w AccountWebhook) PublicURL() string {
	base, _, _ := strings.Cut(w.URL, "/webhooks/")
	return base
}

// DealKeys names the conversation custom attributes that carry the deal; an empty key means that the account has none.
type DealKeys struct {
	Value, ExpectedClose, NextStep, NextStepOn, LostReason string
}

// ImportState is how far the first read of an account has come. The importer resumes from it after a crash.
type ImportState struct {
	// Page is the last page that is wholly in the cache; 0 before the first.
	Page int
	// Done counts conversations read, Total what Chatwoot said there are.
	Done, Total int
	// Shrunk says that conversations were deleted meanwhile: pages shifted, and some conversations were not met.
	Shrunk     bool
	StartedAt  time.Time
	FinishedAt time.Time
}

// Finished reports whether the first read is complete.
func (s ImportState) Finished() bool { return !s.FinishedAt.IsZero() }

// SyncState is what the reconciler remembers between its rounds.
type SyncState struct {
	// PolledAt is up to when changes are known to be in the cache by polling (Chatwoot's clock as far as we know it).
	PolledAt time.Time
	// SweptAt is when the last full sweep ended.
	SweptAt time.Time
	// SweepPage is the last page done of a sweep under way; 0 when none is.
	SweepPage int
	// SweepStartedAt is when the sweep under way began.
	SweepStartedAt time.Time
	// CacheKeys are the last seen label, inbox and team keys (CONTRACT 7.6).
	LabelKey, InboxKey, TeamKey string
	// Drift counts the conversations that reconciliation found different from the cache since the account was connected.
	Drift int64
	// DriftAt is when drift was last found.
	DriftAt time.Time
}

// Actor is who did something, as far as that is known.
type Actor struct {
	// ID is the Chatwoot user; 0 when it is not known or not a person.
	ID   AgentID
	Name string
}
