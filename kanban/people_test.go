package kanban_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

func (w *world) tries(in kanban.SignIn) (kanban.SignedIn, error) {
	in.Server = w.address
	return w.engine.SignIn(w.t.Context(), in)
}

func TestSignInByPassword(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		agent := b.sim.Agents()[0]
		in, err := b.tries(kanban.SignIn{Email: agent.Email, Password: agent.Password})
		require.NoError(t, err)
		require.Empty(t, in.MFAToken)
		require.Equal(t, kanban.Actor{ID: kanban.AgentID(agent.ID), Name: agent.Name}, in.Person.Actor)
		require.Equal(t, agent.Email, in.Person.Email)
		require.Equal(t, agent.Token, in.Person.Token)
		require.Equal(t, b.address, in.Person.BaseURL)
		kept, err := b.engine.Person(t.Context(), in.Person.ID)
		require.NoError(t, err)
		require.Equal(t, in.Person, kept)
		v, err := b.engine.Viewer(t.Context(), kept.ID, b.account.ID)
		require.NoError(t, err)
		require.Equal(t, kanban.RoleAgent, v.Role)
	})
}

// Neither the password nor, in clear, the token is in any file of the database.
func TestThePasswordIsKeptNowhere(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		agent := b.sim.Agents()[0]
		_, err := b.tries(kanban.SignIn{Email: agent.Email, Password: agent.Password})
		require.NoError(t, err)
		found := false
		files, err := filepath.Glob(filepath.Join(filepath.Dir(b.path), "*"))
		require.NoError(t, err)
		for _, name := range files {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			require.NotContains(t, string(text), agent.Password, name)
			require.NotContains(t, string(text), agent.Token, name)
			found = found || bytes.Contains(text, []byte(agent.Email))
		}
		require.True(t, found, "the files are those that hold people")
	})
}

func TestSignInWithASecondFactor(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		agent := b.sim.Agents()[0]
		b.sim.SetTwoFactor(agent.ID, "123456", "a1b2-c3d4")
		first := func() string {
			in, err := b.tries(kanban.SignIn{Email: agent.Email, Password: agent.Password})
			require.NoError(t, err)
			require.NotEmpty(t, in.MFAToken)
			require.Zero(t, in.Person, "nobody is in with the password alone")
			return in.MFAToken
		}
		mfa := first()
		_, err := b.tries(kanban.SignIn{MFAToken: mfa, Code: "654321"})
		require.ErrorIs(t, err, chatwoot.KindBadCode)
		for _, code := range []string{"123456", "a1b2-c3d4"} {
			in, err := b.tries(kanban.SignIn{MFAToken: first(), Code: code})
			require.NoError(t, err, code)
			require.Equal(t, agent.Token, in.Person.Token, code)
		}
		_, err = b.tries(kanban.SignIn{MFAToken: first(), Code: "a1b2-c3d4"})
		require.ErrorIs(t, err, chatwoot.KindBadCode, "a backup code is good for once")
		late := first()
		time.Sleep(6 * time.Minute)
		_, err = b.tries(kanban.SignIn{MFAToken: late, Code: "123456"})
		require.ErrorIs(t, err, chatwoot.KindMFAExpired)
	})
}

func TestSignInByToken(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		in, err := b.tries(kanban.SignIn{Token: b.sim.AdminToken()})
		require.NoError(t, err)
		require.Equal(t, kanban.AgentID(b.sim.Admins()[0].ID), in.Person.Actor.ID)
		v, err := b.engine.Viewer(t.Context(), in.Person.ID, b.account.ID)
		require.NoError(t, err)
		require.Equal(t, kanban.RoleAdministrator, v.Role)
		again, err := b.tries(kanban.SignIn{Token: b.sim.AdminToken()})
		require.NoError(t, err)
		require.Equal(t, in.Person.ID, again.Person.ID, "the same person as before")
	})
}

