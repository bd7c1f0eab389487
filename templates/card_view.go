package templates

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/chatlane/chatlane/kanban"
)

// CardView is a card's face. Empty fields are not drawn.
type CardView struct {
	ID, MovePath, PanelPath string

	Stage string
	Sort  string
	Lane  string
	// Contact is the customer's number, by which the page finds cards of the same one; empty when there is none.
	Contact string
	// Mover is who caused the change that this card is drawn anew for; the page names them. Set it on frames of the stream.
	Mover string
	// Held says that the card can be reached by the tab key: one in each column is.
	Held bool

	Name, Initials string
	Hue            string
	Channel        ChannelView
	Message        MessageView
	Unread         string
	UnreadText     string
	Waiting        ClockView
	InStage        ClockView
	Window         WindowView
	Rot            string
	// Booked says that a next step is to come, so that the card does not rot meanwhile, whether that is shown or not.
	Booked   bool
	Assignee AvatarView
	Priority PriorityView
	Labels   LabelsView
	Value    string
	NextStep NextStepView
	Pending  *MarkView
	Refused  *MarkView
	Conflict *ConflictView
	Words    *CardWords
}

// ClockView is a time that the page keeps current.
type ClockView struct{ At, Text, Level string }

// ChannelView is how the customer writes: a kind that style sheets know, its icon and its name.
type ChannelView struct{ Kind, Icon, Name string }

// MessageView is the last line and who said it.
type MessageView struct{ Icon, Who, Text, Kind string }

// WindowView is the time left in which WhatsApp lets a business write freely.
type WindowView struct {
	Shown, Closed      bool
	Until, Text, Level string
}

// AvatarView is a person in two letters.
type AvatarView struct{ Name, Initials, Hue string }

// PriorityView is a conversation's priority.
type PriorityView struct{ Icon, Level, Text string }

// LabelsView are the labels that are no stage of the board.
type LabelsView struct {
	Dots  []string // classes
	More  string
	Names string
}

// NextStepView is what was agreed to do next.
type NextStepView struct{ On, Day, Title, Level string }

// NewCard draws a card's face in a language. A nil catalogue leaves labels and inboxes without names.
func NewCard(loc Locale, board kanban.Board, cat *kanban.Catalog, c kanban.Card) CardView {
	return newDeck(loc, board, cat, time.Now()).card(c)
}

// deck draws many cards of one board without looking everything up anew.
type deck struct {
	loc    Locale
	board  kanban.Board
	titles kanban.Titles
	stages map[kanban.LabelID]bool
	inbox  map[kanban.InboxID]string
	now    time.Time
	words  *CardWords
	months []string

	channels map[channelOf]ChannelView
}

func newDeck(loc Locale, board kanban.Board, cat *kanban.Catalog, now time.Time) *deck {
	d := &deck{
		loc: loc, board: board, now: now, words: cardWordsOf(loc),
		channels: map[channelOf]ChannelView{}, months: strings.Fields(loc.T("date.months")), stages: map[kanban.LabelID]bool{}, inbox: map[kanban.InboxID]string{},
	}
	for _, s := range board.Stages {
		d.stages[s.Label] = true
	}
	if cat != nil {
		d.titles = kanban.TitlesOf(cat.Labels)
		for _, i := range cat.Inboxes {
			d.inbox[i.ID] = i.Name
		}
	}
	return d
}

// marked reports whether something needs somebody.
func (v CardView) marked() bool {
	return v.Refused != nil || v.Conflict != nil || v.Pending != nil && v.Pending.Waiting
}

func (d *deck) card(c kanban.Card) CardView {
	v := CardView{
		ID:       CardID(c.Conversation.ID),
		MovePath: MovePath(d.board.ID, c.Conversation.ID), PanelPath: PanelPath(d.board.ID, c.Conversation.ID),
		Stage:   strconv.FormatInt(int64(c.Stage), 10),
		Sort:    strconv.FormatInt(c.SortKey, 10),
		Lane:    laneNumber(c.Lane),
		Contact: contactNumber(c.Conversation.Contact),
		Name:    contactName(d.loc, c.Conversation),
		Words:   d.words,
	}
	v.Initials, v.Hue = initials(v.Name), hue(v.Name)
	if n := c.Conversation.UnreadCount; n > 0 {
		v.Unread, v.UnreadText = atMost(n, 99), d.loc.N("card.unread", n)
	}
	d.fill(&v, c)
	d.marks(&v, c)
	return v
}

