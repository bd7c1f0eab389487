package templates

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/chatlane/chatlane/kanban"
)

// FieldsView are a conversation's fields, to be changed in place.
type FieldsView struct {
	Loc                              Locale
	Assignee, Team, Priority, Status FieldView
	// Me gives the conversation to whoever looks; empty when they have it.
	Me          string
	Snooze      []OptionView
	SnoozedTill string
	// Hint says what reopening brings with it; empty when nothing.
	Hint       string
	LabelsPath string
	Labels     []LabelChip
	// Offered are the labels that can be added.
	Offered []string
	Deal    []FieldView
	More    []FieldView
	Contact []FieldView
	// NoDeal says that the account has no fields for the deal; MakeDeal is where they are made, empty for whoever may not.
	NoDeal   bool
	MakeDeal string
}

// FieldView is one field.
type FieldView struct {
	// ID is the control's, Path where it is changed, Name what it is called in the form.
	ID, Path, Name, Label string
	// Kind is select, text, number, date, checkbox, tel, email or url.
	Kind, Value, Text string
	Choices           []OptionView
	// Unit stands beside a number.
	Unit, Cue string
	On        bool
	// Deal is which part of the deal it is: value, next_step_on, …; empty for none.
	Deal string
}

// key is the key that leads to a field, or does what it is most often wanted for; empty for none.
func (f FieldView) key() string {
	switch f.Deal {
	case "value":
		return "V"
	case "next_step_on":
		return "D"
	}
	return map[string]string{"field-assignee": "A", "field-priority": "P", "field-status": "E"}[f.ID]
}

// OptionView is one of several values.
type OptionView struct {
	Value, Text string
	Chosen      bool
}

// LabelChip is a label that a conversation has.
type LabelChip struct {
	Title, Class, Remove string
	// Stage says that it is a stage of the board: taking it off is a move.
	Stage bool
}

// NewFields are the fields of a panel's conversation.
func NewFields(loc Locale, p PanelOf) FieldsView {
	f := fieldsOf{loc: loc, PanelOf: p, c: p.Card.Conversation}
	v := FieldsView{
		Loc: loc, Assignee: f.assignee(), Team: f.team(), Priority: f.priority(), Status: f.status(), Contact: f.contact(),
		LabelsPath: f.path("labels"),
	}
	if f.c.AssigneeID != p.Viewer.ID && p.Viewer.ID != 0 {
		v.Me = itoa(p.Viewer.ID)
	}
	if f.c.Status != kanban.StatusOpen && p.Viewer.Role == kanban.RoleAgent {
		v.Hint = loc.T("field.reopen_hint")
	}
	if f.c.Status == kanban.StatusSnoozed && !f.c.SnoozedUntil.IsZero() {
		v.SnoozedTill = stamp(f.c.SnoozedUntil)
	}
	for _, when := range []string{"reply", "hour", "tomorrow", "week"} {
		v.Snooze = append(v.Snooze, OptionView{Value: when, Text: snoozeText(loc, when)})
	}
	v.Labels, v.Offered = f.labels()
	v.Deal, v.More = f.attributes()
	v.NoDeal = p.Deal.Value == ""
	if v.NoDeal && p.Viewer.Role == kanban.RoleAdministrator {
		v.MakeDeal = DealFieldsPath(p.Board.Account)
	}
	return v
}

func snoozeText(loc Locale, when string) string {
	switch when {
	case "hour":
		return loc.T("field.snooze_hour")
	case "tomorrow":
		return loc.T("field.snooze_tomorrow")
	case "week":
		return loc.T("field.snooze_week")
	}
	return loc.T("field.snooze_reply")
}

// fieldsOf is what fields are drawn from.
type fieldsOf struct {
	PanelOf
	loc Locale
	c   kanban.Conversation
}

func (f fieldsOf) path(field string) string { return FieldPath(f.Board.ID, f.c.ID, field) }

func (f fieldsOf) choice(name, label string, choices []OptionView) FieldView {
	return FieldView{ID: "field-" + name, Path: f.path(name), Name: name, Label: label, Kind: "select", Choices: choices}
}

