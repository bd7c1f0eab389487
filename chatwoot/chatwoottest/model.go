package chatwoottest

import (
	"slices"
	"time"
)

// account is one tenant: its own conversations numbered from 1, labels,
// inboxes and teams. Users may belong to several.
type account struct {
	id        int64
	name      string
	locale    string
	createdAt time.Time
	suspended bool
	roles     map[int64]string // user id → administrator | agent
	// customRoles are of agents who have one; of nobody in the free edition.
	customRoles map[int64]*customRole

	labels     []*label
	inboxes    []*inbox
	teams      []*team
	contacts   map[int64]*contact
	contactIDs []int64 // ascending
	attributes []*attributeDefinition
	canned     []*cannedResponse
	webhooks   []*webhook
	apps       []*dashboardApp
	bots       []*bot
	filters    []*savedFilter

	conversations catalogue
	lastDisplayID int64
	byContact     map[int64][]*conversation
	cacheKeys     map[string]time.Time // label, inbox, team → last change
}

type user struct {
	id       int64
	name     string
	email    string
	password string
	token    string
	pubsub   string
	otp      string // six digits; empty: no second factor
	// backupCodes do once each what otp does.
	backupCodes []string
	saml        bool // signs in at a provider, never with a password
	confirmed   bool
	online      bool
	sessions    []session // the oldest first
}

type bot struct {
	id    int64
	name  string
	token string
}

type label struct {
	id            int64
	title         string
	description   *string
	color         string
	showOnSidebar *bool
}

type inbox struct {
	id          int64
	channelID   int64
	name        string
	channelType string
	provider    *string
	phoneNumber *string
	email       *string
	websiteURL  *string
	webhookURL  string
	secrets     map[string]string // hmac_token, secret, website_token, … shown to administrators only
	members     map[int64]bool
	lock        bool // lock_to_single_conversation
	botID       int64
	createdAt   time.Time
}

type team struct {
	id          int64
	name        string
	description string
	autoAssign  bool
	members     []int64 // in the order of joining
	createdAt   time.Time
}

type contact struct {
	id             int64
	name           string
	email          *string
	phone          *string
	identifier     *string
	blocked        bool
	additional     map[string]any // replaced, never changed in place
	custom         map[string]any // replaced, never changed in place
	labels         []string
	inboxes        []*contactInbox
	lastActivityAt time.Time
	createdAt      time.Time
	updatedAt      time.Time
}

type contactInbox struct {
	id        int64
	contactID int64
	inbox     *inbox
	sourceID  string
	pubsub    string
	createdAt time.Time
}

// conversation holds what Chatwoot keeps in its row. Slices and maps are
// replaced and never changed in place, so that a copy taken under the lock
// stays true after it.
type conversation struct {
	id           int64 // display id
	uuid         string
	contact      *contact
	contactInbox *contactInbox
	inbox        *inbox

	status       string
	assigneeID   int64
	botID        int64
	teamID       int64
	priority     string // "" = none
	labels       []string
	labelsCached bool // cached_label_list is not null
	custom       map[string]any
	additional   map[string]any
	snoozedUntil time.Time

	createdAt         time.Time
	updatedAt         time.Time
	lastActivityAt    time.Time
	waitingSince      time.Time
	firstReplyAt      time.Time
	agentLastSeenAt   time.Time
	assigneeLastSeen  time.Time
	contactLastSeenAt time.Time

	messages []*message
	script   []string // what traffic will let them say next
	history  []LabelWrite
	deleted  bool
}

// Kinds of messages, as REST numbers them (CONTRACT 4).
const (
	incoming = iota
	outgoing
	activity
	templated
)

// message is immutable but for its deletion, which replaces it.
type message struct {
	id          int64
	content     string
	kind        int
	private     bool
	contentType string
	attributes  map[string]any
	status      string
	sourceID    *string
	echoID      *string // what its sender called it; told on streams only
	sender      actor
	createdAt   time.Time
	updatedAt   time.Time
	attachments []attachment
}

type attachment struct {
	id       int64
	name     string
	mime     string
	size     int64
	fileType string
	content  []byte
}

type attributeDefinition struct {
	id          int64
	name        string
	kind        string // text, number, currency, percent, link, date, list, checkbox
	description *string
	key         string
	values      []string
	model       string // conversation_attribute | contact_attribute
	createdAt   time.Time
}

type cannedResponse struct {
	id        int64
	code      string
	content   string
	createdAt time.Time
}

type webhook struct {
	id            int64
	name          *string
	url           string
	inboxID       int64
	subscriptions []string
	secret        string
}

type dashboardApp struct {
	id        int64
	title     string
	frames    []string // addresses
	createdAt time.Time
}

type savedFilter struct {
	id         int64
	userID     int64
	name       string
	filterType string
	query      any
	createdAt  time.Time
}

// actor is who did something: a user, a bot, a contact, or nobody (automation).
type actor struct {
	kind string // user, bot, contact or "" for automation
	id   int64
	name string
}

// Times that are zero mean "never"; Chatwoot writes them as 0 or null.

func (a *account) user(id int64) bool { return a.roles[id] != "" }

func (a *account) label(id int64) *label {
	return find(a.labels, func(l *label) bool { return l.id == id })
}

func (a *account) labelTitled(title string) *label {
	return find(a.labels, func(l *label) bool { return l.title == title })
}

func (a *account) inbox(id int64) *inbox {
	return find(a.inboxes, func(i *inbox) bool { return i.id == id })
}

func (a *account) team(id int64) *team {
	return find(a.teams, func(t *team) bool { return t.id == id })
}

func (a *account) bot(id int64) *bot { return find(a.bots, func(b *bot) bool { return b.id == id }) }

func (t *team) has(userID int64) bool {
	return slices.Contains(t.members, userID)
}

// find returns the first match or the zero value (nil for pointers).
func find[T any](all []T, match func(T) bool) T {
	for _, one := range all {
		if match(one) {
			return one
		}
	}
	var none T
	return none
}

// without returns a new slice lacking the matches; the old one stays as it was.
func without[T any](all []T, match func(T) bool) []T {
	kept := make([]T, 0, len(all))
	for _, one := range all {
		if !match(one) {
			kept = append(kept, one)
		}
	}
	return kept
}
