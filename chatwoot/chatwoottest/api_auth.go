package chatwoottest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// access is who may call an endpoint.
type access int

const (
	anybody    access = iota // no authentication
	signedIn                 // any user
	member                   // user of the account
	memberBot                // user of the account, or a bot of it (CONTRACT 2.1)
	labelBot                 // like memberBot, bots since 4.14.2
	supervisor               // administrator of the account
)

// guard authenticates, finds the account, parses the body and calls fn, with
// the refusals of CONTRACT 2.6 in Chatwoot's order.
func (s *Server) guard(need access, fn func(*call) answer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{Server: s, r: r}
		if refusal := c.admit(need); refusal != nil {
			refusal.send(w)
			return
		}
		body, err := parseBody(r)
		if err != nil {
			badRequest().send(w)
			return
		}
		c.body = body
		fn(c).send(w)
	})
}

func (c *call) admit(need access) *answer {
	if need == anybody {
		return nil
	}
	who, refusal := c.authenticate()
	if refusal != nil {
		return refusal
	}
	c.who = who
	botsMay := need == memberBot || need == labelBot && c.since(sinceBotLabels)
	if who.kind != "user" && (!botsMay || who.kind != "bot") {
		return refusalOf("Access to this endpoint is not authorized for bots")
	}
	if need == signedIn {
		return nil
	}
	return c.enterAccount(need)
}

func (c *call) enterAccount(need access) *answer {
	c.mu.RLock()
	defer c.mu.RUnlock()
	c.account = c.accounts[c.pathID("account")]
	if c.account == nil {
		refusal := notFound()
		return &refusal
	}
	if c.who.kind == "bot" {
		if c.account.bot(c.who.id) == nil {
			return refusalOf("Bot is not authorized to access this account")
		}
		return nil
	}
	c.role = c.account.roles[c.who.id]
	if c.role == "" {
		return refusalOf("You are not authorized to access this account")
	}
	if c.account.suspended {
		return refusalOf("Account is suspended")
	}
	if need == supervisor && c.role != "administrator" {
		return refusalOf("You are not authorized to do this action")
	}
	return nil
}

func refusalOf(message string) *answer {
	refusal := failure(http.StatusUnauthorized, message)
	return &refusal
}

// authenticate reads either spelling of the token header, the four headers of
// a session, or the Bearer bundle sign-in returns. A plain Bearer is not known.
func (c *call) authenticate() (actor, *answer) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	token := c.r.Header.Get("Api-Access-Token")
	if token == "" {
		token = c.r.Header.Get("api_access_token")
	}
	if token != "" {
		if token == c.platform {
			return actor{kind: "platform"}, nil
		}
		who, known := c.tokens[token]
		if !known {
			return actor{}, refusalOf("Invalid Access Token")
		}
		return who, nil
	}
	if id, found := c.sessionUser(); found {
		u := c.users[id]
		return actor{kind: "user", id: u.id, name: u.name}, nil
	}
	return actor{}, &answer{
		status: http.StatusUnauthorized,
		body:   map[string]any{"errors": []string{"You need to sign in or sign up before continuing."}},
	}
}

func (c *call) sessionUser() (int64, bool) {
	token, uid := c.r.Header.Get("Access-Token"), c.r.Header.Get("Uid")
	if bundle, isBearer := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer "); isBearer && token == "" {
		token, uid = unbundle(bundle)
	}
	id, found := c.sessions[token]
	if !found || c.users[id] == nil || c.users[id].email != uid {
		return 0, false
	}
	return id, true
}

func unbundle(bundle string) (token, uid string) {
	raw, err := base64.StdEncoding.DecodeString(bundle)
	if err != nil {
		return "", ""
	}
	var parts struct {
		Token string `json:"access-token"`
		UID   string `json:"uid"`
	}
	if json.Unmarshal(raw, &parts) != nil {
		return "", ""
	}
	return parts.Token, parts.UID
}

// visible says whether the caller may see a conversation on its own: members
// of its inbox or of its team as far as a custom role of theirs lets them,
// administrators, bots (CONTRACT 2.2).
func (c *call) visible(v *conversation) bool { return c.sees(c.account, c.who, v) }

func (s *Server) sees(a *account, who actor, v *conversation) bool {
	if who.kind != "user" || a.roles[who.id] == "administrator" {
		return true
	}
	team := a.team(v.teamID)
	inTeam := team != nil && team.has(who.id) && s.since(sinceTeamAccess)
	return (v.inbox.members[who.id] || inTeam) && a.customRoles[who.id].shows(v.assigneeID, who.id)
}

// conversation finds the one in the path and calls fn under the read lock.
func (c *call) withConversation(fn func(*conversation) answer) answer {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.admitTo(fn)
}

// changeConversation is withConversation for a write.
func (c *call) changeConversation(fn func(*tx, *conversation) answer) answer {
	var a answer
	c.write(func(t *tx) {
		a = c.admitTo(func(v *conversation) answer { return fn(t, v) })
	})
	return a
}

func (c *call) admitTo(fn func(*conversation) answer) answer {
	v := c.account.conversations.byID[c.pathID("id")]
	if v == nil {
		return notFound()
	}
	if !c.visible(v) {
		return refused()
	}
	return fn(v)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
