package chatwoottest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// WebhookFault is bad luck with deliveries; probabilities from 0 to 1.
type WebhookFault struct {
	Drop      float64       // never sent, as when a worker is killed
	Duplicate float64       // sent twice
	Shuffle   float64       // held back for a moment, so that later ones overtake it
	Delay     time.Duration // most a delivery is held back after its payload was built
	Seed      int64
}

// WebhookFault sets what befalls deliveries from now on; the zero value ends it.
func (s *Server) WebhookFault(f WebhookFault) { s.faults.setWebhooks(f) }

// BlockPrivateWebhooks sets the guard against private addresses up, or down as
// SAFE_FETCH_ALLOW_PRIVATE_NETWORK does (CONTRACT 11.7).
func (s *Server) BlockPrivateWebhooks(block bool) { s.guarded.Store(block) }

// Delivery is one attempt to tell a webhook something.
type Delivery struct {
	ID           string // X-Chatwoot-Delivery
	Event        string
	Conversation int64 // display id, 0 for contact events
	URL          string
	At           time.Time
	Status       int    // the receiver's answer, 0 if there was none
	Error        string // why there was none, or why it was not sent
}

// keptDeliveries bounds the log; the count goes on.
const keptDeliveries = 1000

type deliveryLog struct {
	mu    sync.Mutex
	count int
	last  []Delivery
}

func (l *deliveryLog) add(d Delivery) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count++
	if l.last = append(l.last, d); len(l.last) > keptDeliveries {
		l.last = l.last[1:]
	}
}

// Deliveries are the latest attempts, oldest first, and how many there were.
func (s *Server) Deliveries() (latest []Delivery, count int) {
	s.deliveryLog.mu.Lock()
	defer s.deliveryLog.mu.Unlock()
	return append([]Delivery(nil), s.deliveryLog.last...), s.deliveryLog.count
}

// deliver builds the payload from the state as it is now and sends it once.
func (s *Server) deliver(a *account, hook *webhook, e event) {
	body, ok := s.payload(a, hook, e)
	if !ok { // the record is gone: so is the event
		return
	}
	d := Delivery{Event: e.name, URL: hook.url}
	if e.conversation != nil {
		d.Conversation = e.conversation.id
	}
	luck := s.faults.webhookLuck()
	if luck.drop {
		d.At, d.Error = s.opts.Clock(), "dropped by a fault"
		s.deliveryLog.add(d)
		return
	}
	for range luck.times {
		if luck.delay > 0 {
			s.deliveries.add(luck.delay, func() { s.send(hook, d, body) })
			continue
		}
		s.send(hook, d, body)
	}
}

// payload is the JSON of an event, built under the lock.
func (s *Server) payload(a *account, hook *webhook, e event) ([]byte, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if find(a.webhooks, func(h *webhook) bool { return h.id == hook.id }) == nil {
		return nil, false
	}
	if e.conversation != nil && e.conversation.deleted {
		return nil, false
	}
	body, err := json.Marshal(s.hookPayload(a, e))
	return body, err == nil
}

// send makes the single attempt: no retry, no redirect, five seconds.
func (s *Server) send(hook *webhook, d Delivery, body []byte) {
	d.ID, d.At = s.secrets.uuid(), s.opts.Clock()
	ctx, cancel := context.WithTimeout(s.ctx, s.opts.WebhookTimeout)
	defer cancel()
	defer func() { s.deliveryLog.add(d) }()
	if s.guarded.Load() && isPrivate(ctx, hook.url) {
		d.Error = "host has no public ip addresses"
		return
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.url, bytes.NewReader(body))
	if err != nil {
		d.Error = err.Error()
		return
	}
	request.Header = http.Header{
		"Content-Type":    {"application/json"},
		"Accept":          {"application/json"},
		"Accept-Encoding": {"gzip;q=1.0,deflate;q=0.6,identity;q=0.3"},
		"User-Agent":      {"Ruby"},
	}
	if s.since(sinceSignature) {
		s.sign(request.Header, hook.secret, d, body)
	}
	response, err := s.transport.RoundTrip(request)
	if err != nil {
		d.Error = err.Error()
		return
	}
	d.Status = response.StatusCode
	_ = response.Body.Close()
}

// sign adds the three headers of 4.12 (CONTRACT 11.6).
func (s *Server) sign(h http.Header, secret string, d Delivery, body []byte) {
	stamp := strconv.FormatInt(d.At.Unix(), 10)
	h.Set("X-Chatwoot-Delivery", d.ID)
	h.Set("X-Chatwoot-Timestamp", stamp)
	h.Set("X-Chatwoot-Signature", Sign(secret, stamp, body))
}

// Sign is the signature Chatwoot puts on a delivery (CONTRACT 11.6).
func Sign(secret, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// isPrivate says whether the address leads to no public host.
func isPrivate(ctx context.Context, address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname())
	if err != nil {
		return true
	}
	for _, ip := range addresses {
		if isPublic(ip.Unmap()) {
			return false
		}
	}
	return true
}

var carrierGrade = netip.MustParsePrefix("100.64.0.0/10")

func isPublic(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !carrierGrade.Contains(ip)
}

// luck is what a fault makes of one delivery.
type luck struct {
	drop  bool
	times int
	delay time.Duration
}

// shuffleWindow is how long a shuffled delivery is held back at most.
const shuffleWindow = 50 * time.Millisecond

func drawLuck(f WebhookFault, rng *rand.Rand) luck {
	l := luck{times: 1}
	if rng == nil {
		return l
	}
	l.drop = rng.Float64() < f.Drop
	if rng.Float64() < f.Duplicate {
		l.times = 2
	}
	if f.Delay > 0 {
		l.delay = time.Duration(rng.Int64N(int64(f.Delay)))
	}
	if rng.Float64() < f.Shuffle {
		l.delay += time.Duration(rng.Int64N(int64(shuffleWindow)))
	}
	return l
}
