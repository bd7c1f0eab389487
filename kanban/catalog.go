package kanban

import "strings"

// Label is a Chatwoot account label.
type Label struct {
	ID    LabelID
	Title string
	// Color is Chatwoot's, "#rrggbb" normally; it is foreign text.
	Color       string
	Description string
	// Former are titles the label had before; conversations may carry them until Chatwoot's own renaming job is through.
	Former []string
	// Gone says that Chatwoot no longer has the label. It is kept because stages and history refer to it.
	Gone bool
}

// Inbox is a Chatwoot inbox.
type Inbox struct {
	ID   InboxID
	Name string
	// Channel is Chatwoot's channel type, such as "Channel::Whatsapp".
	Channel string
	Gone    bool
}

// Agent is a user of the account, administrators included.
type Agent struct {
	ID        AgentID
	Name      string
	AvatarURL string
	Role      Role
	Gone      bool
}

// Team is a Chatwoot team.
type Team struct {
	ID   TeamID
	Name string
	Gone bool
}

// AttributeDefinition describes a custom attribute of conversations or of contacts.
type AttributeDefinition struct {
	Key, Name string
	// Type is Chatwoot's: text, number, currency, percent, link, date, list, checkbox.
	Type   string
	Values []string
	// Pattern is what a text has to match, in Ruby's words; Cue says so to people. Both are foreign and may be empty.
	Pattern, Cue string
}

// Catalog is what an account consists of besides conversations. A Catalog is never changed once it is published.
type Catalog struct {
	Labels  []Label
	Inboxes []Inbox
	Agents  []Agent
	Teams   []Team
	// Attributes are those of conversations.
	Attributes        []AttributeDefinition
	ContactAttributes []AttributeDefinition
}

// Titles finds labels by the titles that conversations carry.
type Titles struct {
	current map[string]LabelID
	former  map[string]LabelID
}

// TitlesOf indexes labels by title. Case does not matter: Chatwoot lower-cases a label's title, but stores what a caller sends on
// a conversation (CONTRACT 6.2).
func TitlesOf(labels []Label) Titles {
	t := Titles{current: map[string]LabelID{}, former: map[string]LabelID{}}
	for _, l := range labels {
		for _, title := range l.Former {
			t.former[strings.ToLower(title)] = l.ID
		}
		if !l.Gone {
			t.current[strings.ToLower(l.Title)] = l.ID
		}
	}
	return t
}

// Label is the label that a title on a conversation means. A present title wins over a former one. A label that is gone has no title.
func (t Titles) Label(title string) (LabelID, bool) {
	key := strings.ToLower(title)
	if id, ok := t.current[key]; ok {
		return id, true
	}
	id, ok := t.former[key]
	return id, ok
}

// CatalogChange is what SaveCatalog found different from what was known.
type CatalogChange struct {
	Changed bool
	Added   []Label
	Renamed []Label
	Gone    []Label
	// AgentsGone and TeamsGone left the account: their conversations lost them silently (CONTRACT 14).
	AgentsGone []AgentID
	TeamsGone  []TeamID
	// Boards are those whose stages changed in any way; what they show is to be fetched anew.
	Boards []BoardID
}
