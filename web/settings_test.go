package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// form is what a browser would send of a form as it stands on a page.
func (a answer) form(selector string) url.Values {
	a.t.Helper()
	form := a.page().Find(selector).First()
	require.Equal(a.t, 1, form.Length(), "%s\n%s", selector, a.problem())
	values := url.Values{}
	form.Find("input, select, textarea").Each(func(_ int, s *goquery.Selection) {
		name, value := s.AttrOr("name", ""), s.AttrOr("value", "")
		kind := s.AttrOr("type", "")
		_, checked := s.Attr("checked")
		switch {
		case name == "" || (kind == "checkbox" || kind == "radio") && !checked:
			return
		case goquery.NodeName(s) == "select":
			value = s.Find("option[selected]").AttrOr("value", s.Find("option").First().AttrOr("value", ""))
		case goquery.NodeName(s) == "textarea":
			value = s.Text()
		}
		values.Add(name, value)
	})
	return values
}

func (w *world) boardNow() kanban.Board {
	w.t.Helper()
	b, err := w.store.Board(w.t.Context(), w.board.ID)
	require.NoError(w.t, err)
	return b
}

const boardForm = "#board-form"

func (w *world) stageForm(title string) string {
	return fmt.Sprintf("form[action^='/boards/%d/stages/%d/settings#']", w.board.ID, w.stage(title).ID)
}

// Sending back a form as it stands changes nothing but the version: whatever the page shows, it saves.
func TestSettingsSaveWhatTheyShow(t *testing.T) {
	t.Parallel()
	w := connected(t, business(10))
	p := w.person()
	_, err := w.engine.ChangeBoard(t.Context(), w.viewer(), w.board.ID, w.boardNow().Version, func(b *kanban.Board) error {
		b.Scope = kanban.Scope{Inboxes: []kanban.InboxID{1, 2}, Statuses: []kanban.Status{kanban.StatusOpen, kanban.StatusPending}}
		b.Audience = kanban.Audience{Chosen: true, People: []kanban.AgentID{kanban.AgentID(w.sim.Agents()[0].ID)}}
		b.LostReasons, b.ReasonRequired, b.CarryStage, b.Compact, b.HideNoStage = []string{"Preço", "Sem resposta"}, true, true, true, true
		b.HiddenFields, b.Winner = []kanban.CardField{kanban.FieldChannel, kanban.FieldWindow}, kanban.EarliestStage
		b.Stages[1].WIP, b.Stages[1].RottingDays, b.Stages[1].Hidden, b.Stages[1].Color, b.Stages[1].OwnColor = 7, 14, true, "#0a0b0c", true
		return nil
	})
	require.NoError(t, err)
	before := w.boardNow()
	a := p.post(w.boardPath("settings"), p.get(w.boardPath("settings")).form(boardForm))
	require.Equal(t, http.StatusSeeOther, a.status, a.problem())
	for _, s := range before.Stages {
		path := w.boardPath("stages", s.ID, "settings")
		a = p.post(path, p.get(w.boardPath("settings")).form(fmt.Sprintf("form[action^='%s#']", path)))
		require.Equal(t, http.StatusSeeOther, a.status, a.problem())
	}
	after := w.boardNow()
	require.Greater(t, after.Version, before.Version)
	after.Version = before.Version
	require.Equal(t, before, after)
}

