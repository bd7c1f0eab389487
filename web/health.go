package web

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// live answers as long as the process can. Neither this nor ready looks at Chatwoot: a board is of use without it.
// It says which process answers, so that Chatlane can see whether its public address leads to itself.
func (s *Server) live(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set(kanban.ProcessHeader, s.Engine.Process())
	_, _ = w.Write([]byte("ok\n"))
}

// ready answers 200 when the database can be read.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	err := s.Store.Ping(ctx)
	if left(r, err) {
		w.WriteHeader(statusLeft)
		return
	}
	if err != nil {
		s.Logger.ErrorContext(ctx, "database not ready", "error", err.Error())
		http.Error(w, "database not ready", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ok\n"))
}

// health is the page that tells people how the connections to Chatwoot are doing.
func (s *Server) health(c echo.Context) error {
	ctx := c.Request().Context()
	accounts, err := s.administered(c)
	if err != nil {
		return err
	}
	var all []templates.Health
	for _, a := range accounts {
		h, err := s.healthOf(ctx, a)
		if err != nil {
			return err
		}
		all = append(all, h)
	}
	frame := s.frame(c, kanban.Viewer{})
	return s.draw(c, http.StatusOK, templates.HealthPage(templates.NewHealthPage(localeOf(c), frame, s.Version, all)))
}

func (s *Server) healthOf(ctx context.Context, a kanban.Account) (h templates.Health, err error) {
	h.Account = a
	if h.Connection, err = s.Engine.Connection(ctx, a.ID); err != nil {
		return h, err
	}
	h.RequestsUsed, h.RequestBudget = h.Connection.Requests, h.Connection.RequestBudget
	h.Conversations, err = s.Store.CountConversations(ctx, a.ID)
	return h, err
}

// connection is the connection pill of an account: the one asked for, else the first.
func (s *Server) connection(c echo.Context) error {
	ctx := c.Request().Context()
	w, err := s.who(c)
	if err != nil {
		return err
	}
	seats, _, err := s.seats(c)
	if err != nil {
		return err
	}
	for _, one := range seats {
		if asked := c.QueryParam("account"); asked != "" && asked != strconv.FormatInt(int64(one.account.ID), 10) {
			continue
		}
		state, err := s.Engine.Connection(ctx, one.account.ID)
		if err != nil {
			return err
		}
		return s.draw(c, http.StatusOK, templates.ConnectionNews(templates.NewConnection(localeOf(c), state)))
	}
	return w.absent(kanban.ErrNotFound)
}

// connectionFrame draws the pill for a stream; nothing when it cannot be told, since news of it will come again.
func (s *Server) connectionFrame(e *kanban.Event, loc templates.Locale) []byte {
	ctx, cancel := context.WithTimeout(context.Background(), drawTimeout)
	defer cancel()
	state, err := s.Engine.Connection(ctx, e.Account)
	if err != nil {
		return nil
	}
	var html bytes.Buffer
	if err := templates.ConnectionNews(templates.NewConnection(loc, state)).Render(ctx, &html); err != nil {
		return nil
	}
	return s.sseFrame(e.Seq, eventConnection, html.String())
}
