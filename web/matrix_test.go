package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/static"
	"github.com/chatlane/chatlane/web"
)

// about is what a route is about, which decides who is answered what.
type about string

const (
	aBoard         about = "a board"                // for whoever has a seat in its account
	anAccount      about = "an account"             // likewise
	aCard          about = "a card"                 // for whoever Chatwoot would show the conversation
	aMove          about = "a move"                 // likewise
	upstream       about = "what only Chatwoot has" // and the crowd's has nothing: it looks like what is not there
	theConnections about = "the connections"        // for administrators
	itsConnection  about = "its connection"         // for administrators of the account
	oneself        about = "oneself"                // for whoever is signed in
	nothing        about = "nothing"                // for everybody
)

// subject is a row of the matrix: what a route is about, and the form of a write.
type subject struct {
	about about
	form  url.Values
}

// matrix has a row for each route: one without fails TestMatrix. Its columns are the crowd's roles and objects.
func matrix() map[web.Route]subject {
	rows := map[web.Route]subject{
		{http.MethodGet, "/boards/:board/selection"}:                     {about: aBoard},
		{http.MethodPost, "/boards/:board/batches"}:                      {about: aBoard, form: url.Values{}},
		{http.MethodGet, "/boards/:board/batches/:batch"}:                {about: upstream},
		{http.MethodDelete, "/boards/:board/batches/:batch"}:             {about: upstream},
		{http.MethodPost, "/boards/:board/batches/:batch/stop"}:          {about: upstream, form: url.Values{}},
		{http.MethodPost, "/boards/:board/batches/:batch/again"}:         {about: upstream, form: url.Values{}},
		{http.MethodPost, "/boards/:board/batches/:batch/undo"}:          {about: upstream, form: url.Values{}},
		{http.MethodGet, "/boards/:board"}:                               {about: aBoard},
		{http.MethodGet, "/boards/:board/stages/:stage"}:                 {about: aBoard},
		{http.MethodGet, "/boards/:board/totals"}:                        {about: aBoard},
		{http.MethodPost, "/boards/:board/columns"}:                      {about: aBoard, form: url.Values{"expand": {"0"}}},
		{http.MethodPost, "/boards/:board/views"}:                        {about: aBoard, form: url.Values{}},
		{http.MethodPost, "/boards/:board/views/:view"}:                  {about: upstream, form: url.Values{}},
		{http.MethodPost, "/boards/:board/views/:view/removal"}:          {about: upstream, form: url.Values{}},
		{http.MethodPost, "/boards/:board/views/:view/default"}:          {about: upstream, form: url.Values{}},
		{http.MethodGet, "/boards/:board/list"}:                          {about: aBoard},
		{http.MethodGet, "/boards/:board/list.csv"}:                      {about: aBoard},
		{http.MethodGet, "/boards/:board/pills"}:                         {about: aBoard},
		{http.MethodGet, "/boards/:board/palette"}:                       {about: aBoard},
		{http.MethodGet, "/boards/:board/filter"}:                        {about: aBoard},
		{http.MethodGet, "/boards/:board/colors.css"}:                    {about: aBoard},
		{http.MethodGet, "/boards/:board/events"}:                        {about: aBoard},
		{http.MethodGet, "/boards/:board/cards/:conversation"}:           {about: aCard},
		{http.MethodGet, "/boards/:board/cards/:conversation/panel"}:     {about: aCard},
		{http.MethodPut, "/boards/:board/cards/:conversation/stage"}:     {about: aCard, form: url.Values{"stage": {"0"}}},
		{http.MethodPut, "/boards/:board/cards/:conversation/position"}:  {about: aCard, form: url.Values{}},
		{http.MethodPost, "/boards/:board/cards/:conversation/settle"}:   {about: aCard, form: url.Values{}},
		{http.MethodPost, "/boards/:board/cards/:conversation/presence"}: {about: aCard, form: url.Values{}},
		{http.MethodPost, "/moves/:move/attempts"}:                       {about: aMove, form: url.Values{}},
		{http.MethodDelete, "/moves/:move/refusal"}:                      {about: aMove},
		{http.MethodGet, "/health"}:                                      {about: theConnections},
		{http.MethodGet, "/connect"}:                                     {about: theConnections},
		{http.MethodPost, "/connect"}:                                    {about: theConnections, form: url.Values{"step": {"address"}}},
		{http.MethodGet, "/accounts/:account/boards"}:                    {about: anAccount},
		{http.MethodPost, "/accounts/:account/boards/order"}:             {about: itsConnection, form: url.Values{}},
		{http.MethodGet, "/boards/:board/settings"}:                      {about: itsConnection},
		{http.MethodGet, "/boards/:board/reports"}:                       {about: aBoard},
		{http.MethodPost, "/boards/:board/reports"}:                      {about: itsConnection, form: url.Values{}},
		{http.MethodGet, "/boards/:board/reports/cards"}:                 {about: aBoard},
		{http.MethodGet, "/boards/:board/reports/:table"}:                {about: aBoard},
		{http.MethodGet, "/boards/:board/wall"}:                          {about: aBoard},
		{http.MethodPost, "/boards/:board/settings"}:                     {about: itsConnection, form: url.Values{}},
		{http.MethodPost, "/boards/:board/copies"}:                       {about: itsConnection, form: url.Values{}},
		{http.MethodPost, "/boards/:board/archive"}:                      {about: itsConnection, form: url.Values{}},
		{http.MethodPost, "/boards/:board/favourite"}:                    {about: aBoard, form: url.Values{"wish": {"no"}}},
		{http.MethodPost, "/boards/:board/stages"}:                       {about: itsConnection, form: url.Values{}},
		{http.MethodPost, "/boards/:board/stages/order"}:                 {about: itsConnection, form: url.Values{}},
		{http.MethodPost, "/boards/:board/stages/:stage/settings"}:       {about: itsConnection, form: url.Values{}},
		{http.MethodPost, "/boards/:board/stages/:stage/removal"}:        {about: itsConnection, form: url.Values{}},
		{http.MethodGet, "/boards/:board/stages/:stage/removal"}:         {about: itsConnection},
		{http.MethodGet, "/boards/:board/template"}:                      {about: itsConnection},
		{http.MethodGet, "/accounts/:account/setup"}:                     {about: itsConnection},
		{http.MethodGet, "/accounts/:account/setup/:tick"}:               {about: itsConnection},
		{http.MethodPost, "/accounts/:account/webhook"}:                  {about: itsConnection, form: url.Values{"address": {"no address"}}},
		{http.MethodPost, "/accounts/:account/dashboard-app"}:            {about: itsConnection, form: url.Values{}},
		{http.MethodPost, "/accounts/:account/boards"}:                   {about: itsConnection, form: url.Values{}},
		{http.MethodPost, "/accounts/:account/disconnection"}:            {about: itsConnection, form: url.Values{}},
		{http.MethodGet, "/"}:                                            {about: oneself},
		{http.MethodGet, "/connection"}:                                  {about: oneself},
		{http.MethodPost, "/sign-out"}:                                   {about: oneself, form: url.Values{}},
		{http.MethodGet, "/sign-in"}:                                     {about: nothing},
		{http.MethodPost, "/sign-in"}:                                    {about: nothing, form: url.Values{}},
		{http.MethodGet, "/sign-in/:ticket"}:                             {about: nothing},
		{http.MethodPost, "/sign-in/:ticket"}:                            {about: nothing, form: url.Values{}},
		{http.MethodPost, "/preferences"}:                                {about: nothing, form: url.Values{"theme": {"dark"}}},
		{http.MethodGet, "/embed/boards/:board"}:                         {about: aBoard},
		{http.MethodGet, "/embed/conversations/:conversation"}:           {about: aCard},
		{http.MethodGet, "/embed"}:                                       {about: nothing},
		{http.MethodGet, "/embed/cookie"}:                                {about: nothing},
		{http.MethodGet, "/embed/sign-in"}:                               {about: nothing},
		{http.MethodPost, "/embed/sign-in"}:                              {about: nothing, form: url.Values{}},
		{http.MethodPost, "/embed/sign-out"}:                             {about: nothing, form: url.Values{}},
		{http.MethodGet, "/embed/pop-up"}:                                {about: nothing},
		{http.MethodGet, "/embed/pop-up/sign-in"}:                        {about: nothing},
		{http.MethodPost, "/embed/pop-up/sign-in"}:                       {about: nothing, form: url.Values{}},
		{http.MethodPost, "/embed/tickets"}:                              {about: nothing, form: url.Values{}},
		{http.MethodPost, "/embed/sessions"}:                             {about: nothing, form: url.Values{}},
		{http.MethodPost, "/webhooks/:account/:key"}:                     {about: nothing, form: url.Values{}},
		{http.MethodGet, "/manifest.webmanifest"}:                        {about: nothing},
		{http.MethodGet, "/healthz"}:                                     {about: nothing},
		{http.MethodGet, "/readyz"}:                                      {about: nothing},
		{http.MethodGet, static.Prefix + ":digest/*"}:                    {about: nothing},
		{http.MethodGet, "/favicon.ico"}:                                 {about: nothing},
	}
	maps.Copy(rows, threadMatrix())
	maps.Copy(rows, fieldMatrix())
	maps.Copy(rows, beginMatrix())
	return rows
}

