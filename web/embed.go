package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

// embedPage is the tab in Chatwoot. It tells nothing yet: Chatwoot's screen says which conversation is open, and the panel is asked for
// then, as whoever is signed in here.
func (s *Server) embedPage(c echo.Context) error {
	origins, err := s.chatwootOrigins(c.Request().Context())
	if err != nil {
		return err
	}
	w, err := s.who(c)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.EmbedPage(templates.EmbedView{Frame: frameFor(c.Request()), SignedIn: !w.nobody(), Origins: origins}))
}

// errNotConnected is a conversation of an account that is not connected here.
var errNotConnected = errors.New("account not connected")

// embedPanel is a conversation's place on each board. The address names it in Chatwoot's words: its number, and in the query the account's
// number and where that Chatwoot is. That is a hint of what to show; what may be seen is decided as everywhere.
func (s *Server) embedPanel(c echo.Context) error {
	w, err := s.who(c)
	if err != nil {
		return err
	}
	if w.nobody() {
		return kanban.ErrSignedOut
	}
	v, boards, err := s.embedBoards(c)
	switch {
	case errors.Is(err, errNotConnected):
		return s.draw(c, http.StatusNotFound, templates.EmbedNothing(localeOf(c), "embed.not_connected"))
	case errors.Is(err, kanban.ErrNotFound):
		return s.draw(c, http.StatusNotFound, templates.EmbedNothing(localeOf(c), "embed.not_here"))
	case err != nil:
		return err
	case len(boards) == 0:
		return s.draw(c, http.StatusOK, templates.EmbedNothing(localeOf(c), "embed.no_board"))
	}
	view := templates.EmbedPanelView{Loc: localeOf(c), Name: boards[0].Card.Name, Viewer: v.Name, Boards: boards, Framed: c.Request().Header.Get("Authorization") == ""}
	return s.draw(c, http.StatusOK, templates.EmbedPanel(view))
}

// embedBoards is who looks, and the conversation on each board of its account that shows it.
func (s *Server) embedBoards(c echo.Context) (kanban.Viewer, []templates.EmbedBoardView, error) {
	ctx := c.Request().Context()
	v, id, err := s.embedAsked(c)
	if err != nil {
		return v, nil, err
	}
	boards, err := s.Store.Boards(ctx, v.Account)
	if err != nil {
		return v, nil, err
	}
	var views []templates.EmbedBoardView
	for _, b := range boards {
		if !v.Enters(b) || b.Archived() {
			continue
		}
		view, err := s.embedBoard(c, b, v, id)
		if errors.Is(err, kanban.ErrNotFound) {
			continue // outside of the board's scope
		}
		if err != nil {
			return v, nil, err
		}
		views = append(views, view)
	}
	return v, views, nil
}

// embedAsked is the conversation that is asked for, if Chatwoot would open it for whoever asks.
func (s *Server) embedAsked(c echo.Context) (kanban.Viewer, kanban.ConversationID, error) {
	a, err := s.embedAccount(c)
	if err != nil {
		return kanban.Viewer{}, 0, err
	}
	v, err := s.viewer(c, a.ID)
	if err != nil {
		return kanban.Viewer{}, 0, err
	}
	n, err := strconv.ParseInt(c.Param("conversation"), 10, 64)
	if err != nil || n <= 0 {
		return v, 0, kanban.ErrNotFound
	}
	conv, err := s.Store.Conversation(c.Request().Context(), a.ID, kanban.ConversationID(n))
	if err == nil && !v.Opens(conv) {
		err = kanban.ErrNotFound
	}
	return v, conv.ID, err
}

func (s *Server) embedBoard(c echo.Context, b kanban.Board, v kanban.Viewer, id kanban.ConversationID) (templates.EmbedBoardView, error) {
	ctx := c.Request().Context()
	card, err := s.Store.Card(ctx, b, v, id)
	if err != nil {
		return templates.EmbedBoardView{}, err
	}
	cat, err := s.Store.Catalog(ctx, b.Account)
	if err != nil {
		return templates.EmbedBoardView{}, err
	}
	history, err := s.Store.Transitions(ctx, b, id)
	if err != nil {
		return templates.EmbedBoardView{}, err
	}
	return templates.NewEmbedBoard(localeOf(c), b, cat, card, history), nil
}

// embedAccount is the connected account that Chatwoot's screen means: by where that screen is and the account's number there. A screen
// that does not tell the number means the only account that is connected from there.
func (s *Server) embedAccount(c echo.Context) (kanban.Account, error) {
	accounts, err := s.Store.Accounts(c.Request().Context())
	if err != nil {
		return kanban.Account{}, err
	}
	from, number := origin(c.QueryParam("origin")), c.QueryParam("account")
	accounts = slices.DeleteFunc(slices.Clone(accounts), func(a kanban.Account) bool {
		return from == "" || origin(a.BaseURL) != from || number != "" && number != strconv.FormatInt(a.ChatwootID, 10)
	})
	if len(accounts) != 1 {
		return kanban.Account{}, errNotConnected
	}
	return accounts[0], nil
}

// embedCookie finds out whether a frame keeps cookies: the first visit sets one, the second sees it or does not.
func (s *Server) embedCookie(c echo.Context) error {
	const name = "__Host-chatlane-probe"
	if _, err := c.Cookie(name); err == nil {
		return c.JSON(http.StatusOK, map[string]bool{"kept": true})
	}
	c.SetCookie(&http.Cookie{ //nolint:gosec // SameSite=None is what is to be found out
		Name: name, Value: "1", Path: "/", MaxAge: 300, HttpOnly: true, Secure: true, SameSite: http.SameSiteNoneMode, Partitioned: true,
	})
	return c.JSON(http.StatusOK, map[string]bool{"kept": false})
}

// embedBoardPage is a whole board within the frame.
func (s *Server) embedBoardPage(c echo.Context) error { return s.boardPage(c) }

// embedSignOut ends the frame's session.
func (s *Server) embedSignOut(c echo.Context) error {
	if err := s.frames.Destroy(c.Request().Context()); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, templates.EmbedPath)
}