// fill draws the parts that the board's cards have. Where cards are compact there is no line for a message.
func (d *deck) fill(v *CardView, c kanban.Card) {
	if d.board.Shows(kanban.FieldMessage) && !d.board.Compact {
		v.Message = d.message(c.Conversation)
	}
	if d.board.Shows(kanban.FieldChannel) {
		v.Channel = d.channel(c.Conversation)
	}
	if d.board.Shows(kanban.FieldAssignee) {
		v.Assignee = assignee(c.Conversation)
	}
	if d.board.Shows(kanban.FieldPriority) {
		v.Priority = d.priority(c.Conversation.Priority)
	}
	if d.board.Shows(kanban.FieldLabels) {
		v.Labels = d.labels(c.Conversation.Labels)
	}
	if c.Deal.HasValue && d.board.Shows(kanban.FieldValue) {
		v.Value = d.loc.Money(c.Deal.Value, d.board.Currency)
	}
	d.clocks(v, c)
}

func contactName(loc Locale, c kanban.Conversation) string {
	for _, name := range []string{c.Contact.Name, c.Contact.Phone, c.Contact.Email} {
		if name = oneLine(name, nameLimit); strings.ContainsFunc(name, visible) {
			return name
		}
	}
	return loc.T("card.unnamed", "number", c.ID)
}

// visible reports whether a character leaves a mark: a name of others only looks like none.
func visible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

const (
	nameLimit    = 60
	messageLimit = 100
)

func assignee(c kanban.Conversation) AvatarView {
	name := oneLine(c.AssigneeName, nameLimit)
	if name == "" {
		return AvatarView{}
	}
	return AvatarView{Name: name, Initials: initials(name), Hue: hue(name)}
}

func (d *deck) priority(p kanban.Priority) PriorityView {
	icon, ok := priorityIcons[p]
	if !ok {
		return PriorityView{}
	}
	return PriorityView{Icon: icon, Level: string(p), Text: d.loc.T("priority." + string(p))}
}

var priorityIcons = map[kanban.Priority]string{
	kanban.PriorityLow: "#i-priority-low", kanban.PriorityMedium: "#i-priority-medium", kanban.PriorityHigh: "#i-priority-high", kanban.PriorityUrgent: "#i-priority-urgent",
}

const (
	dotLimit       = 4
	labelNameLimit = 12
)

func (d *deck) labels(titles []string) LabelsView {
	var v LabelsView
	var names []string
	for _, title := range titles {
		id, known := d.titles.Label(title)
		if known && d.stages[id] {
			continue
		}
		if len(names) < dotLimit {
			class := "label-none"
			if known {
				class = labelClass(id)
			}
			v.Dots = append(v.Dots, class)
		}
		names = append(names, oneLine(title, nameLimit))
	}
	if len(names) == 0 {
		return v
	}
	if n := len(names) - dotLimit; n > 0 {
		v.More = "+" + strconv.Itoa(n)
	}
	rest := ""
	if n := len(names) - labelNameLimit; n > 0 {
		names, rest = names[:labelNameLimit], " +"+strconv.Itoa(n)
	}
	v.Names = d.loc.T("card.labels", "names", strings.Join(names, ", ")+rest)
	return v
}

// atMost writes a count in a badge: "99+" beyond the limit.
func atMost(n, limit int) string {
	if n > limit {
		return strconv.Itoa(limit) + "+"
	}
	return strconv.Itoa(n)
}

func contactNumber(c kanban.Contact) string {
	if c.ID == 0 {
		return ""
	}
	return strconv.FormatInt(int64(c.ID), 10)
}
