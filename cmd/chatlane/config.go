package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"strings"
	"text/tabwriter"

	"github.com/caarlos0/env/v11"

	"github.com/chatlane/chatlane/kanban"
)

// config is what the environment says. It is read once; all mistakes are told together.
type config struct {
	Listen       string `env:"CHATLANE_LISTEN" envDefault:"127.0.0.1:8080" help:"address to serve on"`
	Data         string `env:"CHATLANE_DATA" envDefault:"data" help:"folder of the database and the key"`
	PublicURL    string `env:"CHATLANE_URL" help:"public address of this server, as people and Chatwoot reach it"`
	Secret       string `env:"CHATLANE_SECRET,unset" help:"encrypts stored tokens; without it a key file is made in the data folder"`
	Password     string `env:"CHATLANE_PASSWORD,unset" help:"lets you, the operator, in; without it a one-time link is printed at the first start. People sign in with their Chatwoot"`
	AllowPrivate bool   `env:"CHATLANE_ALLOW_PRIVATE_NETWORK" help:"a Chatwoot at a private address may be connected in the browser"`

	AllowUnsigned bool `env:"CHATLANE_ALLOW_UNSIGNED" help:"take webhooks from a Chatwoot below 4.12, which signs none: whoever learns their address could invent news"`

	ChatwootURL     string `env:"CHATWOOT_URL" help:"address of the Chatwoot to connect at the start"`
	ChatwootAccount int64  `env:"CHATWOOT_ACCOUNT_ID" help:"its account"`
	ChatwootToken   string `env:"CHATWOOT_TOKEN,unset" help:"access token of an administrator there"`
	Stages          string `env:"CHATLANE_STAGES" help:"labels of the first board, in order: novo,proposta,ganho=won,perdido=lost"`
	Currency        string `env:"CHATLANE_CURRENCY" help:"currency of the first board, such as BRL"`

	stages []kanban.StageSpec
}

func readConfig() (config, error) {
	var c config
	err := notParsed(env.Parse(&c))
	return c, errors.Join(err, c.check())
}

// notParsed tells of values that are not of their type, by the names that the operator knows. Values are not repeated.
func notParsed(err error) error {
	several, ok := errors.AsType[env.AggregateError](err)
	if !ok {
		return err
	}
	var errs []error
	for _, one := range several.Errors {
		field, known := reflect.TypeFor[config]().FieldByName(parsedField(one))
		if !known {
			errs = append(errs, one)
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("env"), ",")
		wrong := "not a number"
		if field.Type.Kind() == reflect.Bool {
			wrong = "neither true nor false"
		}
		errs = append(errs, fmt.Errorf("%s: %s", name, wrong))
	}
	return errors.Join(errs...)
}

func parsedField(err error) string {
	parse, _ := errors.AsType[env.ParseError](err)
	return parse.Name
}

// check finds the mistakes that a type does not.
func (c *config) check() error {
	var errs []error
	if c.PublicURL != "" {
		errs = append(errs, webAddress("CHATLANE_URL", c.PublicURL))
	}
	if c.Stages != "" {
		stages, err := kanban.ParseStages(c.Stages)
		if err != nil {
			errs = append(errs, fmt.Errorf("CHATLANE_STAGES: %q is no list of labels such as novo,proposta,ganho=won,perdido=lost", c.Stages))
		}
		c.stages = stages
	}
	if c.Currency != "" && (len(c.Currency) != 3 || strings.ToUpper(c.Currency) != c.Currency) {
		errs = append(errs, fmt.Errorf("CHATLANE_CURRENCY: %q is no currency code such as BRL", c.Currency))
	}
	if c.ChatwootURL == "" && c.ChatwootAccount == 0 && c.ChatwootToken == "" {
		return errors.Join(errs...)
	}
	if c.ChatwootURL == "" || os.Getenv("CHATWOOT_ACCOUNT_ID") == "" || c.ChatwootToken == "" {
		errs = append(errs, errors.New("CHATWOOT_URL, CHATWOOT_ACCOUNT_ID and CHATWOOT_TOKEN belong together: give all three or none"))
	}
	if c.ChatwootURL != "" {
		errs = append(errs, webAddress("CHATWOOT_URL", c.ChatwootURL))
	}
	return errors.Join(errs...)
}

func webAddress(name, text string) error {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return fmt.Errorf("%s: not an address such as https://board.example.com", name)
	}
	return nil
}

// sameAddress reports whether two addresses are the same but for how they are written.
func sameAddress(a, b string) bool {
	canonical := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			return address
		}
		return strings.ToLower(u.Scheme+"://"+u.Host) + strings.TrimRight(u.Path, "/")
	}
	return canonical(a) == canonical(b)
}

// configTable is the environment's part of the help.
func configTable() string {
	var b strings.Builder
	b.WriteString("Environment:\n")
	w := tabwriter.NewWriter(&b, 2, 0, 2, ' ', 0)
	t := reflect.TypeFor[config]()
	for f := range t.Fields() {
		if f.Tag.Get("env") == "" {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("env"), ",")
		help := f.Tag.Get("help")
		if d := f.Tag.Get("envDefault"); d != "" {
			help += " (" + d + ")"
		}
		_, _ = fmt.Fprintf(w, "  %s\t%s\n", name, help)
	}
	_ = w.Flush()
	return b.String()
}
