package kanban

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/chatlane/chatlane/chatwoot"
)

// Address is a Chatwoot that somebody wants to connect.
type Address struct {
	URL   string
	Token string
	// AllowPrivateNetwork says that the operator vouches for the address.
	AllowPrivateNetwork bool
}

// Candidate is an account that a token could connect.
type Candidate struct {
	ChatwootID    int64
	Name          string
	Administrator bool
	Suspended     bool
}

// Candidates are the accounts of a token's owner.
func (e *Engine) Candidates(ctx context.Context, at Address) ([]Candidate, Actor, error) {
	server, err := e.server(at.URL, at.AllowPrivateNetwork)
	if err != nil {
		return nil, Actor{}, err
	}
	p, err := server.Client(at.Token, 0).Once().Profile(ctx) // a person waits: what is wrong is better said at once than tried again
	if err != nil {
		return nil, Actor{}, err
	}
	var out []Candidate
	for _, a := range p.Accounts {
		out = append(out, Candidate{ChatwootID: a.ID, Name: a.Name, Administrator: a.Role == string(RoleAdministrator), Suspended: a.Status == "suspended"})
	}
	return out, Actor{ID: AgentID(p.ID), Name: p.Name}, nil
}

// Connect connects an account, or gives a connected one another token. The first read begins at once if the engine runs.
func (e *Engine) Connect(ctx context.Context, at Address, chatwootID int64) (Account, error) {
	owner, err := e.mayConnect(ctx, at, chatwootID)
	if err != nil {
		return Account{}, err
	}
	server, err := e.server(at.URL, at.AllowPrivateNetwork)
	if err != nil {
		return Account{}, err
	}
	a, err := e.Store.AccountAt(ctx, server.URL(), chatwootID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Account{}, err
	}
	a.BaseURL, a.ChatwootID, a.Token, a.TokenOwner, a.AllowPrivateNetwork = server.URL(), chatwootID, at.Token, owner, at.AllowPrivateNetwork
	catalog, err := describe(ctx, server, &a)
	if err != nil {
		return Account{}, err
	}
	if a, err = e.Store.SaveAccount(ctx, a); err != nil {
		return Account{}, err
	}
	if _, err := e.Store.SaveCatalog(ctx, a.ID, catalog); err != nil {
		return Account{}, err
	}
	e.AccountAdded(a.ID)
	return a, nil
}

// mayConnect makes sure that a token is an administrator's of the account, and says whose it is.
func (e *Engine) mayConnect(ctx context.Context, at Address, chatwootID int64) (Actor, error) {
	candidates, owner, err := e.Candidates(ctx, at)
	if err != nil {
		return Actor{}, err
	}
	i := slices.IndexFunc(candidates, func(c Candidate) bool { return c.ChatwootID == chatwootID })
	switch {
	case i < 0:
		return Actor{}, Invalid("connect.no_such_account", "account", chatwootID)
	case candidates[i].Suspended:
		return Actor{}, Invalid("connect.suspended", "account", candidates[i].Name)
	case !candidates[i].Administrator:
		return Actor{}, Invalid("connect.needs_administrator", "person", owner.Name, "account", candidates[i].Name)
	}
	return owner, nil
}

// describe reads what an account is called, speaks and consists of.
func describe(ctx context.Context, server *chatwoot.Server, a *Account) (Catalog, error) {
	c := server.Client(a.Token, a.ChatwootID)
	settings, err := c.Account(ctx)
	if err != nil {
		return Catalog{}, err
	}
	a.Name, a.Locale = settings.Name, settings.Locale
	if a.Version, err = server.Version(ctx); err != nil {
		return Catalog{}, fmt.Errorf("version of Chatwoot: %w", err)
	}
	catalog, err := catalogOf(ctx, c)
	a.Deal = DealKeysIn(catalog.Attributes)
	return catalog, err
}

// WebhookEvents are the least that the board needs to hear of (CONTRACT 17.5).
var WebhookEvents = []string{"conversation_created", "conversation_updated", "conversation_status_changed", "message_created", "contact_updated"}

// RegisterWebhook has Chatwoot send its news to publicURL. A webhook of ours that is there already is reused and put right.
func (e *Engine) RegisterWebhook(ctx context.Context, id AccountID, publicURL string) (Account, error) {
	c, a, err := e.client(ctx, id)
	if err != nil {
		return Account{}, err
	}
	if a.Webhook.Key == "" {
		a.Webhook.Key = rand.Text()
		if err := e.Store.SetWebhook(ctx, id, a.Webhook); err != nil { // the key must be known before the first delivery
			return Account{}, err
		}
	}
	a.Webhook.URL = fmt.Sprintf("%s/webhooks/%d/%s", strings.TrimRight(publicURL, "/"), id, a.Webhook.Key)
	hook, err := e.registered(ctx, c, a)
	if err != nil {
		return Account{}, err
	}
	a.Webhook.ID, a.Webhook.Secret = hook.ID, string(hook.Secret)
	return a, e.Store.SetWebhook(ctx, id, a.Webhook)
}

