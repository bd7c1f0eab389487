package chatwoottest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// signIn signs the first user in through Chatlane's own client.
func signIn(t *testing.T, s *chatwoottest.Server, in chatwoot.SignIn) (chatwoot.SignInResult, error) {
	t.Helper()
	server, err := chatwoot.NewServer(chatwoot.ServerConfig{URL: s.URL(), AllowPrivateNetwork: true})
	require.NoError(t, err)
	return server.SignIn(t.Context(), in)
}

func credentials(u chatwoottest.User) chatwoot.SignIn {
	return chatwoot.SignIn{Email: u.Email, Password: u.Password}
}

func TestBackupCodeIsGoodForOneSignIn(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	ana := s.Users()[0]
	s.SetTwoFactor(ana.ID, "123456", "a1b2c3d4", "e5f60718")
	for _, one := range []struct {
		code string
		want chatwoot.Kind
	}{{"a1b2c3d4", ""}, {"a1b2c3d4", chatwoot.KindBadCode}, {"wrong", chatwoot.KindBadCode}, {"e5f60718", ""}} {
		asked, err := signIn(t, s, credentials(ana))
		require.NoError(t, err)
		require.True(t, asked.NeedsCode())
		in, err := signIn(t, s, chatwoot.SignIn{MFAToken: string(asked.MFAToken), BackupCode: one.code})
		require.Equal(t, one.want, chatwoot.KindOf(err), one.code)
		if one.want == "" {
			require.Equal(t, chatwoot.Secret(ana.Token), in.Profile.AccessToken)
		}
	}
	_, err := signIn(t, s, chatwoot.SignIn{MFAToken: "unknown", Code: "123456"})
	require.ErrorIs(t, err, chatwoot.KindMFAExpired)
}

func TestWhyASignInIsRefused(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		prepare func(*chatwoottest.Server, int64)
		want    chatwoot.Kind
	}{
		"wrong password": {func(s *chatwoottest.Server, id int64) { s.ChangePassword(id, "another") }, chatwoot.KindBadCredentials},
		"unconfirmed":    {func(s *chatwoottest.Server, id int64) { s.SetConfirmed(id, false) }, chatwoot.KindUnconfirmed},
		"single sign-on": {func(s *chatwoottest.Server, id int64) { s.SetSAML(id, true) }, chatwoot.KindSAML},
		"nothing wrong":  {func(s *chatwoottest.Server, id int64) { s.SetSAML(id, false) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := chatwoottest.Start(t, chatwoottest.Options{})
			ana := s.Users()[0]
			one.prepare(s, ana.ID)
			_, err := signIn(t, s, credentials(ana))
			require.Equal(t, one.want, chatwoot.KindOf(err))
		})
	}
}

func TestSessionLimit(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		version, agent string
		third          int
	}{
		"a browser since 4.15 is asked which to end": {"4.15.0", "Mozilla/5.0", http.StatusConflict},
		"another client ends the oldest":             {"4.15.0", "Chatlane", http.StatusOK},
		"as everybody before":                        {"4.14.2", "Mozilla/5.0", http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := chatwoottest.Start(t, chatwoottest.Options{SessionLimit: 2, Version: one.version})
			body := map[string]any{"email": s.Users()[0].Email, "password": s.Users()[0].Password}
			for _, want := range []int{http.StatusOK, http.StatusOK, one.third} {
				status, answer := client{t, s, ""}.do("POST", "/auth/sign_in", body, "User-Agent", one.agent)
				require.Equal(t, want, status)
				if want == http.StatusConflict {
					require.Equal(t, true, dig(t, answer, "sessions_limit_reached"))
					require.Len(t, dig(t, answer, "sessions"), 2)
				}
			}
		})
	}
	s := chatwoottest.Start(t, chatwoottest.Options{SessionLimit: 1, Version: "4.15.0"})
	for range 3 {
		_, err := signIn(t, s, credentials(s.Users()[0]))
		require.NoError(t, err, "Chatlane is no browser to Chatwoot")
	}
}

func TestSignInIsThrottledWhenAsked(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{ThrottleSignIn: true})
	free := chatwoottest.Start(t, chatwoottest.Options{})
	ana := s.Users()[0]
	for range 5 {
		_, err := signIn(t, s, chatwoot.SignIn{Email: ana.Email, Password: "wrong"})
		require.ErrorIs(t, err, chatwoot.KindBadCredentials)
	}
	_, err := signIn(t, s, credentials(ana))
	require.ErrorIs(t, err, chatwoot.KindThrottled)
	admin(t, s).api("GET", "labels", nil)
	for range 12 {
		_, err := signIn(t, free, credentials(ana))
		require.NoError(t, err)
	}
}

func TestResetTokenKillsTheOldOne(t *testing.T) {
	t.Parallel()
	s := chatwoottest.Start(t, chatwoottest.Options{})
	old := admin(t, s)
	status, profile := old.do("POST", "/api/v1/profile/reset_access_token", nil)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, s.AdminToken(), dig(t, profile, "access_token"))
	status, body := old.do("GET", "/api/v1/profile", nil)
	require.Equal(t, http.StatusUnauthorized, status)
	require.Equal(t, errorBody("Invalid Access Token"), body)
}
