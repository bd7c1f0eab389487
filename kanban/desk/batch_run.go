package desk

import (
	"context"
	"errors"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
)

const (
	// batchPace is how long there is at least between two cards of an account's batches. Each is three calls or four, so that they take a
	// third of the requests that we allow ourselves (CONTRACT 3.1).
	batchPace = 200 * time.Millisecond
	// batchMoves bounds the moves of batches that are under way: one of the movers stays free for people.
	batchMoves = 3
	// batchTries is how often a card is tried while Chatwoot is away, with batchBackoff doubling between them.
	batchTries   = 8
	batchBackoff = time.Second
	// batchesKept is how long it is known what became of a batch.
	batchesKept = 7 * 24 * time.Hour
)

// The message keys of why a card could not be changed.
const (
	batchGone     = "move.refused.gone"
	batchChanged  = "batch.failed.changed"
	batchRefused  = "batch.failed.refused"
	batchSignedIn = "batch.failed.signed_out"
	batchAway     = "batch.failed.away"
)

// wakeBatches says that a card of a batch may be due.
func (d *Desk) wakeBatches() {
	select {
	case d.more <- struct{}{}:
	default:
	}
}

// goOnBatches takes up the batches of each account, those of one account in turn.
func (d *Desk) goOnBatches(ctx context.Context) {
	accounts, err := d.Store.AccountsWithBatches(ctx, d.Clock())
	d.note(ctx, "look for batches", err)
	for _, a := range accounts {
		if _, busy := d.serving.LoadOrStore(a, true); busy {
			continue
		}
		d.batches.Go(func() {
			defer d.serving.Delete(a)
			d.note(ctx, "go on with a batch", d.serve(ctx, a))
		})
	}
}

