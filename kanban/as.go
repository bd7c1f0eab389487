package kanban

import (
	"context"
	"errors"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// As speaks to Chatwoot as the viewer, with their own token and in the lane of what a person waits for, so that Chatwoot names them and
// decides what they may do. ErrSignedOut: they have to sign in again.
func (e *Engine) As(ctx context.Context, v Viewer) (*chatwoot.Client, error) {
	c, _, err := e.actingAs(ctx, v.Account, v.ID)
	if errors.Is(err, errAwaitsSignIn) {
		return nil, ErrSignedOut
	}
	if err != nil {
		return nil, err
	}
	return c.In(chatwoot.LaneMove), nil
}

// Heard looks at a failure of what was done as the viewer. A token that Chatwoot refuses is forgotten, which is ErrSignedOut; every
// other failure is returned as it is.
func (e *Engine) Heard(ctx context.Context, v Viewer, err error) error {
	if !errors.Is(err, chatwoot.KindBadToken) {
		return err
	}
	_, p, known := e.actingAs(ctx, v.Account, v.ID)
	if known != nil {
		return ErrSignedOut
	}
	if err = e.signedOut(ctx, p, v.Account, err); errors.Is(err, errAwaitsSignIn) {
		return ErrSignedOut
	}
	return err
}

// Turn waits until no other write of ours to a conversation is under way: a replace-all call needs nobody of ours between its reading
// and its writing. Whoever has the turn calls leave. A move waits for it, too, so it is held for calls to Chatwoot only.
func (e *Engine) Turn(ctx context.Context, account AccountID, id ConversationID) (leave func(), err error) {
	return e.mover.race.turns.take(ctx, conversationKey{account, id})
}

// Learn takes a conversation that was read from Chatwoot into the cache and tells the boards. at is when the reading began, by is who
// caused what is new in it.
func (e *Engine) Learn(ctx context.Context, account AccountID, conv chatwoot.Conversation, at time.Time, by Actor) error {
	snap := SnapshotOf(account, conv, FromReconcile, at, true)
	snap.By = by
	_, err := e.sync(account).apply(ctx, []Snapshot{snap}, nil)
	return err
}
