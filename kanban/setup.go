package kanban

import (
	"context"
	"errors"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// Setup connects an account without a person at a screen: for containers.
type Setup struct {
	Address    Address
	ChatwootID int64
	// Stages make the first board if the account has none; no board is made without them.
	Stages []StageSpec
	// Currency of that board; empty chooses it by the account's language.
	Currency string
	// PublicURL is where Chatwoot reaches us; without it no webhook is registered and changes come by asking.
	PublicURL string
	// AllowUnsigned takes webhooks from a Chatwoot that signs none.
	AllowUnsigned bool
}

// SetUp connects as told, and tries again while Chatwoot is away. It returns an error only for what trying again cannot mend.
func (e *Engine) SetUp(ctx context.Context, s Setup) error {
	for failures := 1; ; failures++ {
		err := e.setUpOnce(ctx, s)
		e.noteSetup(s, err)
		if err == nil || ctx.Err() != nil || lasting(err) {
			return err
		}
		e.Logger.WarnContext(ctx, "Chatwoot cannot be connected yet", "error", err.Error())
		if !wait(ctx, backoff(time.Second, failures)) {
			return ctx.Err()
		}
	}
}

// SetupTrouble is why the Chatwoot that the operator named is not connected.
type SetupTrouble struct {
	URL string
	Err error
}

// SetupTrouble tells why SetUp has not come to its end; false when it has, or has nothing to complain of yet.
func (e *Engine) SetupTrouble() (SetupTrouble, bool) {
	t := e.setup.Load()
	if t == nil {
		return SetupTrouble{}, false
	}
	return *t, true
}

func (e *Engine) noteSetup(s Setup, err error) {
	if err == nil {
		e.setup.Store(nil)
		return
	}
	e.setup.Store(&SetupTrouble{URL: s.Address.URL, Err: err})
}

// lasting reports whether an error stays what it is however often one tries.
func lasting(err error) bool {
	if _, invalid := errors.AsType[*InvalidError](err); invalid {
		return true
	}
	for _, kind := range []chatwoot.Kind{
		chatwoot.KindBadToken, chatwoot.KindHeaderDropped, chatwoot.KindNotAllowed, chatwoot.KindNotMember, chatwoot.KindBotToken,
		chatwoot.KindNotFound, chatwoot.KindInvalid, chatwoot.KindPrivateAddress,
	} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

func (e *Engine) setUpOnce(ctx context.Context, s Setup) error {
	a, err := e.Connect(ctx, s.Address, s.ChatwootID)
	if err != nil {
		return err
	}
	if err := e.firstBoard(ctx, a, s); err != nil {
		return err
	}
	if s.PublicURL == "" {
		e.Logger.WarnContext(ctx, "no public address: Chatwoot sends no webhooks, changes come by asking", "account", int64(a.ID))
		return nil
	}
	return e.setUpWebhook(ctx, a, s)
}

// setUpWebhook registers the webhook, unless Chatwoot signs none and the operator did not say that they know what that means.
func (e *Engine) setUpWebhook(ctx context.Context, a Account, s Setup) error {
	if s.AllowUnsigned && !a.Link.AllowUnsigned {
		if err := e.AllowUnsigned(ctx, a.ID, true); err != nil {
			return err
		}
	}
	_, err := e.RegisterWebhook(ctx, a.ID, s.PublicURL)
	if _, unsigned := errors.AsType[*InvalidError](err); unsigned {
		e.Logger.WarnContext(ctx, "this Chatwoot signs no webhooks, so none are taken: see the connection page, or set CHATLANE_ALLOW_UNSIGNED=true",
			"account", int64(a.ID), "version", a.Version)
		return nil
	}
	return err
}

func (e *Engine) firstBoard(ctx context.Context, a Account, s Setup) error {
	boards, err := e.Store.Boards(ctx, a.ID)
	if err != nil || len(boards) > 0 || len(s.Stages) == 0 {
		return err
	}
	currency := s.Currency
	if currency == "" {
		currency = CurrencyOf(a.Locale)
	}
	_, err = e.MakeBoard(ctx, a.ID, within(a.Name), currency, s.Stages)
	return err
}

// CurrencyOf is a first guess of a board's currency by the account's language, such as "pt_BR".
func CurrencyOf(locale string) string {
	switch {
	case locale == "pt_BR":
		return "BRL"
	case len(locale) >= 2 && (locale[:2] == "es" || locale[:2] == "pt" || locale[:2] == "fr" || locale[:2] == "de" || locale[:2] == "it"):
		return "EUR"
	}
	return "USD"
}
