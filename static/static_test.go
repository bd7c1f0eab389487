package static_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/static"
)

func get(path, encoding string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, r)
	return w
}

func TestFilesAreKeptForEver(t *testing.T) {
	t.Parallel()
	for _, name := range static.Names() {
		w := get(static.Path(name), "")
		require.Equal(t, http.StatusOK, w.Code, name)
		require.Contains(t, w.Header().Get("Cache-Control"), "immutable")
		require.NotEmpty(t, w.Header().Get("Content-Type"), name)
	}
	require.Equal(t, "no-cache", get(static.Prefix+"older/dist/app.js", "").Header().Get("Cache-Control"))
}

func TestFilesArePacked(t *testing.T) {
	t.Parallel()
	w := get(static.Path("dist/app.js"), "gzip, br")
	require.Equal(t, "gzip", w.Header().Get("Content-Encoding"))
	r, err := gzip.NewReader(w.Body)
	require.NoError(t, err)
	var plain bytes.Buffer
	_, err = plain.ReadFrom(r)
	require.NoError(t, err)
	require.Equal(t, get(static.Path("dist/app.js"), "").Body.String(), plain.String())
}

func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/assets/", "/assets/x/", "/assets/x/../static.go", static.Path("js/app.js"), static.Path("static.go")} {
		require.Equal(t, http.StatusNotFound, get(path, "").Code, path)
	}
}

// TestScriptsAreSmall: all script of the board together stays within 40 KB packed.
func TestScriptsAreSmall(t *testing.T) {
	t.Parallel()
	total := 0
	for _, name := range []string{"lib/htmx-2.0.11.js", "dist/app.js"} {
		total += get(static.Path(name), "gzip").Body.Len()
	}
	t.Logf("scripts: %d bytes packed", total)
	require.LessOrEqual(t, total, 40_960)
}

func TestIconsAreThere(t *testing.T) {
	t.Parallel()
	ids := regexp.MustCompile(`<symbol id="i-([a-z-]+)"`).FindAllStringSubmatch(static.Sprite(), -1)
	require.Greater(t, len(ids), 30)
	require.NotContains(t, static.Sprite(), "style=")
	require.NotContains(t, static.Sprite(), "<script")
}
