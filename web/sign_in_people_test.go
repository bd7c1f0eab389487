package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/web"
)

// credentials are what somebody types.
func credentials(email, password string) url.Values {
	return url.Values{"email": {email}, "password": {password}}
}

func TestSignInByEmail(t *testing.T) {
	t.Parallel()
	w := connected(t, business(20))
	agent := w.sim.Agents()[0]
	b := w.browser()
	back := b.get(w.boardPath()).header.Get("Location")
	form := credentials(agent.Email, agent.Password)
	form.Set("return", b.get(back).page().Find(`main input[name="return"]`).AttrOr("value", ""))
	a := b.post("/sign-in", form)
	require.Equal(t, http.StatusSeeOther, a.status)
	require.Equal(t, w.boardPath(), a.header.Get("Location"))
	page := b.get(w.boardPath()).page()
	require.Equal(t, agent.Name, page.Find("#person-name").Text())
	require.Equal(t, 1, page.Find(`#person [name="everywhere"]`).Length())
	require.Equal(t, 0, page.Find(`#person a[href="/health"]`).Length(), "agents have no business with the connection")
	require.Equal(t, 1, w.signedInAs(w.sim.AdminToken()).get(w.boardPath()).page().Find(`#person a[href="/health"]`).Length())
}

func TestSignInByCode(t *testing.T) {
	t.Parallel()
	w, g := gated(t)
	agent := w.sim.Agents()[0]
	w.sim.SetTwoFactor(agent.ID, "918273", "canary5backup")
	w.secret("canary5backup")
	b, other := w.browser(), w.browser()
	form := credentials(agent.Email, agent.Password)
	form.Set("return", "/nowhere")
	require.Equal(t, "/sign-in", b.post("/sign-in", form).header.Get("Location"))
	require.False(t, b.isIn(), "the password alone is not enough")
	require.Equal(t, 1, b.get("/sign-in").page().Find(`input[name="code"]`).Length())
	require.Equal(t, 1, b.get("/sign-in?anew=1").page().Find(`input[name="email"]`).Length())

	a := other.post("/sign-in", url.Values{"code": {"918273"}})
	require.Equal(t, http.StatusUnauthorized, a.status, "the code is of use to the session that gave the password alone")
	require.Equal(t, int64(1), g.asked.Load(), "and Chatwoot is not asked")
	a = b.post("/sign-in", url.Values{"code": {"000000"}})
	require.Equal(t, http.StatusUnauthorized, a.status)
	require.Contains(t, a.problem(), "That code is not right")
	require.Equal(t, 1, a.page().Find(`input[name="code"]`).Length())
	require.Equal(t, "/nowhere", b.post("/sign-in", url.Values{"code": {" 918 273 "}}).header.Get("Location"))
	require.Equal(t, http.StatusSeeOther, b.get("/sign-in").status)
	require.Equal(t, http.StatusUnauthorized, b.post("/sign-in", url.Values{"code": {"918273"}}).status, "once")

	require.Equal(t, http.StatusSeeOther, other.post("/sign-in", form).status)
	require.Equal(t, "/nowhere", other.post("/sign-in", url.Values{"code": {"canary5backup"}}).header.Get("Location"), "a backup code does as well")
}

func TestCodeIsDueForFiveMinutesAndFiveTries(t *testing.T) {
	t.Parallel()
	clock := newWatch()
	w, g := gated(t, timed(clock))
	agent := w.sim.Agents()[0]
	w.sim.SetTwoFactor(agent.ID, "918273")
	b := w.browser()
	require.Equal(t, http.StatusSeeOther, b.post("/sign-in", credentials(agent.Email, agent.Password)).status)
	clock.advance(5*time.Minute + time.Second)
	a := b.post("/sign-in", url.Values{"code": {"918273"}})
	require.Equal(t, http.StatusUnauthorized, a.status)
	require.Contains(t, a.problem(), "took too long")
	require.Equal(t, 1, a.page().Find(`input[name="email"]`).Length(), "the password is due again")

	require.Equal(t, http.StatusSeeOther, b.post("/sign-in", credentials(agent.Email, agent.Password)).status)
	for range 5 {
		require.Contains(t, b.post("/sign-in", url.Values{"code": {"000000"}}).problem(), "not right")
		clock.advance(15 * time.Second)
	}
	asked := g.asked.Load()
	require.Contains(t, b.post("/sign-in", url.Values{"code": {"918273"}}).problem(), "too many codes")
	require.Equal(t, asked, g.asked.Load())
}

