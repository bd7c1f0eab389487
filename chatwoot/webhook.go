package chatwoot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

// The headers of a signed webhook (CONTRACT 11.6).
const (
	HeaderSignature = "X-Chatwoot-Signature"
	HeaderTimestamp = "X-Chatwoot-Timestamp"
	HeaderDelivery  = "X-Chatwoot-Delivery"
)

// The reasons why a signature does not hold.
var (
	ErrSignatureMissing   = errors.New("webhook signature missing")
	ErrSignatureMalformed = errors.New("webhook signature malformed")
	ErrSignatureStale     = errors.New("webhook signature out of time")
	ErrSignatureWrong     = errors.New("webhook signature wrong")
)

// VerifySignature checks a webhook against its secret (CONTRACT 11.6): sha256= and the HMAC of timestamp, a dot and the body exactly as
// it came. A timestamp further than window from now, in either direction, is stale. An empty secret verifies nothing.
func VerifySignature(secret, timestamp, signature string, body []byte, now time.Time, window time.Duration) error {
	if secret == "" || timestamp == "" || signature == "" {
		return ErrSignatureMissing
	}
	digest, ok := strings.CutPrefix(signature, "sha256=")
	given, err := hex.DecodeString(digest)
	seconds, timeErr := strconv.ParseInt(timestamp, 10, 64)
	if !ok || err != nil || timeErr != nil || len(given) != sha256.Size {
		return ErrSignatureMalformed
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp))
	mac.Write([]byte{'.'})
	mac.Write(body)
	// The HMAC first: who does not know the secret learns nothing about our clock.
	if !hmac.Equal(given, mac.Sum(nil)) {
		return ErrSignatureWrong
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() > window {
		return ErrSignatureStale
	}
	return nil
}
