package web

import (
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/chatlane/chatlane/static"
	"github.com/chatlane/chatlane/templates"
)

// manifest tells browsers how to install the program as an app (W3C Web Application Manifest).
type manifest struct {
	ID          string         `json:"id"`
	Name        string         `json:"name"`
	ShortName   string         `json:"short_name"`
	Description string         `json:"description"`
	Lang        string         `json:"lang"`
	StartURL    string         `json:"start_url"`
	Scope       string         `json:"scope"`
	Display     string         `json:"display"`
	Background  string         `json:"background_color"`
	Theme       string         `json:"theme_color"`
	Categories  []string       `json:"categories"`
	Icons       []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Source  string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// manifestFile is public: browsers fetch it without cookies, which is why its address names the language.
func (s *Server) manifestFile(c echo.Context) error {
	loc := templates.Match(c.Request().Header.Get("Accept-Language"), c.QueryParam("lang"))
	body, err := json.Marshal(manifest{
		ID: "/", Name: "Chatlane", ShortName: "Chatlane", Description: loc.T("app.description"), Lang: loc.Code(), StartURL: "/", Scope: "/",
		Display: "standalone", Background: templates.LightColor, Theme: templates.LightColor, Categories: []string{"business", "productivity"},
		Icons: []manifestIcon{
			{static.Path("img/icon-192.png"), "192x192", "image/png", "any"},
			{static.Path("img/icon-512.png"), "512x512", "image/png", "any"},
			{static.Path("img/icon-maskable-512.png"), "512x512", "image/png", "maskable"},
			{static.Path("img/favicon.svg"), "any", "image/svg+xml", "any"},
		},
	})
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "public, max-age=3600")
	return c.Blob(http.StatusOK, "application/manifest+json", body)
}
