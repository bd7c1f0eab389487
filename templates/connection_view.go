package templates

import (
	"strconv"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// ConnectionView is the connection pill.
type ConnectionView struct {
	State string
	Text  string
	// Trouble says why Chatwoot does not answer as it should, Feed how news reaches us when it does.
	Trouble, Feed string
	// Waiting is "3 moves waiting"; empty when none is.
	Waiting string
	// SyncedAt is a time stamp for the page's clock and Synced its words at the time of drawing; empty when never.
	SyncedAt, Synced string
	SyncedLabel      string
	// Lost is what the pill says when the page has lost Chatlane itself.
	Lost   string
	Import ImportView
}

// ImportView is the bar that shows how far the first read has come. Text is empty when it is over.
type ImportView struct {
	Text       string
	Done, Max  string
	Determined bool
}

// NewConnection puts a connection's state into words.
func NewConnection(loc Locale, c kanban.Connection) ConnectionView {
	mode := modeOf(c)
	v := ConnectionView{
		State:       string(mode),
		Text:        loc.T("connection." + string(mode)),
		SyncedLabel: loc.T("connection.synced"),
		Lost:        loc.T("connection.lost"),
		Import:      newImport(loc, c),
	}
	if c.Trouble != "" {
		v.Trouble = Reason(loc, c.Trouble)
	} else if c.Feed != "" && mode != kanban.ConnectionImporting {
		v.Feed = loc.T("feed." + string(c.Feed))
	}
	if !c.LastSync.IsZero() {
		v.SyncedAt, v.Synced = stamp(c.LastSync), loc.Age(time.Since(c.LastSync))
	}
	if c.MovesWaiting > 0 {
		v.Waiting = loc.N("connection.moves_waiting", c.MovesWaiting)
	}
	return v
}

// modeOf takes a connection that nothing is known of for one that is late.
func modeOf(c kanban.Connection) kanban.ConnectionMode {
	if c.Mode == "" {
		return kanban.ConnectionDelayed
	}
	return c.Mode
}

func newImport(loc Locale, c kanban.Connection) ImportView {
	if c.Mode == "" || c.Import.Finished() {
		return ImportView{}
	}
	if c.Import.Total == 0 {
		return ImportView{Text: loc.T("import.starting")}
	}
	return ImportView{
		Text:       loc.T("import.progress", "done", loc.Number(c.Import.Done), "total", loc.Number(c.Import.Total)),
		Done:       strconv.Itoa(min(c.Import.Done, c.Import.Total)),
		Max:        strconv.Itoa(c.Import.Total),
		Determined: true,
	}
}
