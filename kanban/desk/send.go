package desk

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
)

// Chatwoot's limits of one message (CONTRACT 8.2), and what its own screen takes of files.
const (
	TextLimit  = 150_000
	FilesLimit = 15
	BytesLimit = 40 << 20
)

const (
	// sendPatience bounds one attempt: Chatwoot gives up after 15 s itself.
	sendPatience = 40 * time.Second
	// settles is how long a message whose sending was not answered is looked for. Chatwoot may still be at it for a while.
	settles = time.Minute
	// lookEvery is how often it is looked for meanwhile.
	lookEvery = 3 * time.Second
	// signInEvery is how often a message looks whether its writer has signed in again.
	signInEvery = time.Minute
	maxWait     = time.Minute
	firstWait   = 2 * time.Second
	// givesUp is how long a message may wait: an answer that comes much later than it was written surprises everybody.
	givesUp = time.Hour
)

type sendStore interface {
	KeepSend(context.Context, kanban.Send) (kept kanban.Send, fresh bool, err error)
	Send(context.Context, kanban.SendID) (kanban.Send, error)
	OpenSends(context.Context, kanban.AccountID, kanban.ConversationID, kanban.AgentID) ([]kanban.Send, error)
	DueSends(context.Context, time.Time) ([]kanban.SendID, error)
	BeginSend(ctx context.Context, id kanban.SendID, newest int64, now time.Time) (begun bool, err error)
	SettleSend(context.Context, kanban.Send) error
	InterruptedSends(context.Context) error
	DeleteSend(context.Context, kanban.SendID) error
	SentMessages(ctx context.Context, a kanban.AccountID, c kanban.ConversationID, newest int64) ([]int64, error)
	DeleteOldSends(context.Context, time.Time) error
}

// Send takes a message that the viewer wrote, and tries to deliver it. Once Send returned without an error the message is durable: it
// arrives, or waits, or says that it failed. The same key again is the same message, however often the browser sends it.
func (d *Desk) Send(ctx context.Context, v kanban.Viewer, m kanban.Send) (kanban.Send, error) {
	if err := checkParcel(m); err != nil {
		return kanban.Send{}, err
	}
	m.Account, m.By = v.Account, v.Actor
	m, _, err := d.Store.KeepSend(ctx, m)
	if err != nil || m.State != kanban.SendWaiting {
		return m, err
	}
	return d.soon(ctx, m)
}

// answersWithin is how long whoever sends waits for the outcome. A slower one they are told of later.
const answersWithin = 3 * time.Second

// soon delivers a message, and returns what became of it if that is known soon.
func (d *Desk) soon(ctx context.Context, m kanban.Send) (kanban.Send, error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.note(ctx, "deliver a message", d.deliver(ctx, m.ID))
	}()
	wait := time.NewTimer(answersWithin)
	defer wait.Stop()
	select {
	case <-done:
	case <-wait.C:
	case <-ctx.Done():
		return m, nil // they left; the message is durable
	}
	return d.Store.Send(ctx, m.ID)
}

func checkParcel(m kanban.Send) error {
	size := 0
	for _, f := range m.Parcel.Files {
		size += len(f.Content)
	}
	switch {
	case m.Key == "" || len(m.Key) > 100:
		return kanban.Invalid("error.invalid_text")
	case strings.TrimSpace(m.Parcel.Text) == "" && len(m.Parcel.Files) == 0:
		return kanban.Invalid("send.empty")
	case utf8.RuneCountInString(m.Parcel.Text) > TextLimit:
		return kanban.Invalid("send.too_long", "most", TextLimit)
	case len(m.Parcel.Files) > FilesLimit:
		return kanban.Invalid("send.too_many_files", "most", FilesLimit)
	case size > BytesLimit:
		return kanban.Invalid("send.too_large", "most", BytesLimit>>20)
	}
	return nil
}

// Sends are the viewer's messages in a conversation that have not arrived, the oldest first.
func (d *Desk) Sends(ctx context.Context, v kanban.Viewer, id kanban.ConversationID) ([]kanban.Send, error) {
	return d.Store.OpenSends(ctx, v.Account, id, v.ID)
}

// Again tries once more with a message that failed, was lost or waits. One that may have arrived is looked for first.
func (d *Desk) Again(ctx context.Context, v kanban.Viewer, id kanban.SendID) (kanban.Send, error) {
	m, err := d.own(ctx, v, id)
	if err != nil {
		return m, err
	}
	switch m.State {
	case kanban.SendLost:
		if m, err = d.search(ctx, m); err != nil || m.State == kanban.SendDone {
			return m, err
		}
		m.State = kanban.SendWaiting
	case kanban.SendFailed:
		m.State = kanban.SendWaiting
	case kanban.SendWaiting:
	default:
		return m, nil
	}
	m.DueAt, m.Reason, m.Detail = d.Clock(), "", ""
	if err := d.Store.SettleSend(ctx, m); err != nil {
		return m, err
	}
	return d.soon(ctx, m)
}

// Discard gives a message up that has not arrived.
func (d *Desk) Discard(ctx context.Context, v kanban.Viewer, id kanban.SendID) error {
	if _, err := d.own(ctx, v, id); err != nil {
		return err
	}
	return d.Store.DeleteSend(ctx, id)
}

