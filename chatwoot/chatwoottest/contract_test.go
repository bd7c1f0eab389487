package chatwoottest_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// The contract test asks a simulator what a real Chatwoot 4.14.2 was asked
// while it was recorded, in the same order and the same state, and compares:
// status, every key and its type, null or absent, and every value that is not
// a time, a token or a serial number.

// recordedCall is one line of api.jsonl.
type recordedCall struct {
	Name    string
	At      float64
	Request struct {
		Method, Path, Raw string
		Headers           map[string]string
		Body              json.RawMessage
		Form              map[string]string
	}
	Response struct {
		Status  int
		Headers map[string]string
		Body    json.RawMessage
	}
}

// recordedHook is one line of webhooks.jsonl.
type recordedHook struct {
	At         float64
	Step, Body string
	Headers    map[string]string
}

func readLines[T any](t *testing.T, path string) []T {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	var all []T
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var one T
		require.NoError(t, json.Unmarshal(lines.Bytes(), &one))
		all = append(all, one)
	}
	require.NoError(t, lines.Err())
	return all
}

// notReplayed are calls of the recordings the simulator is not asked, with the
// reason.
var notReplayed = map[string]string{
	"import conversations page 2":             "the same shape as page 1; the recording's state includes unrecorded steps",
	"import conversations page 3":             "as page 2",
	"widget conversation create":              "the customer's side of the website widget is not simulated",
	"widget update last seen":                 "the customer's side of the website widget is not simulated",
	"widget conversation as the api shows it": "made by the widget: browser details in additional_attributes",
	"automation rule create":                  "rules are not simulated; AddLabel does what a rule does",
	"message that triggers a rule":            "as above",
	"conversation after a rule":               "as above",
	"macro create":                            "macros are not simulated",
	"macro execute":                           "macros are not simulated",
	"conversation after a macro":              "macros are not simulated",
	"label summary report":                    "counts include unrecorded steps, and averages are not simulated",
	"contact notes":                           "contact notes are not simulated",
	"contact notes list":                      "contact notes are not simulated",
}

// volatile are values that differ between two runs of the same server; their
// type and whether they are empty are compared all the same.
var volatile = regexp.MustCompile(`(^|\.)(\w+_at|timestamp|waiting_since|snoozed_until|access_token|pubsub_token|uuid|source_id|secret|hmac_token|website_token|web_widget_script|inbox_identifier|mfa_token|data_url|thumb_url|created_on|label|inbox|team|availability_status)$`)

// serial are ids that depend on how many records unrecorded steps made.
var serial = regexp.MustCompile(`(^|\.)(messages\[\]|last_non_activity_message|attachments\[\]|contact_inbox|payload\[\]|message)\.(id|message_id)$|^(id|message_id)$`)

// exceptions are differences that are known and meant, by call and path, with
// the reason.
var exceptions = map[string]string{
	"conversation held by a bot is pending messages[]":                greeted,
	"conversation held by a bot is pending last_non_activity_message": greeted,
	"import conversations page 1 data.payload[].labels":               unrecorded,
	"import conversations page 1 data.payload[].messages[].content":   unrecorded,
	"import conversations page 1 data.payload[].messages[].processed": unrecorded,
}

const (
	unrecorded = "labels had been changed by steps that were not recorded"
	greeted    = "the website channel greets new visitors by template messages, the simulation does not"
)

// excepted says whether a difference lies at or below an exception.
func excepted(call string, d difference) bool {
	for place := range exceptions {
		if strings.HasPrefix(call+" "+d.path, place) {
			return true
		}
	}
	return false
}

// world is a simulator prepared as the recorded server was.
type world struct {
	t        *testing.T
	s        *chatwoottest.Server
	receiver *receiver
	tokens   *strings.Replacer
	bot2     string            // token of the bot made while recording
	session  map[string]string // headers of the last sign-in
	mfa      string
	hooks    []hookOf
	cables   map[string]*cable // by the name of who listens
	frames   []frame
}

// hookOf is a delivery and the call it followed.
type hookOf struct {
	call int
	hook
}

func newWorld(t *testing.T) *world {
	t.Helper()
	began, base := time.Now(), time.Date(2026, 11, 23, 1, 40, 14, 0, time.UTC)
	s := chatwoottest.Start(t, chatwoottest.Options{
		Blank: true, Name: "Estrela Moveis",
		Clock: func() time.Time { return base.Add(time.Since(began)) },
	})
	ana := s.Users()[0]
	s.AddAccount("Outra Empresa", ana.ID)
	bruno := s.AddUser("Bruno Reis", "bruno@example.com", "agent")
	carla := s.AddUser("Carla Dias", "carla@example.com", "agent")
	dora := s.AddOutsider("Dora Lopes", "dora@example.com", s.OtherAccountID())
	s.AddOutsider("Eva Root", "root@example.com", s.OtherAccountID())
	c := client{t, s, ana.Token}
	robo := dig(t, c.api("POST", "agent_bots", map[string]any{"name": "Robo"}), "access_token").(string)
	r := newReceiver(t)
	w := &world{t: t, s: s, receiver: r, session: map[string]string{}, cables: map[string]*cable{}, tokens: strings.NewReplacer(
		"TOKEN_ANA", ana.Token, "TOKEN_BRUNO", bruno.Token, "TOKEN_CARLA", carla.Token, "TOKEN_DORA", dora.Token,
		"TOKEN_BOT2", "TOKEN_BOT2", "TOKEN_BOT", robo, "TOKEN_PLATFORM", s.PlatformToken(),
		"http://127.0.0.1:9900", r.URL, "Chatlane-Test-1!", ana.Password)}
	w.listen("ana", ana.Token)
	w.listen("bruno", bruno.Token)
	return w
}