// may reports whether a role is to be answered about an object.
func (r role) may(s subject, o object) bool {
	switch s.about {
	case aBoard, anAccount:
		return slices.Contains(r.accounts, o.account)
	case aCard, aMove:
		return slices.Contains(r.sees, o.name)
	case upstream:
		return false
	case theConnections:
		return r.administers
	case itsConnection:
		return r.administers && slices.Contains(r.accounts, o.account)
	}
	return true
}

// address fills an object's numbers into a pattern.
func (o object) address(pattern string, mv kanban.MoveID) string {
	return strings.NewReplacer(
		":board", fmt.Sprint(o.board.ID), ":stage", fmt.Sprint(o.board.Stages[0].ID), ":conversation", fmt.Sprint(o.conversation), ":move", fmt.Sprint(mv), ":send", "4711", ":message", "1", ":attachment", "4711",
		":view", "4711", ":ticket", "none", ":table", "funnel.csv", ":tick", "webhook", ":account", fmt.Sprint(o.account), ":key", "wrong", ":digest/*", static.Digest()+"/"+static.Names()[0],
	).Replace(pattern)
}

// TestMatrix is QUALITY S1: every route, asked by every kind of person about every kind of thing. What may not be seen looks like what
// is not there, to the byte.
func TestMatrix(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	rows := matrix()
	for _, route := range c.web.Routes() {
		require.Contains(t, rows, route, "a route without a row")
		delete(rows, route)
	}
	require.Empty(t, rows, "rows of routes that are gone")
	for route, row := range matrix() {
		for _, r := range c.roles {
			if route.Pattern == "/sign-out" && r.in {
				continue // it would end the role: see TestSignOutEverywhere
			}
			for _, o := range c.objects {
				c.check(route, row, r, o)
			}
		}
	}
}

