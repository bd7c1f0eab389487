package chatwoot

import (
	"context"
	"net/http"
)

// SignIn is one step of signing in: e-mail and password, or the second factor of a sign-in that asked for one.
type SignIn struct {
	Email    string
	Password string

	// MFAToken is what the first step returned; with it either Code (six digits) or BackupCode.
	MFAToken   string
	Code       string
	BackupCode string
}

// SignInResult is a profile with the user's permanent AccessToken, or, when a second factor is due, the token to send with it.
type SignInResult struct {
	Profile  Profile
	MFAToken Secret
}

// NeedsCode reports whether a second step has to follow, within five minutes.
func (r SignInResult) NeedsCode() bool { return r.MFAToken != "" }

// SignIn exchanges credentials for a profile: POST /auth/sign_in (CONTRACT 2.4). Chatwoot allows five tries in five minutes for
// all of our users together, so it is never repeated. Kinds: KindBadCredentials, KindUnconfirmed, KindSAML, KindSessionLimit,
// KindBadCode, KindMFAExpired, KindThrottled.
func (s *Server) SignIn(ctx context.Context, in SignIn) (SignInResult, error) {
	k := s.Client("", 0).call(http.MethodPost, "/auth/sign_in").json(in.body())
	k.signIn = true
	k.secrets = []string{in.Password, in.MFAToken, in.Code, in.BackupCode}
	a, err := k.do(ctx)
	if err != nil {
		return SignInResult{}, err
	}
	var w struct {
		Data        Profile `json:"data"`
		MFARequired bool    `json:"mfa_required"`
		MFAToken    Secret  `json:"mfa_token"`
	}
	switch {
	case unmarshal(a.body, &w) != nil:
	case w.MFARequired && w.MFAToken != "":
		return SignInResult{MFAToken: w.MFAToken}, nil
	case w.Data.usable() && w.Data.AccessToken != "":
		return SignInResult{Profile: w.Data}, nil
	}
	return SignInResult{}, k.unexpected(a)
}

func (in SignIn) body() map[string]string {
	if in.MFAToken == "" {
		return map[string]string{"email": in.Email, "password": in.Password}
	}
	body := map[string]string{"mfa_token": in.MFAToken}
	if in.BackupCode != "" {
		body["backup_code"] = in.BackupCode
	} else {
		body["otp_code"] = in.Code
	}
	return body
}

// signInKind tells the refusals of sign-in apart by their shape (CONTRACT 2.4); their texts are translated.
func signInKind(status int, r refusal) Kind {
	switch {
	case status == http.StatusConflict:
		return KindSessionLimit
	case status == http.StatusBadRequest:
		return KindBadCode
	case status != http.StatusUnauthorized:
		return statusKind(status, r)
	case r.ErrorCode == "user_not_confirmed":
		return KindUnconfirmed
	case r.Message != "":
		return KindSAML
	case r.Error != "":
		return KindMFAExpired
	}
	return KindBadCredentials
}
