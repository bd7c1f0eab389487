package chatwoottest

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// sample invents the conversations of a business: the same ones for a seed.
// They are filed directly, as if they had always been there: no event tells of
// them.
type sample struct {
	*tx
	a     *account
	rng   *rand.Rand
	users []*user // the account's, by id
	known []*contact
}

// sampleSpan is how far back the oldest conversation began.
const sampleSpan = 70 * 24 * time.Hour

func newSample(t *tx, a *account) *sample {
	s := &sample{tx: t, a: a, rng: rand.New(rand.NewPCG(uint64(t.opts.Seed), 0xca5a))}
	for _, id := range slices.Sorted(maps.Keys(a.roles)) {
		s.users = append(s.users, t.users[id])
	}
	return s
}

// fill files n conversations, the oldest first.
func (s *sample) fill(n int) {
	if n == 0 {
		return
	}
	many := make([]*conversation, 0, n)
	for i := range n {
		share := (float64(i) + s.rng.Float64()*0.9) / float64(n)
		age := time.Duration(float64(sampleSpan)*math.Pow(1-share, 1.4)) + time.Minute // lately there were more
		began := s.now.Add(-age).Truncate(time.Microsecond)
		many = append(many, s.conversation(began))
	}
	s.a.conversations.load(many)
}

// conversation invents one that began then.
func (s *sample) conversation(began time.Time) *conversation {
	p := s.person(&tongues[s.weighted(70, 17, 13)], began)
	speech := speechOf(p)
	box := s.a.inboxes[s.weighted(55, 30, 15)]
	s.a.lastDisplayID++
	v := &conversation{
		id: s.a.lastDisplayID, uuid: s.secrets.uuid(), contact: p, contactInbox: s.thread(p, box, began), inbox: box, status: "open",
		labels: []string{}, custom: map[string]any{}, additional: map[string]any{}, createdAt: began, updatedAt: began, lastActivityAt: began,
	}
	s.a.byContact[p.id] = append(s.a.byContact[p.id], v)
	stage := s.stage(s.now.Sub(began))
	s.staffing(v, box)
	s.label(v, stage)
	s.deal(v, speech, stage)
	s.talk(v, speech, stage)
	s.settle(v, stage)
	return v
}

// stage is a position in stageLabels or -1; older ones are further.
func (s *sample) stage(age time.Duration) int {
	switch {
	case age < 4*24*time.Hour:
		return s.weighted(25, 50, 18, 6, 1, 0) - 1
	case age < 20*24*time.Hour:
		return s.weighted(15, 22, 27, 22, 8, 6) - 1
	}
	return s.weighted(14, 8, 14, 20, 24, 20) - 1
}

// weighted draws a position with the given weights.
func (s *sample) weighted(weights ...int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	draw := s.rng.IntN(total)
	for i, w := range weights {
		if draw -= w; draw < 0 {
			return i
		}
	}
	return 0
}

func (s *sample) chance(percent int) bool { return s.rng.IntN(100) < percent }

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.IntN(len(from))] }

// person is somebody new, or now and then somebody known.
func (s *sample) person(speech *tongue, began time.Time) *contact {
	if len(s.known) > 20 && s.chance(6) {
		return pick(s.rng, s.known)
	}
	first, last := pick(s.rng, speech.first), pick(s.rng, speech.last)
	id := s.id("contact")
	p := &contact{
		id: id, name: first + " " + last, additional: map[string]any{"city": pick(s.rng, speech.cities)}, custom: map[string]any{},
		createdAt: began.Add(-time.Minute), updatedAt: began,
	}
	if id%3 == 0 {
		p.custom["segment"] = segments[id/3%int64(len(segments))]
	}
	if s.chance(2) {
		p.name = ""
	}
	if s.chance(80) {
		p.phone = new(s.phone(speech, id))
	}
	if s.chance(55) {
		p.email = new(fmt.Sprintf("%s.%s%d@%s", plain(first), plain(last), id, pick(s.rng, speech.domains)))
	}
	if s.chance(15) {
		p.additional["company_name"] = last + " & Cia"
	}
	s.a.contacts[id] = p
	s.a.contactIDs = append(s.a.contactIDs, id)
	s.known = append(s.known, p)
	return p
}

