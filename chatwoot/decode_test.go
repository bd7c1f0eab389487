package chatwoot_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

func at(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }

func TestConversationOfREST(t *testing.T) {
	t.Parallel()
	c, err := played(t, "everyday", "conversation show").Conversation(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, int64(1), c.ID)
	require.Equal(t, "b8878570-17bc-420c-98b6-8f758f33460a", c.UUID)
	require.Equal(t, int64(1), c.AccountID)
	require.Equal(t, int64(1), c.InboxID)
	require.Equal(t, "Channel::Api", c.Channel)
	require.Equal(t, "open", c.Status)
	require.Equal(t, []string{"qualificado", "vip"}, c.Labels)
	require.Equal(t, chatwoot.Micros(1795398090490571), c.UpdatedAt)
	require.Equal(t, at(1795398031), c.CreatedAt.Time)
	require.Equal(t, at(1795398090), c.LastActivityAt.Time)
	require.Equal(t, at(1795398031), c.FirstReplyAt.Time)
	require.True(t, c.SnoozedUntil.IsZero())
	require.True(t, c.ContactLastSeenAt.IsZero())
	require.True(t, c.CanReply)
	require.JSONEq(t, `{"fechamento": "2026-12-01"}`, c.CustomAttributes.String())
	require.Equal(t, map[string]any{"fechamento": "2026-12-01"}, c.CustomAttributes.Map())

	require.Equal(t, "Marina A. Alves", c.Contact.Name)
	require.Equal(t, "+5511988887777", c.Contact.PhoneNumber)
	require.Equal(t, "Cliente Ltda", c.Contact.Company())
	require.Equal(t, "Bruno Reis", c.Assignee.Name)
	require.Equal(t, "agent", c.Assignee.Role)
	require.True(t, c.AssignedToHuman())
	require.Equal(t, "vendas", c.Team.Name)
	require.True(t, c.Team.IsMember)

	require.Len(t, c.Messages, 1)
	require.Equal(t, int64(34), c.Messages[0].ID)
	require.Equal(t, chatwoot.Outgoing, c.Messages[0].MessageType)
	require.Equal(t, &chatwoot.Sender{ID: 2, Name: "Bruno Reis", Type: "user"}, c.Messages[0].Sender)
	require.Equal(t, int64(34), c.LastNonActivityMessage.ID)
}

func TestConversationHeldByABot(t *testing.T) {
	t.Parallel()
	c, err := played(t, "unusual", "conversation assigned to a bot").Conversation(t.Context(), 70)
	require.NoError(t, err)
	require.Equal(t, "AgentBot", c.AssigneeType)
	require.Equal(t, "Atendente", c.Assignee.Name)
	require.False(t, c.AssignedToHuman())
	require.Nil(t, c.Team)
	require.NotNil(t, c.Labels)
	require.Empty(t, c.Labels)
	require.Equal(t, chatwoot.Activity, c.Messages[0].MessageType)
	require.Nil(t, c.Messages[0].Sender)
	require.Equal(t, "Sou o robô", c.LastNonActivityMessage.Content)
	require.Equal(t, "agent_bot", c.LastNonActivityMessage.Sender.Type)
}

func TestImportPages(t *testing.T) {
	t.Parallel()
	seen := map[int64]bool{}
	var all int
	for page, name := range map[int]string{
		1: "import conversations page 1", 2: "import conversations page 2", 3: "import conversations page 3", 4: "import conversations page 4",
	} {
		p, err := played(t, "unusual", name).Conversations(t.Context(), chatwoot.ListOptions{
			Status: chatwoot.StatusAll, SortBy: chatwoot.SortCreatedAscending, Page: page,
		})
		require.NoError(t, err)
		require.Zero(t, p.Skipped)
		require.Equal(t, len(p.Conversations) == 0, p.End())
		for _, c := range p.Conversations {
			require.False(t, seen[c.ID])
			seen[c.ID] = true
			require.NotZero(t, c.UpdatedAt)
			require.NotNil(t, c.Labels)
			require.NotZero(t, c.Contact.ID)
		}
		all = p.Counts.All
	}
	require.Len(t, seen, all)
}