// registered finds our webhook by its address, else by its number, else creates it.
func (e *Engine) registered(ctx context.Context, c *chatwoot.Client, a Account) (chatwoot.Webhook, error) {
	want := chatwoot.Webhook{Name: "Chatlane", URL: a.Webhook.URL, Subscriptions: WebhookEvents}
	hooks, err := c.Webhooks(ctx)
	if err != nil {
		return chatwoot.Webhook{}, err
	}
	i := slices.IndexFunc(hooks, func(h chatwoot.Webhook) bool { return h.URL == want.URL })
	if i < 0 {
		i = slices.IndexFunc(hooks, func(h chatwoot.Webhook) bool { return a.Webhook.ID != 0 && h.ID == a.Webhook.ID })
	}
	if i < 0 {
		return c.CreateWebhook(ctx, want)
	}
	found := hooks[i]
	if found.URL == want.URL && sameTitles(found.Subscriptions, want.Subscriptions) {
		return found, nil
	}
	want.ID = found.ID
	updated, err := c.UpdateWebhook(ctx, want)
	if err == nil && updated.Secret == "" {
		updated.Secret = found.Secret
	}
	return updated, err
}

// StageSpec is one stage of a board that is to be made: a label's title and what being there means.
type StageSpec struct {
	Title string
	Kind  StageKind
}

// ParseStages reads "novo,qualificado,ganho=won,perdido=lost": labels in order, open unless said otherwise.
func ParseStages(text string) ([]StageSpec, error) {
	var specs []StageSpec
	for part := range strings.SplitSeq(text, ",") {
		title, kind, _ := strings.Cut(strings.TrimSpace(part), "=")
		spec := StageSpec{Title: strings.ToLower(strings.TrimSpace(title)), Kind: StageKind(strings.TrimSpace(kind))}
		if spec.Kind == "" {
			spec.Kind = StageOpen
		}
		switch {
		case spec.Title == "":
			return nil, Invalid("stages.empty")
		case spec.Kind != StageOpen && spec.Kind != StageWon && spec.Kind != StageLost:
			return nil, Invalid("stages.kind", "stage", spec.Title, "kind", string(spec.Kind))
		case slices.ContainsFunc(specs, func(s StageSpec) bool { return s.Title == spec.Title }):
			return nil, Invalid("stages.twice", "stage", spec.Title)
		}
		specs = append(specs, spec)
	}
	return specs, nil
}

// MakeBoard makes a board of an account. Labels that Chatwoot does not have are created there first.
func (e *Engine) MakeBoard(ctx context.Context, id AccountID, name, currency string, specs []StageSpec) (Board, error) {
	c, _, err := e.client(ctx, id)
	if err != nil {
		return Board{}, err
	}
	labels, err := e.ensureLabels(ctx, c, id, specs)
	if err != nil {
		return Board{}, err
	}
	b := Board{Account: id, Name: name, Currency: currency, Winner: FurthestStage}
	for i, spec := range specs {
		l := labels[spec.Title]
		b.Stages = append(b.Stages, Stage{
			Position: i, Label: l.ID, Title: l.Title, Name: displayName(l.Title), Kind: spec.Kind, Color: l.Color,
			Probability: probability(spec.Kind, i, specs),
		})
	}
	if b, err = e.Store.CreateBoard(ctx, b); err != nil {
		return Board{}, err
	}
	e.Hub.Publish(&Event{Account: id, Kind: BoardChanged})
	return b, nil
}

// ensureLabels finds the labels of the stages, creating those that are missing.
func (e *Engine) ensureLabels(ctx context.Context, c *chatwoot.Client, id AccountID, specs []StageSpec) (map[string]Label, error) {
	turn := e.sync(id).catalog
	if err := turn.take(ctx); err != nil {
		return nil, err
	}
	defer turn.leave()
	have, err := c.Labels(ctx)
	if err != nil {
		return nil, err
	}
	byTitle := map[string]Label{}
	for _, l := range labelsOf(have) {
		byTitle[strings.ToLower(l.Title)] = l
	}
	created := false
	for i, spec := range specs {
		if _, ok := byTitle[spec.Title]; ok {
			continue
		}
		l, err := c.CreateLabel(ctx, chatwoot.Label{Title: spec.Title, Color: palette[i%len(palette)], ShowOnSidebar: true})
		if err != nil {
			return nil, fmt.Errorf("create label %q: %w", spec.Title, err)
		}
		byTitle[spec.Title], created = labelsOf([]chatwoot.Label{l})[0], true
	}
	if !created {
		return byTitle, nil
	}
	catalog, err := catalogOf(ctx, c)
	if err != nil {
		return nil, err
	}
	_, err = e.Store.SaveCatalog(ctx, id, catalog)
	return byTitle, err
}

// palette colours labels that Chatlane creates: Chatwoot's own manner, told apart by people who see few colours.
var palette = []string{"#1f93ff", "#00a2a2", "#f5a623", "#7c4dff", "#2e7d32", "#c62828", "#5c6bc0", "#8d6e63"}

// displayName makes a label's title readable: "pos_venda" becomes "Pos venda".
func displayName(title string) string {
	r := []rune(strings.NewReplacer("_", " ", "-", " ").Replace(title))
	if len(r) > 0 {
		r[0] = []rune(strings.ToUpper(string(r[0])))[0]
	}
	return string(r)
}

// probability is a first guess: open stages rise evenly, won is certain, lost is not.
func probability(kind StageKind, i int, specs []StageSpec) int {
	switch kind {
	case StageWon:
		return 100
	case StageLost:
		return 0
	}
	open := 0
	for _, s := range specs {
		if s.Kind == StageOpen {
			open++
		}
	}
	return 100 * (i + 1) / (open + 1)
}
