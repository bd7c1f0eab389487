package chatwoottest

import (
	"fmt"
	"strings"
	"time"
)

// talk writes the messages: as many lines of a dialogue as the stage has come
// to, with the pauses people make.
func (s *sample) talk(v *conversation, speech *tongue, stage int) {
	lines := pick(s.rng, speech.dialogues)
	reach := len(lines)
	switch {
	case stage < 0:
		reach = 1 + s.rng.IntN(2)
	case stage == 0:
		reach = 1 + s.rng.IntN(min(3, len(lines)))
	case stage == 1:
		reach = min(len(lines), 3+s.rng.IntN(3))
	}
	words := s.words(v, speech)
	at, steps := v.createdAt, s.steps(v, stage)
	for i, line := range lines[:reach] {
		if i > 0 {
			at = s.pause(at, line)
		}
		s.line(v, words.Replace(line), at)
		if i*len(steps.titles) >= steps.done*reach {
			steps.next(at.Add(20 * time.Second))
		}
	}
	for _, line := range lines[reach:] {
		v.script = append(v.script, words.Replace(line))
	}
	if stage >= 3 {
		v.script = nil
		farewell := map[bool][]string{true: speech.goodbyes, false: speech.regrets}[stage == 3]
		at = s.pause(at, "< ")
		s.line(v, "< "+pick(s.rng, farewell), at)
	}
	for steps.done < len(steps.titles) {
		steps.next(at.Add(20 * time.Second))
	}
}

func (s *sample) words(v *conversation, speech *tongue) *strings.Replacer {
	first, _, _ := strings.Cut(v.contact.name, " ")
	price := fmt.Sprintf(speech.money, plainText(v.custom["deal_value"]))
	if v.custom["deal_value"] == nil {
		price = fmt.Sprintf(speech.money, "1200")
	}
	called := ", " + first
	if first == "" { // nobody's name is written when nobody knows it
		called = ""
	}
	return strings.NewReplacer("{p}", pick(s.rng, speech.products), "{v}", price, ", {n}", called, "{n}", first, "{c}", plainText(v.contact.additional["city"]))
}

// pause is minutes for most lines, a night or some days for others, and never
// beyond now.
func (s *sample) pause(at time.Time, line string) time.Time {
	gap := time.Duration(1+s.rng.IntN(50)) * time.Minute
	switch s.weighted(70, 22, 8) {
	case 1:
		gap = time.Duration(2+s.rng.IntN(22)) * time.Hour
	case 2:
		gap = time.Duration(1+s.rng.IntN(6)) * 24 * time.Hour
	}
	if strings.HasPrefix(line, "> ") {
		gap /= 2
	}
	left := s.now.Sub(at)
	if gap >= left {
		gap = time.Duration(float64(left) * (0.2 + 0.6*s.rng.Float64()))
	}
	return at.Add(gap).Truncate(time.Microsecond)
}

// line adds one message and moves the clocks it moves in life.
func (s *sample) line(v *conversation, line string, at time.Time) {
	m := &message{id: s.id("message"), content: line[2:], contentType: "text", status: "sent", createdAt: at, updatedAt: at}
	switch line[:2] {
	case "< ":
		m.kind, m.sender = incoming, actor{kind: "contact", id: v.contact.id, name: v.contact.name}
		v.contact.lastActivityAt = at
		if v.waitingSince.IsZero() {
			v.waitingSince = at
		}
	default:
		m.kind, m.sender, m.private = outgoing, s.speaker(v), line[0] == '#'
		v.agentLastSeenAt = at
		if !m.private {
			v.waitingSince = time.Time{}
			if v.firstReplyAt.IsZero() {
				v.firstReplyAt = at
			}
		}
	}
	s.append(v, m)
}

func (s *sample) append(v *conversation, m *message) {
	v.messages = append(v.messages, m)
	v.lastActivityAt, v.updatedAt = m.createdAt, m.createdAt.Add(4*time.Millisecond)
}

// steps are the stages that a conversation has gone through, and the lines that tell of it.
type steps struct {
	*sample
	v      *conversation
	by     string
	titles []string
	done   int
}

// steps of a stage lead through those before it; what was lost had come to the second.
func (s *sample) steps(v *conversation, stage int) *steps {
	if stage < 0 {
		return &steps{}
	}
	titles := append([]string{}, stageLabels[:min(stage, 3)]...)
	if stage == 4 {
		titles = titles[:2]
	}
	return &steps{sample: s, v: v, by: s.speaker(v).name, titles: append(titles, stageLabels[stage])}
}

// next writes that the conversation has come a stage further.
func (s *steps) next(at time.Time) {
	if s.done == len(s.titles) {
		return
	}
	say := s.a.say()
	if s.done > 0 {
		s.activity(fmt.Sprintf(say.removed, s.by, s.titles[s.done-1]), at)
	}
	s.activity(fmt.Sprintf(say.added, s.by, s.titles[s.done]), at)
	s.done++
}

func (s *steps) activity(text string, at time.Time) {
	if at.After(s.now) {
		at = s.now
	}
	s.append(s.v, &message{id: s.id("message"), content: text, kind: activity, contentType: "text", status: "sent", createdAt: at, updatedAt: at})
}

// speaker is the assignee, or somebody who helped out.
func (s *sample) speaker(v *conversation) actor {
	u := s.tx.users[v.assigneeID]
	if u == nil {
		u = pick(s.rng, s.users)
	}
	return actor{kind: "user", id: u.id, name: u.name}
}

// settle decides the status: mostly open, finished deals often resolved.
func (s *sample) settle(v *conversation, stage int) {
	resolved := 4
	if stage >= 3 {
		resolved = 45
	}
	switch s.weighted(resolved, 4, 4, 100-resolved) {
	case 0:
		v.status, v.waitingSince = "resolved", time.Time{}
	case 1:
		v.status = "pending"
	case 2:
		v.status, v.snoozedUntil = "snoozed", s.now.Add(time.Duration(1+s.rng.IntN(120))*time.Hour).Truncate(time.Second)
	}
}
