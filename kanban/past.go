package kanban

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// LabelLine is what an activity message of Chatwoot tells of labels: who added some to a conversation or took some away.
type LabelLine struct {
	At     time.Time
	By     string
	Added  bool
	Titles []string
}

// labelLines are how Chatwoot says it, in English, Portuguese and Spanish: a name, a verb, and titles (CONTRACT 6.2.8). The message has no
// other mark; in other languages it is not understood, and the past stays unknown.
var labelLines = regexp.MustCompile(`^(.+) (added|adicionou|acrescentou|agregó|removed|removeu a|removeu|eliminó a|eliminó) ([\p{L}\p{N}_-]+(?:, [\p{L}\p{N}_-]+)*)$`)

// LabelLineOf reads an activity message. ok is false for one that is about something else.
func LabelLineOf(text string, at time.Time) (t LabelLine, ok bool) {
	m := labelLines.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return LabelLine{}, false
	}
	added := strings.HasPrefix(m[2], "a") // as all the words for it do
	return LabelLine{At: at, By: m[1], Added: added, Titles: strings.Split(m[3], ", ")}, true
}

// toldTogether is how far apart messages of one change may be: one write of labels makes two, of what went and of what came.
const toldTogether = 2 * time.Second

// Past is the way of a conversation through a board before it was found there, as the messages tell it. It is nil where they do not lead to
// where it was found: then something is missing, and half a past would be an invented one.
func (b Board) Past(told []LabelLine, found Transition) []Transition {
	var past []Transition
	var titles []string
	at := NoStage
	for i, t := range told {
		if t.At.After(found.At) {
			break
		}
		titles = t.on(titles)
		if i+1 < len(told) && told[i+1].At.Sub(t.At) <= toldTogether && !told[i+1].At.After(found.At) {
			continue
		}
		to := b.stageBy(titles)
		if to == at {
			continue
		}
		past = append(past, Transition{
			Account: found.Account, Board: b.ID, Conversation: found.Conversation, From: at, To: to, At: t.At, AtKnown: true, Source: FromActivity, By: Actor{Name: t.By},
		})
		at = to
	}
	if at != found.To {
		return nil
	}
	return past
}

// on are the titles after the change.
func (t LabelLine) on(titles []string) []string {
	rest := slices.DeleteFunc(slices.Clone(titles), func(x string) bool {
		return slices.ContainsFunc(t.Titles, func(y string) bool { return strings.EqualFold(x, y) })
	})
	if t.Added {
		rest = append(rest, t.Titles...)
	}
	return rest
}

// stageBy is the stage that labels put a conversation in.
func (b Board) stageBy(titles []string) StageID {
	in := b.StagesIn(titles)
	switch {
	case len(in) == 0:
		return NoStage
	case b.Winner == EarliestStage:
		return in[0].ID
	}
	return in[len(in)-1].ID
}