// own is a message of the viewer's. Others' look absent.
func (d *Desk) own(ctx context.Context, v kanban.Viewer, id kanban.SendID) (kanban.Send, error) {
	m, err := d.Store.Send(ctx, id)
	if err == nil && (m.Account != v.Account || m.By.ID != v.ID) {
		return kanban.Send{}, kanban.ErrNotFound
	}
	return m, err
}

// deliver goes on with a message, after those before it in its conversation. It ends although whoever asked has left.
func (d *Desk) deliver(ctx context.Context, id kanban.SendID) error {
	m, err := d.Store.Send(ctx, id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendPatience)
	defer cancel()
	leave, err := d.turns.take(ctx, turnOf{m.Account, m.Conversation})
	if err != nil {
		return nil // whoever has the turn so long goes on with it
	}
	defer leave()
	if m, err = d.Store.Send(ctx, id); err != nil { // somebody else may have been at it
		return err
	}
	switch m.State {
	case kanban.SendWaiting:
		_, err = d.post(ctx, m)
	case kanban.SendUnknown, kanban.SendBegun: // whoever began it no longer has the turn
		_, err = d.search(ctx, m)
	}
	return err
}

// post sends a message that was never sent, or is known not to have arrived.
func (d *Desk) post(ctx context.Context, m kanban.Send) (kanban.Send, error) {
	c, err := d.Engine.As(ctx, m.Writer())
	if err != nil {
		return d.settle(ctx, m, err)
	}
	page, err := c.Messages(ctx, int64(m.Conversation), chatwoot.MessagesOptions{})
	if err != nil {
		return d.settle(ctx, m, err)
	}
	m.Newest, m.BegunAt = newest(page.Messages), d.Clock()
	if begun, err := d.Store.BeginSend(ctx, m.ID, m.Newest, m.BegunAt); err != nil || !begun {
		return m, err
	}
	m.Attempts++
	said, err := c.CreateMessage(ctx, int64(m.Conversation), messageOf(m))
	if err != nil {
		return d.settle(context.WithoutCancel(ctx), m, err)
	}
	return d.arrived(context.WithoutCancel(ctx), m, said.ID)
}

func newest(messages []chatwoot.Message) int64 {
	var most int64
	for _, m := range messages {
		most = max(most, m.ID)
	}
	return most
}

func messageOf(m kanban.Send) chatwoot.NewMessage {
	n := chatwoot.NewMessage{Content: m.Parcel.Text, Private: m.Private}
	for _, f := range m.Parcel.Files {
		n.Attachments = append(n.Attachments, chatwoot.File{Name: f.Name, ContentType: f.Type, Content: f.Content})
	}
	if t := m.Parcel.Template; t != nil {
		n.TemplateParams = map[string]any{
			"name": t.Name, "category": t.Category, "language": t.Language, "processed_params": map[string]any{"body": t.Values},
		}
	}
	return n
}

func (d *Desk) arrived(ctx context.Context, m kanban.Send, message int64) (kanban.Send, error) {
	m.State, m.Message, m.Reason, m.Detail = kanban.SendDone, message, "", ""
	return m, d.Store.SettleSend(ctx, m)
}

// settle decides what becomes of a message whose sending, or what goes before it, failed.
func (d *Desk) settle(ctx context.Context, m kanban.Send, err error) (kanban.Send, error) {
	now, sent := d.Clock(), m.BegunAt
	err = d.Engine.Heard(ctx, m.Writer(), err)
	var refused *chatwoot.Error
	switch {
	case errors.Is(err, kanban.ErrSignedOut):
		m.State, m.Reason, m.DueAt = kanban.SendWaiting, "signed_out", now.Add(signInEvery)
	case !errors.As(err, &refused):
		return m, err
	case mayHaveArrived(refused) && m.Attempts > 0 && !sent.IsZero():
		m.State, m.Reason, m.DueAt = kanban.SendUnknown, "unknown", now.Add(lookEvery)
	case passes(refused.Kind):
		m.State, m.Reason, m.DueAt = kanban.SendWaiting, "away", now.Add(wait(m.Attempts))
	default:
		m.State, m.Reason, m.Detail = kanban.SendFailed, "refused", refused.Message()
	}
	if m.State == kanban.SendWaiting && now.Sub(m.CreatedAt) >= givesUp {
		m.State, m.Reason = kanban.SendFailed, "gave_up"
	}
	return m, d.Store.SettleSend(ctx, m)
}

// mayHaveArrived reports whether a message may be in Chatwoot although no good answer came. A connection that was never made sent nothing.
func mayHaveArrived(e *chatwoot.Error) bool {
	return e.MayHaveHappened() || e.Kind == chatwoot.KindUnreachable && e.Reason == "network"
}

// passes reports whether the same may well succeed later.
func passes(k chatwoot.Kind) bool {
	switch k {
	case chatwoot.KindUnavailable, chatwoot.KindTimeout, chatwoot.KindUnreachable, chatwoot.KindBroken, chatwoot.KindThrottled,
		chatwoot.KindBreakerOpen, chatwoot.KindCanceled, chatwoot.KindNotChatwoot:
		return true
	}
	return false
}

func wait(attempts int) time.Duration { return min(firstWait<<min(attempts, 10), maxWait) }
