package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// Accounts are all connected accounts, the oldest first.
func (s *Store) Accounts(context.Context) ([]kanban.Account, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := slices.SortedFunc(maps.Values(s.accounts), func(a, b kanban.Account) int { return cmp.Compare(a.ID, b.ID) })
	return slices.DeleteFunc(all, kanban.Account.Disconnected), nil
}

// Account is one connected account, from memory. One that was disconnected is not there, whatever was kept of it.
func (s *Store) Account(_ context.Context, id kanban.AccountID) (kanban.Account, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.accounts[id]
	if !ok || a.Disconnected() {
		return kanban.Account{}, kanban.ErrNotFound
	}
	return a, nil
}

// AccountAt finds an account by where it is, also one that was disconnected.
func (s *Store) AccountAt(_ context.Context, baseURL string, chatwootID int64) (kanban.Account, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, a := range s.accounts {
		if a.BaseURL == baseURL && a.ChatwootID == chatwootID {
			return a, nil
		}
	}
	return kanban.Account{}, kanban.ErrNotFound
}

// SaveAccount adds an account (ID 0) or changes what connecting it says: name, token, version, deal keys. Whatever the engine finds out later
// has calls of its own, so that an account that is connected anew meanwhile keeps its new token.
func (s *Store) SaveAccount(ctx context.Context, a kanban.Account) (kanban.Account, error) {
	deal, err := json.Marshal(a.Deal)
	if err != nil {
		return kanban.Account{}, err
	}
	if a.CreatedAt.IsZero() {
		a.CreatedAt = s.clock()
	}
	err = s.restructure(ctx, func(ctx context.Context, q *db.Queries) error {
		if a.ID != 0 {
			return s.updateAccount(ctx, q, a, string(deal))
		}
		id, err := q.InsertAccount(ctx, db.InsertAccountParams{
			BaseUrl: a.BaseURL, ChatwootID: a.ChatwootID, Name: a.Name, Locale: a.Locale, Version: a.Version, Token: []byte{}, Blank: []byte{},
			OwnerID: int64(a.TokenOwner.ID), OwnerName: a.TokenOwner.Name, AllowPrivate: flag(a.AllowPrivateNetwork), Deal: string(deal),
			CreatedAt: millis(a.CreatedAt),
		})
		if err != nil {
			return err
		}
		a.ID = kanban.AccountID(id)
		return q.SetAccountToken(ctx, s.sealAccount(a.Token, a.ID, "token"), id) // bound to the row, so the row comes first
	})
	if err != nil {
		return kanban.Account{}, err
	}
	if err := s.placeRest(ctx, a.ID); err != nil {
		return kanban.Account{}, err
	}
	return s.AccountAt(ctx, a.BaseURL, a.ChatwootID)
}

// SetVersion saves which version an account's Chatwoot is.
func (s *Store) SetVersion(ctx context.Context, id kanban.AccountID, version string) error {
	return s.writeThen(ctx, func(ctx context.Context, q *db.Queries) error { return q.SetAccountVersion(ctx, version, int64(id)) },
		func() { s.changeAccount(id, func(a *kanban.Account) { a.Version = version }) })
}

// SetDealKeys saves which attributes carry the deal.
func (s *Store) SetDealKeys(ctx context.Context, id kanban.AccountID, keys kanban.DealKeys) error {
	deal, err := json.Marshal(keys)
	if err != nil {
		return err
	}
	err = s.restructure(ctx, func(ctx context.Context, q *db.Queries) error {
		if err := q.SetAccountDeal(ctx, string(deal), int64(id)); err != nil {
			return err
		}
		return s.placeByDeal(ctx, q, id, keys)
	})
	if err != nil {
		return err
	}
	return s.placeRest(ctx, id)
}

// updateAccount saves what a connection may change.
func (s *Store) updateAccount(ctx context.Context, q *db.Queries, a kanban.Account, deal string) error {
	err := q.UpdateAccount(ctx, db.UpdateAccountParams{
		Name: a.Name, Locale: a.Locale, Version: a.Version, Token: s.sealAccount(a.Token, a.ID, "token"), OwnerID: int64(a.TokenOwner.ID),
		OwnerName: a.TokenOwner.Name, AllowPrivate: flag(a.AllowPrivateNetwork), Deal: deal, ID: int64(a.ID),
	})
	if err != nil {
		return err
	}
	return s.placeByDeal(ctx, q, a.ID, a.Deal)
}

