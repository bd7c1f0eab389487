package templates

import (
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// PanelView is one conversation on a board.
type PanelView struct {
	Loc  Locale
	Card CardView
	// Number is the conversation's, as people write it: "#42".
	Number string
	// Path is the panel's own address, Back the board's.
	Path, Back  string
	ChatwootURL string
	Steps       []PanelStepView
	Thread      ThreadView
	Fields      FieldsView
	Contact     ContactView
	Timeline    TimelineView
}

// PanelStepView is a stage to choose, and how long the card has been there altogether.
type PanelStepView struct {
	EmbedStepView
	Stayed string
}

// PanelOf is what a panel is drawn from: a card with its past.
type PanelOf struct {
	Board   kanban.Board
	Catalog *kanban.Catalog
	Viewer  kanban.Viewer
	Card    kanban.Card
	// Deal names the attributes that carry the deal.
	Deal kanban.DealKeys
	// Others are further conversations of the contact that the viewer may see, Boards those that the viewer may enter.
	Others []kanban.Other
	Boards []kanban.Board
	// ChatwootURL is where the account's conversations are read; empty if unknown.
	ChatwootURL string
	History
}

// NewPanel draws a conversation beside its board.
func NewPanel(loc Locale, p PanelOf) PanelView {
	now := time.Now()
	d := newDeck(loc, p.Board, p.Catalog, now)
	id := p.Card.Conversation.ID
	v := PanelView{
		Loc: loc, Card: d.card(p.Card), Number: "#" + itoa(id), Path: PanelPath(p.Board.ID, id), Back: BoardPath(p.Board.ID),
		Steps:    d.steps(p.Card, kanban.Stays(p.Transitions, now)),
		Thread:   NewThread(loc, p),
		Fields:   NewFields(loc, p),
		Contact:  NewContact(loc, p),
		Timeline: d.timeline(p),
	}
	if p.ChatwootURL != "" {
		v.ChatwootURL = p.ChatwootURL + "/conversations/" + itoa(id)
	}
	return v
}

// steps are the stages of the board, those before the card's marked as passed.
func (d *deck) steps(c kanban.Card, stays map[kanban.StageID]time.Duration) []PanelStepView {
	at := -1
	for i, s := range d.board.Stages {
		if s.ID == c.Stage {
			at = i
		}
	}
	var steps []PanelStepView
	for i, s := range d.board.Stages {
		step := PanelStepView{EmbedStepView: EmbedStepView{ID: itoa(s.ID), Name: s.Name, Kind: string(s.Kind), Current: i == at, Passed: i < at && s.Kind == kanban.StageOpen}}
		if stayed := stays[s.ID]; stayed > 0 {
			step.Stayed = d.loc.Age(stayed)
		}
		steps = append(steps, step)
	}
	return steps
}