func (f fieldsOf) assignee() FieldView {
	choices := []OptionView{{Value: "0", Text: f.loc.T("field.nobody"), Chosen: f.c.AssigneeID == 0}}
	known := f.c.AssigneeID == 0
	if f.Catalog != nil {
		for _, a := range f.Catalog.Agents {
			chosen := a.ID == f.c.AssigneeID
			known = known || chosen
			if !a.Gone || chosen {
				choices = append(choices, OptionView{Value: itoa(a.ID), Text: oneLine(a.Name, nameLimit), Chosen: chosen})
			}
		}
	}
	if !known { // a bot, or somebody who left
		choices = append(choices, OptionView{Value: itoa(f.c.AssigneeID), Text: oneLine(f.c.AssigneeName, nameLimit), Chosen: true})
	}
	return f.choice("assignee", f.loc.T("field.assignee"), choices)
}

func (f fieldsOf) team() FieldView {
	choices := []OptionView{{Value: "0", Text: f.loc.T("field.no_team"), Chosen: f.c.TeamID == 0}}
	if f.Catalog != nil {
		for _, t := range f.Catalog.Teams {
			if chosen := t.ID == f.c.TeamID; chosen || !t.Gone {
				choices = append(choices, OptionView{Value: itoa(t.ID), Text: oneLine(t.Name, nameLimit), Chosen: chosen})
			}
		}
	}
	v := f.choice("team", f.loc.T("field.team"), choices)
	v.Cue = f.loc.T("field.team_hint")
	return v
}

func (f fieldsOf) priority() FieldView {
	choices := []OptionView{{Text: f.loc.T("field.no_priority"), Chosen: f.c.Priority == kanban.PriorityNone}}
	for _, p := range []kanban.Priority{kanban.PriorityUrgent, kanban.PriorityHigh, kanban.PriorityMedium, kanban.PriorityLow} {
		choices = append(choices, OptionView{Value: string(p), Text: f.loc.T("priority." + string(p)), Chosen: p == f.c.Priority})
	}
	return f.choice("priority", f.loc.T("field.priority"), choices)
}

func (f fieldsOf) status() FieldView {
	var choices []OptionView
	for _, s := range []kanban.Status{kanban.StatusOpen, kanban.StatusPending, kanban.StatusResolved} {
		choices = append(choices, OptionView{Value: string(s), Text: f.loc.T("field.status_" + string(s)), Chosen: s == f.c.Status})
	}
	if f.c.Status == kanban.StatusSnoozed {
		choices = append(choices, OptionView{Value: string(f.c.Status), Text: f.loc.T("field.status_snoozed"), Chosen: true})
	}
	return f.choice("status", f.loc.T("field.status"), choices)
}

// labels are the conversation's, and those that it lacks.
func (f fieldsOf) labels() (chips []LabelChip, offered []string) {
	var titles kanban.Titles
	if f.Catalog != nil {
		titles = kanban.TitlesOf(f.Catalog.Labels)
	}
	for _, title := range f.c.Labels[:min(len(f.c.Labels), 100)] {
		chip := LabelChip{Title: title, Class: "label-none", Remove: f.loc.T("field.remove_label", "name", oneLine(title, nameLimit)), Stage: len(f.Board.StagesIn([]string{title})) > 0}
		if id, known := titles.Label(title); known {
			chip.Class = labelClass(id)
		}
		chips = append(chips, chip)
	}
	if f.Catalog == nil {
		return chips, nil
	}
	for _, l := range f.Catalog.Labels {
		if !l.Gone && !slices.ContainsFunc(f.c.Labels, func(t string) bool { return strings.EqualFold(t, l.Title) }) {
			offered = append(offered, l.Title)
		}
	}
	return chips, offered
}

// attributes are the deal's, in the order in which people speak of a deal, and the others.
func (f fieldsOf) attributes() (deal, more []FieldView) {
	if f.Catalog == nil {
		return nil, nil
	}
	values := valuesIn(f.c.Attributes)
	keys := []string{f.Deal.Value, f.Deal.ExpectedClose, f.Deal.NextStep, f.Deal.NextStepOn, f.Deal.LostReason}
	names := []string{"deal.value", "deal.expected_close", "deal.next_step", "deal.next_step_on", "deal.lost_reason"}
	found := make([]*FieldView, len(keys))
	for _, def := range f.Catalog.Attributes {
		v := f.attribute(def, values[def.Key])
		v.ID, v.Path = "field-attribute-"+def.Key, AttributePath(f.Board.ID, f.c.ID, def.Key)
		if i := slices.Index(keys, def.Key); i >= 0 && def.Key != "" {
			v.Label, v.Deal = f.loc.T(names[i]), strings.TrimPrefix(names[i], "deal.")
			if i == 0 {
				v.Unit = f.Board.Currency
			}
			if i == 4 && len(f.Board.LostReasons) > 0 && def.Type == "text" {
				v = f.reasons(v)
			}
			found[i] = &v
			continue
		}
		more = append(more, v)
	}
	for _, v := range found {
		if v != nil {
			deal = append(deal, *v)
		}
	}
	return deal, more
}

