package kanban_test

import (
	"bytes"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/storetest"
)

// stranger is an engine that knows no account yet, with a Chatwoot at the other end of its wire.
func stranger(t *testing.T, sim *chatwoottest.Server, to http.Handler) *kanban.Engine {
	t.Helper()
	t.Cleanup(sim.Close)
	return kanban.NewEngine(kanban.EngineConfig{
		Store: storetest.Open(t), Hub: kanban.NewHub(16),
		Server: func(address string, _ bool) (*chatwoot.Server, error) {
			return chatwoot.NewServer(chatwoot.ServerConfig{URL: address, Transport: wire{to: to}})
		},
	})
}

func TestWhoMayConnect(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		token   func(*chatwoottest.Server) string
		account int64
		key     string
		kind    chatwoot.Kind
	}{
		"an administrator":                   {token: (*chatwoottest.Server).AdminToken, account: 1},
		"an agent":                           {token: func(s *chatwoottest.Server) string { return s.AgentToken(0) }, account: 1, key: "connect.needs_administrator"},
		"an administrator of another":        {token: (*chatwoottest.Server).OutsiderToken, account: 1, key: "connect.no_such_account"},
		"an account that is not there":       {token: (*chatwoottest.Server).AdminToken, account: 99, key: "connect.no_such_account"},
		"a token that nobody has":            {token: func(*chatwoottest.Server) string { return "falsch" }, account: 1, kind: chatwoot.KindBadToken},
		"a bot":                              {token: (*chatwoottest.Server).BotToken, account: 1, kind: chatwoot.KindBotToken},
		"somebody who pasted nothing at all": {token: func(*chatwoottest.Server) string { return "" }, account: 1, kind: chatwoot.KindHeaderDropped},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := chatwoottest.New(chatwoottest.Options{})
			e := stranger(t, sim, sim.Handler())
			a, err := e.Connect(t.Context(), kanban.Address{URL: "http://chatwoot.example", Token: c.token(sim)}, c.account)
			var invalid *kanban.InvalidError
			switch {
			case c.key != "":
				require.ErrorAs(t, err, &invalid)
				require.Equal(t, c.key, invalid.Key)
			case c.kind != "":
				require.ErrorIs(t, err, c.kind)
			default:
				require.NoError(t, err)
				require.Equal(t, "4.14.2", a.Version)
				require.Equal(t, "deal_value", a.Deal.Value)
				return
			}
			accounts, err := e.Store.Accounts(t.Context())
			require.NoError(t, err)
			require.Empty(t, accounts, "nothing is kept of what could not be connected")
		})
	}
}

func TestASuspendedAccountIsNotConnected(t *testing.T) {
	t.Parallel()
	sim := chatwoottest.New(chatwoottest.Options{})
	e := stranger(t, sim, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := &written{header: http.Header{}}
		sim.Handler().ServeHTTP(a, r)
		w.Header().Set("Content-Type", a.header.Get("Content-Type"))
		w.WriteHeader(a.status)
		_, _ = w.Write(bytes.ReplaceAll(a.body.Bytes(), []byte(`"active"`), []byte(`"suspended"`)))
	}))
	_, err := e.Connect(t.Context(), kanban.Address{URL: "http://chatwoot.example", Token: sim.AdminToken()}, 1)
	var invalid *kanban.InvalidError
	require.ErrorAs(t, err, &invalid)
	require.Equal(t, "connect.suspended", invalid.Key)
}

func TestWhatAnswersAtAnAddress(t *testing.T) {
	t.Parallel()
	page := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	for name, c := range map[string]struct {
		to   http.Handler
		kind chatwoot.Kind
	}{
		"a web page":      {page(http.StatusOK, "text/html", "<html></html>"), chatwoot.KindNotChatwoot},
		"another program": {page(http.StatusOK, "application/json", `{"hello":"world"}`), chatwoot.KindNotChatwoot},
		"a redirect":      {http.RedirectHandler("https://elsewhere.example/", http.StatusFound), chatwoot.KindNotChatwoot},
		"a broken server": {page(http.StatusBadGateway, "text/html", "<html></html>"), chatwoot.KindUnavailable},
		"nobody":          {http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), chatwoot.KindBroken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // retries take no time
				sim := chatwoottest.New(chatwoottest.Options{})
				_, err := stranger(t, sim, c.to).Connect(t.Context(), kanban.Address{URL: "http://chatwoot.example", Token: "x"}, 1)
				require.ErrorIs(t, err, c.kind)
			})
		})
	}
}

func TestAnAddressWhereNobodyListens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := kanban.NewEngine(kanban.EngineConfig{
			Store: storetest.Open(t), Hub: kanban.NewHub(16),
			Server: func(address string, _ bool) (*chatwoot.Server, error) {
				return chatwoot.NewServer(chatwoot.ServerConfig{URL: address, Transport: wire{travel: func(*http.Request, bool) error { return syscall.ECONNREFUSED }}})
			},
		})
		_, err := e.Connect(t.Context(), kanban.Address{URL: "http://chatwoot.example", Token: "x"}, 1)
		require.ErrorIs(t, err, chatwoot.KindUnreachable)
	})
}

func TestConnectingAgainChangesTheToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, chatwoottest.Options{}, nil)
		other := b.sim.Admins()[1]
		a, err := b.engine.Connect(t.Context(), kanban.Address{URL: b.address + "/", Token: other.Token}, b.sim.AccountID())
		require.NoError(t, err)
		require.Equal(t, b.account.ID, a.ID, "the same account, though the address was typed with a slash")
		require.Equal(t, other.Name, a.TokenOwner.Name)
		require.Equal(t, b.account.Webhook.ID, a.Webhook.ID)
		require.NoError(t, b.store.Close())
	})
}
