package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
)

const (
	// webhookLimit bounds a delivery's body, in bytes. Chatwoot's are a few kilobytes; a long message makes some hundreds.
	webhookLimit = 1 << 20
	// webhookPatience is how long a delivery may wait for the disk. Chatwoot gives up after 5 s (CONTRACT 11.5).
	webhookPatience = 4500 * time.Millisecond
	// webhookWindow is how far a signature's time may be from ours.
	webhookWindow = 5 * time.Minute
	// seenEvery is how often an account's last delivery is noted.
	seenEvery = 10 * time.Second
)

// bodies are buffers for deliveries, so that thousands a second make no garbage.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// webhook takes a delivery: authenticate, keep, answer. What it means is worked out later.
func (s *Server) webhook(w http.ResponseWriter, r *http.Request) {
	account, err := s.webhookAccount(r)
	if err != nil {
		s.answerWebhook(w, r, account, err)
		return
	}
	body := bodies.Get().(*bytes.Buffer)
	body.Reset()
	err = s.receive(w, r, account, body)
	s.answerWebhook(w, r, account, err)
	// After an error the store may still be busy with the bytes.
	if err == nil && body.Cap() <= webhookLimit {
		bodies.Put(body)
	}
}

// webhookAccount finds the account that a delivery's address names. An unknown account and a wrong key look alike.
func (s *Server) webhookAccount(r *http.Request) (kanban.Account, error) {
	n, err := strconv.ParseInt(r.PathValue("account"), 10, 64)
	if err != nil {
		return kanban.Account{}, kanban.ErrNotFound
	}
	a, err := s.Store.Account(r.Context(), kanban.AccountID(n)) // from memory
	if err != nil && !errors.Is(err, kanban.ErrNotFound) {
		return kanban.Account{}, err
	}
	want, got := sha256.Sum256([]byte(a.Webhook.Key)), sha256.Sum256([]byte(r.PathValue("key")))
	if subtle.ConstantTimeCompare(want[:], got[:]) != 1 || a.Webhook.Key == "" {
		return kanban.Account{}, kanban.ErrNotFound
	}
	return a, nil
}

// errUnsigned is a delivery that does not prove that it is Chatwoot's.
var errUnsigned = errors.New("webhook signature refused")

func (s *Server) receive(w http.ResponseWriter, r *http.Request, a kanban.Account, body *bytes.Buffer) error {
	if r.ContentLength > webhookLimit {
		return &http.MaxBytesError{Limit: webhookLimit}
	}
	if r.ContentLength > 0 {
		body.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	done := hurry(w, webhookPatience)
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, webhookLimit))
	done()
	if err != nil {
		return err
	}
	now := s.Clock()
	raw := body.Bytes()
	key, err := s.deliveryKey(r, a, raw, now)
	if err != nil {
		return err
	}
	scrubbed, err := chatwoot.Scrub(raw)
	if err != nil {
		return kanban.Invalid("webhook.not_json")
	}
	return s.keep(r.Context(), a, key, scrubbed, now)
}

// deliveryKey proves a delivery and names it, so that the same one is taken once. Below 4.12 Chatwoot signs nothing; the key in the
// address is then all the proof there is (CONTRACT 11.6), and an administrator has to have agreed to that.
func (s *Server) deliveryKey(r *http.Request, a kanban.Account, body []byte, now time.Time) ([]byte, error) {
	if a.Webhook.Secret == "" && !a.Link.AllowUnsigned {
		return nil, fmt.Errorf("%w: nobody allowed unsigned deliveries", errUnsigned)
	}
	if a.Webhook.Secret == "" {
		sum := sha256.Sum256(body)
		return sum[:], nil
	}
	stamp, signature := r.Header.Get(chatwoot.HeaderTimestamp), r.Header.Get(chatwoot.HeaderSignature)
	if err := chatwoot.VerifySignature(a.Webhook.Secret, stamp, signature, body, now, webhookWindow); err != nil {
		return nil, fmt.Errorf("%w: %w", errUnsigned, err)
	}
	// 16 bytes of the digest tell deliveries apart. The time stands before them, so that those of a rush lie side by side in the index:
	// a commit has fewer pages to write.
	return hex.AppendDecode([]byte(stamp), []byte(signature[len(signature)-2*16:]))
}

// keep stores a delivery and wakes the engine. A caller who hangs up does not stop it: Chatwoot does not send twice.
func (s *Server) keep(ctx context.Context, a kanban.Account, key, body []byte, now time.Time) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), webhookPatience)
	defer cancel()
	fresh, err := s.Store.SaveDelivery(ctx, a.ID, key, body, now)
	if err != nil {
		return err
	}
	if fresh {
		s.Engine.Deliver(a.ID)
	}
	if now.Sub(a.Webhook.LastAt) < seenEvery {
		return nil
	}
	if err := s.Store.WebhookSeen(ctx, a.ID, now); err != nil {
		s.Logger.WarnContext(ctx, "note webhook", "account", int64(a.ID), "error", err.Error())
	}
	return nil
}

// answerWebhook answers with a bare status: nobody reads the words. What goes well is not logged, there is too much of it.
func (s *Server) answerWebhook(w http.ResponseWriter, r *http.Request, a kanban.Account, err error) {
	status := webhookStatus(err)
	w.WriteHeader(status)
	if err == nil || status == http.StatusNotFound {
		return // anybody can make a 404, so it must not fill the log
	}
	s.Logger.LogAttrs(r.Context(), slog.LevelWarn, "webhook refused", slog.Int64("account", int64(a.ID)),
		slog.Int("status", status), slog.String("error", err.Error()))
}

func webhookStatus(err error) int {
	var tooLarge *http.MaxBytesError
	var invalid *kanban.InvalidError
	switch {
	case err == nil:
		return http.StatusNoContent
	case errors.Is(err, kanban.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, errUnsigned):
		return http.StatusUnauthorized
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.As(err, &invalid), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, os.ErrDeadlineExceeded):
		return http.StatusBadRequest
	}
	return http.StatusServiceUnavailable
}
