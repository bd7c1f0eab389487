package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// statusLeft is what the log says of a request whose client did not wait for the answer. Nobody reads it as an answer.
const statusLeft = 499

// What only pages can go wrong with.
var (
	errTooMany       = errors.New("too many attempts")
	errCrossSite     = errors.New("cross-site request")
	errWrongPassword = errors.New("wrong password")
	errCodeOver      = errors.New("no code is due any more")
)

// Sentence says what an error means: the status, and what to tell the person in their language. No other place maps errors.
func Sentence(loc templates.Locale, err error) (status int, text string) {
	var invalid *kanban.InvalidError
	var http4xx *echo.HTTPError
	var tooLarge *http.MaxBytesError
	var refused *chatwoot.Error
	if act, ok := errors.AsType[actError](err); ok {
		return actSentence(loc, act.cause)
	}
	var label *kanban.LabelRefusedError
	switch {
	case errors.As(err, &label):
		return savedSentence(loc, label)
	case errors.As(err, &invalid):
		return http.StatusUnprocessableEntity, loc.T(invalid.Key, pairs(invalid.Values)...)
	case errors.Is(err, kanban.ErrNotFound):
		return http.StatusNotFound, loc.T("error.not_found_text")
	case errors.Is(err, kanban.ErrStale):
		return http.StatusConflict, staleSentence(loc, err)
	case errors.Is(err, kanban.ErrForbidden):
		return http.StatusForbidden, loc.T("error.forbidden_text")
	case errors.Is(err, kanban.ErrSignedOut):
		return http.StatusUnauthorized, loc.T("error.signed_out_text")
	case errors.Is(err, errCrossSite):
		return http.StatusForbidden, loc.T("error.cross_site")
	case errors.Is(err, errTooMany):
		return http.StatusTooManyRequests, loc.T("sign_in.too_many")
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge, loc.T("error.too_large")
	case errors.Is(err, chatwoot.ErrAddress), errors.Is(err, chatwoot.ErrInsecure):
		return http.StatusUnprocessableEntity, addressSentence(loc, err)
	case errors.As(err, &refused):
		return chatwootSentence(loc, refused)
	case errors.Is(err, kanban.ErrUnavailable):
		return http.StatusServiceUnavailable, loc.T("error.cannot_save_text")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return http.StatusServiceUnavailable, loc.T("error.unavailable_text")
	case errors.As(err, &http4xx):
		return routerSentence(loc, http4xx.Code)
	}
	return http.StatusInternalServerError, loc.T("error.broken_text")
}

func savedSentence(loc templates.Locale, e *kanban.LabelRefusedError) (status int, text string) {
	status, why := Sentence(loc, e.Err)
	return status, loc.T("stages.saved_without_label", "why", why)
}

func addressSentence(loc templates.Locale, err error) string {
	if errors.Is(err, chatwoot.ErrInsecure) {
		return loc.T("connect.error_insecure")
	}
	return loc.T("connect.error_address")
}

func staleSentence(loc templates.Locale, err error) string {
	if errors.Is(err, kanban.ErrBoardChanged) {
		return loc.T("board.stale")
	}
	return loc.T("move.stale")
}

// chatwootSentence is for what Chatwoot, or whatever is at its address, answered. Its faults are 502 and 503, ours to mend are 422.
func chatwootSentence(loc templates.Locale, e *chatwoot.Error) (int, string) {
	switch e.Kind {
	case chatwoot.KindBadToken:
		return http.StatusUnprocessableEntity, loc.T("connect.error_token")
	case chatwoot.KindHeaderDropped:
		return http.StatusUnprocessableEntity, loc.T("connect.error_header_dropped")
	case chatwoot.KindBotToken:
		return http.StatusUnprocessableEntity, loc.T("connect.error_bot_token")
	case chatwoot.KindNotAllowed, chatwoot.KindForbidden, chatwoot.KindNotMember:
		return http.StatusUnprocessableEntity, loc.T("connect.error_not_allowed")
	case chatwoot.KindSuspended:
		return http.StatusUnprocessableEntity, loc.T("connect.error_suspended")
	case chatwoot.KindPrivateAddress:
		return http.StatusUnprocessableEntity, loc.T("connect.error_private_address")
	case chatwoot.KindNotFound:
		return http.StatusUnprocessableEntity, loc.T("connect.error_not_found")
	case chatwoot.KindNotChatwoot, chatwoot.KindTooLarge:
		return http.StatusBadGateway, loc.T("connect.error_not_chatwoot")
	case chatwoot.KindUnreachable:
		return http.StatusBadGateway, unreachable(loc, e.Reason)
	case chatwoot.KindTimeout:
		return http.StatusGatewayTimeout, loc.T("connect.error_timeout")
	case chatwoot.KindThrottled:
		return http.StatusServiceUnavailable, loc.T("connect.error_throttled")
	}
	return http.StatusBadGateway, loc.T("connect.error_unavailable")
}