// reasons offers the board's reasons for a deal that was lost, and what stands there already.
func (f fieldsOf) reasons(v FieldView) FieldView {
	v.Kind = "select"
	v.Choices = []OptionView{{Text: "–", Chosen: v.Value == ""}}
	known := v.Value == ""
	for _, r := range f.Board.LostReasons {
		known = known || r == v.Value
		v.Choices = append(v.Choices, OptionView{Value: r, Text: r, Chosen: r == v.Value})
	}
	if !known {
		v.Choices = append(v.Choices, OptionView{Value: v.Value, Text: oneLine(v.Value, messageLimit), Chosen: true})
	}
	return v
}

func (f fieldsOf) attribute(def kanban.AttributeDefinition, value any) FieldView {
	v := FieldView{
		Name: "value", Label: oneLine(def.Name, nameLimit), Kind: "text", Cue: oneLine(def.Cue, 200),
	}
	if value != nil {
		v.Value = fmt.Sprint(value)
	}
	switch def.Type {
	case "number", "currency", "percent":
		v.Kind = "number"
		v.Value = f.number(v.Value)
		if def.Type == "percent" {
			v.Unit = "%"
		}
	case "date":
		v.Kind = "date"
		v.Value = v.Value[:min(len(v.Value), len("2006-01-02"))]
	case "link":
		v.Kind = "url"
	case "checkbox":
		v.Kind, v.On = "checkbox", value == true || value == "true"
	case "list":
		v.Kind = "select"
		v.Choices = listChoices(def.Values, v.Value)
	}
	return v
}

func listChoices(values []string, now string) []OptionView {
	choices := []OptionView{{Text: "–", Chosen: now == ""}}
	for _, value := range values {
		choices = append(choices, OptionView{Value: value, Text: oneLine(value, nameLimit), Chosen: value == now})
	}
	if now != "" && !slices.Contains(values, now) {
		choices = append(choices, OptionView{Value: now, Text: oneLine(now, nameLimit), Chosen: true})
	}
	return choices
}

// number writes a number as the viewer would type it.
func (f fieldsOf) number(text string) string {
	if f.loc.DecimalComma() {
		return strings.Replace(text, ".", ",", 1)
	}
	return text
}

func (f fieldsOf) contact() []FieldView {
	field := func(name, label, kind, value string) FieldView {
		return FieldView{ID: "field-contact-" + name, Path: f.path("contact"), Name: name, Label: label, Kind: kind, Value: value}
	}
	all := []FieldView{
		field("name", f.loc.T("field.contact_name"), "text", f.c.Contact.Name), field("phone", f.loc.T("field.contact_phone"), "tel", f.c.Contact.Phone),
		field("email", f.loc.T("field.contact_email"), "email", f.c.Contact.Email), field("company", f.loc.T("field.contact_company"), "text", f.c.Contact.Company),
	}
	if f.Catalog == nil || f.c.Contact.ID == 0 {
		return all
	}
	values := valuesIn(f.c.Contact.Attributes)
	for _, def := range f.Catalog.ContactAttributes {
		v := f.attribute(def, values[def.Key])
		v.ID, v.Path = "field-contact-attribute-"+def.Key, ContactAttributePath(f.Board.ID, f.c.ID, def.Key)
		all = append(all, v)
	}
	return all
}

// valuesIn are custom attributes by key. They are foreign, and may be absent.
func valuesIn(attributes string) map[string]any {
	var values map[string]any
	dec := json.NewDecoder(strings.NewReader(attributes))
	dec.UseNumber()
	_ = dec.Decode(&values)
	return values
}

// controlType is the type of a field's input.
func controlType(v FieldView) string {
	if v.Kind == "number" {
		return "text" // a number in the viewer's own writing
	}
	return v.Kind
}

func inputMode(v FieldView) string {
	if v.Kind == "number" {
		return "decimal"
	}
	return ""
}

// changeTrigger is when a field is sent. A date that is being typed is one with every digit of its year.
func changeTrigger(v FieldView) string {
	if v.Kind == "date" {
		return "change delay:700ms"
	}
	return "change"
}
