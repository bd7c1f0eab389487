package chatwoot_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
)

const window = 5 * time.Minute

func TestEveryRecordedSignatureHolds(t *testing.T) {
	t.Parallel()
	for _, session := range []string{"everyday", "unusual"} {
		secret := webhookSecret(t, session)
		for _, d := range deliveries(session) {
			timestamp, signature := d.Headers[chatwoot.HeaderTimestamp], d.Headers[chatwoot.HeaderSignature]
			seconds, err := strconv.ParseInt(timestamp, 10, 64)
			require.NoError(t, err)
			now := time.Unix(seconds, 0)
			body := []byte(d.Body)
			verify := func(secret string, body []byte, now time.Time) error {
				return chatwoot.VerifySignature(secret, timestamp, signature, body, now, window)
			}
			require.NoError(t, verify(secret, body, now))
			require.NoError(t, verify(secret, body, now.Add(window)))
			require.NoError(t, verify(secret, body, now.Add(-window)))
			require.ErrorIs(t, verify(secret, body, now.Add(window+time.Second)), chatwoot.ErrSignatureStale)
			require.ErrorIs(t, verify(secret, body, now.Add(-window-time.Second)), chatwoot.ErrSignatureStale)
			require.ErrorIs(t, verify(secret+"x", body, now), chatwoot.ErrSignatureWrong)
			require.ErrorIs(t, verify(secret, append([]byte(" "), body...), now), chatwoot.ErrSignatureWrong)
			require.ErrorIs(t, verify("", body, now), chatwoot.ErrSignatureMissing)
		}
	}
}

func TestSignaturesThatDoNotHold(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_795_398_024, 0)
	body := []byte(`{"event":"x"}`)
	sign := func(secret, timestamp string) string {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(timestamp + "." + string(body)))
		return "sha256=" + hex.EncodeToString(mac.Sum(nil))
	}
	const timestamp = "1795398024"
	good := sign("s", timestamp)
	for _, c := range []struct {
		timestamp, signature string
		err                  error
	}{
		{timestamp, good, nil},
		{timestamp, "", chatwoot.ErrSignatureMissing},
		{"", good, chatwoot.ErrSignatureMissing},
		{timestamp, strings.TrimPrefix(good, "sha256="), chatwoot.ErrSignatureMalformed},
		{timestamp, "sha256=", chatwoot.ErrSignatureMalformed},
		{timestamp, good[:len(good)-2], chatwoot.ErrSignatureMalformed},
		{timestamp, good + "00", chatwoot.ErrSignatureMalformed},
		{timestamp, good[:len(good)-1] + "g", chatwoot.ErrSignatureMalformed},
		{timestamp, "sha1=" + good[7:], chatwoot.ErrSignatureMalformed},
		{"yesterday", sign("s", "yesterday"), chatwoot.ErrSignatureMalformed},
		{"1795398024.5", sign("s", "1795398024.5"), chatwoot.ErrSignatureMalformed},
		{"99999999999999999999", good, chatwoot.ErrSignatureMalformed},
		{"1795398025", good, chatwoot.ErrSignatureWrong},
		{timestamp, sign("", timestamp), chatwoot.ErrSignatureWrong},
		{"1795300000", sign("s", "1795300000"), chatwoot.ErrSignatureStale},
		{"9223372036854775807", sign("s", "9223372036854775807"), chatwoot.ErrSignatureStale},
		{"-9223372036854775808", sign("s", "-9223372036854775808"), chatwoot.ErrSignatureStale},
		{"0", sign("s", "0"), chatwoot.ErrSignatureStale},
	} {
		require.ErrorIs(t, chatwoot.VerifySignature("s", c.timestamp, c.signature, body, now, window), c.err, "%+v", c)
	}
}

func TestEveryRecordedDeliveryIsUnderstood(t *testing.T) {
	t.Parallel()
	for _, session := range []string{"everyday", "unusual"} {
		for _, d := range deliveries(session) {
			body, err := chatwoot.Scrub([]byte(d.Body))
			require.NoError(t, err)
			e, err := chatwoot.ParseEvent(body)
			require.NoError(t, err)
			require.Equal(t, int64(1), e.Account)
			switch kind, _, _ := strings.Cut(e.Name, "_"); kind {
			case "conversation":
				requireSnapshot(t, e)
				require.Nil(t, e.Message)
				require.Nil(t, e.Contact)
			case "message":
				requireSnapshot(t, e)
				require.NotZero(t, e.Message.ID)
				require.Equal(t, e.Conversation.ID, e.Message.ConversationID)
				require.Equal(t, e.Conversation.InboxID, e.Message.InboxID)
				require.Equal(t, int64(1), e.Message.AccountID)
				require.NotEqual(t, chatwoot.UnknownMessage, e.Message.MessageType)
				require.NotEqual(t, chatwoot.Activity, e.Message.MessageType)
				require.False(t, e.Message.CreatedAt.IsZero())
			case "contact":
				require.NotZero(t, e.Contact.ID)
				require.Nil(t, e.Conversation)
			default:
				t.Fatal(e.Name)
			}
			if e.Name == chatwoot.EventConversationUpdated || e.Name == chatwoot.EventContactUpdated {
				require.NotEmpty(t, e.Changes)
			}
		}
	}
}

func requireSnapshot(t *testing.T, e chatwoot.Event) {
	t.Helper()
	c := e.Conversation
	require.NotNil(t, c)
	require.NotZero(t, c.ID)
	require.Equal(t, int64(1), c.AccountID)
	require.NotZero(t, c.UpdatedAt)
	require.NotNil(t, c.Labels)
	require.NotEmpty(t, c.Status)
	require.NotZero(t, c.Contact.ID)
	require.NotEmpty(t, c.Channel)
	require.NotEmpty(t, c.ContactInboxSourceID)
	require.Empty(t, c.UUID)
}