func TestProfile(t *testing.T) {
	t.Parallel()
	p, err := played(t, "everyday", "profile admin").Profile(t.Context())
	require.NoError(t, err)
	require.Equal(t, "Ana Prado", p.Name)
	require.Equal(t, "TOKEN_ANA", string(p.AccessToken))
	require.Equal(t, "PUBSUB_ANA", string(p.PubsubToken))
	require.Len(t, p.Accounts, 2)
	a, ok := p.Account(2)
	require.True(t, ok)
	require.Equal(t, chatwoot.ProfileAccount{
		ID: 2, Name: "Outra Empresa", Status: "active", Role: chatwoot.RoleAdministrator, Permissions: []string{"administrator"},
	}, a)
	_, ok = p.Account(3)
	require.False(t, ok)
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	var s *chatwoot.Server
	first := recording(t, "unusual", "sign in with two factors asks for a code")
	s = newServer(t, first.playback(t))
	r, err := s.SignIn(t.Context(), chatwoot.SignIn{Email: "carla@example.com", Password: "Chatlane-Test-1!"})
	require.NoError(t, err)
	require.True(t, r.NeedsCode())

	s = newServer(t, recording(t, "unusual", "sign in right code").playback(t))
	r, err = s.SignIn(t.Context(), chatwoot.SignIn{MFAToken: string(r.MFAToken), Code: "150669"})
	require.NoError(t, err)
	require.False(t, r.NeedsCode())
	require.Equal(t, "Carla Dias", r.Profile.Name)
	require.Equal(t, "TOKEN_CARLA", string(r.Profile.AccessToken))
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	labels, err := played(t, "everyday", "labels").Labels(t.Context())
	require.NoError(t, err)
	require.Len(t, labels, 8)
	require.Equal(t, chatwoot.Label{ID: 7, Title: "negociação", Description: "etapa negociação", Color: "#00a3a3", ShowOnSidebar: true}, labels[1])
	require.Equal(t, chatwoot.Label{ID: 8, Title: "urgente", Color: "#1f93ff"}, labels[6])

	keys, err := played(t, "everyday", "cache keys").CacheKeys(t.Context())
	require.NoError(t, err)
	require.Equal(t, chatwoot.CacheKeys{Label: "1795398017", Inbox: "1795398016", Team: "1795398016"}, keys)

	definitions, err := played(t, "everyday", "custom attributes").CustomAttributeDefinitions(t.Context(), chatwoot.ConversationAttribute)
	require.NoError(t, err)
	require.Equal(t, "valor", definitions[0].Key)
	require.Equal(t, chatwoot.AttributeCurrency, definitions[0].Type)
	require.Equal(t, chatwoot.AttributeList, definitions[2].Type)
	require.NotEmpty(t, definitions[2].Values)

	inboxes, err := played(t, "unusual", "import inboxes").Inboxes(t.Context())
	require.NoError(t, err)
	require.Equal(t, "Channel::Api", inboxes[len(inboxes)-1].ChannelType)

	account, err := played(t, "everyday", "account").Account(t.Context())
	require.NoError(t, err)
	require.Equal(t, "pt_BR", account.Locale)
	require.True(t, account.Features["labels"])

	version, err := newServer(t, recording(t, "everyday", "version").playback(t)).Version(t.Context())
	require.NoError(t, err)
	require.Equal(t, "4.14.2", version)
}

func TestCreations(t *testing.T) {
	t.Parallel()
	label, err := played(t, "everyday", "label create novo").CreateLabel(t.Context(), chatwoot.Label{
		Title: "novo", Description: "etapa novo", Color: "#2781f6", ShowOnSidebar: true,
	})
	require.NoError(t, err)
	require.Equal(t, int64(1), label.ID)

	definition, err := played(t, "everyday", "custom attribute create valor").CreateCustomAttributeDefinition(t.Context(),
		chatwoot.AttributeDefinition{Key: "valor", Name: "Valor", Type: chatwoot.AttributeCurrency})
	require.NoError(t, err)
	require.Equal(t, chatwoot.AttributeCurrency, definition.Type)

	webhook, err := played(t, "everyday", "webhook create").CreateWebhook(t.Context(), chatwoot.Webhook{
		Name: "Chatlane", URL: "http://127.0.0.1:9900/webhooks/1/k3y", Subscriptions: []string{
			chatwoot.EventConversationCreated, chatwoot.EventConversationUpdated, chatwoot.EventConversationStatusChanged,
			chatwoot.EventMessageCreated, chatwoot.EventMessageUpdated, chatwoot.EventContactCreated, chatwoot.EventContactUpdated,
		},
	})
	require.NoError(t, err)
	require.Equal(t, "WHHs2GrNxWZYVFULj23WBCSv", string(webhook.Secret))

	app, err := played(t, "everyday", "dashboard app create").CreateDashboardApp(t.Context(), chatwoot.DashboardApp{
		Title: "Funil", URL: "http://127.0.0.1:9900/embed",
	})
	require.NoError(t, err)
	require.Equal(t, "http://127.0.0.1:9900/embed", app.URL)

	contact, err := played(t, "everyday", "contact create").CreateContact(t.Context(), chatwoot.ContactFields{
		Name: "Marina Alves", Email: "Marina@Cliente.example", PhoneNumber: "+5511988887777", Identifier: "crm-17", InboxID: 1,
		AdditionalAttributes: map[string]any{"company_name": "Cliente Ltda", "city": "Recife"},
		CustomAttributes:     map[string]any{"segmento": "varejo"},
	})
	require.NoError(t, err)
	require.Equal(t, "marina@cliente.example", contact.Email)
	require.Equal(t, "8fbae6f8-fdea-45c7-af11-28452eb3b07e", contact.Inboxes[0].SourceID)
	require.Equal(t, int64(1), contact.Inboxes[0].Inbox.ID)
}

