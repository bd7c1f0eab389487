// Package chatwoottest is a Chatwoot in memory behind a real HTTP server: the
// state, the answers, the webhooks and the moods of Chatwoot 4.14.2 as far as
// a board needs them, for tests and for the demo.
//
// It behaves like the recorded server, not like a convenient one: labels are
// replaced as a whole, webhooks come once, late and unordered, deletions are
// silent. A contract test compares its answers with recordings of a real one.
package chatwoottest
