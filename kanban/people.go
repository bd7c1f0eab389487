package kanban

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

// ErrSignedOut says that the person has to sign in again, because Chatwoot no longer takes their token.
var ErrSignedOut = errors.New("signed out")

// SignIn is what somebody gives to sign in: e-mail and password, then perhaps a code; or an access token.
type SignIn struct {
	// Server is the address of a connected Chatwoot.
	Server          string
	Email, Password string
	// MFAToken is what the first step returned, Code what the person typed then: six digits, or a backup code.
	MFAToken, Code string
	// Token is a personal access token instead of all the others.
	Token string
}

// SignedIn is who somebody turned out to be, or, if MFAToken is set, that a code is due within five minutes.
type SignedIn struct {
	Person   Person
	MFAToken string
}

// SignIn asks Chatwoot who somebody is and keeps their access token; the password is kept nowhere. Whoever belongs to no connected
// account of the server is not let in. Failures are Chatwoot's kinds, or an *InvalidError.
func (e *Engine) SignIn(ctx context.Context, in SignIn) (SignedIn, error) {
	accounts, server, err := e.connectedTo(ctx, in.Server)
	if err != nil {
		return SignedIn{}, err
	}
	profile, mfa, err := identify(ctx, server, in)
	if err != nil || mfa != "" {
		return SignedIn{MFAToken: mfa}, err
	}
	p := Person{
		BaseURL: server.URL(), Actor: Actor{ID: AgentID(profile.ID), Name: calledBy(profile)}, Email: profile.Email, AvatarURL: profile.AvatarURL,
		Token: string(profile.AccessToken),
	}
	if in.Token != "" {
		p.Token = in.Token // some servers leave it out of the profile
	}
	if p.Token == "" {
		return SignedIn{}, Invalid("sign_in.no_token")
	}
	if err := mayEnter(p, profile, accounts); err != nil {
		return SignedIn{}, err
	}
	if p, err = e.admit(ctx, p, profile, accounts); err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Person: p}, nil
}

// mayEnter makes sure that a person belongs to a connected account, and that Chatwoot has not closed all of those.
func mayEnter(p Person, profile chatwoot.Profile, accounts []Account) error {
	refusal := Invalid("sign_in.no_account", "person", p.Name)
	for _, a := range accounts {
		in, ok := profile.Account(a.ChatwootID)
		if ok && in.Status != "suspended" {
			return nil
		}
		if ok {
			refusal = Invalid("sign_in.suspended", "account", in.Name)
		}
	}
	return refusal
}

// admit keeps a person and what their profile says, and lets their waiting moves go on.
func (e *Engine) admit(ctx context.Context, p Person, profile chatwoot.Profile, accounts []Account) (Person, error) {
	p, err := e.Store.SavePerson(ctx, p)
	if err != nil {
		return Person{}, err
	}
	for _, a := range accounts {
		if err := e.Store.HastenMovesOf(ctx, a.ID, p.Actor.ID, e.Clock()); err != nil {
			return Person{}, err
		}
		e.viewers.forget(p.ID, a.ID)
	}
	e.mover.wake()
	for _, a := range accounts {
		if !memberOf(profile, a) {
			continue
		}
		if _, err := e.Viewer(ctx, p.ID, a.ID); err != nil && !errors.Is(err, ErrNotFound) {
			return Person{}, err
		}
	}
	return p, nil
}

func memberOf(p chatwoot.Profile, a Account) bool {
	_, ok := p.Account(a.ChatwootID)
	return ok
}

// calledBy is what colleagues call the owner of a profile.
func calledBy(p chatwoot.Profile) string {
	if p.AvailableName != "" {
		return p.AvailableName
	}
	return p.Name
}

// identify finds out whose credentials these are. mfa is set when a second factor is due.
func identify(ctx context.Context, server *chatwoot.Server, in SignIn) (p chatwoot.Profile, mfa string, err error) {
	if in.Token != "" {
		p, err = server.Client(in.Token, 0).Once().Profile(ctx)
		return p, "", err
	}
	step := chatwoot.SignIn{Email: in.Email, Password: in.Password}
	if in.MFAToken != "" {
		step = chatwoot.SignIn{MFAToken: in.MFAToken, BackupCode: in.Code}
		if sixDigits(in.Code) {
			step = chatwoot.SignIn{MFAToken: in.MFAToken, Code: in.Code}
		}
	}
	r, err := server.SignIn(ctx, step)
	return r.Profile, string(r.MFAToken), err
}

func sixDigits(code string) bool {
	return len(code) == 6 && !slices.ContainsFunc([]byte(code), func(c byte) bool { return c < '0' || c > '9' })
}

// connectedTo are the accounts at a server's address, and the connection to it.
func (e *Engine) connectedTo(ctx context.Context, baseURL string) ([]Account, *chatwoot.Server, error) {
	all, err := e.Store.Accounts(ctx)
	if err != nil {
		return nil, nil, err
	}
	accounts := slices.DeleteFunc(all, func(a Account) bool { return a.BaseURL != baseURL })
	if len(accounts) == 0 {
		return nil, nil, Invalid("sign_in.no_server")
	}
	server, err := e.server(baseURL, accounts[0].AllowPrivateNetwork)
	return accounts, server, err
}

// SignOutEverywhere ends all sessions of a person. Their waiting moves wait until they sign in again.
func (e *Engine) SignOutEverywhere(ctx context.Context, id PersonID) error {
	return e.Store.EndSessions(ctx, id)
}

// Person is somebody who signed in.
func (e *Engine) Person(ctx context.Context, id PersonID) (Person, error) {
	return e.Store.Person(ctx, id)
}

const (
	// tokenLife is how long the token of somebody who does not come is kept: a little longer than their sessions last unused and than a
	// move of theirs would wait.
	tokenLife = 8 * 24 * time.Hour
	// tokensEvery is how often such tokens are looked for.
	tokensEvery = 6 * time.Hour
)

// forgetTheIdle forgets the tokens of people who have not been here for long. They sign in again when they come.
func (e *Engine) forgetTheIdle(ctx context.Context) error {
	for {
		if err := e.Store.DropIdleTokens(ctx, e.Clock().Add(-tokenLife)); err != nil && ctx.Err() == nil {
			e.Logger.WarnContext(ctx, "forget the tokens of people who do not come", "error", err.Error())
		}
		if !wait(ctx, tokensEvery) {
			return ctx.Err()
		}
	}
}
