package chatwoottest

import (
	"strconv"
	"strings"
	"time"
)

// The shapes below carry the names of CONTRACT 4: K contact, A agent, T team,
// I inbox, M message, C conversation.

// contactView is K1; Push and hook variants follow.
type contactView struct {
	AdditionalAttributes map[string]any     `json:"additional_attributes"`
	AvailabilityStatus   string             `json:"availability_status"`
	Email                *string            `json:"email"`
	ID                   int64              `json:"id"`
	Name                 string             `json:"name"`
	PhoneNumber          *string            `json:"phone_number"`
	Blocked              bool               `json:"blocked"`
	Identifier           *string            `json:"identifier"`
	Thumbnail            string             `json:"thumbnail"`
	CustomAttributes     map[string]any     `json:"custom_attributes"`
	LastActivityAt       int64              `json:"last_activity_at,omitempty"`
	CreatedAt            int64              `json:"created_at"`
	ContactInboxes       []contactInboxView `json:"contact_inboxes,omitzero"`
}

type contactInboxView struct {
	SourceID string    `json:"source_id"`
	Inbox    slimInbox `json:"inbox"`
}

// slimInbox is I2.
type slimInbox struct {
	ID          int64   `json:"id"`
	AvatarURL   string  `json:"avatar_url"`
	ChannelID   int64   `json:"channel_id"`
	Name        string  `json:"name"`
	ChannelType string  `json:"channel_type"`
	Provider    *string `json:"provider"`
}

func viewContact(c *contact) contactView {
	return contactView{
		AdditionalAttributes: c.additional, AvailabilityStatus: "offline", Email: c.email, ID: c.id, Name: c.name,
		PhoneNumber: c.phone, Blocked: c.blocked, Identifier: c.identifier, CustomAttributes: c.custom,
		LastActivityAt: unix(c.lastActivityAt), CreatedAt: unix(c.createdAt),
	}
}

// viewContactWithInboxes is K1 as contact endpoints show it.
func viewContactWithInboxes(c *contact) contactView {
	v := viewContact(c)
	v.ContactInboxes = []contactInboxView{}
	for _, ci := range c.inboxes {
		v.ContactInboxes = append(v.ContactInboxes, contactInboxView{ci.sourceID, viewSlimInbox(ci.inbox)})
	}
	return v
}

func viewSlimInbox(i *inbox) slimInbox {
	return slimInbox{ID: i.id, ChannelID: i.channelID, Name: i.name, ChannelType: i.channelType, Provider: i.provider}
}

// contactPush is K2.
type contactPush struct {
	AdditionalAttributes map[string]any `json:"additional_attributes"`
	CustomAttributes     map[string]any `json:"custom_attributes"`
	Email                *string        `json:"email"`
	ID                   int64          `json:"id"`
	Identifier           *string        `json:"identifier"`
	Name                 string         `json:"name"`
	PhoneNumber          *string        `json:"phone_number"`
	Thumbnail            string         `json:"thumbnail"`
	Blocked              bool           `json:"blocked"`
	Type                 string         `json:"type"`
}

func pushContact(c *contact) contactPush {
	return contactPush{
		AdditionalAttributes: c.additional, CustomAttributes: c.custom, Email: c.email, ID: c.id, Identifier: c.identifier,
		Name: c.name, PhoneNumber: c.phone, Blocked: c.blocked, Type: "contact",
	}
}

// nameView is how hooks name an account or an inbox.
type nameView struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// contactHook is K3.
type contactHook struct {
	Account              nameView       `json:"account"`
	AdditionalAttributes map[string]any `json:"additional_attributes"`
	Avatar               string         `json:"avatar"`
	CustomAttributes     map[string]any `json:"custom_attributes"`
	Email                *string        `json:"email"`
	ID                   int64          `json:"id"`
	Identifier           *string        `json:"identifier"`
	Name                 string         `json:"name"`
	PhoneNumber          *string        `json:"phone_number"`
	Thumbnail            string         `json:"thumbnail"`
	Blocked              bool           `json:"blocked"`
}

func hookContact(a *account, c *contact) contactHook {
	return contactHook{
		Account: nameView{a.id, a.name}, AdditionalAttributes: c.additional, CustomAttributes: c.custom, Email: c.email, ID: c.id,
		Identifier: c.identifier, Name: c.name, PhoneNumber: c.phone, Blocked: c.blocked,
	}
}