// Every way in which signing in can fail has its own sentence and status, in every language.
func TestSignInSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w, _ := gated(t) // the same people as in all of those below
	admin := w.sim.Admins()[0]
	suspended := `{"id":1,"name":"Ana","access_token":"x","accounts":[{"id":1,"name":"Casa Aurora","status":"suspended","role":"administrator"}]}`
	right, wrong := credentials(admin.Email, admin.Password), credentials(admin.Email, "canary-wrong-password")
	token := url.Values{"token": {"canary-wrong-token"}}
	for name, tt := range map[string]struct {
		gate   *canned
		form   url.Values
		status int
		words  [3]string
	}{
		"wrong credentials": {nil, wrong, 401, [3]string{"does not know this e-mail", "não conhece este e-mail", "no conoce este correo"}},
		"unconfirmed": {
			&canned{"/auth/sign_in", `{"success":false,"errors":["x"],"error_code":"user_not_confirmed"}`, 401}, right, 403,
			[3]string{"not confirmed", "não foi confirmado", "no está confirmado"},
		},
		"SAML":              {&canned{"/auth/sign_in", `{"success":false,"message":"x","errors":["x"]}`, 401}, right, 403, [3]string{"single sign-on", "login único", "inicio de sesión único"}},
		"session limit":     {&canned{"/auth/sign_in", `{"sessions_limit_reached":true,"sessions":[]}`, 409}, right, 409, [3]string{"too many open sessions", "sessões abertas demais", "demasiadas sesiones"}},
		"throttled":         {&canned{"/auth/sign_in", "Retry later\n", 429}, right, 503, [3]string{"RACK_ATTACK_ALLOWED_IPS", "RACK_ATTACK_ALLOWED_IPS", "RACK_ATTACK_ALLOWED_IPS"}},
		"away":              {&canned{"/auth/sign_in", `{"error":"x"}`, 500}, right, 502, [3]string{"does not answer", "não está", "no responde"}},
		"away with a token": {&canned{"/api/v1/profile", `{"error":"x"}`, 500}, url.Values{"token": {admin.Token}}, 502, [3]string{"does not answer", "não está", "no responde"}},
		"wrong token":       {nil, token, 401, [3]string{"does not know this access token", "não conhece este token", "no conoce este token"}},
		"a bot's token":     {nil, url.Values{"token": {w.sim.BotToken()}}, 403, [3]string{"bot", "bot", "bot"}},
		"a stranger":        {nil, url.Values{"token": {w.sim.OutsiderToken()}}, 403, [3]string{"belongs to no", "não faz parte", "no pertenece"}},
		"suspended":         {&canned{"/api/v1/profile", suspended, 200}, url.Values{"token": {admin.Token}}, 403, [3]string{"suspended", "suspensa", "suspendida"}},
		"no such Chatwoot":  {nil, url.Values{"token": {admin.Token}, "server": {"http://evil.example"}}, 422, [3]string{"not connected", "não está conectado", "no está conectado"}},
		"nothing typed":     {nil, credentials("", ""), 422, [3]string{"all fields", "todos os campos", "todos los campos"}},
		"no code due":       {nil, url.Values{"code": {"123456"}}, 401, [3]string{"too long", "demais", "demasiado"}},
		"operator":          {nil, url.Values{"password": {"canary-wrong-password"}}, 401, [3]string{"not the password", "senha", "contraseña"}},
	} {
		w, g := gated(t) // a new one for each: Chatwoot is not asked for a while when it was away
		w.secret(w.sim.BotToken())
		w.secret(w.sim.OutsiderToken())
		g.answer.Store(tt.gate)
		for i, language := range []string{"en", "pt-BR", "es"} {
			b := w.browser().with("Accept-Language", language)
			a := b.post("/sign-in", tt.form)
			require.Equal(t, tt.status, a.status, "%s: %s", name, a.problem())
			require.Contains(t, a.problem(), tt.words[i], "%s in %s", name, language)
			require.NotContains(t, a.problem(), "sign_in.", name)
			require.NotContains(t, a.problem(), "{{", name)
			require.Equal(t, tt.status == 503, a.header.Get("Retry-After") == "300", name)
			require.NotContains(t, a.body, "canary", "%s: nothing secret that was typed comes back", name)
			require.Equal(t, http.StatusSeeOther, b.get("/").status, "%s: nobody is in", name)
		}
		for _, secret := range []string{"canary-wrong-password", "canary-wrong-token", admin.Email} {
			require.NotContains(t, w.log.String(), secret)
		}
	}
}

