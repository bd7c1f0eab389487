package chatwoot_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

// heard is what Listen told.
type heard struct {
	confirmed int
	events    []chatwoot.CableEvent
}

func (h *heard) subscription() chatwoot.Subscription {
	return chatwoot.Subscription{
		PubsubToken: canary, User: 2, Account: 1,
		Confirmed: func() { h.confirmed++ }, Event: func(e chatwoot.CableEvent) { h.events = append(h.events, e) },
	}
}

func (h *heard) names() []string {
	names := []string{}
	for _, e := range h.events {
		names = append(names, e.Name)
	}
	return names
}

func TestListenTellsRecordedEvents(t *testing.T) {
	t.Parallel()
	var recorded []string
	for _, frame := range frames("everyday") {
		if strings.Contains(frame, "PUBSUB_BRUNO") {
			recorded = append(recorded, frame)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		s := overPipes(t, streaming(t, func(far *stream) {
			far.confirm()
			far.say(recorded...)
			far.say(`{"type":"disconnect","reason":"server_restart","reconnect":true}`)
			far.outlast()
		}))
		var got heard
		err := s.Listen(t.Context(), got.subscription())
		require.ErrorIs(t, err, chatwoot.KindBroken)
		require.Equal(t, 1, got.confirmed)
		var want []string
		for _, frame := range recorded {
			if e, ok := chatwoot.ParseCableEvent([]byte(frame)); ok {
				want = append(want, e.Name)
			}
		}
		require.Equal(t, want, got.names())
	})
}

func TestListenDropsWhatIsOfAnotherAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := overPipes(t, streaming(t, func(far *stream) {
			far.confirm()
			far.say(
				`{"message":{"event":"message.created","data":{"account_id":2,"conversation_id":7}}}`,
				`{"message":{"event":"message.created","data":{"conversation_id":8}}}`,
				`{"message":{"event":"message.created","data":{"account_id":1,"conversation_id":9}}}`)
		}))
		var got heard
		require.ErrorIs(t, s.Listen(t.Context(), got.subscription()), chatwoot.KindBroken)
		require.Len(t, got.events, 1)
		require.Equal(t, int64(9), got.events[0].About)
	})
}

func TestHowStreamsEnd(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		play func(*stream)
		want chatwoot.Kind
		took time.Duration
	}{
		"never greeted":       {(*stream).outlast, chatwoot.KindTimeout, 10 * time.Second},
		"never confirmed":     {func(far *stream) { far.greet(); far.ping(9) }, chatwoot.KindNotSubscribed, 5 * time.Second},
		"rejected":            {func(far *stream) { far.greet(); far.say(`{"type":"reject_subscription"}`); far.outlast() }, chatwoot.KindNotSubscribed, 0},
		"falls silent":        {func(far *stream) { far.confirm(); far.outlast() }, chatwoot.KindTimeout, 10 * time.Second},
		"pings, then silence": {func(far *stream) { far.confirm(); far.ping(20); far.outlast() }, chatwoot.KindTimeout, 70 * time.Second},
		"cut":                 {func(far *stream) { far.confirm() }, chatwoot.KindBroken, 0},
		"told to go":          {func(far *stream) { far.say(`{"type":"disconnect","reason":"unauthorized"}`); far.outlast() }, chatwoot.KindBroken, 0},
		// Our close frame waits five seconds for the far end, which still writes.
		"a frame too large": {func(far *stream) { far.confirm(); far.say(strings.Repeat(" ", 5<<20)) }, chatwoot.KindTooLarge, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := overPipes(t, streaming(t, one.play))
				began := time.Now()
				var got heard
				require.Equal(t, one.want, chatwoot.KindOf(s.Listen(t.Context(), got.subscription())))
				require.Equal(t, one.took, time.Since(began))
			})
		})
	}
}

func TestListenEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := overPipes(t, streaming(t, func(far *stream) { far.confirm(); far.outlast() }))
		ctx, stop := context.WithCancel(t.Context())
		var got heard
		sub := got.subscription()
		sub.Confirmed = stop
		require.ErrorIs(t, s.Listen(ctx, sub), chatwoot.KindCanceled)
	})
}

func TestWhoeverIsBusyIsNotTakenForSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		event := `{"message":{"event":"account.cache_invalidated","data":{"account_id":1}}}`
		s := overPipes(t, streaming(t, func(far *stream) { far.confirm(); far.say(event, event) }))
		var got heard
		sub := got.subscription()
		sub.Event = func(e chatwoot.CableEvent) {
			time.Sleep(time.Minute) //nolint:forbidigo // it moves the clock of the bubble
			got.events = append(got.events, e)
		}
		require.ErrorIs(t, s.Listen(t.Context(), sub), chatwoot.KindBroken)
		require.Len(t, got.events, 2)
	})
}

func TestNoStreamAtTheAddress(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		answer http.HandlerFunc
		want   chatwoot.Kind
	}{
		"a page":      {func(w http.ResponseWriter, _ *http.Request) { answerHTML(w, http.StatusOK) }, chatwoot.KindNotChatwoot},
		"not found":   {func(w http.ResponseWriter, _ *http.Request) { answerHTML(w, http.StatusNotFound) }, chatwoot.KindNotChatwoot},
		"as JSON":     {func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusNotFound, `{"error":"x"}`) }, chatwoot.KindNotChatwoot},
		"bad gateway": {func(w http.ResponseWriter, _ *http.Request) { answerHTML(w, http.StatusBadGateway) }, chatwoot.KindUnavailable},
		"throttled":   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }, chatwoot.KindThrottled},
		"hanging":     {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, chatwoot.KindTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := overPipes(t, one.answer).Listen(t.Context(), chatwoot.Subscription{PubsubToken: canary, User: 2, Account: 1})
				require.Equal(t, one.want, chatwoot.KindOf(err))
			})
		})
	}
}

func answerHTML(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<html></html>"))
}

func TestAStreamFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := overPipes(t, func(w http.ResponseWriter, r *http.Request) {
			require.Equal(t, "/cable", r.URL.Path)
			http.Redirect(w, r, "https://elsewhere.test/cable?x=1", http.StatusMovedPermanently)
		})
		err := s.Listen(t.Context(), chatwoot.Subscription{PubsubToken: canary, User: 2, Account: 1})
		var e *chatwoot.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, chatwoot.KindNotChatwoot, e.Kind)
		require.Equal(t, "https://elsewhere.test/cable", e.Location)
	})
}

func TestAStreamsTokenIsInItsSubscriptionOnly(t *testing.T) {
	t.Parallel()
	var log logged
	synctest.Test(t, func(t *testing.T) {
		play := streaming(t, func(far *stream) {
			require.Contains(t, far.greet(), canary)
			far.say(`{"type":"reject_subscription","reason":"` + canary + `"}`)
			far.outlast()
		})
		s := overPipes(t, func(w http.ResponseWriter, r *http.Request) {
			require.NotContains(t, r.RequestURI, canary)
			for _, values := range r.Header {
				require.NotContains(t, strings.Join(values, " "), canary)
			}
			play(w, r)
		}, func(cfg *chatwoot.ServerConfig) {
			cfg.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		var got heard
		err := s.Listen(t.Context(), got.subscription())
		require.ErrorIs(t, err, chatwoot.KindNotSubscribed)
		require.NotContains(t, err.Error(), canary)
	})
	require.NotContains(t, log.String(), canary)
}
