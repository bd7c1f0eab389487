package kanban

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chatlane/chatlane/chatwoot"
)

// Address is a Chatwoot that somebody wants to connect.
type Address struct {
	URL   string
	Token string
	// AllowPrivateNetwork says that the operator vouches for the address.
	AllowPrivateNetwork bool
}

// Candidate is an account that a token could connect.
type Candidate struct {
	ChatwootID    int64
	Name          string
	Administrator bool
	Suspended     bool
}

// Candidates are the accounts of a token's owner.
func (e *Engine) Candidates(ctx context.Context, at Address) ([]Candidate, Actor, error) {
	server, err := e.server(at.URL, at.AllowPrivateNetwork)
	if err != nil {
		return nil, Actor{}, err
	}
	p, err := server.Client(at.Token, 0).Once().Profile(ctx) // a person waits: what is wrong is better said at once than tried again
	if err != nil {
		return nil, Actor{}, err
	}
	var out []Candidate
	for _, a := range p.Accounts {
		out = append(out, Candidate{ChatwootID: a.ID, Name: a.Name, Administrator: a.Role == string(RoleAdministrator), Suspended: a.Status == "suspended"})
	}
	return out, Actor{ID: AgentID(p.ID), Name: p.Name}, nil
}

// Connect connects an account, or gives a connected one another token. The first read begins at once if the engine runs.
func (e *Engine) Connect(ctx context.Context, at Address, chatwootID int64) (Account, error) {
	owner, err := e.mayConnect(ctx, at, chatwootID)
	if err != nil {
		return Account{}, err
	}
	server, err := e.server(at.URL, at.AllowPrivateNetwork)
	if err != nil {
		return Account{}, err
	}
	a, err := e.Store.AccountAt(ctx, server.URL(), chatwootID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Account{}, err
	}
	a.BaseURL, a.ChatwootID, a.Token, a.TokenOwner, a.AllowPrivateNetwork = server.URL(), chatwootID, at.Token, owner, at.AllowPrivateNetwork
	catalog, err := describe(ctx, server, &a)
	if err != nil {
		return Account{}, err
	}
	if a, err = e.Store.SaveAccount(ctx, a); err != nil {
		return Account{}, err
	}
	if a.Disconnected() { // what was kept of it is taken up again
		if a.Link, err = e.Store.ChangeLink(ctx, a.ID, func(l *Link) { *l = Link{} }); err != nil {
			return Account{}, err
		}
	}
	if _, err := e.Store.SaveCatalog(ctx, a.ID, catalog); err != nil {
		return Account{}, err
	}
	e.AccountAdded(a.ID)
	return a, nil
}

// mayConnect makes sure that a token is an administrator's of the account, and says whose it is.
func (e *Engine) mayConnect(ctx context.Context, at Address, chatwootID int64) (Actor, error) {
	candidates, owner, err := e.Candidates(ctx, at)
	if err != nil {
		return Actor{}, err
	}
	i := slices.IndexFunc(candidates, func(c Candidate) bool { return c.ChatwootID == chatwootID })
	switch {
	case i < 0:
		return Actor{}, Invalid("connect.no_such_account", "account", chatwootID)
	case candidates[i].Suspended:
		return Actor{}, Invalid("connect.suspended", "account", candidates[i].Name)
	case !candidates[i].Administrator:
		return Actor{}, Invalid("connect.needs_administrator", "person", owner.Name, "account", candidates[i].Name)
	}
	return owner, nil
}

// describe reads what an account is called, speaks and consists of.
func describe(ctx context.Context, server *chatwoot.Server, a *Account) (Catalog, error) {
	c := server.Client(a.Token, a.ChatwootID)
	settings, err := c.Account(ctx)
	if err != nil {
		return Catalog{}, err
	}
	a.Name, a.Locale = settings.Name, settings.Locale
	if a.Version, err = server.Version(ctx); err != nil {
		return Catalog{}, fmt.Errorf("version of Chatwoot: %w", err)
	}
	catalog, err := catalogOf(ctx, c)
	a.Deal = DealKeysIn(catalog.Attributes)
	return catalog, err
}