// placeByDeal has all cards placed anew when other attributes carry the deal: that means other values.
func (s *Store) placeByDeal(ctx context.Context, q *db.Queries, id kanban.AccountID, keys kanban.DealKeys) error {
	if keys == s.dealKeys(id) {
		return nil
	}
	for _, b := range s.boardsOf(id) {
		if err := placeAnew(ctx, q, b, kanban.FromImport); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) sealAccount(text string, id kanban.AccountID, column string) []byte {
	return s.seal.seal([]byte(text), "accounts", int64(id), column)
}

// SetWebhook saves what Chatwoot's webhook to us is.
func (s *Store) SetWebhook(ctx context.Context, id kanban.AccountID, w kanban.AccountWebhook) error {
	return s.restructure(ctx, func(ctx context.Context, q *db.Queries) error {
		return q.SetWebhook(ctx, db.SetWebhookParams{
			WebhookID: w.ID, WebhookUrl: s.sealAccount(w.URL, id, "webhook_url"), WebhookKey: s.sealAccount(w.Key, id, "webhook_key"),
			WebhookSecret: s.sealAccount(w.Secret, id, "webhook_secret"), ID: int64(id),
		})
	})
}

// WebhookSeen saves when the last authentic delivery came.
func (s *Store) WebhookSeen(ctx context.Context, id kanban.AccountID, at time.Time) error {
	return s.writeThen(ctx, func(ctx context.Context, q *db.Queries) error { return q.SetWebhookAt(ctx, millis(at), int64(id)) },
		func() {
			s.changeAccount(id, func(a *kanban.Account) {
				if at.After(a.Webhook.LastAt) {
					a.Webhook.LastAt = at
				}
			})
		})
}

// SaveImportState saves how far the first read has come.
func (s *Store) SaveImportState(ctx context.Context, id kanban.AccountID, st kanban.ImportState) error {
	text, err := json.Marshal(st)
	if err != nil {
		return err
	}
	return s.writeThen(ctx, func(ctx context.Context, q *db.Queries) error { return q.SetImport(ctx, string(text), int64(id)) },
		func() { s.changeAccount(id, func(a *kanban.Account) { a.Import = st }) })
}

// SaveSyncState saves what the reconciler remembers.
func (s *Store) SaveSyncState(ctx context.Context, id kanban.AccountID, st kanban.SyncState) error {
	text, err := json.Marshal(st)
	if err != nil {
		return err
	}
	return s.writeThen(ctx, func(ctx context.Context, q *db.Queries) error { return q.SetSync(ctx, string(text), int64(id)) },
		func() { s.changeAccount(id, func(a *kanban.Account) { a.Sync = st }) })
}

// changeAccount changes the copy in memory after the database has it.
func (s *Store) changeAccount(id kanban.AccountID, change func(*kanban.Account)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.accounts[id]; ok {
		change(&a)
		s.accounts[id] = a
	}
}

func (s *Store) readAccounts(ctx context.Context, q *db.Queries) (map[kanban.AccountID]kanban.Account, error) {
	rows, err := q.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	accounts := map[kanban.AccountID]kanban.Account{}
	for _, r := range rows {
		a, err := s.accountOf(r)
		if err != nil {
			return nil, err
		}
		accounts[a.ID] = a
	}
	return accounts, nil
}

func (s *Store) accountOf(r db.Account) (kanban.Account, error) {
	a := kanban.Account{
		ID: kanban.AccountID(r.ID), BaseURL: r.BaseUrl, ChatwootID: r.ChatwootID, Name: r.Name, Locale: r.Locale, Version: r.Version,
		TokenOwner: kanban.Actor{ID: kanban.AgentID(r.OwnerID), Name: r.OwnerName}, AllowPrivateNetwork: r.AllowPrivate == 1,
		Webhook: kanban.AccountWebhook{ID: r.WebhookID, LastAt: fromMillis(r.WebhookAt)}, CreatedAt: fromMillis(r.CreatedAt),
	}
	for column, to := range map[string]struct {
		sealed []byte
		text   *string
	}{
		"token": {r.Token, &a.Token}, "webhook_url": {r.WebhookUrl, &a.Webhook.URL},
		"webhook_key": {r.WebhookKey, &a.Webhook.Key}, "webhook_secret": {r.WebhookSecret, &a.Webhook.Secret},
	} {
		if column != "token" && unregistered(r) {
			continue
		}
		text, err := s.seal.open(to.sealed, "accounts", r.ID, column)
		if err != nil {
			return kanban.Account{}, err
		}
		*to.text = string(text)
	}
	return a, errors.Join(
		json.Unmarshal([]byte(r.Deal), &a.Deal), json.Unmarshal([]byte(r.Import), &a.Import), json.Unmarshal([]byte(r.Sync), &a.Sync),
		json.Unmarshal([]byte(r.Link), &a.Link))
}

// unregistered reports whether an account never had a webhook; what would be its secrets is blank then, and only then.
func unregistered(r db.Account) bool {
	return r.WebhookID == 0 && len(r.WebhookUrl)+len(r.WebhookKey)+len(r.WebhookSecret) == 0
}