// addressOf is an address of its own for each try, as a proxy in our own network would pass it on.
func addressOf(network, i int) string { return fmt.Sprintf("2001:db8:%x:%x::1", network, i) }

func TestPasswordsGoToTheChatwootThatWasChosen(t *testing.T) {
	t.Parallel()
	w, first := gated(t)
	second := w.gate(w.sim)
	_, err := w.engine.Connect(t.Context(), addressOfGate(second, w.sim.AdminToken()), w.sim.AccountID())
	require.NoError(t, err)
	agent := w.sim.Agents()[0]
	form := credentials(agent.Email, agent.Password)
	b := w.browser()
	require.Equal(t, 2, b.get("/sign-in").page().Find(`form:has([name="email"]) select[name="server"] option[value^="http"]`).Length())
	a := b.post("/sign-in", form)
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, a.problem(), "Choose your Chatwoot")
	require.Zero(t, first.asked.Load()+second.asked.Load(), "nobody's password is sent to a Chatwoot that they did not choose")
	form.Set("server", second.URL)
	require.Equal(t, http.StatusSeeOther, b.post("/sign-in", form).status)
	require.Zero(t, first.asked.Load())

	// With both one is two people, and may look into the accounts of both.
	require.Equal(t, http.StatusOK, b.get("/sign-in?another=1").status)
	form.Set("server", first.URL)
	require.Equal(t, http.StatusSeeOther, b.post("/sign-in", form).status)
	for _, account := range []string{"1", "2"} {
		require.Equal(t, http.StatusOK, b.get("/connection?account="+account).status, account)
	}
}

// Guesses are limited for each address, and for each account however many addresses there are; Chatwoot's own five are not spent on
// those that are refused.
func TestSignInCannotBeGuessedFast(t *testing.T) {
	t.Parallel()
	clock := newWatch()
	w, g := gated(t, timed(clock))
	admin, agent := w.sim.Admins()[0], w.sim.Agents()[0]
	for range 5 {
		require.Equal(t, http.StatusUnauthorized, w.browser().post("/sign-in", url.Values{"token": {"canary-guess"}}).status)
	}
	for _, form := range []url.Values{{"token": {admin.Token}}, credentials(admin.Email, admin.Password), {"password": {password}}} {
		a := w.browser().post("/sign-in", form)
		require.Equal(t, http.StatusTooManyRequests, a.status, "not even with the right one")
		require.Equal(t, "60", a.header.Get("Retry-After"))
	}
	require.Zero(t, g.asked.Load())
	clock.advance(13 * time.Second)
	require.Equal(t, http.StatusSeeOther, w.browser().post("/sign-in", credentials(admin.Email, admin.Password)).status)

	for i := range 12 {
		from := w.browser().with("X-Forwarded-For", addressOf(1, i))
		status := from.post("/sign-in", credentials(" "+agent.Email, "canary-guess")).status
		require.Equal(t, i >= 8, status == http.StatusTooManyRequests, "guess %d from an address of its own: %d", i+1, status)
	}
	require.Equal(t, int64(9), g.asked.Load())
	require.Equal(t, http.StatusSeeOther, w.browser().with("X-Forwarded-For", addressOf(2, 0)).post("/sign-in", credentials(admin.Email, admin.Password)).status)
	clock.advance(2*time.Minute + time.Second)
	require.Equal(t, http.StatusSeeOther, w.browser().with("X-Forwarded-For", addressOf(3, 0)).post("/sign-in", credentials(agent.Email, agent.Password)).status)
}

