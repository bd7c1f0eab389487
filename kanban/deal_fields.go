package kanban

import (
	"context"
	"errors"

	"github.com/chatlane/chatlane/chatwoot"
)

// DealNames are what the attributes that carry the deal are called in Chatwoot, in the language of whoever makes them.
type DealNames struct{ Value, ExpectedClose, NextStep, NextStepOn, LostReason string }

// MakeDealFields makes those attributes of a deal in Chatwoot that the account lacks, as the viewer, who must be an administrator there.
// The value is a number and no currency: Chatwoot refuses to compare amounts of the type currency (CONTRACT 5.4).
func (e *Engine) MakeDealFields(ctx context.Context, v Viewer, names DealNames) error {
	if v.Role != RoleAdministrator {
		return ErrNotFound
	}
	c, err := e.As(ctx, v)
	if err != nil {
		return err
	}
	defs, err := c.CustomAttributeDefinitions(ctx, chatwoot.ConversationAttribute)
	if err != nil {
		return e.Heard(ctx, v, err)
	}
	for _, def := range missingOf(DealKeysIn(definitionsOf(defs)), names) {
		_, err := c.CreateCustomAttributeDefinition(ctx, def)
		if err != nil && !errors.Is(err, chatwoot.KindInvalid) { // somebody else may have made it meanwhile
			return e.Heard(ctx, v, err)
		}
	}
	return e.Heard(ctx, v, e.sync(v.Account).listDealFields(ctx, c))
}

func missingOf(keys DealKeys, names DealNames) []chatwoot.AttributeDefinition {
	var missing []chatwoot.AttributeDefinition
	lacks := func(has, key, name string, kind chatwoot.AttributeType) {
		if has == "" {
			missing = append(missing, chatwoot.AttributeDefinition{Key: key, Name: name, Type: kind, Model: chatwoot.ConversationAttribute})
		}
	}
	lacks(keys.Value, "deal_value", names.Value, chatwoot.AttributeNumber)
	lacks(keys.ExpectedClose, "expected_close", names.ExpectedClose, chatwoot.AttributeDate)
	lacks(keys.NextStep, "next_step", names.NextStep, chatwoot.AttributeText)
	lacks(keys.NextStepOn, "next_step_on", names.NextStepOn, chatwoot.AttributeDate)
	lacks(keys.LostReason, "lost_reason", names.LostReason, chatwoot.AttributeText)
	return missing
}

// listDealFields lists the account's attributes anew, so that the deal is read from them from now on.
func (s *accountSync) listDealFields(ctx context.Context, c *chatwoot.Client) error {
	if err := s.catalog.take(ctx); err != nil {
		return err
	}
	defer s.catalog.leave()
	catalog, err := catalogOf(ctx, c)
	if err != nil {
		return err
	}
	if _, err := s.Store.SaveCatalog(ctx, s.id, catalog); err != nil {
		return err
	}
	if err := s.Store.SetDealKeys(ctx, s.id, DealKeysIn(catalog.Attributes)); err != nil {
		return err
	}
	s.boardChanged(0)
	return nil
}
