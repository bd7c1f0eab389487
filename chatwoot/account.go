package chatwoot

import "context"

// Account is an account of the installation (CONTRACT 10).
type Account struct {
	ID        int64           `json:"id"`
	Name      string          `json:"name"`
	Locale    string          `json:"locale"` // pt_BR, en, …
	Status    string          `json:"status"` // active, suspended
	CreatedAt Time            `json:"created_at"`
	Features  map[string]bool `json:"features"`
	CacheKeys CacheKeys       `json:"cache_keys"`
}

func (a Account) usable() bool { return a.ID > 0 }

// Account returns the client's account: GET /api/v1/accounts/{id}.
func (c *Client) Account(ctx context.Context) (Account, error) {
	return entry[Account](ctx, c.get(nil))
}

// CacheKeys are marks that change when a label, inbox or team is made, changed or deleted (CONTRACT 7.6). They are equal again
// only if nothing changed, or after 72 quiet hours, when they fall back to ten zeros.
type CacheKeys struct {
	Label string `json:"label"`
	Inbox string `json:"inbox"`
	Team  string `json:"team"`
}

// CacheKeys returns the account's marks: GET …/cache_keys. It is cheap; Chatwoot tells nobody when a label is renamed or deleted.
func (c *Client) CacheKeys(ctx context.Context) (CacheKeys, error) {
	var w struct {
		Keys *CacheKeys `json:"cache_keys"`
	}
	k := c.get(nil, "cache_keys")
	a, err := k.do(ctx)
	if err != nil {
		return CacheKeys{}, err
	}
	if unmarshal(a.body, &w) != nil || w.Keys == nil {
		return CacheKeys{}, k.unexpected(a)
	}
	return *w.Keys, nil
}
