package chatwoottest

import (
	"cmp"
	"strings"
	"time"
)

// samplePassword is that of every sample person.
const samplePassword = "Chatlane-Demo-1!"

// stageLabels are the stages of the sample funnel, in order.
var stageLabels = []string{"novo", "qualificado", "proposta", "ganho", "perdido"}

var sampleLabels = []struct{ title, description, color string }{
	{"novo", "Acabou de chegar", "#2781f6"},
	{"qualificado", "Tem interesse e orçamento", "#f2b400"},
	{"proposta", "Proposta enviada", "#9b51e0"},
	{"ganho", "Venda fechada", "#17b26a"},
	{"perdido", "Não fechou", "#e5484d"},
	{"vip", "Cliente especial", "#b8860b"},
	{"urgente", "Responder hoje", "#e4572e"},
	{"orçamento", "Pediu preço", "#00a3a3"},
	{"pós-venda", "Entrega, montagem e garantia", "#6b7280"},
	{"parceiro", "Arquitetos e lojistas", "#8d6e63"},
}

var sampleUsers = []struct {
	name, role string
	inboxes    []int // positions in the list of inboxes
	team       int   // position in the list of teams, -1 for none
}{
	{"Ana Prado", "administrator", []int{0, 1}, 0},
	{"Bruno Reis", "agent", []int{0, 1}, 0},
	{"Carla Dias", "agent", []int{0}, 0},
	{"Diego Martins", "administrator", nil, -1},
	{"Elisa Rocha", "agent", []int{1, 2}, 1},
	{"Fábio Nunes", "agent", []int{2}, 1},
}

var sampleAttributes = []attributeDefinition{
	{name: "Valor", kind: "currency", key: "deal_value"},
	{name: "Fechamento previsto", kind: "date", key: "expected_close"},
	{name: "Próximo passo", kind: "text", key: "next_step"},
	{name: "Data do próximo passo", kind: "date", key: "next_step_on"},
	{name: "Motivo da perda", kind: "list", key: "lost_reason", values: lostReasons},
	{name: "Segmento", kind: "list", key: "segment", values: segments, model: "contact_attribute"},
	{name: "Cliente desde", kind: "date", key: "customer_since", model: "contact_attribute"},
}

var segments = []string{"Casa", "Escritório", "Hotel", "Restaurante"}

var lostReasons = []string{"Preço", "Prazo", "Concorrente", "Sem resposta", "Desistiu"}

// populate makes the accounts and their people, and the business of the seed.
func (s *Server) populate() {
	s.write(func(t *tx) {
		t.platform = t.secrets.token()
		if t.opts.Blank {
			a := t.newAccount(t.opts.Name)
			a.roles[t.newUser("Ana Prado", "ana@example.com").id] = "administrator"
			return
		}
		a := t.newAccount(t.opts.Name)
		t.open(a)
		t.staff(a)
		t.furnish(a)
		t.newBot(a, "Assistente")
		other := t.newAccount("Outra Empresa")
		other.roles[t.newUser("Olga Freitas", "olga@outra.example").id] = "administrator"
		newSample(t, a).fill(t.opts.Conversations)
	})
}

func (t *tx) newAccount(name string) *account {
	a := &account{
		id: t.id("account"), name: name, locale: t.opts.Locale, createdAt: t.now, roles: map[int64]string{}, customRoles: map[int64]*customRole{}, contacts: map[int64]*contact{},
		conversations: newCatalogue(), byContact: map[int64][]*conversation{}, cacheKeys: map[string]time.Time{},
	}
	t.accounts[a.id] = a
	return a
}

func (t *tx) newUser(name, email string) *user {
	u := &user{id: t.id("user"), name: name, email: strings.ToLower(email), password: samplePassword, token: t.secrets.token(), pubsub: t.secrets.token(), confirmed: true}
	t.users[u.id] = u
	t.tokens[u.token] = actor{kind: "user", id: u.id, name: u.name}
	return u
}

// open makes the inboxes and the teams.
func (t *tx) open(a *account) {
	zap := t.newInbox(a, "WhatsApp Vendas", "Channel::Whatsapp")
	zap.phoneNumber, zap.provider = new("+5511955550100"), new("whatsapp_cloud")
	site := t.newInbox(a, "Site", "Channel::WebWidget")
	site.websiteURL = new("https://casa-aurora.example")
	t.newInbox(a, "Marketplace", "Channel::Api")
	t.newTeam(a, "vendas", "Time de vendas", false)
	t.newTeam(a, "pós-venda", "Entrega e montagem", false)
}

// staff hires who is in them.
func (t *tx) staff(a *account) {
	for _, person := range sampleUsers {
		first, _, _ := strings.Cut(strings.ToLower(person.name), " ")
		u := t.newUser(person.name, strings.ReplaceAll(first, "á", "a")+"@casa-aurora.example")
		a.roles[u.id] = person.role
		u.online = u.id%2 == 1
		for _, i := range person.inboxes {
			a.inboxes[i].members[u.id] = true
		}
		if person.team >= 0 {
			a.teams[person.team].members = append(a.teams[person.team].members, u.id)
		}
	}
}

// furnish makes labels, attributes and canned responses.
func (t *tx) furnish(a *account) {
	for _, l := range sampleLabels {
		a.labels = append(a.labels, &label{id: t.id("label"), title: l.title, description: new(l.description), color: l.color, showOnSidebar: new(true)})
	}
	t.touchCache(a, "label")
	for _, d := range sampleAttributes {
		d.model, d.description = cmp.Or(d.model, "conversation_attribute"), new(d.name)
		t.newAttribute(a, d)
	}
	a.canned = append(a.canned,
		&cannedResponse{t.id("canned"), "ola", "Olá {{contact.name}}, tudo bem?", t.now},
		&cannedResponse{t.id("canned"), "frete", "O frete é calculado pelo CEP e a montagem está inclusa.", t.now})
}
