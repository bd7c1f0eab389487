package desk

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
)

// act does something in Chatwoot as the viewer, then reads the conversation and takes what it shows into the cache.
func (d *Desk) act(ctx context.Context, v kanban.Viewer, id kanban.ConversationID, do func(context.Context, *chatwoot.Client) error) error {
	c, err := d.Engine.As(ctx, v)
	if err != nil {
		return err
	}
	if err := do(ctx, c); err != nil {
		return d.Engine.Heard(ctx, v, err)
	}
	at := d.Clock()
	conv, err := c.Conversation(ctx, int64(id))
	if err != nil {
		return d.Engine.Heard(ctx, v, err)
	}
	return d.Engine.Learn(ctx, v.Account, conv, at, v.Actor)
}

// Assign gives a conversation to an agent, to nobody when 0. Chatwoot would silently unassign for an agent that it does not know, and does
// not look whether the agent is in the inbox (CONTRACT 5.6): both are looked at here.
func (d *Desk) Assign(ctx context.Context, v kanban.Viewer, conv kanban.Conversation, agent kanban.AgentID) error {
	return d.act(ctx, v, conv.ID, func(ctx context.Context, c *chatwoot.Client) error {
		if agent != 0 {
			able, err := c.AssignableAgents(ctx, int64(conv.InboxID))
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(able, func(a chatwoot.Agent) bool { return a.ID == int64(agent) }) {
				return kanban.Invalid("field.not_in_inbox")
			}
		}
		holder, err := c.Assign(ctx, int64(conv.ID), int64(agent))
		if err == nil && agent != 0 && (holder == nil || holder.ID != int64(agent)) {
			return kanban.Invalid("field.not_in_inbox")
		}
		return err
	})
}

// SetTeam gives a conversation to a team, to none when 0. Chatwoot drops an assignee who is not in it.
func (d *Desk) SetTeam(ctx context.Context, v kanban.Viewer, id kanban.ConversationID, team kanban.TeamID) error {
	return d.act(ctx, v, id, func(ctx context.Context, c *chatwoot.Client) error { return c.AssignTeam(ctx, int64(id), int64(team)) })
}

// SetPriority sets a conversation's priority; empty for none.
func (d *Desk) SetPriority(ctx context.Context, v kanban.Viewer, id kanban.ConversationID, p kanban.Priority) error {
	switch p {
	case kanban.PriorityNone, kanban.PriorityLow, kanban.PriorityMedium, kanban.PriorityHigh, kanban.PriorityUrgent:
	default:
		return kanban.Invalid("error.invalid_text") // Chatwoot answers 500
	}
	return d.act(ctx, v, id, func(ctx context.Context, c *chatwoot.Client) error { return c.SetPriority(ctx, int64(id), string(p)) })
}

// SetStatus opens, resolves, snoozes or sets a conversation aside. A zero until snoozes it until the customer writes.
func (d *Desk) SetStatus(ctx context.Context, v kanban.Viewer, id kanban.ConversationID, s kanban.Status, until time.Time) error {
	switch s {
	case kanban.StatusOpen, kanban.StatusResolved, kanban.StatusPending, kanban.StatusSnoozed:
	default:
		return kanban.Invalid("error.invalid_text") // Chatwoot answers 500
	}
	if !until.IsZero() && !until.After(d.Clock()) {
		return kanban.Invalid("field.past")
	}
	return d.act(ctx, v, id, func(ctx context.Context, c *chatwoot.Client) error {
		_, err := c.ToggleStatus(ctx, int64(id), string(s), until)
		return err
	})
}

// SetAttribute writes one custom attribute as its definition has it. Empty removes it.
func (d *Desk) SetAttribute(ctx context.Context, v kanban.Viewer, id kanban.ConversationID, def kanban.AttributeDefinition, text string, decimalComma bool) error {
	value, err := def.Parse(text, decimalComma)
	if err != nil {
		return err
	}
	return d.Engine.ChangeAttributes(ctx, v, id, map[string]any{def.Key: value})
}

// SetContactAttribute writes one custom attribute of the customer of a conversation. Empty removes it.
func (d *Desk) SetContactAttribute(ctx context.Context, v kanban.Viewer, conv kanban.Conversation, def kanban.AttributeDefinition, text string, decimalComma bool) error {
	value, err := def.Parse(text, decimalComma)
	if err != nil {
		return err
	}
	contact := int64(conv.Contact.ID)
	if contact == 0 {
		return kanban.ErrNotFound
	}
	return d.act(ctx, v, conv.ID, func(ctx context.Context, c *chatwoot.Client) error {
		if value == nil {
			return c.RemoveContactAttributes(ctx, contact, def.Key)
		}
		_, err := c.UpdateContact(ctx, contact, chatwoot.ContactFields{CustomAttributes: map[string]any{def.Key: value}})
		return err
	})
}

// ContactChange is what is to change of a contact; nil leaves a field as it is.
type ContactChange struct{ Name, Phone, Email, Company *string }

var (
	phoneNumber  = regexp.MustCompile(`^\+[1-9]\d{6,14}$`) // E.164
	emailAddress = regexp.MustCompile(`^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$`)
	phoneNoise   = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "", "\u00a0", "")
)

// ChangeContact changes the customer of a conversation.
func (d *Desk) ChangeContact(ctx context.Context, v kanban.Viewer, conv kanban.Conversation, change ContactChange) error {
	fields, err := change.fields()
	if err != nil {
		return err
	}
	if conv.Contact.ID == 0 {
		return kanban.ErrNotFound
	}
	return d.act(ctx, v, conv.ID, func(ctx context.Context, c *chatwoot.Client) error {
		_, err := c.UpdateContact(ctx, int64(conv.Contact.ID), fields)
		if chatwoot.KindOf(err) == chatwoot.KindInvalid {
			if who := d.holder(ctx, c, conv.Contact.ID, fields); who != "" {
				return kanban.Invalid("field.taken", "name", who)
			}
		}
		return err
	})
}

func (change ContactChange) fields() (chatwoot.ContactFields, error) {
	var f chatwoot.ContactFields
	if change.Name != nil {
		if f.Name = strings.TrimSpace(*change.Name); f.Name == "" {
			return f, kanban.Invalid("field.name")
		}
	}
	if change.Phone != nil {
		f.PhoneNumber = phoneNoise.Replace(strings.TrimSpace(*change.Phone))
		if f.PhoneNumber == "" {
			f.Emptied = append(f.Emptied, "phone_number")
		} else if !phoneNumber.MatchString(f.PhoneNumber) {
			return f, kanban.Invalid("field.phone")
		}
	}
	if change.Email != nil {
		f.Email = strings.ToLower(strings.TrimSpace(*change.Email))
		if f.Email == "" {
			f.Emptied = append(f.Emptied, "email")
		} else if !emailAddress.MatchString(f.Email) {
			return f, kanban.Invalid("field.email")
		}
	}
	if change.Company != nil {
		f.AdditionalAttributes = map[string]any{"company_name": strings.TrimSpace(*change.Company)}
	}
	return f, nil
}

// holder is who has a phone number or an address that was refused.
func (d *Desk) holder(ctx context.Context, c *chatwoot.Client, not kanban.ContactID, f chatwoot.ContactFields) string {
	for _, text := range []string{f.PhoneNumber, f.Email} {
		if text == "" {
			continue
		}
		page, err := c.SearchContacts(ctx, text, 1)
		if err != nil {
			return ""
		}
		for _, found := range page.Contacts {
			if found.ID != int64(not) && (found.PhoneNumber == text || strings.EqualFold(found.Email, text)) {
				return found.Name
			}
		}
	}
	return ""
}
