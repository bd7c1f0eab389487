package chatwoottest

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"time"
)

// Traffic keeps the business alive until ctx ends: customers write, agents
// answer, label, assign and close, at rate happenings a minute on average,
// unevenly, as in life. It works on the conversations that are busy anyway and
// on new ones.
func (s *Server) Traffic(ctx context.Context, rate float64) {
	if rate <= 0 {
		return
	}
	rng := rand.New(rand.NewPCG(uint64(s.opts.Seed), 0x7aff1c))
	mean := float64(time.Minute) / rate
	for sleep(ctx, time.Duration(min(rng.ExpFloat64(), 4)*mean)) {
		s.Happen(rng)
	}
}

// Happen lets one thing happen, chosen by rng.
func (s *Server) Happen(rng *rand.Rand) {
	s.inAccount(func(t *tx, a *account) {
		scene := &sample{tx: t, a: a, rng: rng}
		for _, id := range slices.Sorted(maps.Keys(a.roles)) {
			scene.users = append(scene.users, t.users[id])
		}
		if v := scene.busy(); v != nil && !scene.chance(6) {
			scene.happening()(v)
			return
		}
		scene.arrival()
	})
}

// busy is a conversation with recent activity, not resolved for the most part.
func (s *sample) busy() *conversation {
	all := s.a.conversations.byActivity.all
	if len(all) == 0 {
		return nil
	}
	for range 5 {
		back := int(s.rng.ExpFloat64() * 12)
		v := all[max(0, len(all)-1-back)]
		if v.status == "open" {
			return v
		}
	}
	return all[len(all)-1-s.rng.IntN(min(len(all), 200))]
}

func (s *sample) happening() func(*conversation) {
	return []func(*conversation){s.talksOn, s.stageMoves, s.labelToggles, s.handover, s.dealChanges, s.closes}[s.weighted(62, 14, 8, 7, 6, 3)]
}

// talksOn says the next line of the conversation, whoever's it is; when all is
// said, another dialogue begins. Who answers has read the customer first.
func (s *sample) talksOn(v *conversation) {
	if len(v.script) == 0 {
		s.newScript(v)
	}
	line := v.script[0]
	v.script = v.script[1:]
	m := &message{content: line[2:], kind: outgoing, private: line[0] == '#'}
	if line[0] == '<' {
		m.kind, m.sender = incoming, actor{kind: "contact", id: v.contact.id, name: v.contact.name}
	} else {
		m.sender = s.speaker(v)
		v.agentLastSeenAt = s.stamp()
	}
	s.say(s.a, v, m)
}

func (s *sample) newScript(v *conversation) {
	speech := speechOf(v.contact)
	words := s.words(v, speech)
	for _, line := range pick(s.rng, speech.dialogues) {
		v.script = append(v.script, words.Replace(line))
	}
}

// stageMoves takes the conversation to the next stage, or gives up on it.
func (s *sample) stageMoves(v *conversation) {
	stage := -1
	for i, title := range stageLabels {
		if slices.Contains(v.labels, title) {
			stage = i
		}
	}
	next := stage + 1
	if stage >= 2 || s.chance(12) {
		next = []int{3, 4, 2}[s.weighted(50, 35, 15)]
	}
	if next == stage || s.a.labelTitled(stageLabels[next]) == nil {
		return
	}
	kept := without(v.labels, func(title string) bool { return slices.Contains(stageLabels, title) })
	s.setLabels(s.a, v, s.speaker(v), "labels", append(kept, stageLabels[next]))
}

func (s *sample) labelToggles(v *conversation) {
	title := pick(s.rng, []string{"vip", "urgente", "orçamento", "parceiro", "pós-venda"})
	if s.a.labelTitled(title) == nil {
		return
	}
	labels := without(v.labels, equals(title))
	if len(labels) == len(v.labels) {
		labels = append(labels, title)
	}
	s.setLabels(s.a, v, s.speaker(v), "labels", labels)
}

func (s *sample) handover(v *conversation) {
	by := s.speaker(v)
	members := without(s.users, func(u *user) bool { return !v.inbox.members[u.id] })
	if len(members) > 0 {
		s.assign(s.a, v, by, pick(s.rng, members).id, 0)
	}
}

func (s *sample) dealChanges(v *conversation) {
	speech := speechOf(v.contact)
	custom := merged(v.custom, map[string]any{"deal_value": s.price()})
	if s.chance(40) {
		custom["next_step"] = pick(s.rng, speech.nextSteps)
		custom["next_step_on"] = s.now.AddDate(0, 0, 1+s.rng.IntN(10)).Format(time.DateOnly)
	}
	s.save(s.a, v, s.speaker(v), "", func() { v.custom = custom })
}

func (s *sample) closes(v *conversation) {
	s.setStatus(s.a, v, s.speaker(v), "resolved", time.Time{})
}

// arrival is somebody new writing for the first time.
func (s *sample) arrival() {
	if len(s.a.inboxes) == 0 {
		return
	}
	p := s.person(&tongues[s.weighted(70, 17, 13)], s.now)
	s.emit(s.a, event{name: "contact_created", contact: p})
	ci := s.thread(p, pick(s.rng, s.a.inboxes), s.now)
	v := s.newConversation(s.a, ci, actor{}, func(*conversation) {})
	s.talksOn(v)
}

// speechOf is the language of somebody's city; those without one speak
// Portuguese.
func speechOf(p *contact) *tongue {
	for i := range tongues {
		if slices.Contains(tongues[i].cities, plainText(p.additional["city"])) {
			return &tongues[i]
		}
	}
	return &tongues[0]
}
