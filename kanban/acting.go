package kanban

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

const (
	// signInPatience is how long a move waits for its person to sign in again before it is given back.
	signInPatience = 24 * time.Hour
	// signInEvery is how often such a move looks whether its time has come; signing in makes it due at once.
	signInEvery = 10 * time.Minute
)

// errAwaitsSignIn: whoever wants this has to sign in again first.
var errAwaitsSignIn = errors.New("the person has to sign in again")

// clientOf speaks to Chatwoot as whoever made a move, so that Chatwoot's activity line names them. The synchronisation token acts for
// nobody but its owner, and for Chatlane itself where it repairs what nobody wished; the person is nobody then.
func (m *mover) clientOf(ctx context.Context, mv Move) (*chatwoot.Client, Person, error) {
	if mv.By.ID == 0 {
		ours, _, err := m.client(ctx, mv.Account)
		return ours, Person{}, err
	}
	return m.actingAs(ctx, mv.Account, mv.By.ID)
}

// actingAs speaks to Chatwoot as a user of the account: with their own token, or with the account's where it is theirs.
func (e *Engine) actingAs(ctx context.Context, account AccountID, user AgentID) (*chatwoot.Client, Person, error) {
	ours, a, err := e.client(ctx, account)
	if err != nil {
		return nil, Person{}, err
	}
	p, err := e.Store.PersonAt(ctx, a.BaseURL, user)
	switch {
	case err == nil && p.Token != "":
		return ours.Server().Client(p.Token, a.ChatwootID), p, nil
	case err != nil && !errors.Is(err, ErrNotFound):
		return nil, Person{}, err
	case user == a.TokenOwner.ID && errors.Is(err, ErrNotFound):
		return ours, Person{}, nil
	}
	return nil, Person{}, errAwaitsSignIn
}

// signedOut says so when Chatwoot refused the token of a person. Such a token is forgotten, which ends the person's sight of the account,
// too. Whoever signed in again meanwhile has another one, with which they go on.
func (e *Engine) signedOut(ctx context.Context, p Person, account AccountID, err error) error {
	if p.ID == 0 || !errors.Is(err, chatwoot.KindBadToken) {
		return err
	}
	if dropped := e.Store.DropToken(ctx, p.ID, p.Token); dropped != nil {
		e.Logger.WarnContext(ctx, "forget a refused token", "error", dropped.Error())
	}
	e.viewers.forget(p.ID, account)
	if now, again := e.Store.Person(ctx, p.ID); again == nil && now.Token != "" {
		return err
	}
	return errAwaitsSignIn
}

// awaitSignIn lets a move wait for its person, or gives it back when they have not come for long.
func (m *mover) awaitSignIn(ctx context.Context, mv Move, log *slog.Logger) (Applied, error) {
	if m.Clock().Sub(mv.CreatedAt) > signInPatience {
		return m.refuse(ctx, mv, "move.refused.signed_out", log)
	}
	log.InfoContext(ctx, "move waits for its person to sign in again")
	return m.Store.DeferMove(ctx, mv.ID, m.Clock().Add(signInEvery), waitingFor(errAwaitsSignIn))
}