// Whoever signs in and is right may do so as often as they like: an office has one address.
func TestRightSignInsAreNotCounted(t *testing.T) {
	t.Parallel()
	w, _ := gated(t)
	for range 15 {
		w.signedInAs(w.sim.AdminToken())
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	clock := newWatch()
	w := connected(t, business(5), timed(clock))
	day := 24 * time.Hour
	idle, busy, operator := w.signedInAs(w.sim.AdminToken()), w.signedInAs(w.sim.AdminToken()), w.person()
	for range 4 {
		clock.advance(6 * day)
		require.True(t, busy.isIn(), "a session that is used goes on")
		require.True(t, operator.isIn())
	}
	require.False(t, idle.isIn(), "one that nobody used for a week does not")
	clock.advance(5 * day)
	require.True(t, busy.isIn())
	clock.advance(day + time.Hour)
	require.False(t, busy.isIn(), "and none is older than thirty days")
	require.False(t, operator.isIn())
}

func TestSignOutEverywhere(t *testing.T) {
	t.Parallel()
	w := connected(t, business(5))
	agent := w.sim.AgentToken(0)
	here, there, elsewhere, other := w.signedInAs(agent), w.signedInAs(agent), w.signedInAs(agent), w.signedInAs(w.sim.AgentToken(1))
	require.Equal(t, http.StatusSeeOther, here.post("/sign-out", url.Values{}).status)
	require.False(t, here.isIn())
	require.True(t, there.isIn(), "signing out here does not sign out there")
	require.Equal(t, "/sign-in", there.post("/sign-out", url.Values{"everywhere": {"yes"}}).header.Get("Location"))
	require.False(t, there.isIn())
	require.False(t, elsewhere.isIn())
	require.True(t, other.isIn())
	again := w.signedInAs(agent)
	require.True(t, again.isIn())
	require.False(t, elsewhere.isIn(), "signing in again does not bring old sessions back")
}

// A request that began before somebody signed out, and ends after that, does not bring their session back.
func TestSignOutIsFinal(t *testing.T) {
	t.Parallel()
	clock := newWatch()
	held, release := make(chan struct{}), make(chan struct{})
	w := connected(t, business(5), timed(clock), func(c *web.Config) { c.Store = slowMove{c.Store, held, release} })
	b := w.signedInAs(w.sim.AdminToken())
	clock.advance(2 * time.Hour) // so that the next request notes the use of the session
	done := make(chan struct{})
	slow := b.request(t.Context(), http.MethodPost, "/moves/1/attempts", url.Values{})
	go func() {
		defer close(done)
		res, err := (&http.Client{Jar: b.client.Jar}).Do(slow)
		if err == nil {
			_ = res.Body.Close()
		}
	}()
	<-held
	u, err := url.Parse(w.http.URL)
	require.NoError(t, err)
	cookies := b.client.Jar.Cookies(u)
	require.Equal(t, http.StatusSeeOther, b.post("/sign-out", url.Values{}).status)
	close(release)
	<-done
	thief := w.browser()
	thief.client.Jar.SetCookies(u, cookies)
	require.False(t, thief.isIn())
}