func TestSettingsOfABoard(t *testing.T) {
	t.Parallel()
	w := connected(t, business(10))
	p := w.person()
	form := p.get(w.boardPath("settings")).form(boardForm)
	form.Set("name", "Funil de vendas")
	form.Set("currency", "eur")
	form.Set("reasons", "Preço\n\n  Concorrente  \r\n")
	form.Set("reason_required", "yes")
	form.Set("carry", "yes")
	form.Set("density", "compact")
	form.Del("intake")
	form["field"] = []string{"message", "value"}
	form["status"] = []string{"open"}
	require.Equal(t, http.StatusSeeOther, p.post(w.boardPath("settings"), form).status)
	b := w.boardNow()
	require.Equal(t, []any{"Funil de vendas", "EUR", true, true, true, true}, []any{b.Name, b.Currency, b.ReasonRequired, b.Compact, b.HideNoStage, b.CarryStage})
	require.Equal(t, []string{"Preço", "Concorrente"}, b.LostReasons)
	require.True(t, b.Shows(kanban.FieldValue))
	require.False(t, b.Shows(kanban.FieldLabels))
	page := p.get(w.boardPath())
	require.Contains(t, page.body, `data-density="compact"`)
	require.Zero(t, page.page().Find("#stage-0").Length())
}

// What is refused is said beside its form, and nothing that was typed is lost.
func TestSettingsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := connected(t, business(10))
	p := w.person()
	before := w.boardNow()
	for name, change := range map[string]func(url.Values){
		"no name":           func(f url.Values) { f.Set("name", " ") },
		"no currency":       func(f url.Values) { f.Set("currency", "x") },
		"reasons for none":  func(f url.Values) { f.Set("reason_required", "yes"); f.Set("reasons", "") },
		"a reason twice":    func(f url.Values) { f.Set("reasons", "Preço\npreço") },
		"nobody":            func(f url.Values) { f.Set("audience", "chosen") },
		"a status unknown":  func(f url.Values) { f["status"] = []string{"late"} },
		"an inbox unknown":  func(f url.Values) { f["inbox"] = []string{"1 OR 1"} },
		"a rule unknown":    func(f url.Values) { f.Set("winner", "random") },
		"a very long name":  func(f url.Values) { f.Set("name", strings.Repeat("a", 61)) },
		"a reason too long": func(f url.Values) { f.Set("reasons", strings.Repeat("a", 61)) },
	} {
		form := p.get(w.boardPath("settings")).form(boardForm)
		form.Set("name", "Novo nome <b>")
		change(form)
		a := p.post(w.boardPath("settings"), form)
		require.Equal(t, http.StatusUnprocessableEntity, a.status, name)
		require.Equal(t, 1, a.page().Find(boardForm+" [role=alert]").Length(), name)
		require.Equal(t, strings.TrimSpace(form.Get("name")), a.form(boardForm).Get("name"), name)
		require.Equal(t, before, w.boardNow(), name)
	}
}

func TestTheSecondOfTwoAdministratorsIsTold(t *testing.T) {
	t.Parallel()
	w := connected(t, business(10))
	first, second := w.person(), w.person()
	one, two := first.get(w.boardPath("settings")).form(boardForm), second.get(w.boardPath("settings")).form(boardForm)
	one.Set("name", "Da primeira")
	two.Set("name", "Da segunda")
	require.Equal(t, http.StatusSeeOther, first.post(w.boardPath("settings"), one).status)
	a := second.post(w.boardPath("settings"), two)
	require.Equal(t, http.StatusConflict, a.status)
	require.Equal(t, "Da primeira", w.boardNow().Name)
	again := a.form(boardForm)
	require.Equal(t, "Da segunda", again.Get("name"), "what was typed is there still")
	require.Equal(t, http.StatusSeeOther, second.post(w.boardPath("settings"), again).status, "knowingly it is saved")
	require.Equal(t, "Da segunda", w.boardNow().Name)
}

