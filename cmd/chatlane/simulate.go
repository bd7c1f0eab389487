package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// simulateCmd serves a simulated Chatwoot, to try Chatlane or a client of
// one's own against.
type simulateCmd struct {
	Listen        string        `default:"127.0.0.1:3300" help:"Address to serve on."`
	Conversations int           `default:"400" help:"How many conversations to invent."`
	Seed          int64         `default:"1" help:"The same seed invents the same business, with the same tokens."`
	Blank         bool          `help:"Nothing but one account and one administrator."`
	Locale        string        `default:"pt_BR" enum:"pt_BR,en" help:"Language of the account (${enum})."`
	Latency       string        `default:"none" help:"What answers cost: none, a duration like 50ms, or small-server as measured on two cores."`
	RateLimit     int           `default:"0" help:"Requests a minute and address; 0 for no limit. Chatwoot's own is 3000."`
	PageSize      int           `default:"25" help:"Conversations on a page."`
	Release       string        `name:"version-string" default:"4.14.2" help:"Chatwoot release to be."`
	Traffic       float64       `default:"0" help:"Happenings a minute that keep the business alive."`
	WebhookDelay  time.Duration `default:"250ms" help:"Time between a change and its webhook."`
	BlockPrivate  bool          `name:"block-private-webhooks" help:"Send no webhook to private addresses, as Chatwoot since 4.14."`
	NoCable       bool          `help:"Refuse the event stream, as a proxy does that passes no WebSocket on."`
	TwoFactor     string        `placeholder:"CODE" help:"Ask the first administrator for this code at sign-in; the backup code is backup-1."`
	ThrottleSign  bool          `name:"throttle-sign-in" help:"Allow five sign-ins in five minutes, as Chatwoot does to other machines."`
	SecondAccount bool          `help:"Another account with a like business; its administrator is the first agent of the first."`
	Fault         []string      `sep:"none" placeholder:"KIND[,match=PATTERN][,p=0.1][,times=3][,for=2s]" help:"Spoil answers: latency, status500, status502, status429, refuse401, invalid-token, hang, reset, html, truncate or timeout-after-commit; or webhooks: webhooks,drop=0.1,duplicate=0.1,shuffle=0.5,delay=2s. May be repeated."`
}

// Run serves until ctx ends.
func (c *simulateCmd) Run(ctx context.Context, log *slog.Logger) error {
	latency, err := chatwoottest.ParseLatency(c.Latency)
	if err != nil {
		return err
	}
	s := chatwoottest.New(chatwoottest.Options{
		Seed: c.Seed, Conversations: c.Conversations, Blank: c.Blank, Locale: c.Locale, PageSize: c.PageSize, RateLimit: c.RateLimit,
		Latency: latency, Version: c.Release, WebhookDelay: c.WebhookDelay, BlockPrivateWebhooks: c.BlockPrivate, JobDelay: 50 * time.Millisecond,
		NoCable: c.NoCable, ThrottleSignIn: c.ThrottleSign,
	})
	c.people(s)
	for _, text := range c.Fault {
		if err := addFault(s, text); err != nil {
			return err
		}
	}
	if err := s.Listen(c.Listen); err != nil {
		return err
	}
	if _, err := io.WriteString(os.Stdout, introduction(s)+"\n"); err != nil {
		return err
	}
	log.Info("simulated Chatwoot listens", "url", s.URL(), "conversations", c.Conversations)
	traffic, stopTraffic := context.WithCancel(ctx)
	quiet := make(chan struct{})
	go func() {
		defer close(quiet)
		s.Traffic(traffic, c.Traffic)
	}()
	err = s.Run(ctx)
	stopTraffic()
	<-quiet
	return err
}

// people are those who differ from the sample.
func (c *simulateCmd) people(s *chatwoottest.Server) {
	if c.TwoFactor != "" {
		s.SetTwoFactor(s.Admins()[0].ID, c.TwoFactor, "backup-1")
	}
	if agents := s.Agents(); c.SecondAccount && len(agents) > 0 {
		s.AddBusiness("Casa Aurora Recife", agents[0].ID, c.Conversations)
	}
}

// introduction is what one needs to use it.
func introduction(s *chatwoottest.Server) string {
	var text strings.Builder
	fmt.Fprintf(&text, "Simulated Chatwoot at %s, account %d\n", s.URL(), s.AccountID())
	fmt.Fprintf(&text, "Conversation screen: %s/app\n\n", s.URL())
	for _, u := range s.Users() {
		fmt.Fprintf(&text, "%-14s %-14s %-30s password %s  token %s\n", u.Role, u.Name, u.Email, u.Password, u.Token)
	}
	return text.String()
}

// addFault reads "kind,match=…,p=…,times=…,for=…", or "webhooks,drop=…,…".
func addFault(s *chatwoottest.Server, text string) error {
	kind, rest, _ := strings.Cut(text, ",")
	fault, hooks := chatwoottest.Fault{Kind: chatwoottest.FaultKind(kind)}, chatwoottest.WebhookFault{}
	for field := range strings.SplitSeq(rest, ",") {
		if field == "" {
			continue
		}
		name, value, _ := strings.Cut(field, "=")
		if err := setFault(&fault, &hooks, name, value); err != nil {
			return fmt.Errorf("fault %q: %w", text, err)
		}
	}
	if kind == "webhooks" {
		s.WebhookFault(hooks)
		return nil
	}
	if !fault.Kind.Known() {
		return fmt.Errorf("fault %q: no such kind", text)
	}
	s.Fault(fault)
	return nil
}

func setFault(f *chatwoottest.Fault, w *chatwoottest.WebhookFault, name, value string) (err error) {
	switch name {
	case "match":
		f.Match = value
	case "p":
		f.Probability, err = strconv.ParseFloat(value, 64)
	case "times":
		f.Times, err = strconv.Atoi(value)
	case "for":
		f.Duration, err = time.ParseDuration(value)
	case "drop":
		w.Drop, err = strconv.ParseFloat(value, 64)
	case "duplicate":
		w.Duplicate, err = strconv.ParseFloat(value, 64)
	case "shuffle":
		w.Shuffle, err = strconv.ParseFloat(value, 64)
	case "delay":
		w.Delay, err = time.ParseDuration(value)
	default:
		err = fmt.Errorf("unknown field %q", name)
	}
	return err
}
