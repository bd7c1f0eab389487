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
	ours, a, err := m.client(ctx, mv.Account)
	if err != nil || mv.By.ID == 0 {
		return ours, Person{}, err
	}
	p, err := m.Store.PersonAt(ctx, a.BaseURL, mv.By.ID)
	switch {
	case err == nil && p.Token != "":
		return ours.Server().Client(p.Token, a.ChatwootID), p, nil
	case err != nil && !errors.Is(err, ErrNotFound):
		return nil, Person{}, err
	case mv.By.ID == a.TokenOwner.ID && errors.Is(err, ErrNotFound):
		return ours, Person{}, nil
	}
	return nil, Person{}, errAwaitsSignIn
}

// signedOut says so when Chatwoot refused the token of a person. Such a token is forgotten, which ends the person's sight of the account,
// too. Whoever signed in again meanwhile has another one, with which the move goes on.
func (m *mover) signedOut(ctx context.Context, p Person, account AccountID, err error) error {
	if p.ID == 0 || !errors.Is(err, chatwoot.KindBadToken) {
		return err
	}
	if dropped := m.Store.DropToken(ctx, p.ID, p.Token); dropped != nil {
		m.Logger.WarnContext(ctx, "forget a refused token", "error", dropped.Error())
	}
	m.viewers.forget(p.ID, account)
	if now, again := m.Store.Person(ctx, p.ID); again == nil && now.Token != "" {
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