func (c *crowd) check(route web.Route, row subject, r role, o object) {
	c.t.Helper()
	what := fmt.Sprintf("%s %s: %s, %s", route.Method, route.Pattern, r.name, o.name)
	a, path := c.ask(route, row, r, o)
	for _, secret := range c.objects {
		if secret.canary != "" && !slices.Contains(r.sees, secret.name) {
			require.NotContains(c.t, a.body, secret.canary, what)
		}
	}
	require.Less(c.t, a.status, http.StatusInternalServerError, what)
	switch {
	case row.about == nothing:
	case !r.in && route.Method == http.MethodGet:
		require.Equal(c.t, http.StatusSeeOther, a.status, what)
		require.Regexp(c.t, "^(/embed)?/sign-in", a.header.Get("Location"), what)
	case !r.in:
		require.Equal(c.t, http.StatusUnauthorized, a.status, what)
	case r.may(row, o):
		require.NotContains(c.t, []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}, a.status, what)
	default:
		require.Equal(c.t, http.StatusNotFound, a.status, what)
		like := route
		if row.about == theConnections {
			like.Pattern = "/nowhere"
		}
		absent, there := c.ask(like, row, r, c.objects[len(c.objects)-1])
		require.Equal(c.t, alike(absent, there), alike(a, path), "%s: what is hidden looks like what is not there", what)
	}
}

