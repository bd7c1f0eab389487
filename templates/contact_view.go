package templates

import (
	"net/url"
	"strings"

	"github.com/chatlane/chatlane/kanban"
)

// othersShown is how many of a contact's other conversations a panel lists.
const othersShown = 20

// ContactView is the customer of a conversation: how to reach them, and what else they have under way.
type ContactView struct {
	Loc     Locale
	Company string
	Ways    []WayView
	// Title says how many other conversations there are, Same how many of all are on this board; empty when this is the only one.
	Title, Same string
	Others      []OtherView
	// More says how many are not listed; empty when all are.
	More string
}

// WayView is a way to reach the contact outside the conversation.
type WayView struct{ Href, Text, Icon, Label string }

// OtherView is another conversation of the contact.
type OtherView struct {
	Number, Inbox, Status, At string
	// Path is where it is read; Outside says that this is Chatwoot. Empty: nowhere.
	Path    string
	Outside bool
	Stages  []string
	// Here says that it is on the same board.
	Here bool
}

// NewContact is the customer of a panel's conversation.
func NewContact(loc Locale, p PanelOf) ContactView {
	c := p.Card.Conversation.Contact
	v := ContactView{Loc: loc, Company: oneLine(c.Company, nameLimit), Ways: waysTo(loc, c)}
	here := 1
	for i, o := range p.Others {
		one := p.other(loc, o)
		if one.Here {
			here++
		}
		if i < othersShown {
			v.Others = append(v.Others, one)
		}
	}
	v.Title = loc.T("contact.none")
	if len(p.Others) > 0 {
		v.Title = loc.N("contact.others", len(p.Others))
	}
	if here > 1 {
		v.Same = loc.T("contact.same", "here", loc.Number(here), "all", loc.Number(len(p.Others)+1))
	}
	if rest := len(p.Others) - len(v.Others); rest > 0 {
		v.More = loc.N("contact.more", rest)
	}
	return v
}

// waysTo are links that the device knows what to do with. What customers write is foreign: only what looks like a number or an address
// becomes a link.
func waysTo(loc Locale, c kanban.Contact) []WayView {
	var ways []WayView
	if number := dialled(c.Phone); number != "" {
		ways = append(ways, WayView{Href: "tel:" + number, Text: oneLine(c.Phone, 40), Icon: "phone", Label: loc.T("contact.call", "number", oneLine(c.Phone, 40))})
	}
	if mail := c.Email; strings.Count(mail, "@") == 1 && len(mail) <= 254 && !strings.ContainsFunc(mail, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		ways = append(ways, WayView{Href: "mailto:" + url.PathEscape(mail), Text: mail, Icon: "mail", Label: loc.T("contact.write", "address", mail)})
	}
	return ways
}

// dialled is a phone number as phones take it; empty when it is none.
func dialled(phone string) string {
	var b strings.Builder
	for _, r := range phone {
		switch {
		case r >= '0' && r <= '9', r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" -().\u00a0", r):
		default:
			return ""
		}
	}
	if n := b.Len(); n < 4 || n > 20 {
		return ""
	}
	return b.String()
}

// other is another conversation, read on this board if it is there, else on the first board that has it, else in Chatwoot.
func (p PanelOf) other(loc Locale, o kanban.Other) OtherView {
	v := OtherView{Number: "#" + itoa(o.ID), Inbox: p.inboxName(o.InboxID), Status: loc.T("field.status_" + string(o.Status))}
	if !o.LastActivityAt.IsZero() {
		v.At = stamp(o.LastActivityAt)
	}
	if stage, on := o.On(p.Board.ID); on {
		v.Here, v.Path = true, PanelPath(p.Board.ID, o.ID)
		v.Stages = append(v.Stages, stageName(loc, p.Board, stage))
	}
	for _, b := range p.Boards {
		stage, on := o.On(b.ID)
		if !on || b.ID == p.Board.ID {
			continue
		}
		v.Stages = append(v.Stages, boardName(loc, b)+": "+stageName(loc, b, stage))
		if v.Path == "" {
			v.Path = PanelPath(b.ID, o.ID)
		}
	}
	if v.Path == "" && p.ChatwootURL != "" {
		v.Path, v.Outside = p.ChatwootURL+"/conversations/"+itoa(o.ID), true
	}
	return v
}

func (p PanelOf) inboxName(id kanban.InboxID) string {
	if p.Catalog != nil {
		for _, i := range p.Catalog.Inboxes {
			if i.ID == id {
				return oneLine(i.Name, nameLimit)
			}
		}
	}
	return ""
}
