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
// nobody but its owner, and for Chatlane itself where it repairs what nobody wished.
func (m *mover) clientOf(ctx context.Context, mv Move) (*chatwoot.Client, error) {
	ours, a, err := m.client(ctx, mv.Account)
	if err != nil || mv.By.ID == 0 {
		return ours, err
	}
	p, err := m.Store.PersonAt(ctx, a.BaseURL, mv.By.ID)
	switch {
	case err == nil && p.Token != "":
		return ours.Server().Client(p.Token, a.ChatwootID), nil
	case err != nil && !errors.Is(err, ErrNotFound):
		return nil, err
	case mv.By.ID == a.TokenOwner.ID && errors.Is(err, ErrNotFound):
		return ours, nil
	}
	return nil, errAwaitsSignIn
}

// awaitsSignIn reports whether a move failed because its person's token is no longer taken. Such a token is forgotten, which ends the
// person's sight of the account, too.
func (m *mover) awaitsSignIn(ctx context.Context, mv Move, err error) bool {
	if errors.Is(err, errAwaitsSignIn) {
		return true
	}
	if !errors.Is(err, chatwoot.KindBadToken) {
		return false
	}
	a, err := m.Store.Account(ctx, mv.Account)
	if err != nil {
		return false
	}
	p, err := m.Store.PersonAt(ctx, a.BaseURL, mv.By.ID)
	if err != nil || p.Token == "" {
		return err == nil
	}
	m.viewers.forget(p.ID, mv.Account)
	if err := m.Store.DropToken(ctx, p.ID); err != nil {
		m.Logger.WarnContext(ctx, "forget a refused token", "error", err.Error())
	}
	return true
}

// awaitSignIn lets a move wait for its person, or gives it back when they have not come for long.
func (m *mover) awaitSignIn(ctx context.Context, mv Move, log *slog.Logger) (Applied, error) {
	if m.Clock().Sub(mv.CreatedAt) > signInPatience {
		return m.refuse(ctx, mv, "move.refused.signed_out", log)
	}
	log.InfoContext(ctx, "move waits for its person to sign in again")
	return m.Store.DeferMove(ctx, mv.ID, m.Clock().Add(signInEvery), waitingFor(errAwaitsSignIn))
}
