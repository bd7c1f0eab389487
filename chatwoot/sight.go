package chatwoot

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"time"
)

// Sight is what can be found out here about an address that Chatwoot is to send webhooks to.
type Sight struct {
	// Resolves says that the name of its host has addresses; Private that none of them is on the internet, which is what Chatwoot's
	// guard refuses from 4.14 on (CONTRACT 11.7).
	Resolves, Private bool
	// Answered says that something answered there, with Mark in the header asked for.
	Answered bool
	Mark     string
}

// sightTimeout bounds a look at an address.
const sightTimeout = 5 * time.Second

// LookAt looks at an address as Chatwoot would: what its name resolves to, and what its answer to a GET has in a header. It follows no
// redirect, takes no more than the header, and dials private addresses only if it may.
func LookAt(ctx context.Context, address, header string, allowPrivate bool) Sight {
	ctx, cancel := context.WithTimeout(ctx, sightTimeout)
	defer cancel()
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return Sight{}
	}
	s := Sight{}
	if addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", u.Hostname()); err == nil && len(addresses) > 0 {
		s.Resolves, s.Private = true, !slices.ContainsFunc(addresses, func(a netip.Addr) bool { return isPublic(a) })
	}
	s.Mark, s.Answered = headerAt(ctx, address, header, allowPrivate)
	return s
}

func headerAt(ctx context.Context, address, header string, allowPrivate bool) (mark string, answered bool) {
	transport := newTransport(allowPrivate)
	transport.DisableKeepAlives = true
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", false
	}
	answer, err := (&http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}).Do(r)
	if err != nil {
		return "", false
	}
	_ = answer.Body.Close()
	return answer.Header.Get(header), true
}