func (w *world) admin() client { return client{w.t, w.s, w.s.AdminToken()} }

// send replays a call and returns the answer.
func (w *world) send(call recordedCall) (int, http.Header, []byte) {
	w.t.Helper()
	request, err := http.NewRequest(call.Request.Method, w.s.URL()+call.Request.Path, bytes.NewReader(w.body(&call)))
	require.NoError(w.t, err)
	for name, value := range call.Request.Headers {
		request.Header.Set(name, strings.Replace(w.tokens.Replace(value), "TOKEN_BOT2", w.bot2, 1))
		if fresh := w.session[strings.ToLower(name)]; fresh != "" {
			request.Header.Set(name, fresh)
		}
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(w.t, err)
	defer response.Body.Close()
	body := new(bytes.Buffer)
	_, err = body.ReadFrom(response.Body)
	require.NoError(w.t, err)
	w.remember(response.Header, body.Bytes())
	return response.StatusCode, response.Header, body.Bytes()
}

func (w *world) body(call *recordedCall) []byte {
	switch {
	case call.Request.Raw != "":
		return []byte(call.Request.Raw)
	case call.Request.Form != nil:
		return w.form(call)
	}
	raw := w.tokens.Replace(string(call.Request.Body))
	return regexp.MustCompile(`"mfa_token": ?"eyJ[^"]*"`).ReplaceAll([]byte(raw), []byte(`"mfa_token":"`+w.mfa+`"`))
}

// form is the multipart body with one picture.
func (w *world) form(call *recordedCall) []byte {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range call.Request.Form {
		if strings.HasSuffix(name, "[]") {
			part, err := form.CreatePart(textproto.MIMEHeader{
				"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename=%q`, name, value)}, "Content-Type": {"image/png"},
			})
			require.NoError(w.t, err)
			_, _ = part.Write(make([]byte, 70))
			continue
		}
		require.NoError(w.t, form.WriteField(name, value))
	}
	require.NoError(w.t, form.Close())
	call.Request.Headers = map[string]string{"Content-Type": form.FormDataContentType(), "Api-Access-Token": "TOKEN_ANA"}
	return body.Bytes()
}

// remember keeps what later calls send back.
func (w *world) remember(header http.Header, body []byte) {
	if header.Get("Access-Token") != "" {
		w.session = map[string]string{"access-token": header.Get("Access-Token"), "client": header.Get("Client")}
	}
	parsed, _ := parse(body).(map[string]any)
	if token, isMFA := parsed["mfa_token"].(string); isMFA {
		w.mfa = token
	}
	if _, isBot := parsed["bot_config"]; isBot {
		w.bot2 = parsed["access_token"].(string)
	}
}

// replay sends the calls of one recording, each after what it presupposes,
// and compares every answer.
func (w *world) replay(calls []recordedCall, before map[string]func()) {
	w.t.Helper()
	for i, call := range calls {
		if prepare := before[call.Name]; prepare != nil {
			prepare()
			delete(before, call.Name)
		}
		w.collect(i - 1)
		if reason := notReplayed[call.Name]; reason != "" {
			w.t.Logf("not replayed: %s: %s", call.Name, reason)
			continue
		}
		status, header, body := w.send(call)
		w.collect(i)
		w.compare(call, status, header, body)
	}
	require.Empty(w.t, slices.Collect(maps.Keys(before)), "steps for calls that are not in the recording")
}

func (w *world) collect(call int) {
	for _, h := range w.receiver.drain(w.admin()) {
		w.hooks = append(w.hooks, hookOf{call, h})
	}
	w.overhear(call)
}

func (w *world) compare(call recordedCall, status int, header http.Header, body []byte) {
	w.t.Helper()
	if !assert.Equal(w.t, call.Response.Status, status, "%s: %s", call.Name, body) {
		return
	}
	if kind := call.Response.Headers["content-type"]; kind != "" {
		assert.Equal(w.t, strings.ToLower(kind), strings.ToLower(header.Get("Content-Type")), call.Name)
	}
	recorded := w.tokens.Replace(string(call.Response.Body))
	for _, d := range diff("", exact(recorded), exact(string(body))) {
		if !excepted(call.Name, d) {
			assert.Fail(w.t, call.Name+": "+d.path+": "+d.problem)
		}
	}
}