// serve goes on with an account's batches until no card is due.
func (d *Desk) serve(ctx context.Context, account kanban.AccountID) error {
	for ctx.Err() == nil {
		begun := time.Now()
		sent, err := d.Store.SentOfBatches(ctx, account)
		if err != nil {
			return err
		}
		if sent < batchMoves {
			b, c, err := d.Store.NextBatchCard(ctx, account, d.Clock())
			if errors.Is(err, kanban.ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			if err := d.change(ctx, b, c); err != nil {
				return err
			}
		}
		select {
		case <-time.After(batchPace - time.Since(begun)):
		case <-ctx.Done():
		}
	}
	return nil
}

// change does a batch's deed with one card and notes what became of it.
func (d *Desk) change(ctx context.Context, b kanban.Batch, c kanban.BatchCard) error {
	err := d.attempt(ctx, b, &c)
	if ctx.Err() != nil {
		return nil //nolint:nilerr // it is begun again after the next start
	}
	switch reason := batchReason(err); {
	case err == nil:
	case reason != "":
		c.State, c.Reason = kanban.BatchFailed, reason
	case c.Attempts+1 >= batchTries:
		c.State, c.Reason = kanban.BatchFailed, batchAway
	default:
		c.DueAt = d.Clock().Add(batchBackoff << c.Attempts)
	}
	c.Attempts++
	if c.State == "" { // it was stopped meanwhile
		return nil
	}
	return d.Store.SettleBatchCard(ctx, c)
}

// attempt does the deed, and sets the card's state when it is known.
func (d *Desk) attempt(ctx context.Context, b kanban.Batch, c *kanban.BatchCard) error {
	v, err := d.viewerOf(ctx, b)
	if err != nil {
		return err
	}
	board, err := d.Store.Board(ctx, b.Board)
	if err != nil {
		return err
	}
	deed := kanban.Deed{Field: b.Deed.Field, Wish: c.Wish}
	card, err := d.cardOf(ctx, v, board, deed.Field, c.Conversation)
	if err != nil {
		return err
	}
	is := deed.On(card)
	switch {
	case deed.Fulfilled(card) && c.Begun: // by us: what became of it had not been noted
		c.State = kanban.BatchDone
		return nil
	case deed.Fulfilled(card):
		c.State = kanban.BatchSame
		return nil
	case c.Guarded && is.Value != c.Expected:
		return kanban.ErrStale
	}
	waits, err := d.Store.BeginBatchCard(ctx, *c, is)
	if err != nil {
		return err
	}
	if !waits {
		c.State = ""
		return nil
	}
	if err := d.do(ctx, v, board, card, deed, c); err != nil {
		return err
	}
	c.State = kanban.BatchDone
	return nil
}

// cardOf is what a deed is done with. A conversation that has left the board since, as one does that is resolved without a stage, can still
// be reopened, but not moved.
func (d *Desk) cardOf(ctx context.Context, v kanban.Viewer, b kanban.Board, field kanban.DeedField, id kanban.ConversationID) (kanban.Card, error) {
	card, err := d.Store.Card(ctx, b, v, id)
	if !errors.Is(err, kanban.ErrNotFound) || field == kanban.DeedStage {
		return card, err
	}
	conv, err := d.Store.Conversation(ctx, v.Account, id)
	if err != nil {
		return kanban.Card{}, err
	}
	if !v.Opens(conv) {
		return kanban.Card{}, kanban.ErrNotFound
	}
	a, err := d.Store.Account(ctx, v.Account)
	return kanban.Card{Board: b.ID, Conversation: conv, Deal: kanban.DealOf(conv.Attributes, a.Deal)}, err
}

// viewerOf is who does a batch's deeds, with what they may see by now.
func (d *Desk) viewerOf(ctx context.Context, b kanban.Batch) (kanban.Viewer, error) {
	if b.Person != 0 {
		v, err := d.Engine.Viewer(ctx, b.Person, b.Account)
		if err == nil && v.ID != b.By.ID {
			err = kanban.ErrNotFound
		}
		return v, err
	}
	a, err := d.Store.Account(ctx, b.Account)
	if err == nil && a.TokenOwner.ID != b.By.ID {
		err = kanban.ErrNotFound
	}
	return kanban.Viewer{Actor: a.TokenOwner, Account: b.Account, Role: kanban.RoleAdministrator}, err
}

// do does a deed with a card.
func (d *Desk) do(ctx context.Context, v kanban.Viewer, b kanban.Board, card kanban.Card, deed kanban.Deed, c *kanban.BatchCard) error {
	conv, wish := card.Conversation, deed.Wish.Value
	switch deed.Field {
	case kanban.DeedStage:
		mv := kanban.Move{Account: b.Account, Board: b.ID, Conversation: conv.ID, To: deed.Stage(), Expect: &card.Stage, LostReason: deed.Wish.More}
		mv, _, err := d.Engine.Accept(ctx, v, mv)
		c.Move = mv.ID
		return err
	case kanban.DeedAssignee:
		return d.Assign(ctx, v, conv, kanban.AgentID(deed.Number()))
	case kanban.DeedTeam:
		return d.giveToTeam(ctx, v, conv, deed)
	case kanban.DeedPriority:
		return d.SetPriority(ctx, v, conv.ID, kanban.Priority(wish))
	case kanban.DeedStatus:
		return d.SetStatus(ctx, v, conv.ID, kanban.Status(wish), deed.Until())
	case kanban.DeedAddLabel:
		return d.Engine.ChangeLabels(ctx, v, conv.ID, []string{wish}, nil)
	case kanban.DeedRemoveLabel:
		return d.Engine.ChangeLabels(ctx, v, conv.ID, nil, []string{wish})
	case kanban.DeedNextStep:
		return d.setNextStep(ctx, v, conv.ID, deed.Wish)
	}
	return kanban.ErrNotFound
}

// giveToTeam sets the team. Chatwoot drops an assignee who is not in it: whoever takes a batch back gives the conversation back, too.
func (d *Desk) giveToTeam(ctx context.Context, v kanban.Viewer, conv kanban.Conversation, deed kanban.Deed) error {
	if err := d.SetTeam(ctx, v, conv.ID, kanban.TeamID(deed.Number())); err != nil || deed.Wish.More == "" {
		return err
	}
	had := kanban.Deed{Field: kanban.DeedAssignee, Wish: kanban.DeedValue{Value: deed.Wish.More}}
	now, err := d.Store.Conversation(ctx, v.Account, conv.ID)
	if err != nil || had.Fulfilled(kanban.Card{Conversation: now}) {
		return err
	}
	return d.Assign(ctx, v, now, kanban.AgentID(had.Number()))
}

func (d *Desk) setNextStep(ctx context.Context, v kanban.Viewer, id kanban.ConversationID, wish kanban.DeedValue) error {
	a, err := d.Store.Account(ctx, v.Account)
	if err != nil {
		return err
	}
	change := map[string]any{}
	for key, text := range map[string]string{a.Deal.NextStep: wish.Value, a.Deal.NextStepOn: wish.More} {
		if key == "" {
			continue
		}
		change[key] = nil
		if text != "" {
			change[key] = text
		}
	}
	return d.Engine.ChangeAttributes(ctx, v, id, change)
}

// batchReason is the message key of why a card cannot be changed, or empty when it may be later.
func batchReason(err error) string {
	if invalid, ok := errors.AsType[*kanban.InvalidError](err); ok && len(invalid.Values) == 0 {
		return invalid.Key
	}
	switch chatwoot.KindOf(err) {
	case chatwoot.KindNotAllowed, chatwoot.KindForbidden, chatwoot.KindNotMember, chatwoot.KindNotFound:
		return batchGone
	case chatwoot.KindInvalid:
		return batchRefused
	}
	_, invalid := errors.AsType[*kanban.InvalidError](err)
	switch {
	case invalid:
		return batchRefused
	case errors.Is(err, kanban.ErrNotFound):
		return batchGone
	case errors.Is(err, kanban.ErrStale):
		return batchChanged
	case errors.Is(err, kanban.ErrSignedOut):
		return batchSignedIn
	}
	return ""
}
