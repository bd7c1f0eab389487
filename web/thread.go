package web

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/desk"
	"github.com/chatlane/chatlane/templates"
)

const (
	// messageLimit bounds a message with its files, in bytes; uploadPatience how long it may take to arrive.
	messageLimit   = desk.BytesLimit + 2<<20
	uploadPatience = 5 * time.Minute
	// messageMemory is how much of a message's files is held in memory while it arrives; the rest waits in temporary files.
	messageMemory = 8 << 20
)

// seenCard is the card that an address names, if the viewer may see it.
func (s *Server) seenCard(c echo.Context) (kanban.Board, kanban.Viewer, kanban.Card, error) {
	b, v, id, err := s.cardAddress(c)
	if err != nil {
		return b, v, kanban.Card{}, err
	}
	card, err := s.Store.Card(c.Request().Context(), b, v, id)
	return b, v, card, err
}

// messages are the latest lines of a conversation, or with ?before= those before one, read from Chatwoot as the viewer.
func (s *Server) messages(c echo.Context) error {
	b, v, card, err := s.seenCard(c)
	if err != nil {
		return err
	}
	var before int64
	if text := c.QueryParam("before"); text != "" {
		if before, err = strconv.ParseInt(text, 10, 64); err != nil || before <= 0 {
			return kanban.ErrNotFound
		}
	}
	of := templates.MessagesOf{Board: b.ID, Card: card.Conversation.ID, Part: before > 0}
	if of.Sends, err = s.Desk.Sends(c.Request().Context(), v, of.Card); err != nil {
		return err
	}
	if of.Thread, err = s.Desk.Thread(c.Request().Context(), v, of.Card, before); err != nil {
		return s.withSends(c, of, err)
	}
	return s.draw(c, http.StatusOK, templates.Messages(templates.NewMessages(localeOf(c), of)))
}

// withSends says why a conversation cannot be read, and yet what became of what the viewer wrote to it.
func (s *Server) withSends(c echo.Context, of templates.MessagesOf, err error) error {
	err = acted(err)
	if left(c.Request(), err) || errors.Is(err, kanban.ErrNotFound) {
		return err
	}
	loc := localeOf(c)
	status, text := Sentence(loc, err)
	if status >= http.StatusInternalServerError {
		requestOf(c.Request().Context()).err = err
	}
	return s.draw(c, status, templates.Notice(templates.NewNotice(loc, templates.NoticeError, text)), templates.Sends(templates.NewMessages(loc, of)))
}

// sendMessage takes a message and answers with the conversation as it is then. From its answer on the message is durable.
func (s *Server) sendMessage(c echo.Context) error {
	_, v, card, err := s.seenCard(c)
	if err != nil {
		return err
	}
	m, err := s.sendIn(c, v, card.Conversation)
	if err != nil {
		return err
	}
	m.Conversation = card.Conversation.ID
	if _, err := s.Desk.Send(c.Request().Context(), v, m); err != nil {
		return err
	}
	return s.messages(c)
}

// sendIn reads a message from its form: key, text, private, files; or template with place_… for each of its places.
func (s *Server) sendIn(c echo.Context, v kanban.Viewer, conv kanban.Conversation) (kanban.Send, error) {
	r := c.Request()
	done := hurry(c.Response(), uploadPatience)
	defer done()
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		if err := r.ParseMultipartForm(messageMemory); err != nil {
			return kanban.Send{}, tooLargeOr(err)
		}
		defer func() { _ = r.MultipartForm.RemoveAll() }()
	}
	m := kanban.Send{Key: r.PostFormValue("key"), Private: r.PostFormValue("private") == "true"}
	if id := r.PostFormValue("template"); id != "" {
		return s.templateIn(c, v, conv, m, id)
	}
	m.Parcel.Text = strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n")
	if r.MultipartForm == nil {
		return m, nil
	}
	for _, header := range r.MultipartForm.File["files"] {
		f, err := fileIn(header)
		if err != nil {
			return kanban.Send{}, err
		}
		m.Parcel.Files = append(m.Parcel.Files, f)
	}
	return m, nil
}