// actError is a failure of what somebody does in Chatwoot as themselves, from a page that has long been connected.
type actError struct{ cause error }

func (e actError) Error() string { return e.cause.Error() }
func (e actError) Unwrap() error { return e.cause }

// acted marks such a failure. What Chatwoot does not show them, or does not have, looks like what is not here.
func acted(err error) error {
	switch chatwoot.KindOf(err) {
	case chatwoot.KindNotAllowed, chatwoot.KindForbidden, chatwoot.KindNotMember, chatwoot.KindNotFound:
		return kanban.ErrNotFound
	}
	return actError{err}
}

// actSentence is Sentence for it: Chatwoot's own words where it refused a value, and no word about connecting.
func actSentence(loc templates.Locale, err error) (int, string) {
	e, ok := errors.AsType[*chatwoot.Error](err)
	if !ok {
		return Sentence(loc, err)
	}
	switch e.Kind {
	case chatwoot.KindPlanLimit:
		return http.StatusForbidden, loc.T("act.not_allowed")
	case chatwoot.KindInvalid:
		if said := e.Message(); said != "" {
			return http.StatusUnprocessableEntity, loc.T("act.refused", "said", said)
		}
		return http.StatusUnprocessableEntity, loc.T("act.refused_silently")
	case chatwoot.KindThrottled:
		return http.StatusServiceUnavailable, loc.T("act.throttled")
	case chatwoot.KindUnavailable, chatwoot.KindTimeout, chatwoot.KindUnreachable, chatwoot.KindBroken, chatwoot.KindBreakerOpen, chatwoot.KindNotChatwoot, chatwoot.KindTooLarge:
		return http.StatusBadGateway, loc.T("act.away")
	}
	return Sentence(loc, err)
}

// tooLargeOr is the error of a form that could not be read.
func tooLargeOr(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return err
	}
	return kanban.Invalid("error.invalid_text")
}

// signInSentence is Sentence for somebody who signs in, to whom most refusals of Chatwoot's mean something else.
func signInSentence(loc templates.Locale, err error) (int, string) {
	switch chatwoot.KindOf(err) {
	case chatwoot.KindBadCredentials:
		return http.StatusUnauthorized, loc.T("sign_in.error_credentials")
	case chatwoot.KindUnconfirmed:
		return http.StatusForbidden, loc.T("sign_in.error_unconfirmed")
	case chatwoot.KindSAML:
		return http.StatusForbidden, loc.T("sign_in.error_saml")
	case chatwoot.KindSessionLimit:
		return http.StatusConflict, loc.T("sign_in.error_session_limit")
	case chatwoot.KindBadCode:
		return http.StatusUnauthorized, loc.T("sign_in.error_code")
	case chatwoot.KindMFAExpired:
		return http.StatusUnauthorized, loc.T("sign_in.error_code_expired")
	case chatwoot.KindThrottled:
		return http.StatusServiceUnavailable, loc.T("sign_in.error_throttled")
	case chatwoot.KindBadToken:
		return http.StatusUnauthorized, loc.T("sign_in.error_token")
	case chatwoot.KindBotToken:
		return http.StatusForbidden, loc.T("sign_in.error_bot_token")
	case chatwoot.KindSuspended:
		return http.StatusForbidden, loc.T("sign_in.error_suspended")
	case chatwoot.KindTimeout:
		return http.StatusGatewayTimeout, loc.T("sign_in.error_away")
	case chatwoot.KindUnavailable, chatwoot.KindUnreachable, chatwoot.KindBroken, chatwoot.KindBreakerOpen, chatwoot.KindNotChatwoot, chatwoot.KindTooLarge:
		return http.StatusBadGateway, loc.T("sign_in.error_away")
	}
	switch {
	case errors.Is(err, errWrongPassword):
		return http.StatusUnauthorized, loc.T("sign_in.wrong")
	case errors.Is(err, errCodeOver):
		return http.StatusUnauthorized, loc.T("sign_in.error_code_expired")
	case isInvalid(err, "sign_in.no_account"), isInvalid(err, "sign_in.suspended"):
		_, text := Sentence(loc, err)
		return http.StatusForbidden, text
	}
	return Sentence(loc, err)
}

