package web

import "github.com/labstack/echo/v4"

// messagesPattern is where messages are read and sent.
const messagesPattern = "/boards/:board/cards/:conversation/messages"

// threadRoutes are what is said in a conversation.
func (s *Server) threadRoutes(e *echo.Echo) {
	card := "/boards/:board/cards/:conversation"
	e.GET(messagesPattern, s.messages, s.guard)
	e.POST(messagesPattern, s.sendMessage, s.guard)
	e.POST(card+"/sends/:send/attempts", s.sendAgain, s.guard)
	e.DELETE(card+"/sends/:send", s.discardSend, s.guard)
	e.POST(card+"/seen", s.markSeen, s.guard)
	e.GET(card+"/canned", s.canned, s.guard)
	e.GET(card+"/templates", s.whatsappTemplates, s.guard)
	e.GET(card+"/attachments/:message/:attachment", s.attachment, s.guard)
}