// phone is a number no real person has for sure, unique by contact.
func (s *sample) phone(speech *tongue, id int64) string {
	switch speech {
	case &tongues[1]:
		return fmt.Sprintf("+34600%06d", id%1_000_000)
	case &tongues[2]:
		return fmt.Sprintf("+1555%07d", 1_000_000+id%9_000_000)
	}
	return fmt.Sprintf("+5511900%06d", id%1_000_000)
}

var unaccent = strings.NewReplacer("á", "a", "â", "a", "ã", "a", "à", "a", "é", "e", "ê", "e", "í", "i", "ó", "o", "ô", "o", "õ", "o", "ú", "u", "ü", "u", "ç", "c", "ñ", "n", " ", "")

func plain(name string) string { return unaccent.Replace(strings.ToLower(name)) }

func (s *sample) thread(p *contact, box *inbox, began time.Time) *contactInbox {
	for _, ci := range p.inboxes {
		if ci.inbox == box {
			return ci
		}
	}
	ci := &contactInbox{id: s.id("contact_inbox"), contactID: p.id, inbox: box, sourceID: s.sourceID(p, box), pubsub: s.secrets.token(), createdAt: began}
	p.inboxes = append(p.inboxes, ci)
	return ci
}

// staffing assigns somebody of the inbox, or nobody.
func (s *sample) staffing(v *conversation, box *inbox) {
	if s.chance(72) {
		var members []*user
		for _, u := range s.users {
			if box.members[u.id] {
				members = append(members, u)
			}
		}
		v.assigneeID = pick(s.rng, members).id
	}
	if s.chance(45) {
		v.teamID = s.a.teams[0].id
	}
	if s.chance(35) {
		v.priority = []string{"low", "medium", "high", "urgent"}[s.weighted(20, 40, 28, 12)]
	}
}

// label gives the stage's label and some others, in any order.
func (s *sample) label(v *conversation, stage int) {
	labels := []string{}
	if stage >= 0 {
		labels = append(labels, stageLabels[stage])
	}
	for _, other := range []struct {
		title   string
		percent int
	}{{"orçamento", 30}, {"vip", 12}, {"urgente", 9}, {"parceiro", 7}} {
		if s.chance(other.percent) && (stage >= 0 || s.chance(25)) {
			labels = append(labels, other.title)
		}
	}
	if stage == 3 && s.chance(40) {
		labels = append(labels, "pós-venda")
	}
	s.rng.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
	v.labels, v.labelsCached = labels, len(labels) > 0
}

// deal fills the attributes a salesperson keeps.
func (s *sample) deal(v *conversation, speech *tongue, stage int) {
	if stage >= 1 && s.chance(88) || s.chance(35) {
		v.custom["deal_value"] = s.price()
	}
	if stage == 1 || stage == 2 {
		if s.chance(60) {
			v.custom["expected_close"] = s.now.AddDate(0, 0, s.rng.IntN(40)-6).Format(time.DateOnly)
		}
		if s.chance(50) {
			v.custom["next_step"] = pick(s.rng, speech.nextSteps)
			v.custom["next_step_on"] = s.now.AddDate(0, 0, s.rng.IntN(14)-4).Format(time.DateOnly)
		}
	}
	if stage == 4 && s.chance(80) {
		v.custom["lost_reason"] = pick(s.rng, lostReasons)
	}
}

// price is round, as prices of furniture are, and now and then has cents.
func (s *sample) price() any {
	value := 350 + s.rng.IntN(240)*50
	if s.chance(12) {
		value *= 4
	}
	if s.chance(10) {
		return float64(value) - 0.1
	}
	return value
}