func isInvalid(err error, key string) bool {
	invalid, ok := errors.AsType[*kanban.InvalidError](err)
	return ok && invalid.Key == key
}

// over reports whether a sign-in that a code was due for has come to its end.
func over(err error) bool {
	return errors.Is(err, chatwoot.KindMFAExpired) || errors.Is(err, errCodeOver)
}

// retryAfterOf is when trying again may help, in seconds; empty when that is not known.
func retryAfterOf(err error) string {
	switch {
	case errors.Is(err, errTooMany):
		return "60"
	case errors.Is(err, chatwoot.KindThrottled):
		return "300" // Chatwoot counts sign-ins in windows of five minutes (CONTRACT 3.1)
	}
	return ""
}

func unreachable(loc templates.Locale, reason string) string {
	if key := "connect.error_unreachable_" + reason; loc.Has(key) {
		return loc.T(key)
	}
	return loc.T("connect.error_unreachable")
}

// routerSentence is for what the router refuses before any handler of ours.
func routerSentence(loc templates.Locale, status int) (int, string) {
	switch status {
	case http.StatusNotFound:
		return status, loc.T("error.not_found_text")
	case http.StatusMethodNotAllowed:
		return status, loc.T("error.method")
	case http.StatusRequestEntityTooLarge:
		return status, loc.T("error.too_large")
	}
	if status >= 400 && status < 500 {
		return status, loc.T("error.invalid_text")
	}
	return http.StatusInternalServerError, loc.T("error.broken_text")
}

func pairs(values map[string]any) []any {
	var out []any
	for name, value := range values {
		out = append(out, name, value)
	}
	return out
}

// answerError is where every error of a page ends up: a notice for a request that a script made, a page otherwise.
func (s *Server) answerError(err error, c echo.Context) {
	if c.Response().Committed {
		return // a stream, or an answer that broke off: nothing can be said any more
	}
	if errors.Is(err, kanban.ErrSignedOut) && navigates(c.Request()) {
		s.askToSignIn(c)
		return
	}
	s.refuse(c.Response(), c.Request(), err)
}

// refuse answers with an error's sentence. It also serves what is outside of the router.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if left(r, err) {
		w.WriteHeader(statusLeft)
		return
	}
	loc := localeFor(r)
	status, text := Sentence(loc, err)
	if status >= http.StatusInternalServerError {
		requestOf(r.Context()).err = err
	}
	if wantsFragment(r) {
		s.draws(w, r, status, templates.Notice(templates.NewNotice(loc, templates.NoticeError, text)))
		return
	}
	s.draws(w, r, status, templates.ErrorPage(templates.ErrorView{
		Frame: frameFor(r), Status: status, Text: text, RequestID: requestOf(r.Context()).id,
	}))
}

// left reports whether an error is only that the client went away.
func left(r *http.Request, err error) bool {
	return errors.Is(err, context.Canceled) && r.Context().Err() != nil
}

// navigates reports whether an answer becomes a page. Whatever else a page fetches is told of an error by its status. Browsers that do
// not say so are told from it by the kind of answer that they want.
func navigates(r *http.Request) bool {
	if r.Method != http.MethodGet || wantsFragment(r) {
		return false
	}
	if mode := r.Header.Get("Sec-Fetch-Mode"); mode != "" {
		return mode == "navigate"
	}
	accept := r.Header.Get("Accept")
	return accept == "" || accept == "*/*" || strings.Contains(accept, "text/html")
}

// wantsFragment reports whether a script asked, which puts the answer into a page that is already there.
func wantsFragment(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" || r.Header.Get("X-Requested-With") == "fetch"
}
