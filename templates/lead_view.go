package templates

import (
	"crypto/rand"
	"strings"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
)

// LeadView is the form of a new lead.
type LeadView struct {
	Loc Locale
	// Key names this form: sent twice, it is one lead.
	Key, Path, ContactsPath string
	Countries               []OptionView
	Inboxes, Stages         []OptionView
	Contacts                LeadContactsView
}

// LeadContactsView are the contacts that match what was typed, and the fields of a new one.
type LeadContactsView struct {
	Loc                Locale
	Known              []LeadContactView
	Name, Phone, Email string
	Searched           bool
}

// LeadContactView is a contact to choose.
type LeadContactView struct{ ID, Name, Line string }

// countries are those whose notation of phone numbers is offered.
var countries = []string{"BR", "ES", "US", "AR", "BO", "CL", "CO", "CR", "DE", "DO", "EC", "FR", "GB", "GT", "HN", "IT", "MX", "NI", "PA", "PE", "PT", "PY", "SV", "UY", "VE"}

// Country is where people of a language most likely write phone numbers.
func (l Locale) Country() string {
	switch l.Code() {
	case "pt-BR":
		return "BR"
	case "es":
		return "ES"
	}
	return "US"
}

// NewLeadForm is the form of a new lead on a board.
func NewLeadForm(loc Locale, b kanban.Board, inboxes []kanban.Inbox, country string) LeadView {
	v := LeadView{Loc: loc, Key: rand.Text(), Path: LeadsPath(b.ID), ContactsPath: LeadContactsPath(b.ID), Contacts: LeadContactsView{Loc: loc}}
	for _, code := range countries {
		v.Countries = append(v.Countries, OptionView{Value: code, Text: code, Chosen: code == country})
	}
	for _, i := range inboxes {
		v.Inboxes = append(v.Inboxes, OptionView{Value: itoa(i.ID), Text: oneLine(i.Name, nameLimit)})
	}
	for n, s := range b.Stages {
		if s.Kind == kanban.StageOpen {
			v.Stages = append(v.Stages, OptionView{Value: itoa(s.ID), Text: s.Name, Chosen: n == 0})
		}
	}
	v.Stages = append(v.Stages, OptionView{Value: "0", Text: stageName(loc, b, kanban.NoStage)})
	return v
}

// NewLeadContacts are the contacts that match what was typed. What was typed begins the new one.
func NewLeadContacts(loc Locale, typed, country string, known []kanban.Contact) LeadContactsView {
	v := LeadContactsView{Loc: loc, Searched: typed != ""}
	number, isPhone := desk.Phone(typed, country)
	switch {
	case isPhone:
		v.Phone = number
	case strings.Contains(typed, "@"):
		v.Email = typed
	default:
		v.Name = typed
	}
	for _, c := range known {
		v.Known = append(v.Known, LeadContactView{
			ID: itoa(c.ID), Name: oneLine(c.Name, nameLimit), Line: oneLine(strings.TrimSpace(c.Phone+" "+c.Email), messageLimit),
		})
	}
	return v
}
