// Package static holds what browsers load besides pages: style sheets, scripts, pictures and others' libraries, embedded into the
// program. One digest of everything is part of every address, so browsers may keep each file for ever.
//
// What is written by hand lives in css/ and js/, one concept a file. `make generate` joins it into dist/, which is what is served.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

//go:embed dist img lib/htmx-2.0.11.js
var files embed.FS

// Prefix is where the files are served.
const Prefix = "/assets/"

var (
	assets = load()
	digest = digestOf(assets)
)

type asset struct {
	body, packed []byte
	mediaType    string
}

// Path is the address of a file, such as "dist/app.css".
func Path(name string) string { return Prefix + digest + "/" + name }

// Digest changes whenever any file does.
func Digest() string { return digest }

// Sprite is the icons as symbols, to be put into a page once; an icon is drawn by <use href="#i-name">.
func Sprite() string { return string(assets["img/icons.svg"].body) }

// Names lists the files that are served.
func Names() []string { return slices.Sorted(maps.Keys(assets)) }

// Handler serves the files at Prefix. An address of another digest is answered, too, but must not be kept: it is a page from
// before an update that asks.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Prefix), "/")
		a, ok := assets[name]
		if !ok || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", a.mediaType)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache")
		if asked == digest {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		a.write(w, r)
	})
}

func (a asset) write(w http.ResponseWriter, r *http.Request) {
	body := a.body
	if len(a.packed) > 0 {
		w.Header().Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.Header().Set("Content-Encoding", "gzip")
			body = a.packed
		}
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the browser may have gone away
	}
}

func load() map[string]asset {
	all := map[string]asset{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := files.ReadFile(name)
		all[name] = newAsset(name, body)
		return err
	})
	if err != nil {
		panic(err) // embedded: cannot fail at run time
	}
	return all
}

func newAsset(name string, body []byte) asset {
	a := asset{body: body, mediaType: mediaTypeOf(name)}
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is valid
	_, _ = w.Write(body)
	_ = w.Close() // into memory: cannot fail
	if packed.Len() < len(body) {
		a.packed = packed.Bytes()
	}
	return a
}

// mediaTypeOf does not ask the machine's own table first: what a script is must not depend on where it is served from.
func mediaTypeOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}

func digestOf(all map[string]asset) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		_, _ = h.Write([]byte(name))
		_, _ = h.Write(all[name].body)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
