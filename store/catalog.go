package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// Catalog is what an account consists of besides conversations, from memory.
func (s *Store) Catalog(_ context.Context, id kanban.AccountID) (*kanban.Catalog, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, ok := s.catalogs[id]
	if !ok {
		return nil, kanban.ErrNotFound
	}
	return c, nil
}

// SaveCatalog replaces an account's catalogue. What is missing is marked as gone, because stages and history refer to it. Boards follow:
// a renamed label keeps its stage, the cards of a deleted one go to No stage.
func (s *Store) SaveCatalog(ctx context.Context, id kanban.AccountID, fresh kanban.Catalog) (kanban.CatalogChange, error) {
	if old, err := s.Catalog(ctx, id); err != nil {
		return kanban.CatalogChange{}, err
	} else if _, change := follow(*old, fresh); !change.Changed {
		return change, s.placeRest(ctx, id) // the usual case costs no write
	}
	var change kanban.CatalogChange
	err := s.restructure(ctx, func(ctx context.Context, q *db.Queries) error {
		old, err := s.Catalog(ctx, id) // again: nothing changes it until this is through
		if err != nil {
			return err
		}
		var next kanban.Catalog
		next, change = follow(*old, fresh)
		if err := saveCatalog(ctx, q, id, next); err != nil {
			return err
		}
		boards, err := s.retitle(ctx, q, id, &next)
		change.Boards = boards
		return err
	})
	if err != nil {
		return change, err
	}
	return change, s.placeRest(ctx, id)
}

// follow works out the next catalogue from the old one and what Chatwoot lists now.
func follow(old, fresh kanban.Catalog) (kanban.Catalog, kanban.CatalogChange) {
	var change kanban.CatalogChange
	next := kanban.Catalog{Attributes: asRead(fresh.Attributes), ContactAttributes: asRead(fresh.ContactAttributes)}
	next.Labels = merge(old.Labels, fresh.Labels, func(l *kanban.Label) *kanban.LabelID { return &l.ID }, func(l *kanban.Label, gone bool) { l.Gone = gone })
	for i := range next.Labels {
		noteLabel(&change, old.Labels, &next.Labels[i])
	}
	next.Inboxes = merge(old.Inboxes, fresh.Inboxes, func(x *kanban.Inbox) *kanban.InboxID { return &x.ID }, func(x *kanban.Inbox, gone bool) { x.Gone = gone })
	next.Agents = merge(old.Agents, fresh.Agents, func(x *kanban.Agent) *kanban.AgentID { return &x.ID }, func(x *kanban.Agent, gone bool) { x.Gone = gone })
	next.Teams = merge(old.Teams, fresh.Teams, func(x *kanban.Team) *kanban.TeamID { return &x.ID }, func(x *kanban.Team, gone bool) { x.Gone = gone })
	change.AgentsGone = newlyGone(old.Agents, next.Agents, func(x kanban.Agent) (kanban.AgentID, bool) { return x.ID, x.Gone })
	change.TeamsGone = newlyGone(old.Teams, next.Teams, func(x kanban.Team) (kanban.TeamID, bool) { return x.ID, x.Gone })
	change.Changed = !sameCatalog(old, next)
	return next, change
}

// asRead are definitions as they will be read: no choices are no list, or all would seem to change.
func asRead(defs []kanban.AttributeDefinition) []kanban.AttributeDefinition {
	defs = slices.Clone(defs)
	for i := range defs {
		defs[i].Values = listIn(textList(defs[i].Values))
	}
	return defs
}

// noteLabel carries a label's former titles on and says what became of it.
func noteLabel(change *kanban.CatalogChange, old []kanban.Label, l *kanban.Label) {
	i := slices.IndexFunc(old, func(o kanban.Label) bool { return o.ID == l.ID })
	if i < 0 {
		change.Added = append(change.Added, *l)
		return
	}
	was := old[i]
	l.Former = slices.Clone(was.Former)
	if was.Title != l.Title {
		l.Former = append(slices.DeleteFunc(l.Former, func(t string) bool { return strings.EqualFold(t, l.Title) }), was.Title)
		change.Renamed = append(change.Renamed, *l)
	}
	if l.Gone && !was.Gone {
		change.Gone = append(change.Gone, *l)
	}
}

// merge keeps what is no longer listed, marked as gone.
func merge[T any, ID comparable](old, fresh []T, id func(*T) *ID, mark func(*T, bool)) []T {
	next := make([]T, 0, max(len(old), len(fresh)))
	listed := map[ID]bool{}
	for _, x := range fresh {
		if !listed[*id(&x)] {
			listed[*id(&x)] = true
			mark(&x, false)
			next = append(next, x)
		}
	}
	for _, x := range old {
		if !listed[*id(&x)] {
			mark(&x, true)
			next = append(next, x)
		}
	}
	return next
}

func newlyGone[T any, ID comparable](old, next []T, is func(T) (ID, bool)) []ID {
	here := map[ID]bool{}
	for _, x := range old {
		id, gone := is(x)
		here[id] = !gone
	}
	var left []ID
	for _, x := range next {
		if id, gone := is(x); gone && here[id] {
			left = append(left, id)
		}
	}
	return left
}

