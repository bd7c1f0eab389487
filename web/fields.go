package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
	"github.com/chatlane/chatlane/templates"
)

// fieldRoutes change what is known of a conversation. Each answers with all its fields as they are then.
func (s *Server) fieldRoutes(e *echo.Echo) {
	card := "/boards/:board/cards/:conversation"
	e.PUT(card+"/assignee", s.field(s.assign), s.guard)
	e.PUT(card+"/team", s.field(s.setTeam), s.guard)
	e.PUT(card+"/priority", s.field(s.setPriority), s.guard)
	e.PUT(card+"/status", s.field(s.setStatus), s.guard)
	e.PUT(card+"/labels", s.field(s.changeLabels), s.guard)
	e.PUT(card+"/attributes/:key", s.field(s.setAttribute), s.guard)
	e.PUT(card+"/contact/attributes/:key", s.field(s.setContactAttribute), s.guard)
	e.PUT(card+"/contact", s.field(s.changeContact), s.guard)
	e.POST("/accounts/:account/deal-fields", s.makeDealFields, s.guard)
}

// edit is a change of one field that a form asks for.
type edit struct {
	echo.Context
	board  kanban.Board
	viewer kanban.Viewer
	card   kanban.Card
}

func (e edit) form(name string) string { return strings.TrimSpace(e.Request().PostFormValue(name)) }

// has reports whether a form has a field, empty or not.
func (e edit) has(name string) bool {
	all, err := e.FormParams()
	return err == nil && all.Has(name)
}

func (e edit) number(name string) (int64, error) {
	n, err := strconv.ParseInt(e.form(name), 10, 64)
	if err != nil || n < 0 {
		return 0, kanban.Invalid("error.invalid_text")
	}
	return n, nil
}

// field makes the handler of a change.
func (s *Server) field(change func(context.Context, edit) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		b, v, card, err := s.seenCard(c)
		if err != nil {
			return err
		}
		if err := change(c.Request().Context(), edit{c, b, v, card}); err != nil {
			return acted(err)
		}
		of, err := s.facts(c, b, v, card.Conversation.ID)
		if err != nil {
			return err
		}
		return s.draw(c, http.StatusOK, templates.Fields(templates.NewFields(localeOf(c), of)))
	}
}

func (s *Server) assign(ctx context.Context, e edit) error {
	agent, err := e.number("assignee")
	if err != nil {
		return err
	}
	return s.Desk.Assign(ctx, e.viewer, e.card.Conversation, kanban.AgentID(agent))
}

func (s *Server) setTeam(ctx context.Context, e edit) error {
	team, err := e.number("team")
	if err != nil {
		return err
	}
	return s.Desk.SetTeam(ctx, e.viewer, e.card.Conversation.ID, kanban.TeamID(team))
}

func (s *Server) setPriority(ctx context.Context, e edit) error {
	return s.Desk.SetPriority(ctx, e.viewer, e.card.Conversation.ID, kanban.Priority(e.form("priority")))
}

// setStatus reads a status and, for snoozed, optionally until, in seconds since the epoch: the browser knows where its clock is.
func (s *Server) setStatus(ctx context.Context, e edit) error {
	var until time.Time
	if e.form("until") != "" {
		seconds, err := e.number("until")
		if err != nil {
			return err
		}
		until = time.Unix(seconds, 0)
	}
	return s.Desk.SetStatus(ctx, e.viewer, e.card.Conversation.ID, kanban.Status(e.form("status")), until)
}

// changeLabels adds a label or takes one off. One that is a stage of the board is a move.
func (s *Server) changeLabels(ctx context.Context, e edit) error {
	add, remove := strings.ToLower(e.form("add")), e.form("remove")
	if add == "" && remove == "" {
		return kanban.Invalid("field.label_unknown")
	}
	if add != "" {
		cat, err := s.Store.Catalog(ctx, e.board.Account)
		if err != nil {
			return err
		}
		if _, known := kanban.TitlesOf(cat.Labels).Label(add); !known {
			return kanban.Invalid("field.label_unknown")
		}
	}
	mv := kanban.Move{Account: e.board.Account, Board: e.board.ID, Conversation: e.card.Conversation.ID}
	if to := e.board.StagesIn([]string{add}); len(to) > 0 {
		mv.To = to[0].ID
		_, _, err := s.Engine.Accept(ctx, e.viewer, mv)
		return err
	}
	if from := e.board.StagesIn([]string{remove}); len(from) == 1 && from[0].ID == e.card.Stage && !e.card.Conflict {
		mv.To = kanban.NoStage
		_, _, err := s.Engine.Accept(ctx, e.viewer, mv)
		return err
	}
	return s.Engine.ChangeLabels(ctx, e.viewer, e.card.Conversation.ID, list(add), list(remove))
}

func list(title string) []string {
	if title == "" {
		return nil
	}
	return []string{title}
}

func (s *Server) setAttribute(ctx context.Context, e edit) error {
	cat, err := s.Store.Catalog(ctx, e.board.Account)
	if err != nil {
		return err
	}
	def, text, err := e.attribute(cat.Attributes)
	if err != nil {
		return err
	}
	return s.Desk.SetAttribute(ctx, e.viewer, e.card.Conversation.ID, def, text, localeOf(e).DecimalComma())
}

func (s *Server) setContactAttribute(ctx context.Context, e edit) error {
	cat, err := s.Store.Catalog(ctx, e.board.Account)
	if err != nil {
		return err
	}
	def, text, err := e.attribute(cat.ContactAttributes)
	if err != nil {
		return err
	}
	return s.Desk.SetContactAttribute(ctx, e.viewer, e.card.Conversation, def, text, localeOf(e).DecimalComma())
}

// attribute is which of the account's attributes a form sets, and to what.
func (e edit) attribute(defs []kanban.AttributeDefinition) (kanban.AttributeDefinition, string, error) {
	i := slices.IndexFunc(defs, func(d kanban.AttributeDefinition) bool { return d.Key == e.Param("key") })
	if i < 0 {
		return kanban.AttributeDefinition{}, "", kanban.ErrNotFound
	}
	all, err := e.FormParams()
	if err != nil {
		return kanban.AttributeDefinition{}, "", kanban.Invalid("error.invalid_text")
	}
	values := all["value"]
	if len(values) == 0 {
		return defs[i], "", nil
	}
	return defs[i], values[len(values)-1], nil // of a checkbox the second one says that it is on
}

func (s *Server) changeContact(ctx context.Context, e edit) error {
	var change desk.ContactChange
	for name, field := range map[string]**string{"name": &change.Name, "phone": &change.Phone, "email": &change.Email, "company": &change.Company} {
		if e.has(name) {
			*field = new(e.form(name))
		}
	}
	return s.Desk.ChangeContact(ctx, e.viewer, e.card.Conversation, change)
}

// makeDealFields makes the attributes in Chatwoot that carry a deal. Open boards are told by themselves.
func (s *Server) makeDealFields(c echo.Context) error {
	a, err := s.accountOf(c)
	if err != nil {
		return err
	}
	v, err := s.viewer(c, a.ID)
	if err != nil {
		return err
	}
	loc := localeOf(c)
	names := kanban.DealNames{
		Value: loc.T("deal.value"), ExpectedClose: loc.T("deal.expected_close"), NextStep: loc.T("deal.next_step"), NextStepOn: loc.T("deal.next_step_on"),
		LostReason: loc.T("deal.lost_reason"),
	}
	if err := s.Engine.MakeDealFields(c.Request().Context(), v, names); err != nil {
		return acted(err)
	}
	return c.NoContent(http.StatusNoContent)
}
