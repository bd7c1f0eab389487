package chatwoottest

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"time"
)

// FaultKind is what goes wrong with an answer.
type FaultKind string

// Faults an answer may suffer.
const (
	FaultLatency            FaultKind = "latency"              // the right answer, Duration later
	FaultStatus500          FaultKind = "status500"            // nothing done, 500 as JSON
	FaultStatus502          FaultKind = "status502"            // nothing done, the proxy's HTML page
	FaultStatus429          FaultKind = "status429"            // nothing done, "Retry later"
	FaultRefuse401          FaultKind = "refuse401"            // nothing done, "You are not authorized to do this action"
	FaultInvalidToken       FaultKind = "invalid-token"        // nothing done, "Invalid Access Token"
	FaultHang               FaultKind = "hang"                 // nothing done, no answer for Duration (0: ever), then cut
	FaultReset              FaultKind = "reset"                // nothing done, connection reset
	FaultHTML               FaultKind = "html"                 // nothing done, 200 with a page where JSON belongs
	FaultTruncate           FaultKind = "truncate"             // done, but half the body arrives
	FaultTimeoutAfterCommit FaultKind = "timeout-after-commit" // done, but no answer for Duration (0: ever), then cut
)

// Fault spoils the answers it matches.
type Fault struct {
	// Match is "METHOD path" or just a path, * standing for anything:
	// "POST */labels". Empty matches everything below /api and /auth.
	Match string
	Kind  FaultKind
	// Times is how many answers are spoilt; 0 means until ClearFaults.
	Times int
	// Probability that a match is spoilt; 0 means always.
	Probability float64
	// Duration of Latency, Hang and TimeoutAfterCommit.
	Duration time.Duration
}

// Fault adds one; the first that matches and strikes is the one that happens.
func (s *Server) Fault(f Fault) { s.faults.add(f) }

// ClearFaults ends all faults of answers.
func (s *Server) ClearFaults() { s.faults.clear() }

type faults struct {
	mu       sync.Mutex
	armed    []*armedFault
	rng      *rand.Rand
	webhooks WebhookFault
	hookRNG  *rand.Rand
}

type armedFault struct {
	Fault
	pattern *regexp.Regexp
	left    int
}

func (f *faults) add(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.rng == nil {
		f.rng = rand.New(rand.NewPCG(1, 2))
	}
	f.armed = append(f.armed, &armedFault{Fault: fault, pattern: globPattern(fault.Match), left: fault.Times})
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.armed = nil
}

// strike returns the fault for this request, or nil.
func (f *faults) strike(method, path string) *Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, armed := range f.armed {
		if !armed.pattern.MatchString(method+" "+path) || armed.spares(f.rng) {
			continue
		}
		if armed.Times > 0 {
			if armed.left--; armed.left == 0 {
				f.armed = append(f.armed[:i:i], f.armed[i+1:]...)
			}
		}
		return &armed.Fault
	}
	return nil
}

func (a *armedFault) spares(rng *rand.Rand) bool {
	return a.Probability > 0 && rng.Float64() >= a.Probability
}

func (f *faults) setWebhooks(fault WebhookFault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.webhooks, f.hookRNG = fault, nil
	if fault != (WebhookFault{}) {
		f.hookRNG = rand.New(rand.NewPCG(uint64(fault.Seed), 3))
	}
}

func (f *faults) webhookLuck() luck {
	f.mu.Lock()
	defer f.mu.Unlock()
	return drawLuck(f.webhooks, f.hookRNG)
}

// globPattern turns "POST */labels" into a regular expression over
// "METHOD /path".
func globPattern(match string) *regexp.Regexp {
	if match == "" {
		return regexp.MustCompile(`^[A-Z]+ /(api|auth)/`)
	}
	if !strings.Contains(match, " ") {
		match = "* " + match
	}
	parts := strings.Split(match, "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile("^" + strings.Join(parts, ".*") + "$")
}

// Known says whether there is such a fault.
func (k FaultKind) Known() bool {
	switch k {
	case FaultLatency, FaultStatus500, FaultStatus502, FaultStatus429, FaultRefuse401, FaultInvalidToken, FaultHang, FaultReset,
		FaultHTML, FaultTruncate, FaultTimeoutAfterCommit:
		return true
	}
	return false
}
