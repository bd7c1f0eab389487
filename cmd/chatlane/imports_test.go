package main_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/chatlane/chatlane"

// rule says which packages of ours a package's code may import, and what of others' it never does.
type rule struct {
	may   []string
	never []string
}

// Libraries that belong to one package each. A path stands for what is under it too.
var (
	database  = []string{"database/sql", "github.com/mattn/go-sqlite3", "github.com/pressly/goose"}
	webServer = []string{"github.com/labstack/echo", "github.com/alexedwards/scs"}
	pages     = []string{"github.com/a-h/templ"}
)

// rules is the import table: chatwoot ← kanban ← store, templates ← web ← cmd. A package without a row of its own,
// like store/db, follows the row of the nearest folder above it. .golangci.yml repeats the table for editors.
var rules = map[string]rule{
	"chatwoot":     {never: join(database, webServer, pages)},
	"migrations":   {never: join(webServer, pages)},
	"static":       {never: join(database, webServer, pages)},
	"kanban":       {may: []string{"chatwoot"}, never: join(database, webServer, pages, []string{"net/http"})},
	"store":        {may: []string{"kanban", "migrations"}, never: join(webServer, pages, []string{"net/http"})},
	"templates":    {may: []string{"kanban", "static"}, never: join(database, webServer, []string{"net/http"})},
	"web":          {may: []string{"kanban", "templates", "static", "chatwoot"}, never: database},
	"cmd/chatlane": {may: []string{"chatwoot", "migrations", "static", "kanban", "store", "templates", "web"}, never: join(database, webServer, pages)},
}

// doublesInProduct names the doubles that production code links, and who does: the demo and the simulator are made of one.
var doublesInProduct = map[string]string{"chatwoot/chatwoottest": "cmd/chatlane"}

// The words and rules of kanban know nothing of Chatwoot's API. Only these files, the engine's, which translate between
// the two, import it; a file that joins the engine joins the list.
var engineFiles = []string{
	"account_sync.go", "acting.go", "add_stage.go", "app.go", "as.go", "attribute_race.go", "attributes.go", "catalog_sync.go", "connect.go", "connection.go", "deal_fields.go", "deliveries.go", "disconnect.go",
	"edit_stage.go", "engine.go", "importer.go", "listen.go", "lost_reason.go", "make_board.go", "meet.go", "mend.go", "mover.go", "people.go", "probe.go", "push.go",
	"reader.go", "recall.go", "reconcile.go", "register.go", "restore.go", "seat.go", "setup.go", "upkeep.go", "words.go",
}

// listed is the part of `go list -json` that the table is about.
type listed struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
}

// name is the package's path inside the module.
func (l listed) name() string { return inModule(l.ImportPath) }

func TestImportsPointOneWay(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		require.Empty(t, offences(p), "the import table is at the top of imports_test.go")
	}
}

func TestOnlyTheEngineKnowsChatwoot(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if p.name() != "kanban" {
			continue
		}
		for _, file := range p.GoFiles {
			if !slices.Contains(engineFiles, file) {
				require.NotContains(t, fileImports(t, filepath.Join(p.Dir, file)), module+"/chatwoot",
					"kanban/%s is not among the engine's files at the top of imports_test.go", file)
			}
		}
	}
}

// The checks above pass on a clean tree; this shows that each of them can fail.
func TestTheTableRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ from, imports string }{
		"Chatwoot knows no boards":             {"chatwoot", module + "/kanban"},
		"the domain knows no SQL":              {"kanban", "database/sql"},
		"the domain knows no HTTP":             {"kanban", "net/http"},
		"the domain knows no store":            {"kanban", module + "/store"},
		"the store does not call Chatwoot":     {"store", module + "/chatwoot"},
		"the store draws nothing":              {"store", "github.com/a-h/templ"},
		"generated queries are the store's":    {"store/db", module + "/web"},
		"templates fetch nothing":              {"templates", module + "/store"},
		"templates know no router":             {"templates", "github.com/labstack/echo/v4"},
		"pages run no queries":                 {"web", "database/sql"},
		"pages do not choose the store":        {"web", module + "/store"},
		"the command has no routes":            {"cmd/chatlane", "github.com/labstack/echo/v4"},
		"doubles stay out of the product":      {"web", module + "/chatwoot/chatwoottest"},
		"the store's double is for tests":      {"cmd/chatlane", module + "/store/storetest"},
		"a double knows what it doubles alone": {"chatwoot/chatwoottest", module + "/store"},
		"a folder nobody planned":              {"util", "strings"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := listed{ImportPath: module + "/" + tt.from, Imports: []string{tt.imports}}
			require.NotEmpty(t, offences(p))
		})
	}
}

// offences lists what in a package's production imports goes against the table.
func offences(p listed) []string {
	owner, known := ownerOf(p.name())
	if !known {
		return []string{p.name() + " is not in the import table"}
	}
	var found []string
	for _, path := range p.Imports {
		if reason := refuses(p.name(), owner, path); reason != "" {
			found = append(found, fmt.Sprintf("%s imports %s: %s", p.name(), path, reason))
		}
	}
	return found
}

// refuses says why a package may not import a path, or nothing if it may.
func refuses(name, owner, path string) string {
	if !isOurs(path) {
		if isDouble(name) || !underAny(path, rules[owner].never) {
			return ""
		}
		return "that library belongs to another package"
	}
	to := inModule(path)
	toOwner, _ := ownerOf(to)
	switch {
	case isDouble(to):
		if doublesInProduct[to] == name {
			return ""
		}
		return "production code links no double"
	case isDouble(name):
		if toOwner == owner || toOwner == "kanban" {
			return ""
		}
		return "a double knows only what it doubles, and kanban"
	case toOwner == owner, slices.Contains(rules[owner].may, toOwner):
		return ""
	}
	return "imports point the other way"
}

// ownerOf finds the row of the table that a package follows.
func ownerOf(name string) (string, bool) {
	for dir := name; dir != "." && dir != "/"; dir = filepath.ToSlash(filepath.Dir(dir)) {
		if _, ok := rules[dir]; ok {
			return dir, true
		}
	}
	return "", false
}

func isDouble(name string) bool { return strings.HasSuffix(name, "test") }

func isOurs(path string) bool { return under(path, module) }

func inModule(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, module), "/")
}

func under(path, parent string) bool {
	return path == parent || strings.HasPrefix(path, parent+"/")
}

func underAny(path string, parents []string) bool {
	return slices.ContainsFunc(parents, func(parent string) bool { return under(path, parent) })
}

func join(lists ...[]string) []string { return slices.Concat(lists...) }

func fileImports(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	require.NoError(t, err)
	var imports []string
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		imports = append(imports, name)
	}
	return imports
}

// packages asks the go command for every package of the module and what it imports.
func packages(t *testing.T) []listed {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-tags", "sqlite_fts5",
		"-json=ImportPath,Dir,GoFiles,Imports", "./...")
	list.Dir = filepath.Join("..", "..")
	out, err := list.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		require.NoError(t, err, string(exit.Stderr))
	}
	require.NoError(t, err)

	var all []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, p)
	}
}