func TestAddingAStage(t *testing.T) {
	t.Parallel()
	w := connected(t, business(10))
	p := w.person()
	add := func(change func(url.Values)) answer {
		form := p.get(w.boardPath("settings")).form("#new-stage form")
		change(form)
		return p.post(w.boardPath("stages"), form)
	}
	a := add(func(f url.Values) { f.Set("name", "Visita"); f.Set("label", "Visita técnica!") })
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	again := a.form("#new-stage form")
	require.Equal(t, "visita-tecnica", again.Get("label"), "what would do is filled in")
	require.Equal(t, http.StatusSeeOther, p.post(w.boardPath("stages"), again).status)
	require.Equal(t, "visita-tecnica", w.boardNow().Stages[3].Title)

	_, err := w.engine.MakeBoard(t.Context(), w.board.Account, "Suporte", "BRL", []kanban.StageSpec{{Title: "espera", Kind: kanban.StageOpen}})
	require.NoError(t, err)
	a = add(func(f url.Values) { f.Set("name", "Espera") })
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Contains(t, a.problem(), "Suporte")
	require.Equal(t, 1, a.page().Find("#new-stage [name=share]").Length())
	again = a.form("#new-stage form")
	again.Set("share", "yes")
	require.Equal(t, http.StatusSeeOther, p.post(w.boardPath("stages"), again).status)
	require.Contains(t, p.get(w.boardPath("settings")).body, "Suporte", "it is said that the label is shared")
}

func TestALabelThatChatwootWillNotRename(t *testing.T) {
	t.Parallel()
	w := connected(t, business(10))
	p := w.person()
	w.sim.Fault(chatwoottest.Fault{Match: "PATCH */labels/*", Kind: chatwoottest.FaultRefuse401})
	form := p.get(w.boardPath("settings")).form(w.stageForm("proposta"))
	form.Set("name", "Orçamento")
	form.Set("label", "orcamento")
	a := p.post(w.boardPath("stages", w.stage("proposta").ID, "settings"), form)
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Equal(t, "Orçamento", w.boardNow().Stages[2].Name)
	require.Equal(t, "proposta", w.boardNow().Stages[2].Title)
	require.Equal(t, "orcamento", a.form(w.stageForm("proposta")).Get("label"))
	w.sim.ClearFaults()
	require.Equal(t, http.StatusSeeOther, p.post(w.boardPath("stages", w.stage("proposta").ID, "settings"), a.form(w.stageForm("proposta"))).status)
	require.Equal(t, "orcamento", w.boardNow().Stages[2].Title)
}

func TestRemovingAStageShowsHowFarItIs(t *testing.T) {
	t.Parallel()
	w := connected(t, business(60))
	p := w.person()
	path := w.boardPath("stages", w.stage("proposta").ID, "removal")
	form := p.get(w.boardPath("settings")).form(fmt.Sprintf("form[action^='%s#']", path))
	form.Set("wish", "remove")
	require.Equal(t, http.StatusUnprocessableEntity, p.post(path, form).status, "nowhere was chosen")
	w.sim.Fault(chatwoottest.Fault{Match: "POST */labels", Kind: chatwoottest.FaultStatus502})
	form.Set("to", fmt.Sprint(w.stage("novo").ID))
	require.Equal(t, http.StatusSeeOther, p.post(path, form).status)
	require.Equal(t, 1, p.get(w.boardPath("settings")).page().Find(".leaving progress").Length())
	require.Equal(t, http.StatusOK, p.get(path).status)
	require.Equal(t, 1, p.get(w.boardPath()).page().Find(".stage__gone").Length(), "the board tells of it")
	w.sim.ClearFaults()
	w.eventually(func() bool { return len(w.boardNow().Stages) == 4 }, "the stage goes")
	a := p.with("HX-Request", "true").get(path)
	require.Equal(t, http.StatusOK, a.status)
	require.NotContains(t, a.body, "hx-get", "nothing more is asked")
	require.Contains(t, a.header.Get("HX-Trigger"), fmt.Sprint(w.boardNow().Version))
}

