package templates

import (
	"strings"

	"github.com/chatlane/chatlane/kanban"
)

// BulkView is what can be done with chosen cards.
type BulkView struct {
	Loc     Locale
	Path    string
	Headers string
	Menus   []BulkMenu
	// Reasons are why deals are lost; ReasonRequired that one has to be said.
	Reasons        []string
	ReasonRequired bool
}

// BulkMenu is one thing that can be done, and the ways to choose from. The one without groups asks for the next step.
type BulkMenu struct {
	ID, Name, Key string
	Groups        []BulkGroup
	// Long says that it is worth narrowing down.
	Long bool
}

// BulkGroup is choices under a heading.
type BulkGroup struct {
	Name    string
	Choices []BulkChoice
}

// BulkChoice is a deed: a field, a colon, and what it is to be.
type BulkChoice struct {
	Value, Text string
	// Dot is the stage whose colour it has, Class that of a label.
	Dot, Class string
	// Lost says that it asks for a reason first; Number is the stage's.
	Lost   bool
	Number string
}

// longMenu is how many choices a menu shows without a way to narrow them down.
const longMenu = 8

// BulkOf is what Bulk is drawn from.
type BulkOf struct {
	Board   kanban.Board
	Catalog *kanban.Catalog
	Viewer  kanban.Viewer
	Deal    kanban.DealKeys
	Query   string
}

// NewBulk draws what can be done with chosen cards.
func NewBulk(loc Locale, of BulkOf) BulkView {
	v := BulkView{Loc: loc, Path: BatchesPath(of.Board.ID), Reasons: of.Board.LostReasons, ReasonRequired: of.Board.ReasonRequired}
	if of.Query != "" {
		v.Headers = `{"` + FilterHeader + `":"` + of.Query + `"}`
	}
	v.add("stage", "menu.move_to", "M", BulkGroup{Choices: bulkStages(loc, of.Board)})
	v.add("assignee", "field.assignee", "A", BulkGroup{Choices: bulkAgents(loc, of)})
	v.add("team", "field.team", "", BulkGroup{Choices: bulkTeams(loc, of.Catalog)})
	v.add("priority", "field.priority", "P", BulkGroup{Choices: bulkPriorities(loc)})
	v.add("status", "field.status", "S", bulkStatuses(loc)...)
	labels := func(name, field string) BulkGroup {
		return BulkGroup{Name: loc.T(name), Choices: bulkLabels(of, field)}
	}
	v.add("label", "field.labels", "L", labels("batch.add_label", "add_label"), labels("batch.remove_label", "remove_label"))
	if of.Deal.NextStep != "" {
		v.Menus = append(v.Menus, BulkMenu{ID: "bulk-step", Name: loc.T("deal.next_step"), Key: "D"})
	}
	return v
}

// add adds a menu, if there is anything to choose.
func (v *BulkView) add(name, title, key string, groups ...BulkGroup) {
	n := 0
	for _, g := range groups {
		n += len(g.Choices)
	}
	if n > 0 {
		v.Menus = append(v.Menus, BulkMenu{ID: "bulk-" + name, Name: v.Loc.T(title), Key: key, Groups: groups, Long: n > longMenu})
	}
}

// lost are the stages that ask why.
func (v BulkView) lost() []BulkChoice {
	var lost []BulkChoice
	for _, m := range v.Menus {
		for _, g := range m.Groups {
			for _, c := range g.Choices {
				if c.Lost {
					lost = append(lost, c)
				}
			}
		}
	}
	return lost
}

func bulkLostID(value string) string { return "bulk-lost-" + value[strings.IndexByte(value, ':')+1:] }

func bulkStages(loc Locale, b kanban.Board) []BulkChoice {
	var all []BulkChoice
	if !b.HideNoStage {
		all = append(all, BulkChoice{Value: "stage:0", Text: loc.T("stage.none"), Dot: "0"})
	}
	for _, s := range b.Stages {
		if s.Leaving == nil {
			name := s.Name
			if name == "" {
				name = s.Title
			}
			all = append(all, BulkChoice{
				Value: "stage:" + itoa(s.ID), Text: name, Dot: itoa(s.ID), Number: itoa(s.ID), Lost: s.Kind == kanban.StageLost && len(b.LostReasons) > 0,
			})
		}
	}
	return all
}

func bulkAgents(loc Locale, of BulkOf) []BulkChoice {
	var all []BulkChoice
	for _, a := range of.Catalog.Agents {
		choice := BulkChoice{Value: "assignee:" + itoa(a.ID), Text: oneLine(a.Name, nameLimit)}
		switch {
		case a.Gone:
		case a.ID == of.Viewer.ID:
			choice.Text = loc.T("batch.me", "name", choice.Text)
			all = append([]BulkChoice{choice}, all...)
		default:
			all = append(all, choice)
		}
	}
	return append(all, BulkChoice{Value: "assignee:0", Text: loc.T("field.nobody")})
}

func bulkTeams(loc Locale, cat *kanban.Catalog) []BulkChoice {
	var all []BulkChoice
	for _, t := range cat.Teams {
		if !t.Gone {
			all = append(all, BulkChoice{Value: "team:" + itoa(t.ID), Text: oneLine(t.Name, nameLimit)})
		}
	}
	if len(all) > 0 {
		all = append(all, BulkChoice{Value: "team:0", Text: loc.T("field.no_team")})
	}
	return all
}

func bulkPriorities(loc Locale) []BulkChoice {
	var all []BulkChoice
	for _, p := range []kanban.Priority{kanban.PriorityUrgent, kanban.PriorityHigh, kanban.PriorityMedium, kanban.PriorityLow} {
		all = append(all, BulkChoice{Value: "priority:" + string(p), Text: loc.T("priority." + string(p))})
	}
	return append(all, BulkChoice{Value: "priority:", Text: loc.T("field.no_priority")})
}