// sameCatalog compares by content; the order of a list means nothing.
func sameCatalog(a, b kanban.Catalog) bool {
	return sameSet(a.Labels, b.Labels) && sameSet(a.Inboxes, b.Inboxes) && sameSet(a.Agents, b.Agents) && sameSet(a.Teams, b.Teams) &&
		sameSet(a.Attributes, b.Attributes) && sameSet(a.ContactAttributes, b.ContactAttributes)
}

func sameSet[T any](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	in := map[string]bool{}
	for _, x := range a {
		in[listOf(x)] = true
	}
	for _, x := range b {
		if !in[listOf(x)] {
			return false
		}
	}
	return true
}

// listOf writes a value as JSON. It is used for plain values only, which cannot fail.
func listOf(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// What custom attributes belong to, in the table.
const (
	ofConversations = "conversation"
	ofContacts      = "contact"
)

func saveCatalog(ctx context.Context, q *db.Queries, id kanban.AccountID, c kanban.Catalog) error {
	var errs []error
	keep := func(err error) { errs = append(errs, err) }
	for _, l := range c.Labels {
		keep(q.SaveLabel(ctx, db.SaveLabelParams{Account: int64(id), ID: int64(l.ID), Title: l.Title, Color: l.Color, Description: l.Description, Former: textList(l.Former), Gone: flag(l.Gone)}))
	}
	for _, x := range c.Inboxes {
		keep(q.SaveInbox(ctx, db.SaveInboxParams{Account: int64(id), ID: int64(x.ID), Name: x.Name, Channel: x.Channel, Gone: flag(x.Gone)}))
	}
	for _, x := range c.Agents {
		keep(q.SaveAgent(ctx, db.SaveAgentParams{Account: int64(id), ID: int64(x.ID), Name: x.Name, AvatarUrl: x.AvatarURL, Role: string(x.Role), Gone: flag(x.Gone)}))
	}
	for _, x := range c.Teams {
		keep(q.SaveTeam(ctx, db.SaveTeamParams{Account: int64(id), ID: int64(x.ID), Name: x.Name, Gone: flag(x.Gone)}))
	}
	keep(q.DeleteAttributes(ctx, int64(id)))
	for model, defs := range map[string][]kanban.AttributeDefinition{ofConversations: c.Attributes, ofContacts: c.ContactAttributes} {
		for _, x := range defs {
			keep(q.SaveAttribute(ctx, db.SaveAttributeParams{
				Account: int64(id), Model: model, Key: x.Key, Name: x.Name, Type: x.Type, Choices: textList(x.Values), Pattern: x.Pattern, Cue: x.Cue,
			}))
		}
	}
	return errors.Join(errs...)
}

// readCatalog reads an account's catalogue from the database.
func readCatalog(ctx context.Context, q *db.Queries, id kanban.AccountID) (*kanban.Catalog, error) {
	var c kanban.Catalog
	labels, err := q.Labels(ctx, int64(id))
	if err != nil {
		return nil, err
	}
	for _, r := range labels {
		c.Labels = append(c.Labels, kanban.Label{ID: kanban.LabelID(r.ID), Title: r.Title, Color: r.Color, Description: r.Description, Former: listIn(r.Former), Gone: r.Gone == 1})
	}
	inboxes, err := q.Inboxes(ctx, int64(id))
	if err != nil {
		return nil, err
	}
	for _, r := range inboxes {
		c.Inboxes = append(c.Inboxes, kanban.Inbox{ID: kanban.InboxID(r.ID), Name: r.Name, Channel: r.Channel, Gone: r.Gone == 1})
	}
	agents, err := q.Agents(ctx, int64(id))
	if err != nil {
		return nil, err
	}
	for _, r := range agents {
		c.Agents = append(c.Agents, kanban.Agent{ID: kanban.AgentID(r.ID), Name: r.Name, AvatarURL: r.AvatarUrl, Role: kanban.Role(r.Role), Gone: r.Gone == 1})
	}
	teams, err := q.Teams(ctx, int64(id))
	if err != nil {
		return nil, err
	}
	for _, r := range teams {
		c.Teams = append(c.Teams, kanban.Team{ID: kanban.TeamID(r.ID), Name: r.Name, Gone: r.Gone == 1})
	}
	return &c, readAttributes(ctx, q, id, &c)
}

func readAttributes(ctx context.Context, q *db.Queries, id kanban.AccountID, c *kanban.Catalog) error {
	rows, err := q.Attributes(ctx, int64(id))
	for _, r := range rows {
		list := &c.Attributes
		if r.Model == ofContacts {
			list = &c.ContactAttributes
		}
		*list = append(*list, kanban.AttributeDefinition{Key: r.Key, Name: r.Name, Type: r.Type, Values: listIn(r.Choices), Pattern: r.Pattern, Cue: r.Cue})
	}
	return err
}

// textList writes a list as JSON, never null.
func textList[T ~string](list []T) string {
	if len(list) == 0 {
		return "[]"
	}
	return listOf(list)
}

// listIn reads a list written by textList; an empty one is nil.
func listIn(text string) []string { return textsIn[string](text) }

func textsIn[T ~string](text string) []T {
	var list []T
	_ = json.Unmarshal([]byte(text), &list)
	if len(list) == 0 {
		return nil
	}
	return list
}
