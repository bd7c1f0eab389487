package web

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
)

// Config is what the handler is made of. Zero durations mean the product's defaults.
type Config struct {
	Store    Store
	Engine   *kanban.Engine
	Desk     *desk.Desk
	Hub      *kanban.Hub
	Sessions scs.CtxStore
	// PublicURL is where people and Chatwoot reach this server, such as "https://board.example.com"; empty when nobody said. With an
	// https address cookies are secure and browsers are told to stay with https.
	PublicURL string
	// Password lets the operator in. Without one their only way in is a link made by SignInLink. People sign in with their own Chatwoot.
	Password string
	// Operated says in which accounts the operator stands for the owner of the account's token: those that the environment named. Nil: none.
	Operated func(kanban.Account) bool
	// Key binds sessions to the password; it is the installation's secret key.
	Key []byte
	// Open lets everybody in, as the operator of every account. Only the demo is open: its data is invented.
	Open bool
	// SimulatorURL is the simulated Chatwoot's screen that the demo shows beside the board; empty otherwise.
	SimulatorURL string
	// AllowPrivateNetwork lets a Chatwoot be connected at an address of this machine's own networks.
	AllowPrivateNetwork bool
	// Version is this program's, for the health page.
	Version string
	Logger  *slog.Logger
	// Clock is time.Now unless a test sets it.
	Clock func() time.Time

	// Heartbeat is how often an idle stream says that it lives (15 s).
	Heartbeat time.Duration
	// LookEvery is how often a stream asks what its reader may still see (10 s).
	LookEvery time.Duration
	// WriteTimeout is how long a write to a stream may take before its reader counts as gone (10 s).
	WriteTimeout time.Duration
	// Beat is the least time between two writes to a stream (25 ms); news within it travels together.
	Beat time.Duration
	// TotalsEvery is the least time between two announcements of new totals on a stream (1 s).
	TotalsEvery time.Duration
}

// Store is what pages and webhooks need of the database.
type Store interface {
	reports
	Accounts(context.Context) ([]kanban.Account, error)
	Account(context.Context, kanban.AccountID) (kanban.Account, error)
	Catalog(context.Context, kanban.AccountID) (*kanban.Catalog, error)
	Boards(context.Context, kanban.AccountID) ([]kanban.Board, error)
	Board(context.Context, kanban.BoardID) (kanban.Board, error)
	CardsLeft(context.Context, kanban.Stage) (kanban.Remaining, error)
	Favourites(context.Context, kanban.PersonID) ([]kanban.BoardID, error)
	SetFavourite(ctx context.Context, p kanban.PersonID, b kanban.BoardID, wish bool) error
	Collapsed(context.Context, kanban.PersonID, kanban.BoardID) ([]kanban.StageID, error)
	Collapse(ctx context.Context, p kanban.PersonID, s kanban.Stage, wish bool) error
	Cards(ctx context.Context, b kanban.Board, v kanban.Viewer, s kanban.StageID, after *kanban.Cursor, limit int) ([]kanban.Card, *kanban.Cursor, error)
	Card(context.Context, kanban.Board, kanban.Viewer, kanban.ConversationID) (kanban.Card, error)
	Conversation(context.Context, kanban.AccountID, kanban.ConversationID) (kanban.Conversation, error)
	Others(context.Context, kanban.Viewer, kanban.Conversation) ([]kanban.Other, error)
	Transitions(context.Context, kanban.Board, kanban.ConversationID) ([]kanban.Transition, error)
	Edits(ctx context.Context, a kanban.AccountID, c kanban.ConversationID, most int) ([]kanban.Edit, error)
	RefusedMoves(ctx context.Context, b kanban.Board, c kanban.ConversationID, most int) ([]kanban.Move, error)
	Totals(context.Context, kanban.Board, kanban.Viewer) (map[kanban.StageID]kanban.Total, error)
	finder
	Move(context.Context, kanban.MoveID) (kanban.Move, error)
	Person(context.Context, kanban.PersonID) (kanban.Person, error)
	PersonSeen(context.Context, kanban.PersonID, time.Time) error
	// SaveDelivery keeps a webhook; it is durable when SaveDelivery returns. fresh is false when one with that key is known.
	SaveDelivery(ctx context.Context, a kanban.AccountID, key, body []byte, at time.Time) (fresh bool, err error)
	WebhookSeen(context.Context, kanban.AccountID, time.Time) error
	CountConversations(context.Context, kanban.AccountID) (int, error)
	Ping(context.Context) error
}

// finder finds cards, and keeps what people look for.
type finder interface {
	Views(context.Context, kanban.BoardID, kanban.PersonID) ([]kanban.View, error)
	View(context.Context, kanban.BoardID, kanban.ViewID) (kanban.View, error)
	SaveView(context.Context, kanban.View) (kanban.View, error)
	DeleteView(context.Context, kanban.BoardID, kanban.ViewID) error
	DefaultView(context.Context, kanban.PersonID, kanban.BoardID) (kanban.ViewID, error)
	SetDefaultView(context.Context, kanban.PersonID, kanban.BoardID, kanban.ViewID) error
	Found(ctx context.Context, b kanban.Board, v kanban.Viewer, l *kanban.Look, limit int) (kanban.Found, error)
	FoundAfter(ctx context.Context, b kanban.Board, v kanban.Viewer, l *kanban.Look, s *kanban.StageID, after *kanban.Cursor, limit int) ([]kanban.Card, *kanban.Cursor, error)
	FoundIDs(context.Context, kanban.Board, kanban.Viewer, *kanban.Look) ([]kanban.ConversationID, error)
	FoundCards(context.Context, kanban.Board, kanban.Viewer, *kanban.Look, []kanban.ConversationID) ([]kanban.Card, error)
	ShownBatches(ctx context.Context, b kanban.BoardID, v kanban.Viewer, since time.Time, most int) ([]kanban.Batch, error)
	Counts(context.Context, kanban.Board, kanban.Viewer, *kanban.Look) (kanban.Counts, error)
}

func (c *Config) defaults() {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&c.Heartbeat, 15*time.Second)
	set(&c.LookEvery, 10*time.Second)
	set(&c.WriteTimeout, 10*time.Second)
	set(&c.Beat, 25*time.Millisecond)
	set(&c.TotalsEvery, time.Second)
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
}

// secure reports whether people reach the server by https.
func (c *Config) secure() bool { return strings.HasPrefix(strings.ToLower(c.PublicURL), "https://") }

// origin is scheme and host of an address, as an Origin header has it; empty when there is none.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return strings.ToLower(u.Scheme + "://" + u.Host)
}