func bulkStatuses(loc Locale) []BulkGroup {
	var plain, snooze []BulkChoice
	for _, s := range []kanban.Status{kanban.StatusResolved, kanban.StatusOpen, kanban.StatusPending} {
		plain = append(plain, BulkChoice{Value: "status:" + string(s), Text: loc.T("status." + string(s))})
	}
	for _, when := range []string{"reply", "hour", "tomorrow", "week"} {
		snooze = append(snooze, BulkChoice{Value: "status:snoozed:" + when, Text: snoozeText(loc, when)})
	}
	return []BulkGroup{{Choices: plain}, {Name: loc.T("field.snooze"), Choices: snooze}}
}

// bulkLabels are the labels that are no stages of the board.
func bulkLabels(of BulkOf, field string) []BulkChoice {
	var all []BulkChoice
	for _, l := range of.Catalog.Labels {
		if !l.Gone && len(of.Board.StagesIn([]string{l.Title})) == 0 {
			all = append(all, BulkChoice{Value: field + ":" + l.Title, Text: oneLine(l.Title, nameLimit), Class: labelClass(l.ID)})
		}
	}
	return all
}

// BatchView is how far a deed with many cards has come.
type BatchView struct {
	Loc             Locale
	ID, Path, Title string
	Text            string
	// Open says that not all is known yet; Stoppable that there are cards that wait.
	Open, Stoppable bool
	All, Done       int
	Failed          []BatchCardView
	FailedText      string
	// Undo says that it can be taken back, Again that what failed can be tried again.
	Undo, Again bool
}

// BatchCardView is a card that could not be changed.
type BatchCardView struct{ Name, Path, Reason string }

// BatchOf is what a batch is drawn from.
type BatchOf struct {
	Board   kanban.Board
	Catalog *kanban.Catalog
	Batch   kanban.Batch
	Tally   kanban.BatchTally
	Failed  []kanban.BatchCard
	// Cards are those of Failed that the viewer sees.
	Cards map[kanban.ConversationID]kanban.Card
}

// NewBatch draws how far a batch has come.
func NewBatch(loc Locale, of BatchOf) BatchView {
	t := of.Tally
	v := BatchView{
		Loc: loc, ID: "batch-" + itoa(of.Batch.ID), Path: BatchPath(of.Board.ID, of.Batch.ID), Title: batchTitle(loc, of),
		All: t.All(), Open: t.Open() > 0, Stoppable: t[kanban.BatchWaiting] > 0,
	}
	v.Done = v.All - t.Open()
	v.Undo = !v.Open && t[kanban.BatchDone] > 0 && of.Batch.Undoes == 0
	v.Again = !v.Open && t[kanban.BatchFailed] > 0
	var said []string
	if v.Open {
		said = append(said, loc.T("batch.progress", "done", loc.Number(v.Done), "count", loc.Number(v.All)))
	} else if n := t[kanban.BatchDone]; n > 0 || t[kanban.BatchFailed]+t[kanban.BatchSame]+t[kanban.BatchLeft] == 0 {
		said = append(said, loc.N("batch.done", n))
	}
	if n := t[kanban.BatchSame]; n > 0 {
		said = append(said, loc.N("batch.same", n))
	}
	if n := t[kanban.BatchLeft]; n > 0 {
		said = append(said, loc.N("batch.left", n))
	}
	if n := t[kanban.BatchFailed]; n > 0 {
		v.FailedText = loc.N("batch.failed", n)
	}
	v.Text = strings.Join(said, " · ")
	for _, c := range of.Failed {
		v.Failed = append(v.Failed, failedCard(loc, of, c))
	}
	return v
}

func failedCard(loc Locale, of BatchOf, c kanban.BatchCard) BatchCardView {
	f := BatchCardView{Name: "#" + itoa(c.Conversation), Reason: loc.T(c.Reason)}
	if card, ok := of.Cards[c.Conversation]; ok {
		f.Path = PanelPath(of.Board.ID, c.Conversation)
		if name := oneLine(card.Conversation.Contact.Name, nameLimit); name != "" {
			f.Name = name
		}
	}
	return f
}

// batchTitle says what is done.
func batchTitle(loc Locale, of BatchOf) string {
	deed := of.Batch.Deed
	if of.Batch.Undoes == 0 {
		return deedText(loc, of, deed)
	}
	deed.Field = deed.Back(kanban.DeedValue{}).Field // of labels, the other way round
	return loc.T("batch.undo", "what", deedText(loc, of, deed))
}

func deedText(loc Locale, of BatchOf, d kanban.Deed) string {
	value := d.Wish.Value
	switch d.Field {
	case kanban.DeedStage:
		value = loc.T("stage.none")
		if s, ok := of.Board.Stage(d.Stage()); ok {
			value = s.Name
		}
	case kanban.DeedAssignee:
		value = loc.T("field.nobody")
		for _, a := range of.Catalog.Agents {
			if int64(a.ID) == d.Number() {
				value = oneLine(a.Name, nameLimit)
			}
		}
	case kanban.DeedTeam:
		value = loc.T("field.no_team")
		for _, t := range of.Catalog.Teams {
			if int64(t.ID) == d.Number() {
				value = oneLine(t.Name, nameLimit)
			}
		}
	case kanban.DeedPriority:
		if value = loc.T("field.no_priority"); d.Wish.Value != "" {
			value = loc.T("priority." + d.Wish.Value)
		}
	case kanban.DeedStatus:
		value = loc.T("status." + value)
	case kanban.DeedNextStep:
		if value == "" {
			value = "–"
		}
	}
	return loc.T("batch.deed."+string(d.Field), "value", oneLine(value, nameLimit))
}
