package chatwoot

import "errors"

// Kind says what sort of failure an *Error is. A Kind is an error itself, so that errors.Is(err, chatwoot.KindNotFound) works.
type Kind string

// The kinds of failure. Chatwoot answers 401 for most of them, so the status alone decides nothing (CONTRACT 2.6).
const (
	KindBadToken      Kind = "bad token"        // the token is unknown: revoked, mistyped or rotated
	KindHeaderDropped Kind = "no token arrived" // Chatwoot saw no token at all: a proxy on the way drops the header
	KindNotAllowed    Kind = "not allowed"      // the role, or the visibility of a conversation, forbids it
	KindNotMember     Kind = "not a member"     // the user is not in this account
	KindSuspended     Kind = "account suspended"
	KindBotToken      Kind = "bot token" // the token is a bot's or a platform app's and may not call this

	KindBadCredentials Kind = "wrong credentials" //nolint:gosec // a name: unknown e-mail or wrong password, which nobody tells apart
	KindUnconfirmed    Kind = "e-mail not confirmed"
	KindSAML           Kind = "single sign-on required"
	KindSessionLimit   Kind = "too many sessions"
	KindBadCode        Kind = "wrong code"              // the second factor's code
	KindMFAExpired     Kind = "second factor timed out" // the token of the first step is older than five minutes or unknown

	KindNotFound  Kind = "not found"
	KindInvalid   Kind = "invalid"    // 400, 422: Attributes may name what
	KindPlanLimit Kind = "plan limit" // 402
	KindForbidden Kind = "forbidden"  // 403

	KindThrottled      Kind = "throttled"         // 429, or our own budget is used up for longer than the caller would wait
	KindUnavailable    Kind = "unavailable"       // 5xx
	KindTimeout        Kind = "timeout"           // no complete answer in time
	KindUnreachable    Kind = "unreachable"       // no connection: Reason says dns, refused, tls or network
	KindBroken         Kind = "answer broken off" // the connection ended before the answer did
	KindNotChatwoot    Kind = "not chatwoot"      // HTML, a redirect or other JSON than was due: another server answers here
	KindTooLarge       Kind = "answer too large"
	KindBreakerOpen    Kind = "circuit open" // the server failed repeatedly; nothing was sent
	KindPrivateAddress Kind = "private address"
	KindNotSubscribed  Kind = "not subscribed" // the event stream did not confirm: another token, user or account
	KindCanceled       Kind = "canceled"       // the caller gave up
)

// Error returns the kind's name.
func (k Kind) Error() string { return string(k) }

// KindOf returns the kind of an error of this package, empty for any other and for nil.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return ""
}

// passing reports whether the same request may well succeed a little later.
func (k Kind) passing() bool {
	switch k {
	case KindUnavailable, KindTimeout, KindUnreachable, KindBroken:
		return true
	}
	return false
}