func TestChanges(t *testing.T) {
	t.Parallel()
	until := at(1795484478)
	status, err := played(t, "everyday", "status snoozed").ToggleStatus(t.Context(), 1, "snoozed", until)
	require.NoError(t, err)
	require.Equal(t, chatwoot.StatusChange{Status: "snoozed", SnoozedUntil: chatwoot.Time{Time: until}}, status)

	agent, err := played(t, "everyday", "assign agent").Assign(t.Context(), 1, 2)
	require.NoError(t, err)
	require.Equal(t, "Bruno Reis", agent.Name)
	agent, err = played(t, "everyday", "assign unknown agent").Assign(t.Context(), 1, 777)
	require.NoError(t, err)
	require.Nil(t, agent)

	attributes, err := played(t, "everyday", "custom attributes set").SetCustomAttributes(t.Context(), 1,
		map[string]any{"valor": 1800.5, "origem": "site"})
	require.NoError(t, err)
	require.Equal(t, json.Number("1800.5"), attributes.Map()["valor"])

	labels, err := played(t, "everyday", "labels duplicates and blanks").SetConversationLabels(t.Context(), 1,
		[]string{"qualificado", " qualificado ", "", "vip"})
	require.NoError(t, err)
	require.Equal(t, []string{"qualificado", "vip"}, labels)
}

func TestMessages(t *testing.T) {
	t.Parallel()
	p, err := played(t, "everyday", "messages").Messages(t.Context(), 1, chatwoot.MessagesOptions{})
	require.NoError(t, err)
	require.NotEmpty(t, p.Messages)
	require.Equal(t, "Marina A. Alves", p.Contact.Name)
	require.NotNil(t, p.Labels)
	require.Equal(t, chatwoot.Incoming, p.Messages[1].MessageType)
	require.Equal(t, "contact", p.Messages[1].Sender.Type)

	m, err := played(t, "everyday", "message outgoing").CreateMessage(t.Context(), 1,
		chatwoot.NewMessage{Content: "Custa R$ 1.500, entrega em 5 dias", EchoID: "tmp-1"})
	require.NoError(t, err)
	require.Equal(t, "tmp-1", m.EchoID)

	note, err := played(t, "everyday", "message private note").CreateMessage(t.Context(), 1,
		chatwoot.NewMessage{Content: "Pediu desconto", Private: true})
	require.NoError(t, err)
	require.True(t, note.Private)
}

func TestMessageWithFile(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		require.NoError(t, r.ParseMultipartForm(1<<20))
		require.Equal(t, []string{"Segue a foto"}, r.MultipartForm.Value["content"])
		require.Equal(t, []string{"true"}, r.MultipartForm.Value["private"])
		require.Equal(t, []string{`{"a":[1]}`}, r.MultipartForm.Value["content_attributes"])
		files := r.MultipartForm.File["attachments[]"]
		require.Len(t, files, 2)
		require.Equal(t, `so"fá.png`, files[0].Filename)
		require.Equal(t, "image/png", files[0].Header.Get("Content-Type"))
		require.Equal(t, "application/octet-stream", files[1].Header.Get("Content-Type"))
		recording(t, "unusual", "message with a file (multipart)").reply(w)
	})
	m, err := c.CreateMessage(t.Context(), 63, chatwoot.NewMessage{
		Content: "Segue a foto", Private: true, ContentAttributes: map[string]any{"a": []int{1}},
		Attachments: []chatwoot.File{{Name: `so"fá.png`, ContentType: "image/png", Content: []byte("x")}, {Name: "b", Content: []byte("y")}},
	})
	require.NoError(t, err)
	require.Equal(t, "image", m.Attachments[0].FileType)
	require.Equal(t, int64(70), m.Attachments[0].FileSize)
}

