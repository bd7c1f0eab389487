package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/templates"
)

// demoPage shows the board and the simulated Chatwoot side by side.
func (s *Server) demoPage(c echo.Context) error {
	return s.draw(c, http.StatusOK, templates.DemoPage(templates.DemoView{Frame: frameFor(c.Request()), Board: "/", Chatwoot: s.SimulatorURL}))
}
