package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/web"
)

// demoCmd serves a board and a simulated Chatwoot in one process, connected as in life: by HTTP and webhooks.
type demoCmd struct {
	Conversations int     `default:"400" help:"How many conversations to invent."`
	Seed          int64   `default:"1" help:"The same seed invents the same business."`
	Traffic       float64 `default:"12" help:"Happenings a minute in the simulated Chatwoot."`
}

// Run serves until ctx ends.
func (d *demoCmd) Run(ctx context.Context) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	c, err := readConfig()
	if err != nil {
		return err
	}
	if os.Getenv("CHATLANE_DATA") == "" {
		if c.Data, err = os.MkdirTemp("", "chatlane-demo-"); err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(c.Data) }()
	}
	sim := chatwoottest.New(chatwoottest.Options{
		Seed: d.Seed, Conversations: d.Conversations, WebhookDelay: 250 * time.Millisecond, JobDelay: 100 * time.Millisecond,
	})
	if err := sim.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	p, err := open(ctx, c, log, func(w *web.Config) { w.Open, w.SimulatorURL = true, sim.URL()+"/app" })
	if err != nil {
		sim.Close()
		return err
	}
	defer p.close()
	return d.run(ctx, p, sim)
}

func (d *demoCmd) run(ctx context.Context, p *program, sim *chatwoottest.Server) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return sim.Run(ctx) })
	g.Go(func() error { sim.Traffic(ctx, d.Traffic); return nil })
	g.Go(func() error { return p.run(ctx, d.setup(p, sim)) })
	g.Go(func() error {
		if p.ready(ctx) {
			if err := p.showInChatwoot(ctx); err != nil {
				p.log.WarnContext(ctx, "show the board inside the simulated Chatwoot", "error", err.Error())
			}
			_, _ = fmt.Fprintf(os.Stdout, "Chatlane's demo is at %s\nThe data is invented; Ctrl+C ends it.\n", p.address())
		}
		return nil
	})
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// setup connects the board to the simulated Chatwoot; webhooks come back over loopback.
func (d *demoCmd) setup(p *program, sim *chatwoottest.Server) *kanban.Setup {
	stages, _ := kanban.ParseStages("novo,qualificado,proposta,ganho=won,perdido=lost")
	return &kanban.Setup{
		Address:    kanban.Address{URL: sim.URL(), Token: sim.AdminToken(), AllowPrivateNetwork: true},
		ChatwootID: sim.AccountID(), Stages: stages, PublicURL: "http://" + dialable(p.listener.Addr().String()),
	}
}

// showInChatwoot adds the board's tab to the simulated Chatwoot. It is another site there, as in life: localhost instead of 127.0.0.1.
func (p *program) showInChatwoot(ctx context.Context) error {
	accounts, err := p.store.Accounts(ctx)
	if err != nil || len(accounts) == 0 {
		return err
	}
	_, port, err := net.SplitHostPort(p.listener.Addr().String())
	if err != nil {
		return err
	}
	return p.engine.AddApp(ctx, accounts[0].ID, "http://"+net.JoinHostPort("localhost", port))
}

// ready waits until the board shows cards; false when ctx ended before.
func (p *program) ready(ctx context.Context) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		accounts, err := p.store.Accounts(ctx)
		if err == nil && len(accounts) > 0 && accounts[0].Import.Finished() {
			return true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
}
