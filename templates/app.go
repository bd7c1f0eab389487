package templates

import "net/url"

// The colours that a window around the pages takes on, as the style sheets have them.
const (
	LightColor = "#f6f6f8"
	DarkColor  = "#121214"
)

// ManifestPath says how to install the program as an app.
const ManifestPath = "/manifest.webmanifest"

func manifestFor(loc Locale) string { return ManifestPath + "?lang=" + url.QueryEscape(loc.Code()) }