func TestBoardsOfAnAccount(t *testing.T) {
	t.Parallel()
	w := connected(t, business(10))
	p := w.person()
	path := fmt.Sprintf("/accounts/%d/boards", w.board.Account)
	create := "details#new-board form[method=post]"
	require.Contains(t, p.with("Accept-Language", "pt-BR").get(path).page().Find(".choice:has([value=sales])").Text(), w.boardNow().Name, "it is said that labels are shared")
	form := p.get(path).form(create)
	form.Set("name", "Suporte")
	form.Set("plan", "support")
	a := p.post(path, form)
	require.Equal(t, http.StatusSeeOther, a.status, a.problem())
	form.Set("plan", "nothing")
	a = p.post(path, form)
	require.Equal(t, http.StatusUnprocessableEntity, a.status)
	require.Equal(t, "Suporte", a.form(create).Get("name"), "on the page it was asked for on, with what was typed")

	names := func() string {
		return strings.Join(p.get(path).page().Find("main > .boards .boards__name").Map(func(_ int, s *goquery.Selection) string { return s.Text() }), ",")
	}
	first := w.boardNow().Name
	require.Equal(t, first+",Suporte", names())
	order := p.get(path)
	values := url.Values{"board": order.page().Find("input[name=board]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") }), "down": {fmt.Sprint(w.board.ID)}}
	require.Equal(t, http.StatusSeeOther, p.post(path+"/order", values).status)
	require.Equal(t, "Suporte,"+first, names())

	archive := p.get(w.boardPath("settings")).form("#archive-form")
	archive.Set("wish", "yes")
	require.Equal(t, http.StatusSeeOther, p.post(w.boardPath("archive"), archive).status)
	require.Equal(t, "Suporte", names())
	back := p.get(path).form("form[action$='/archive']")
	back.Set("wish", "no")
	require.Equal(t, http.StatusSeeOther, p.post(w.boardPath("archive"), back).status)
	require.Equal(t, "Suporte,"+first, names())
}

func TestFavouritesAreFirst(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	own := c.objects[0]
	second, err := c.engine.CopyBoard(t.Context(), own.owner(), own.board.ID, "Second")
	require.NoError(t, err)
	agent, other := c.role("agent").browser, c.role("administrator").browser
	require.Equal(t, own.address("/boards/:board", 0), agent.get("/").header.Get("Location"))
	require.Equal(t, http.StatusSeeOther, agent.post(fmt.Sprintf("/boards/%d/favourite", second.ID), url.Values{"wish": {"yes"}}).status)
	require.Equal(t, fmt.Sprintf("/boards/%d", second.ID), agent.get("/").header.Get("Location"))
	require.Equal(t, own.address("/boards/:board", 0), other.get("/").header.Get("Location"), "it is the agent's own")
	require.Equal(t, 1, agent.get("/accounts/1/boards").page().Find(".boards__star[aria-pressed=true]").Length())
	require.Zero(t, agent.get("/accounts/1/boards").page().Find("#new-board, #board-order").Length(), "agents arrange nothing")
	require.Equal(t, http.StatusSeeOther, agent.post(fmt.Sprintf("/boards/%d/favourite", second.ID), url.Values{"wish": {"no"}}).status)
	require.Equal(t, own.address("/boards/:board", 0), agent.get("/").header.Get("Location"))
}

// Without a script the buttons send the form, which answers with the page.
func TestOrderOfStagesWithoutAScript(t *testing.T) {
	t.Parallel()
	w := connected(t, business(10))
	p := w.person()
	page := p.get(w.boardPath("settings"))
	form := page.form("#stage-order")
	form["stage"] = page.page().Find("input[name=stage][form=stage-order]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") })
	form.Set("up", fmt.Sprint(w.stage("proposta").ID))
	require.Equal(t, http.StatusSeeOther, p.post(w.boardPath("stages", "order"), form).status)
	require.Equal(t, "proposta", w.boardNow().Stages[1].Title)
	require.Equal(t, http.StatusConflict, p.post(w.boardPath("stages", "order"), form).status, "it was made from an older board")
	form.Set("stage", "x")
	require.Equal(t, http.StatusUnprocessableEntity, p.post(w.boardPath("stages", "order"), form).status)
}
