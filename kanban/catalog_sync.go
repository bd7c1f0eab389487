package kanban

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// refreshCatalog lists labels, inboxes and teams again when Chatwoot's cache keys say that they changed, and everything, agents
// included, every few minutes.
func (s *accountSync) refreshCatalog(ctx context.Context, c *chatwoot.Client, a Account) error {
	now := s.Clock()
	if now.Sub(s.catalogAt) >= s.CatalogEvery {
		return s.readCatalog(ctx, c, a)
	}
	keys, err := c.CacheKeys(ctx)
	if errors.Is(err, chatwoot.KindNotFound) {
		return nil // older than 2.16: the lists every few minutes must do
	}
	if err != nil {
		return err
	}
	if keys.Label == a.Sync.LabelKey && keys.Inbox == a.Sync.InboxKey && keys.Team == a.Sync.TeamKey {
		return nil
	}
	return s.readCatalog(ctx, c, a)
}

// readCatalog lists everything that an account consists of besides conversations.
func (s *accountSync) readCatalog(ctx context.Context, c *chatwoot.Client, a Account) error {
	if err := s.catalog.take(ctx); err != nil {
		return err
	}
	defer s.catalog.leave()
	now := s.Clock()
	keys, err := c.CacheKeys(ctx)
	if err != nil && !errors.Is(err, chatwoot.KindNotFound) {
		return err
	}
	catalog, err := catalogOf(ctx, c)
	if err != nil {
		return err
	}
	s.strangers.forget()
	change, err := s.Store.SaveCatalog(ctx, s.id, catalog)
	if err != nil {
		return fmt.Errorf("save catalogue: %w", err)
	}
	if deal := DealKeysIn(catalog.Attributes); deal != a.Deal {
		if err := s.Store.SetDealKeys(ctx, s.id, deal); err != nil {
			return err
		}
		s.boardChanged(0)
	}
	for _, b := range change.Boards {
		s.boardChanged(b)
	}
	if change.Changed && len(change.Boards) == 0 {
		s.boardChanged(0)
	}
	if err := s.readSilenced(ctx, change); err != nil {
		return err
	}
	s.catalogAt = now
	return s.saveSync(ctx, func(st *SyncState) {
		st.LabelKey, st.InboxKey, st.TeamKey = settled(keys.Label, now), settled(keys.Inbox, now), settled(keys.Team, now)
	})
}

// settled keeps a cache key only when its second has passed: two changes within one second bear the same key, and the lists may have
// been read between them.
func settled(key string, now time.Time) string {
	var second int64
	if _, err := fmt.Sscan(key, &second); err != nil || now.Unix()-second < 3 {
		return ""
	}
	return key
}

// catalogOf reads the lists of an account.
func catalogOf(ctx context.Context, c *chatwoot.Client) (Catalog, error) {
	labels, err := c.Labels(ctx)
	if err != nil {
		return Catalog{}, fmt.Errorf("labels: %w", err)
	}
	inboxes, err := c.Inboxes(ctx)
	if err != nil {
		return Catalog{}, fmt.Errorf("inboxes: %w", err)
	}
	agents, err := c.Agents(ctx)
	if err != nil {
		return Catalog{}, fmt.Errorf("agents: %w", err)
	}
	teams, err := c.Teams(ctx)
	if err != nil {
		return Catalog{}, fmt.Errorf("teams: %w", err)
	}
	defs, err := c.CustomAttributeDefinitions(ctx, chatwoot.ConversationAttribute)
	if err != nil {
		return Catalog{}, fmt.Errorf("custom attributes: %w", err)
	}
	contact, err := c.CustomAttributeDefinitions(ctx, chatwoot.ContactAttribute)
	if err != nil {
		return Catalog{}, fmt.Errorf("custom attributes of contacts: %w", err)
	}
	return Catalog{
		Labels: labelsOf(labels), Inboxes: inboxesOf(inboxes), Agents: agentsOf(agents), Teams: teamsOf(teams), Attributes: definitionsOf(defs),
		ContactAttributes: definitionsOf(contact),
	}, nil
}

// readSilenced reads anew the conversations that lost an agent or a team, which Chatwoot tells nobody (CONTRACT 14).
func (s *accountSync) readSilenced(ctx context.Context, change CatalogChange) error {
	if len(change.AgentsGone)+len(change.TeamsGone) == 0 {
		return nil
	}
	ids, err := s.Store.ConversationsOf(ctx, s.id, change.AgentsGone, change.TeamsGone, 10_000)
	if err != nil {
		return err
	}
	s.readSoon(ids)
	return nil
}

// boardChanged has the browsers fetch a board anew; 0 means all boards of the account.
func (s *accountSync) boardChanged(id BoardID) {
	s.Hub.Publish(&Event{Account: s.id, Board: id, Kind: BoardChanged})
}