func fileIn(header *multipart.FileHeader) (kanban.ParcelFile, error) {
	f, err := header.Open()
	if err != nil {
		return kanban.ParcelFile{}, err
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(f)
	return kanban.ParcelFile{Name: header.Filename, Type: header.Header.Get("Content-Type"), Content: content}, err
}

// templateIn fills in one of the inbox's templates. It is looked up again: what is sent is what WhatsApp approved.
func (s *Server) templateIn(c echo.Context, v kanban.Viewer, conv kanban.Conversation, m kanban.Send, id string) (kanban.Send, error) {
	all, err := s.Desk.Templates(c.Request().Context(), v, conv.InboxID)
	if err != nil {
		return m, err
	}
	for _, t := range all {
		if t.ID() != id {
			continue
		}
		values := map[string]string{}
		for _, place := range t.Places {
			values[place] = c.Request().PostFormValue("place_" + place)
		}
		m.Private = false
		m.Parcel, err = t.Fill(values)
		return m, err
	}
	return m, kanban.Invalid("send.template_gone")
}

// sendAddress is the message that an address names.
func (s *Server) sendAddress(c echo.Context) (kanban.Viewer, kanban.SendID, error) {
	_, v, _, err := s.seenCard(c)
	if err != nil {
		return v, 0, err
	}
	n, err := strconv.ParseInt(c.Param("send"), 10, 64)
	if err != nil || n <= 0 {
		return v, 0, kanban.ErrNotFound
	}
	return v, kanban.SendID(n), nil
}

// sendAgain tries once more with a message that did not arrive.
func (s *Server) sendAgain(c echo.Context) error {
	v, id, err := s.sendAddress(c)
	if err != nil {
		return err
	}
	if _, err := s.Desk.Again(c.Request().Context(), v, id); err != nil {
		return err
	}
	return s.messages(c)
}

// discardSend gives a message up that did not arrive.
func (s *Server) discardSend(c echo.Context) error {
	v, id, err := s.sendAddress(c)
	if err != nil {
		return err
	}
	if err := s.Desk.Discard(c.Request().Context(), v, id); err != nil {
		return err
	}
	return s.messages(c)
}

// markSeen marks a conversation as read.
func (s *Server) markSeen(c echo.Context) error {
	_, v, card, err := s.seenCard(c)
	if err != nil {
		return err
	}
	if err := s.Desk.MarkRead(c.Request().Context(), v, card.Conversation.ID); err != nil {
		return acted(err)
	}
	return c.NoContent(http.StatusNoContent)
}

// canned are prepared answers that match what was typed.
func (s *Server) canned(c echo.Context) error {
	b, v, card, err := s.seenCard(c)
	if err != nil {
		return err
	}
	cat, err := s.Store.Catalog(c.Request().Context(), b.Account)
	if err != nil {
		return err
	}
	answers, err := s.Desk.Canned(c.Request().Context(), v, card.Conversation, inboxName(cat, card.Conversation.InboxID), c.QueryParam("q"))
	if err != nil {
		return acted(err)
	}
	return s.draw(c, http.StatusOK, templates.CannedAnswers(templates.CannedView{Loc: localeOf(c), Answers: answers}))
}

func inboxName(cat *kanban.Catalog, id kanban.InboxID) string {
	for _, i := range cat.Inboxes {
		if i.ID == id {
			return i.Name
		}
	}
	return ""
}

// whatsappTemplates are the messages that WhatsApp lets a business write at any time.
func (s *Server) whatsappTemplates(c echo.Context) error {
	_, v, card, err := s.seenCard(c)
	if err != nil {
		return err
	}
	all, err := s.Desk.Templates(c.Request().Context(), v, card.Conversation.InboxID)
	if err != nil {
		return acted(err)
	}
	return s.draw(c, http.StatusOK, templates.MessageTemplates(templates.NewMessageTemplates(localeOf(c), all)))
}
