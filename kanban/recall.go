package kanban

import (
	"context"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
)

const (
	// recallAtOnce is how many conversations one turn asks about.
	recallAtOnce = 200
	// recallPages bounds what is read of one conversation, a hundred messages a page. Of a longer one the past stays unknown.
	recallPages = 10
)

// recall finds out how cards got to where the import found them, from what Chatwoot wrote into each conversation when its labels changed.
// It asks for one conversation after the other, with pauses: nothing waits for it.
func (s *accountSync) recall(ctx context.Context) error {
	for wait(ctx, s.RecallEvery) {
		if err := s.recallSome(ctx); err != nil && ctx.Err() == nil {
			s.log.InfoContext(ctx, "recall", "error", err.Error())
		}
	}
	return ctx.Err()
}

// recallSome is one turn: all that there is to ask about, or until Chatwoot does not answer.
func (s *accountSync) recallSome(ctx context.Context) error {
	c, a, err := s.client(ctx, s.id)
	if err != nil || !a.Import.Finished() {
		return err
	}
	c = c.In(chatwoot.LaneBackground)
	for {
		ids, err := s.Store.Unsought(ctx, s.id, recallAtOnce)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := s.recallOne(ctx, c, id); err != nil {
				return err
			}
			if !wait(ctx, s.RecallPause) {
				return ctx.Err()
			}
		}
	}
}

func (s *accountSync) recallOne(ctx context.Context, c *chatwoot.Client, id ConversationID) error {
	told, err := toldOf(ctx, c, id)
	if err != nil && refusal(err) == "" {
		return err
	}
	applied, err := s.Store.Remember(ctx, s.id, id, func(b Board, found Transition) []Transition { return b.Past(told, found) })
	if err == nil {
		s.publish(applied.Changes)
	}
	return err
}

// toldOf reads what a conversation's messages tell of labels, the oldest first; nothing where there are too many.
func toldOf(ctx context.Context, c *chatwoot.Client, id ConversationID) ([]LabelLine, error) {
	var told []LabelLine
	after := int64(1)
	for range recallPages {
		p, err := c.Messages(ctx, int64(id), chatwoot.MessagesOptions{After: after})
		if err != nil {
			return nil, err
		}
		for _, m := range p.Messages {
			after = max(after, m.ID)
			if m.MessageType != chatwoot.Activity {
				continue
			}
			if t, ok := LabelLineOf(m.Content, m.CreatedAt.Time); ok {
				told = append(told, t)
			}
		}
		if len(p.Messages) < messagesPage {
			return told, nil
		}
	}
	return nil, nil
}

// messagesPage is how many messages a full page has (CONTRACT 8.1).
const messagesPage = 100

// recallDefaults are how patiently it is done.
const (
	recallEvery = time.Minute
	recallPause = 250 * time.Millisecond
)
