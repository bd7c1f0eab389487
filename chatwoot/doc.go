// Package chatwoot speaks with a Chatwoot server: it reads and changes conversations, labels, contacts and what belongs to
// them, and reads the webhooks a server sends. It knows nothing of boards.
//
// A Server is one installation with its address, transport, request budget and circuit breaker; a Client is one token
// speaking to one account of it. What Chatwoot really does is written down in CONTRACT.md, whose sections the comments name.
package chatwoot
