package kanban

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

const (
	// ProcessHeader is how an answer of this process is known from any other's.
	ProcessHeader = "Chatlane-Process"
	// proofName is what the contact is called that is made for a proof: nobody's name, and plain to whoever meets it.
	proofName = "Chatlane: connection test"
	// proofAgain is how soon a proof is tried again by itself.
	proofAgain = time.Hour
	// proofLook is how often a proof looks whether something arrived.
	proofLook = 50 * time.Millisecond
)

// Process marks the answers of this process: at another address something else answers, and be it another Chatlane.
func (e *Engine) Process() string { return e.process }

// Prove tries at once whether webhooks arrive.
func (e *Engine) Prove(id AccountID) { e.sync(id).askProof() }

func (s *accountSync) askProof() {
	s.asked.Store(true) // from here on it is said that it is tried
	poke(s.proofAsked)
	s.connectionChanged()
}

// proofDue reports whether to find out if webhooks arrive: when somebody asked, else at most once an hour as long as it is not known.
func (s *accountSync) proofDue(a Account) bool {
	if a.Webhook.ID == 0 || !a.HearsWebhooks() || a.Link.Proof.Identifier != "" { // what is left of the last one has to go first
		return false
	}
	return s.asked.Load() || !s.arrives(a) && s.Clock().Sub(a.Link.Proof.StartedAt) >= proofAgain
}

// arrives reports whether webhooks are known to arrive: one did since they were registered, and nothing happened since that they did
// not tell.
func (s *accountSync) arrives(a Account) bool {
	last := later(fromMillis(s.lastWebhook.Load()), a.Webhook.LastAt)
	return a.Webhook.ID != 0 && a.HearsWebhooks() && !last.IsZero() && !last.Before(a.Link.RegisteredAt.Truncate(time.Millisecond)) &&
		!a.Sync.DriftAt.After(last)
}

// prove makes the round trip and remembers how it ended.
func (s *accountSync) prove(ctx context.Context, c *chatwoot.Client, a Account) {
	s.proving.Store(true)
	select {
	case <-s.proofAsked: // this one is what was asked for
	default:
	}
	s.asked.Store(false)
	began, mark := s.arrivals.Load(), "chatlane-test-"+strings.ToLower(rand.Text())
	_, err := s.Store.ChangeLink(ctx, s.id, func(l *Link) { l.Proof = Proof{StartedAt: s.Clock(), Identifier: mark} })
	if err == nil {
		s.connectionChanged()
		finding := s.roundTrip(ctx, c, a, began, mark)
		if ctx.Err() != nil {
			return // the next run clears away what is left
		}
		_, err = s.Store.ChangeLink(ctx, s.id, func(l *Link) { l.Proof.EndedAt, l.Proof.Finding = s.Clock(), finding })
		s.log.InfoContext(ctx, "webhooks tried", "arrive", finding == "", "finding", finding)
	}
	s.proving.Store(false)
	if err != nil {
		s.log.WarnContext(ctx, "note whether webhooks arrive", "error", err.Error())
	}
	s.connectionChanged()
}

// roundTrip changes a contact made for it and waits for Chatwoot to tell. It returns a message key of why nothing came.
func (s *accountSync) roundTrip(ctx context.Context, c *chatwoot.Client, a Account, began int64, mark string) (finding string) {
	defer s.clearMark(ctx, c, mark)
	made, err := c.CreateContact(ctx, chatwoot.ContactFields{Name: proofName, Identifier: mark})
	if err == nil {
		_, err = s.Store.ChangeLink(ctx, s.id, func(l *Link) { l.Proof.Contact = made.ID })
	}
	if err == nil {
		_, err = c.UpdateContact(ctx, made.ID, chatwoot.ContactFields{Name: proofName + " …"})
	}
	if err != nil {
		s.log.WarnContext(ctx, "try webhooks", "error", err.Error())
		return "proof.not_tried"
	}
	if s.somethingArrives(ctx, began) {
		return ""
	}
	return s.diagnose(ctx, a)
}

// somethingArrives waits for any delivery: one that happened to come proves as much as the one that was caused.
func (s *accountSync) somethingArrives(ctx context.Context, began int64) bool {
	ctx, cancel := context.WithTimeout(ctx, s.ProofWait)
	defer cancel()
	for s.arrivals.Load() == began {
		if !wait(ctx, proofLook) {
			return s.arrivals.Load() != began
		}
	}
	return true
}

// diagnose says why nothing arrived, as far as it can be told from here (CONTRACT 11.7).
func (s *accountSync) diagnose(ctx context.Context, a Account) string {
	allowPrivate := a.AllowPrivateNetwork || s.PublicURL != ""
	at := s.Look(ctx, s.publicURL(a)+"/healthz", ProcessHeader, allowPrivate)
	ours := at.Mark == s.process
	switch {
	case !at.Resolves, at.Answered && !ours:
		return "proof.wrong_address"
	case at.Private && atLeast(a.Version, 4, 14, 1):
		return "proof.private_network"
	case at.Private && atLeast(a.Version, 4, 14, 0):
		return "proof.private_network_4_14_0"
	case !ours:
		return "proof.wrong_address"
	}
	return "proof.nothing"
}

// clearMark deletes the contact of a proof, also when the proof was given up.
func (s *accountSync) clearMark(ctx context.Context, c *chatwoot.Client, mark string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	a, err := s.Store.Account(ctx, s.id)
	if err == nil && a.Link.Proof.Identifier == mark {
		err = s.clearProof(ctx, c, a)
	}
	if err != nil {
		s.log.WarnContext(ctx, "delete the contact of a connection test; tried again in a minute", "error", err.Error())
	}
}

// clearProof deletes the contact that a proof left behind, this one or one of an earlier run that was killed.
func (s *accountSync) clearProof(ctx context.Context, c *chatwoot.Client, a Account) error {
	p := a.Link.Proof
	if p.Identifier == "" {
		return nil
	}
	contact, err := proofContact(ctx, c, p)
	if err != nil {
		return err
	}
	if contact != 0 {
		if err := c.DeleteContact(ctx, contact); err != nil && !errors.Is(err, chatwoot.KindNotFound) {
			return fmt.Errorf("delete the contact of a connection test: %w", err)
		}
	}
	_, err = s.Store.ChangeLink(ctx, s.id, func(l *Link) { l.Proof.Identifier, l.Proof.Contact = "", 0 })
	return err
}

// proofContact finds the contact of a proof by its mark when its number never reached us.
func proofContact(ctx context.Context, c *chatwoot.Client, p Proof) (int64, error) {
	if p.Contact != 0 {
		return p.Contact, nil
	}
	found, err := c.SearchContacts(ctx, p.Identifier, 1)
	if err != nil {
		return 0, err
	}
	if i := slices.IndexFunc(found.Contacts, func(k chatwoot.Contact) bool { return k.Identifier == p.Identifier }); i >= 0 {
		return found.Contacts[i].ID, nil
	}
	return 0, nil
}