// Whoever is not let in leaves no trace of a person.
func TestWhoIsNotLetIn(t *testing.T) {
	type attempt struct {
		prepare func(*bubble, chatwoottest.User)
		in      func(*bubble, chatwoottest.User) kanban.SignIn
		kind    error
		message string
	}
	password := func(_ *bubble, u chatwoottest.User) kanban.SignIn {
		return kanban.SignIn{Email: u.Email, Password: u.Password}
	}
	token := func(_ *bubble, u chatwoottest.User) kanban.SignIn { return kanban.SignIn{Token: u.Token} }
	for name, a := range map[string]attempt{
		"a wrong password": {nil, func(_ *bubble, u chatwoottest.User) kanban.SignIn {
			return kanban.SignIn{Email: u.Email, Password: "Errada-1!"}
		}, chatwoot.KindBadCredentials, ""},
		"an unknown address": {nil, func(*bubble, chatwoottest.User) kanban.SignIn {
			return kanban.SignIn{Email: "ninguem@example.com", Password: "Errada-1!"}
		}, chatwoot.KindBadCredentials, ""},
		"an unconfirmed address": {func(b *bubble, u chatwoottest.User) { b.sim.SetConfirmed(u.ID, false) }, password, chatwoot.KindUnconfirmed, ""},
		"single sign-on":         {func(b *bubble, u chatwoottest.User) { b.sim.SetSAML(u.ID, true) }, password, chatwoot.KindSAML, ""},
		"a revoked token":        {func(b *bubble, u chatwoottest.User) { b.sim.RevokeToken(u.ID) }, token, chatwoot.KindBadToken, ""},
		"an agent bot": {nil, func(b *bubble, _ chatwoottest.User) kanban.SignIn {
			return kanban.SignIn{Token: b.sim.BotToken()}
		}, chatwoot.KindBotToken, ""},
		"a platform app": {nil, func(b *bubble, _ chatwoottest.User) kanban.SignIn {
			return kanban.SignIn{Token: b.sim.PlatformToken()}
		}, chatwoot.KindBotToken, ""},
		"somebody of another account": {nil, func(b *bubble, _ chatwoottest.User) kanban.SignIn {
			return kanban.SignIn{Token: b.sim.OutsiderToken()}
		}, nil, "sign_in.no_account"},
		"a former member":     {func(b *bubble, u chatwoottest.User) { b.sim.DeleteAgent(u.ID) }, token, nil, "sign_in.no_account"},
		"a suspended account": {func(b *bubble, _ chatwoottest.User) { b.sim.SuspendAccount(b.sim.AccountID(), true) }, token, nil, "sign_in.suspended"},
	} {
		t.Run(name, func(t *testing.T) {
			synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
				agent := b.sim.Agents()[0]
				if a.prepare != nil {
					a.prepare(b, agent)
				}
				in, err := b.tries(a.in(b, agent))
				require.Zero(t, in)
				if a.kind != nil {
					require.ErrorIs(t, err, a.kind)
				}
				if a.message != "" {
					var invalid *kanban.InvalidError
					require.ErrorAs(t, err, &invalid)
					require.Equal(t, a.message, invalid.Key)
				}
				for _, u := range append(b.sim.Users(), agent) {
					_, err := b.store.PersonAt(t.Context(), b.address, kanban.AgentID(u.ID))
					require.ErrorIs(t, err, kanban.ErrNotFound)
				}
			})
		})
	}
}

// An address that nobody connected is asked nothing: it may be anybody's.
func TestSignInAtAnUnknownServer(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		_, err := b.engine.SignIn(t.Context(), kanban.SignIn{Server: "http://other.example", Token: b.sim.AdminToken()})
		var invalid *kanban.InvalidError
		require.ErrorAs(t, err, &invalid)
		require.Equal(t, "sign_in.no_server", invalid.Key)
	})
}

// One person is a member of two accounts of a server, and each says for itself what they are there.
func TestOnePersonInTwoAccounts(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		owner, agent := b.sim.Admins()[0], b.sim.Agents()[0]
		number := b.sim.AddBusiness("Oficina Aurora", owner.ID, 3)
		b.sim.SetRole(number, agent.ID, "administrator")
		other, err := b.engine.Connect(t.Context(), kanban.Address{URL: b.address, Token: owner.Token, AllowPrivateNetwork: true}, number)
		require.NoError(t, err)
		person := b.signIn(agent.Token)
		here, err := b.engine.Viewer(t.Context(), person.ID, b.account.ID)
		require.NoError(t, err)
		there, err := b.engine.Viewer(t.Context(), person.ID, other.ID)
		require.NoError(t, err)
		require.Equal(t, kanban.RoleAgent, here.Role)
		require.Equal(t, kanban.RoleAdministrator, there.Role)
		require.Equal(t, b.account.ID, here.Account)
		require.Equal(t, other.ID, there.Account)
	})
}

func TestTokensOfPeopleWhoDoNotComeAreForgotten(t *testing.T) {
	synced(t, chatwoottest.Options{}, seldom, nil, func(t *testing.T, b *bubble) {
		agents := b.sim.Agents()
		gone, err := b.tries(kanban.SignIn{Token: agents[0].Token})
		require.NoError(t, err)
		b.halt()
		time.Sleep(5 * 24 * time.Hour)
		b.open()
		here, err := b.tries(kanban.SignIn{Token: agents[1].Token})
		require.NoError(t, err)
		time.Sleep(5 * 24 * time.Hour)
		b.start()
		time.Sleep(time.Second)
		p, err := b.store.Person(t.Context(), gone.Person.ID)
		require.NoError(t, err)
		require.Empty(t, p.Token)
		_, err = b.engine.Viewer(t.Context(), gone.Person.ID, b.account.ID)
		require.ErrorIs(t, err, kanban.ErrSignedOut)
		p, err = b.store.Person(t.Context(), here.Person.ID)
		require.NoError(t, err)
		require.NotEmpty(t, p.Token)
	})
}