// ask asks as a role about an object.
func (c *crowd) ask(route web.Route, row subject, r role, o object) (a answer, path string) {
	c.t.Helper()
	var mv kanban.Move
	if row.about == aMove {
		mv = c.move(o)
		if o.account != 0 && strings.HasSuffix(route.Pattern, "/refusal") {
			_, err := c.store.SettleMove(c.t.Context(), mv.ID, kanban.MoveRefused, "move.refused.not_allowed", nil)
			require.NoError(c.t, err)
		}
	}
	path = o.address(route.Pattern, mv.ID)
	if strings.HasPrefix(path, "/embed/conversations/") {
		path += c.onTheScreen(o)
	}
	if strings.HasSuffix(path, "/events") && r.may(row, o) && r.in {
		s := r.browser.stream(path)
		s.cancel()
		return answer{t: c.t, status: s.status, header: s.header}, path
	}
	return r.browser.do(route.Method, path, row.form), path
}

// onTheScreen is how Chatwoot's screen says where an object is. One that is not there is said to be where the first one is.
func (c *crowd) onTheScreen(o object) string {
	c.t.Helper()
	a, err := c.store.Account(c.t.Context(), max(o.account, 1))
	require.NoError(c.t, err)
	return "?" + url.Values{"origin": {a.BaseURL}, "account": {fmt.Sprint(a.ChatwootID)}}.Encode()
}

var requestID = regexp.MustCompile(`(Request )[A-Z2-7]{13}`)

// alike is an answer without what has to differ: the request's id, its address, and the padding that hides lengths.
func alike(a answer, path string) string {
	h := a.header.Clone()
	for _, name := range []string{"X-Request-Id", "Date", "Content-Length"} {
		h.Del(name)
	}
	body := strings.ReplaceAll(requestID.ReplaceAllString(a.body, "$1"), path, "/path")
	return fmt.Sprint(a.status, h, body)
}

// What people move without being allowed to stays where it is.
func TestMatrixChangesNothing(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	before := map[string]kanban.StageID{}
	for _, o := range c.objects[:4] {
		card, err := c.store.Card(t.Context(), o.board, o.owner(), o.conversation)
		require.NoError(t, err)
		before[o.name] = card.Stage
	}
	for _, r := range c.roles {
		for _, o := range c.objects[:4] {
			if slices.Contains(r.sees, o.name) {
				continue
			}
			r.browser.put(o.address("/boards/:board/cards/:conversation/stage", 0), url.Values{"stage": {fmt.Sprint(o.board.Stages[1].ID)}})
			card, err := c.store.Card(t.Context(), o.board, o.owner(), o.conversation)
			require.NoError(t, err)
			require.Equal(t, before[o.name], card.Stage, "%s: %s", r.name, o.name)
			require.Nil(t, card.Pending, "%s: %s", r.name, o.name)
		}
	}
}

// Streams tell everybody of what Chatwoot would show them, whatever boards they ask for besides.
func TestMatrixOfStreams(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	also := ""
	for _, o := range c.objects {
		also += fmt.Sprintf("also=%d&", o.board.ID)
	}
	type opened struct {
		role
		object
		*reader
	}
	var streams []opened
	for _, r := range c.roles {
		for _, o := range c.objects {
			s := r.browser.stream(o.address("/boards/:board/events?", 0) + also)
			if !r.may(subject{about: aBoard}, o) || !r.in {
				require.NotEqual(t, http.StatusOK, s.status, "%s: %s", r.name, o.name)
				continue
			}
			require.Equal(t, http.StatusOK, s.status, "%s: %s", r.name, o.name)
			streams = append(streams, opened{r, o, s.begun()})
		}
	}
	require.Len(t, streams, 8)
	for _, o := range c.objects[:4] {
		c.move(o)
	}
	for _, o := range c.objects[:4] {
		c.hub.Publish(&kanban.Event{Account: o.account, Board: o.board.ID, Kind: kanban.BoardChanged})
	}
	for _, s := range streams {
		told := s.until("board")
		for _, o := range c.objects[:4] {
			what := fmt.Sprintf("%s on the board of %s: %s", s.role.name, s.object.name, o.name)
			require.Equal(t, slices.Contains(s.sees, o.name), strings.Contains(told, o.canary), what)
		}
	}
}

// until is all that a stream tells up to an event of a name.
func (r *reader) until(name string) string {
	r.t.Helper()
	var told strings.Builder
	late := time.After(30 * time.Second)
	for {
		select {
		case f, ok := <-r.frames:
			require.True(r.t, ok, "the stream ended while waiting for %q", name)
			told.WriteString(f.name + " " + f.data)
			if f.name == name {
				return told.String()
			}
		case <-late:
			require.Fail(r.t, "nothing came", name)
			return ""
		}
	}
}