func TestContactConversations(t *testing.T) {
	t.Parallel()
	body := recording(t, "everyday", "conversation show").Response.Body
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "/api/v1/accounts/1/contacts/5/conversations", r.URL.Path)
		answerJSON(w, 200, `{"payload":[`+string(body)+`]}`)
	})
	all, err := c.ContactConversations(t.Context(), 5)
	require.NoError(t, err)
	require.Equal(t, int64(1), all[0].ID)
}

func TestWrongTypesStayZero(t *testing.T) {
	t.Parallel()
	const odd = `{"id":7,"uuid":5,"inbox_id":"x","status":{"a":1},"priority":[],"labels":["a",1,null,"b"],"unread_count":"many",
		"can_reply":"yes","created_at":"soon","updated_at":null,"messages":[1,null,{"id":"x"},{"id":3,"message_type":"?"}],
		"custom_attributes":[],"meta":{"sender":"?","assignee":false,"assignee_type":"User","team":[1]},"last_non_activity_message":7,
		"snoozed_until":{"x":[]},"unknown":{"deep":[[[]]]}}`
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, 200, `{"data":{"meta":{"all_count":"x","mine_count":2},"payload":[`+odd+`,null,7,"x",[],{},{"id":-1},{"id":"9"},{"id":8}]}}`)
	})
	p, err := c.Conversations(t.Context(), chatwoot.ListOptions{})
	require.NoError(t, err)
	require.Equal(t, 7, p.Skipped)
	require.Equal(t, chatwoot.Counts{Mine: 2}, p.Counts)
	require.Len(t, p.Conversations, 2)
	require.Equal(t, chatwoot.Conversation{
		ID: 7, Labels: []string{"a", "b"}, Messages: []chatwoot.Message{{ID: 3}},
	}, p.Conversations[0])
	require.Nil(t, p.Conversations[1].Labels, "absent labels are unknown, not none")
}

func TestWrongContainersAreErrors(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "null", "7", `"x"`, "true", "[]", "{}", `{"payload":null}`, `{"payload":{}}`, `{"data":[]}`, `{"data":{"payload":{}}}`, "<html>",
	} {
		c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, body) }).Once()
		_, list := c.Conversations(t.Context(), chatwoot.ListOptions{})
		_, one := c.Conversation(t.Context(), 1)
		_, filter := c.Filter(t.Context(), nil, 1)
		_, counts := c.ConversationCounts(t.Context(), chatwoot.ListOptions{})
		_, labels := c.ConversationLabels(t.Context(), 1)
		_, keys := c.CacheKeys(t.Context())
		_, profile := c.Profile(t.Context())
		_, webhooks := c.Webhooks(t.Context())
		_, messages := c.Messages(t.Context(), 1, chatwoot.MessagesOptions{})
		_, contacts := c.SearchContacts(t.Context(), "x", 1)
		for i, err := range []error{list, one, filter, counts, labels, keys, profile, webhooks, messages, contacts} {
			require.ErrorIs(t, err, chatwoot.KindNotChatwoot, "%d: %s", i, body)
		}
		if body != "[]" {
			_, err := c.Labels(t.Context())
			require.ErrorIs(t, err, chatwoot.KindNotChatwoot, body)
		}
	}
}

// What is read here is written back, so nothing may be dropped silently.
func TestConversationLabelsAreStrict(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"payload":["a",1]}`, `{"payload":["a",null]}`, `{"payload":[["a"]]}`, `{"payload":"a"}`} {
		c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, body) })
		_, err := c.ConversationLabels(t.Context(), 1)
		require.ErrorIs(t, err, chatwoot.KindNotChatwoot, body)
	}
}

func TestDeepNestingIsAnError(t *testing.T) {
	t.Parallel()
	deep := make([]byte, 0, 1<<20)
	deep = append(deep, `{"id":1,"x":`...)
	for range 200_000 {
		deep = append(deep, '[')
	}
	for range 200_000 {
		deep = append(deep, ']')
	}
	deep = append(deep, '}')
	c := newClient(t, func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, string(deep)) }).Once()
	_, err := c.Conversation(t.Context(), 1)
	require.Error(t, err)
}
