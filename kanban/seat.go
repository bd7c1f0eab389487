package kanban

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

const (
	// seatPatience bounds the asking.
	seatPatience = 15 * time.Second
	// onlyPages bounds the pages that are read of what a narrow custom role may see; it is Chatwoot that pays for each.
	onlyPages = 40
)

// away reports whether a failure says nothing about the person: Chatwoot, or the way to it, is not in order.
func away(err error) bool {
	for _, k := range []chatwoot.Kind{
		chatwoot.KindUnavailable, chatwoot.KindTimeout, chatwoot.KindUnreachable, chatwoot.KindBroken, chatwoot.KindThrottled,
		chatwoot.KindBreakerOpen, chatwoot.KindNotChatwoot, chatwoot.KindTooLarge, chatwoot.KindHeaderDropped,
	} {
		if errors.Is(err, k) {
			return true
		}
	}
	return false
}

// askSeat asks Chatwoot with the person's own token what they are and may see.
func (e *Engine) askSeat(ctx context.Context, p Person, account AccountID) (Seat, error) {
	// Whoever gives up meanwhile must not make the others, who wait for the same answer, fail.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), seatPatience)
	defer cancel()
	a, err := e.Store.Account(ctx, account)
	if err != nil {
		return Seat{}, err
	}
	if a.BaseURL != p.BaseURL {
		return Seat{}, ErrNotFound
	}
	server, err := e.server(a.BaseURL, a.AllowPrivateNetwork)
	if err != nil {
		return Seat{}, err
	}
	seat := Seat{Person: p.ID, Account: account, CheckedAt: e.Clock()}
	err = fillSeat(ctx, server.Client(p.Token, a.ChatwootID).Once(), &seat)
	switch {
	case errors.Is(err, chatwoot.KindBadToken):
		return Seat{}, errors.Join(ErrSignedOut, e.Store.DropToken(ctx, p.ID, p.Token))
	case errors.Is(err, chatwoot.KindNotMember), errors.Is(err, chatwoot.KindSuspended), errors.Is(err, chatwoot.KindNotFound):
		seat.Role, seat.Inboxes, seat.Teams, seat.Only = "", nil, nil, nil
	case err != nil:
		return Seat{}, err
	}
	return seat, e.Store.SaveSeat(ctx, seat)
}

// fillSeat reads role, inboxes and teams. Nothing but the role is asked for administrators, who see all.
func fillSeat(ctx context.Context, c *chatwoot.Client, seat *Seat) error {
	profile, err := c.Profile(ctx)
	if err != nil {
		return err
	}
	in, ok := profile.Account(c.AccountID())
	if !ok || in.Status == "suspended" {
		return nil
	}
	if in.Role == string(RoleAdministrator) {
		seat.Role = RoleAdministrator
		return nil
	}
	inboxes, err := c.Inboxes(ctx)
	if err != nil {
		return err
	}
	for _, i := range inboxes {
		seat.Inboxes = append(seat.Inboxes, InboxID(i.ID))
	}
	teams, err := c.Teams(ctx)
	if err != nil {
		return err
	}
	for _, t := range teams {
		if t.IsMember {
			seat.Teams = append(seat.Teams, TeamID(t.ID))
		}
	}
	if seat.Narrow = narrow(in); seat.Narrow {
		if seat.Only, err = onlyThese(ctx, c); err != nil {
			return err
		}
	}
	seat.Role = RoleAgent
	return nil
}

// narrow reports whether a custom role sees less than the conversations of its inboxes.
func narrow(in chatwoot.ProfileAccount) bool {
	return in.CustomRoleID != 0 && !slices.Contains(in.Permissions, "conversation_manage")
}

// onlyThese are the conversations that Chatwoot lists for the owner of a token: what a custom role sees is Chatwoot's to say.
func onlyThese(ctx context.Context, c *chatwoot.Client) ([]ConversationID, error) {
	var only []ConversationID
	for page := 1; page <= onlyPages; page++ {
		p, err := c.Conversations(ctx, chatwoot.ListOptions{Status: "all", SortBy: "last_activity_at_desc", Page: page})
		if err != nil {
			return nil, err
		}
		for _, conv := range p.Conversations {
			only = append(only, ConversationID(conv.ID))
		}
		if len(p.Conversations) == 0 {
			break
		}
	}
	slices.Sort(only)
	return slices.Compact(only), nil
}
