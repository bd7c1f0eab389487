package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/store/storetest"
)

// Whoever empties the webhook's secret would have webhooks taken without a signature.
func TestASecretThatWasEmptiedDoesNotOpen(t *testing.T) {
	t.Parallel()
	for name, theft := range map[string]string{
		"token":          "UPDATE accounts SET token = x''",
		"webhook secret": "UPDATE accounts SET webhook_secret = x''",
		"webhook key":    "UPDATE accounts SET webhook_key = x''",
		"webhook address, of a webhook that is said to be none": "UPDATE accounts SET webhook_url = x'', webhook_id = 0",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			hook := kanban.AccountWebhook{ID: 4, URL: "https://board.example/webhooks/1/k", Key: "k", Secret: "s"}
			require.NoError(t, w.store.SetWebhook(t.Context(), w.account, hook))
			require.NoError(t, w.store.Close())
			_, err := raw(t, w.path).ExecContext(t.Context(), theft)
			require.NoError(t, err)
			require.ErrorIs(t, open(t, w.path, storetest.Key), store.ErrWrongKey)
		})
	}
}

// An account has no webhook until one is registered; that is no tampering.
func TestAnAccountWithoutAWebhookOpens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.reopen()
	a, err := w.store.Account(t.Context(), w.account)
	require.NoError(t, err)
	require.Zero(t, a.Webhook)
}

func TestASessionThatWasEmptiedDoesNotOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.store.Sessions()
	require.NoError(t, s.Commit("of Ana", []byte("administrator"), start.Add(time.Hour)))
	_, err := raw(t, w.path).ExecContext(t.Context(), "UPDATE sessions SET data = x''")
	require.NoError(t, err)
	_, ok, err := s.Find("of Ana")
	require.ErrorIs(t, err, store.ErrWrongKey)
	require.False(t, ok)
}