// agentView is A1.
type agentView struct {
	ID                 int64  `json:"id"`
	AccountID          int64  `json:"account_id"`
	AvailabilityStatus string `json:"availability_status"`
	AutoOffline        bool   `json:"auto_offline"`
	Confirmed          bool   `json:"confirmed"`
	Email              string `json:"email"`
	Provider           string `json:"provider"`
	AvailableName      string `json:"available_name"`
	Name               string `json:"name"`
	Role               string `json:"role"`
	Thumbnail          string `json:"thumbnail"`
	CustomRoleID       *int64 `json:"custom_role_id"`
}

func viewAgent(a *account, u *user) agentView {
	return agentView{
		ID: u.id, AccountID: a.id, AvailabilityStatus: availability(u), AutoOffline: true, Confirmed: u.confirmed, Email: u.email,
		Provider: "email", AvailableName: u.name, Name: u.name, Role: a.roles[u.id],
		CustomRoleID: a.customRoles[u.id].number(),
	}
}

func availability(u *user) string {
	if u.online {
		return "online"
	}
	return "offline"
}

// botView is A1b.
type botView struct {
	ID          int64   `json:"id"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
	Thumbnail   string  `json:"thumbnail"`
	OutgoingURL string  `json:"outgoing_url"`
	BotType     string  `json:"bot_type"`
}

func viewBot(b *bot) botView { return botView{ID: b.id, Name: b.name, BotType: "webhook"} }

// userPush is A2.
type userPush struct {
	ID                 int64   `json:"id"`
	Name               string  `json:"name"`
	AvailableName      string  `json:"available_name"`
	AvatarURL          string  `json:"avatar_url"`
	Type               string  `json:"type"`
	AvailabilityStatus *string `json:"availability_status"`
	Thumbnail          string  `json:"thumbnail"`
}

type botPush struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	AvatarURL string `json:"avatar_url"`
	Type      string `json:"type"`
}

// userHook is A3.
type userHook struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Type  string `json:"type"`
}

type botHook struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
}

// teamView is T1.
type teamView struct {
	ID              int64  `json:"id"`
	Name            string `json:"name"`
	Description     string `json:"description"`
	AllowAutoAssign bool   `json:"allow_auto_assign"`
	AccountID       int64  `json:"account_id"`
	IsMember        bool   `json:"is_member"`
}

func viewTeam(a *account, t *team, viewer int64) teamView {
	return teamView{t.id, t.name, t.description, t.autoAssign, a.id, t.has(viewer)}
}

// pushSender is who wrote a message: K2, A2 or a bot; nil for nobody. Workers
// do not know who is online, so hooks carry a null there.
func (s *Server) pushSender(a *account, who actor, byWorker bool) any {
	switch who.kind {
	case "contact":
		if c := a.contacts[who.id]; c != nil {
			return pushContact(c)
		}
	case "user":
		if u := s.users[who.id]; u != nil {
			return pushUser(u, byWorker)
		}
	case "bot":
		return botPush{ID: who.id, Name: who.name, Type: "agent_bot"}
	}
	return nil
}

func pushUser(u *user, byWorker bool) userPush {
	p := userPush{ID: u.id, Name: u.name, AvailableName: u.name, Type: "user"}
	if !byWorker {
		status := availability(u)
		p.AvailabilityStatus = &status
	}
	return p
}

// hookSender is who wrote a message, as M3 says it: K3, A3, a bot or null.
func (s *Server) hookSender(a *account, who actor) any {
	switch who.kind {
	case "contact":
		if c := a.contacts[who.id]; c != nil {
			return hookContact(a, c)
		}
	case "user":
		if u := s.users[who.id]; u != nil {
			return userHook{u.id, u.name, u.email, "user"}
		}
	case "bot":
		return botHook{who.id, who.name, "agent_bot"}
	}
	return nil
}

// unix is seconds, 0 for never.
func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// preciseTime is seconds as a float, as updated_at is written; whole seconds
// keep their ".0".
type preciseTime float64

func precise(t time.Time) preciseTime { return preciseTime(float64(t.UnixMicro()) / 1e6) }

// MarshalJSON writes it without an exponent.
func (p preciseTime) MarshalJSON() ([]byte, error) {
	text := strconv.FormatFloat(float64(p), 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return []byte(text), nil
}