func TestLabelChanges(t *testing.T) {
	t.Parallel()
	for _, d := range deliveries("everyday") {
		if d.Step != "label moved" {
			continue
		}
		e, err := chatwoot.ParseEvent([]byte(d.Body))
		require.NoError(t, err)
		if before, after, ok := e.LabelChange(); ok {
			require.Equal(t, []string{"novo", "vip"}, before)
			require.Equal(t, []string{"vip", "qualificado"}, after)
			require.Equal(t, after, e.Conversation.Labels)
			require.Equal(t, "2026-11-23T01:40:45.448Z", e.ChangedAt().Format("2006-01-02T15:04:05.000Z"))
			return
		}
	}
	t.Fatal("no label change was recorded")
}

func TestShapesOfChanges(t *testing.T) {
	t.Parallel()
	const change = `{"label_list":{"previous_value":["a"],"current_value":[]}}`
	for changes, ok := range map[string]bool{
		"null": false, "[]": false, "7": false, `"x"`: false, "{}": false, "[null,7,[],{}]": false, `[{"label_list":7}]`: false,
		`[{"label_list":null}]`: false, `[{"label_list":{"current_value":"a"}}]`: false,
		"[" + change + "]": true, change: true, `[7,{"status":{"previous_value":"open","current_value":"resolved"}},` + change + `]`: true,
	} {
		e, err := chatwoot.ParseEvent([]byte(`{"event":"conversation_updated","id":1,"changed_attributes":` + changes + `}`))
		require.NoError(t, err, changes)
		before, after, found := e.LabelChange()
		require.True(t, e.ChangedAt().IsZero(), changes)
		require.Equal(t, ok, found, changes)
		if ok {
			require.Equal(t, []string{"a"}, before)
			require.Empty(t, after)
		}
	}
}

func TestEventsWithoutAnAccount(t *testing.T) {
	t.Parallel()
	e, err := chatwoot.ParseEvent([]byte(`{"event":"conversation_updated","id":1}`)) // before 4.14.2
	require.NoError(t, err)
	require.Zero(t, e.Account)
	e, err = chatwoot.ParseEvent([]byte(`{"event":"conversation_updated","id":1,"messages":[{"id":3,"account_id":9}]}`))
	require.NoError(t, err)
	require.Equal(t, int64(9), e.Account)
	require.Equal(t, int64(9), e.Conversation.AccountID)
}

func TestOtherEvents(t *testing.T) {
	t.Parallel()
	e, err := chatwoot.ParseEvent([]byte(`{"event":"webwidget_triggered","id":12,"contact":{"id":5},"current_conversation":{"id":8}}`))
	require.NoError(t, err)
	require.Equal(t, int64(5), e.Contact.ID)
	require.Equal(t, int64(8), e.Conversation.ID)
	e, err = chatwoot.ParseEvent([]byte(`{"event":"conversation_typing_on","conversation":{"id":8},"user":{"id":1}}`))
	require.NoError(t, err)
	require.Equal(t, int64(8), e.Conversation.ID)
	e, err = chatwoot.ParseEvent([]byte(`{"event":"inbox_created","id":3}`))
	require.NoError(t, err)
	require.Equal(t, chatwoot.Event{Name: "inbox_created"}, e)
	e, err = chatwoot.ParseEvent([]byte(`{"event":"conversation_updated","id":"x"}`))
	require.NoError(t, err)
	require.Nil(t, e.Conversation)
	for _, body := range []string{"", "null", "[]", "7", `"x"`, "{", "{}", `{"event":7}`, `{"event":""}`, `{"event":"x"} y`} {
		_, err := chatwoot.ParseEvent([]byte(body))
		require.ErrorIs(t, err, chatwoot.ErrNotEvent, body)
	}
}

// Whatever is sent, only the HMAC of exactly these bytes and this time is taken.
func FuzzVerifySignature(f *testing.F) {
	now := time.Unix(1_795_398_024, 0)
	sign := func(secret, timestamp string, body []byte) string {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(timestamp + "."))
		mac.Write(body)
		return "sha256=" + hex.EncodeToString(mac.Sum(nil))
	}
	body := []byte(`{"event":"x"}`)
	f.Add("s", "1795398024", sign("s", "1795398024", body), body)
	f.Add("s", "01795398024", sign("s", "01795398024", body), body)
	f.Add("s", "+1795398024", sign("s", "+1795398024", body), body)
	f.Add("", "1795398024", sign("", "1795398024", body), body)
	f.Add("s", "1795398024", "sha256="+strings.Repeat("0", 64), []byte{})
	f.Fuzz(func(t *testing.T, secret, timestamp, signature string, body []byte) {
		err := chatwoot.VerifySignature(secret, timestamp, signature, body, now, window)
		seconds, number := strconv.ParseInt(timestamp, 10, 64)
		due := secret != "" && number == nil && now.Sub(time.Unix(seconds, 0)).Abs() <= window
		if err == nil {
			require.True(t, due)
			require.Equal(t, sign(secret, timestamp, body), strings.ToLower(signature))
		}
		if due {
			require.NoError(t, chatwoot.VerifySignature(secret, timestamp, sign(secret, timestamp, body), body, now, window))
			require.Error(t, chatwoot.VerifySignature(secret, timestamp, sign(secret, timestamp, body), append(body, ' '), now, window))
			require.Error(t, chatwoot.VerifySignature(secret+"x", timestamp, sign(secret, timestamp, body), body, now, window))
		}
	})
}
