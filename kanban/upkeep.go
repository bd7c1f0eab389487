package kanban

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// versionEvery is how often Chatwoot is asked for its version: somebody may have brought it up to date.
const versionEvery = time.Hour

// lookAfter keeps what we registered in Chatwoot as it should be, and finds out whether webhooks arrive.
func (s *accountSync) lookAfter(ctx context.Context) error {
	every := time.NewTicker(s.UpkeepEvery)
	defer every.Stop()
	for {
		s.upkeep(ctx)
		select {
		case <-every.C:
		case <-s.proofAsked:
			s.asked.Store(true)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// upkeep is one turn. What Chatwoot refuses is remembered for the health page; that it is away is known elsewhere.
func (s *accountSync) upkeep(ctx context.Context) {
	s.recordForecasts(ctx)
	c, a, err := s.client(ctx, s.id)
	if err != nil {
		return
	}
	c = c.In(chatwoot.LaneBackground)
	err = errors.Join(s.refreshVersion(ctx, c, &a), s.clearProof(ctx, c, a), s.repair(ctx, c))
	if ctx.Err() != nil {
		return
	}
	s.noteRefused(ctx, a, err)
	if a, err = s.Store.Account(ctx, s.id); err == nil && s.proofDue(a) {
		s.prove(ctx, c, a)
	} else {
		s.asked.Store(false)
	}
}

// recordForecasts waits for the end of the import: half of the deals would pass for all of them.
func (s *accountSync) recordForecasts(ctx context.Context) {
	a, err := s.Store.Account(ctx, s.id)
	if err == nil && a.Import.Finished() {
		err = s.Store.RecordForecasts(ctx, s.id, s.Clock())
	}
	if err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "record forecasts", "error", err.Error())
	}
}

// repair registers again what somebody deleted or changed in Chatwoot.
func (s *accountSync) repair(ctx context.Context, c *chatwoot.Client) error {
	if err := s.registrations.take(ctx); err != nil {
		return err
	}
	defer s.registrations.leave()
	a, err := s.Store.Account(ctx, s.id)
	if err != nil {
		return err
	}
	return errors.Join(s.repairWebhook(ctx, c, a), s.repairApp(ctx, c, a))
}

func (s *accountSync) repairWebhook(ctx context.Context, c *chatwoot.Client, a Account) error {
	if a.Webhook.ID == 0 || !a.Signs() && !a.Link.AllowUnsigned {
		return nil
	}
	moved := !strings.HasPrefix(a.Webhook.URL, s.publicURL(a)+"/webhooks/") // our own address changed: nothing was broken
	_, changed, err := s.register(ctx, c, a, s.publicURL(a))
	if err != nil || !changed || moved {
		return err
	}
	s.log.InfoContext(ctx, "webhook registered anew: somebody had deleted or changed it")
	return s.noteRepair(ctx, func(l *Link, now time.Time) { l.WebhookRepairedAt = now })
}

func (s *accountSync) repairApp(ctx context.Context, c *chatwoot.Client, a Account) error {
	if a.Link.App.URL == "" {
		return nil
	}
	moved := s.PublicURL != "" && a.Link.App.URL != s.publicURL(a)+"/embed"
	if moved {
		a.Link.App.URL = s.publicURL(a) + "/embed"
	}
	changed, err := s.ensureApp(ctx, c, a)
	if err != nil || !changed || moved {
		return err
	}
	s.log.InfoContext(ctx, "dashboard app registered anew: somebody had deleted or changed it")
	return s.noteRepair(ctx, func(l *Link, now time.Time) { l.App.RepairedAt = now })
}

func (s *accountSync) noteRepair(ctx context.Context, note func(*Link, time.Time)) error {
	now := s.Clock()
	_, err := s.Store.ChangeLink(ctx, s.id, func(l *Link) { note(l, now) })
	return err
}

// noteRefused remembers why what we registered cannot be looked after; a Chatwoot that does not answer says nothing about that.
func (s *accountSync) noteRefused(ctx context.Context, a Account, err error) {
	key := ""
	if err != nil {
		s.log.InfoContext(ctx, "look after webhook and dashboard app", "error", err.Error())
		if key = troubleKey(err); key == "trouble.unavailable" || key == "trouble.throttled" {
			return
		}
	}
	if key == a.Link.Refused {
		return
	}
	if _, err := s.Store.ChangeLink(ctx, s.id, func(l *Link) { l.Refused = key }); err != nil {
		s.log.WarnContext(ctx, "note what Chatwoot refuses", "error", err.Error())
	}
}

// refreshVersion asks now and then which version Chatwoot is.
func (s *accountSync) refreshVersion(ctx context.Context, c *chatwoot.Client, a *Account) error {
	now := s.Clock()
	if now.Sub(s.versionAt) < versionEvery {
		return nil
	}
	version, err := c.Server().Version(ctx)
	if err != nil {
		return err
	}
	s.versionAt = now
	if version == a.Version {
		return nil
	}
	if err := s.Store.SetVersion(ctx, s.id, version); err != nil {
		return err
	}
	*a, err = s.Store.Account(ctx, s.id)
	return err
}
