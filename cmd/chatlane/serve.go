package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
	"github.com/chatlane/chatlane/store"
	"github.com/chatlane/chatlane/templates"
	"github.com/chatlane/chatlane/web"
)

// serveCmd serves a real installation.
type serveCmd struct{}

// Run serves until ctx ends.
func (*serveCmd) Run(ctx context.Context, log *slog.Logger) error {
	c, err := readConfig()
	if err != nil {
		return err
	}
	p, err := open(ctx, c, log)
	if err != nil {
		return err
	}
	defer p.close()
	accounts, err := p.store.Accounts(ctx)
	if err != nil {
		return err
	}
	if c.Password == "" && len(accounts) == 0 { // afterwards people sign in with their own Chatwoot
		_, _ = fmt.Fprintf(os.Stdout, "Sign in once, within an hour: %s%s\n", p.address(), p.web.SignInLink())
	}
	return p.run(ctx, c.setup())
}

// setup is the account that the environment names; nil without one.
func (c config) setup() *kanban.Setup {
	if c.ChatwootURL == "" {
		return nil
	}
	return &kanban.Setup{
		Address:    kanban.Address{URL: c.ChatwootURL, Token: c.ChatwootToken, AllowPrivateNetwork: true}, // the operator's own word
		ChatwootID: c.ChatwootAccount, Stages: c.stages, Currency: c.Currency, PublicURL: c.PublicURL, AllowUnsigned: c.AllowUnsigned,
	}
}

// operates says in which account the operator stands for the owner of the token: the one that the environment names.
func (c config) operates() func(kanban.Account) bool {
	return func(a kanban.Account) bool {
		return c.ChatwootURL != "" && a.ChatwootID == c.ChatwootAccount && sameAddress(a.BaseURL, c.ChatwootURL)
	}
}

// program is everything that runs: database, engine and web server.
type program struct {
	config   config
	log      *slog.Logger
	store    *store.Store
	engine   *kanban.Engine
	desk     *desk.Desk
	web      *web.Server
	listener net.Listener
}

// hubCapacity is how many events a stream may be behind and still catch up: minutes of a busy account.
const hubCapacity = 1 << 14

// open opens the database and the port. Options change what the web server is made of.
func open(ctx context.Context, c config, log *slog.Logger, options ...func(*web.Config)) (*program, error) {
	p := &program{config: c, log: log}
	key, err := secretKey(c)
	if err != nil {
		return nil, err
	}
	if p.listener, err = listen(ctx, c.Listen); err != nil {
		return nil, err
	}
	if p.store, err = store.Open(ctx, store.Options{Path: c.database(), Key: key, Logger: log}); err != nil {
		return nil, errors.Join(c.explain(err), p.listener.Close())
	}
	hub := kanban.NewHub(hubCapacity)
	p.engine = kanban.NewEngine(kanban.EngineConfig{Store: p.store, Hub: hub, Logger: log, Server: chatwootServer(log), PublicURL: c.PublicURL})
	p.desk = desk.New(p.engine, p.store)
	wc := web.Config{
		Store: p.store, Engine: p.engine, Desk: p.desk, Hub: hub, Sessions: p.store.Sessions(), PublicURL: c.PublicURL, Password: c.Password, Key: key,
		AllowPrivateNetwork: c.AllowPrivate, Version: version, Logger: log, Operated: c.operates(),
	}
	for _, o := range options {
		o(&wc)
	}
	p.web = web.New(wc)
	return p, nil
}

// chatwootServer makes connections: to private addresses only where the operator allows it, and in the clear only there.
func chatwootServer(log *slog.Logger) func(string, bool) (*chatwoot.Server, error) {
	return func(address string, allowPrivate bool) (*chatwoot.Server, error) {
		return chatwoot.NewServer(chatwoot.ServerConfig{URL: address, AllowPrivateNetwork: allowPrivate, RequireHTTPS: !allowPrivate, Logger: log})
	}
}

func (c config) database() string { return filepath.Join(c.Data, "chatlane.db") }

// secretKey makes the data folder if need be, and finds the key of its secrets.
func secretKey(c config) ([]byte, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder (CHATLANE_DATA): %w", err)
	}
	if c.Secret != "" {
		return store.KeyFromSecret(c.Secret)
	}
	return store.KeyFile(c.Data)
}

// explain says what to do about a database that another program has, or a key that is not the database's.
func (c config) explain(err error) error {
	switch {
	case errors.Is(err, store.ErrInUse):
		return fmt.Errorf("another Chatlane runs on the data folder %s: stop it, or choose another folder with CHATLANE_DATA", c.Data)
	case !errors.Is(err, store.ErrWrongKey):
		return err
	case c.Secret != "":
		return fmt.Errorf("CHATLANE_SECRET is not the one with which the tokens in %s were encrypted: give the one of that time: %w", c.database(), err)
	}
	return fmt.Errorf("%s is not the key with which the tokens in %s were encrypted: put the old file back, or give CHATLANE_SECRET if there was one: %w",
		filepath.Join(c.Data, "key"), c.database(), err)
}

// listen opens the port, and says in one sentence what to do if somebody has it.
func listen(ctx context.Context, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another program: stop it, or choose another address with CHATLANE_LISTEN", address)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot serve on %s (CHATLANE_LISTEN): %w", address, err)
	}
	return l, nil
}

// address is where the program can be opened in a browser.
func (p *program) address() string {
	if p.config.PublicURL != "" {
		return strings.TrimRight(p.config.PublicURL, "/")
	}
	return "http://" + dialable(p.listener.Addr().String())
}

// dialable turns "every address of this machine" into one that a browser here can open.
func dialable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return address
}

// run serves until ctx ends, then lets requests under way end.
func (p *program) run(ctx context.Context, setup *kanban.Setup) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return p.engine.Run(ctx) })
	g.Go(func() error { return p.desk.Run(ctx) })
	g.Go(func() error { return p.serve(ctx) })
	if setup != nil {
		g.Go(func() error {
			if err := p.engine.SetUp(ctx, *setup); err != nil && ctx.Err() == nil {
				_, reason := web.Sentence(templates.Locale{}, err)
				p.log.ErrorContext(ctx, "Chatwoot cannot be connected: see the connection page", "reason", reason, "error", err.Error())
			}
			return nil // the board goes on with what it has
		})
	}
	return g.Wait()
}

func (p *program) serve(ctx context.Context) error {
	s := &http.Server{Handler: p.web, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(p.log.Handler(), slog.LevelWarn)}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(p.listener) }()
	p.log.InfoContext(ctx, "Chatlane serves", "listen", p.listener.Addr().String())
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	p.web.Close() // streams end first, or the shutdown would wait for them
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return s.Shutdown(grace)
}

func (p *program) close() {
	_ = p.listener.Close()
	if err := p.store.Close(); err != nil {
		p.log.Error("close the database", "error", err.Error())
	}
}
