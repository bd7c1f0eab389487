package main_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// TestBrowserCanInstall asks Chromium whether the board can become an app.
func TestBrowserCanInstall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	p := w.browser("app").opensBoard(w)
	found := command(p, page.GetAppManifest, page.GetAppManifestParams{})
	require.Empty(t, found.Errors)
	require.True(t, strings.HasSuffix(found.URL, "/manifest.webmanifest?lang=en"), found.URL)
	require.Contains(t, found.Data, `"display":"standalone"`)
	for _, e := range command(p, page.GetInstallabilityErrors, cdp.Empty{}).InstallabilityErrors {
		require.Equal(t, "in-incognito", e.ErrorID, "which only says that each test has a window of its own")
	}
	for _, icon := range value[[]string](p, `fetch(document.querySelector("link[rel=manifest]").href).then(a => a.json()).then(m => Promise.all(m.icons.map(async i => {
		const picture = await createImageBitmap(await (await fetch(i.src)).blob()).catch(() => undefined);
		return i.type === "image/svg+xml" || picture && picture.width + "x" + picture.height === i.sizes ? "" : i.src;
	})))`) {
		require.Empty(t, icon, "each is as large as it is said to be")
	}
}
