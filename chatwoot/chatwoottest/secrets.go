package chatwoottest

import (
	"fmt"
	"math/rand/v2"
	"sync"
)

// secrets makes the tokens and identifiers of a seed: the same business has
// the same tokens, which a test or a newcomer may write down.
type secrets struct {
	mu  sync.Mutex
	rng *rand.Rand
}

func newSecrets(seed int64) *secrets {
	return &secrets{rng: rand.New(rand.NewPCG(uint64(seed), 0x5ec4e7))}
}

const secretLetters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789"

// token is 24 letters, as has_secure_token makes them.
func (s *secrets) token() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	letters := make([]byte, 24)
	for i := range letters {
		letters[i] = secretLetters[s.rng.IntN(len(secretLetters))]
	}
	return string(letters)
}

// uuid is a version 4 one.
func (s *secrets) uuid() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	high, low := s.rng.Uint64(), s.rng.Uint64()
	high = high&^0xf000 | 0x4000
	low = low&^(3<<62) | 1<<63
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xffff, high&0xffff, low>>48, low&0xffffffffffff)
}
