package main_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
	"github.com/chatlane/chatlane/kanban"
)

// order are the labels of the board's stages, in their order.
func (w *world) order() string {
	b, err := w.store.Board(w.t.Context(), w.board.ID)
	require.NoError(w.t, err)
	var titles []string
	for _, s := range b.Stages {
		titles = append(titles, s.Title)
	}
	return strings.Join(titles, " ")
}

// ordered waits until the stages are saved in an order, and shown so.
func (p *tab) ordered(w *world, want string) {
	p.t.Helper()
	w.eventually(func() bool { return w.order() == want }, "the order is %s", want)
	p.until("it is shown", `[...document.querySelectorAll("#stages > li [name=label]")].map(l => l.value).join(" ") === %q`, want)
	b, err := w.store.Board(p.t.Context(), w.board.ID)
	require.NoError(p.t, err)
	p.until("every form is made from it", `[...document.querySelectorAll("[name=version]")].every(v => v.value === "%d")`, b.Version)
}

func (w *world) settingsURL() string { return w.boardURL() + "/settings" }

// row is a part of a stage on the page.
func (w *world) row(label, part string) string {
	return strings.TrimSpace(fmt.Sprintf("#stage-%d-settings %s", w.stage(label), part))
}

// Stages are put in order by the keys, with the mouse and with a finger, to the same end.
func TestBrowserOrdersStages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	p := w.browser("settings").opens(w.settingsURL())
	p.ordered(w, "novo qualificado proposta ganho perdido")

	p.focus(w.row("proposta", "[data-order=up]"))
	p.press(kb.Enter)
	p.ordered(w, "novo proposta qualificado ganho perdido")
	p.until("it is said", `document.getElementById("announcer").textContent.includes("Proposta")`)
	p.press(kb.Enter)
	p.ordered(w, "proposta novo qualificado ganho perdido")
	p.until("the focus is on what can be done next", `document.activeElement.matches(%q)`, w.row("proposta", "[data-order=down]"))

	from, to := p.pointOf(w.row("proposta", ".stages__grip")), p.pointOf(w.row("qualificado", ".stages__grip"))
	p.do(chromedp.DragAndDropXY(from.X, from.Y, to.X, to.Y+8, 30))
	p.ordered(w, "novo qualificado proposta ganho perdido")

	phone := p.another("phone").phone(390, 844).opens(w.settingsURL())
	from, to = phone.pointOf(w.row("novo", ".stages__grip")), phone.pointOf(w.row("proposta", ".stages__grip"))
	phone.touch(input.DispatchTouchEventTypeTouchStart, from)
	for i := range 30 {
		phone.touch(input.DispatchTouchEventTypeTouchMove, point{from.X, from.Y + (to.Y+8-from.Y)*float64(i+1)/30})
	}
	phone.touch(input.DispatchTouchEventTypeTouchEnd)
	phone.ordered(w, "qualificado proposta novo ganho perdido")

	// The first page was made from an older board: it is told, and shows what is true.
	p.expects("409")
	p.click(w.row("novo", "[data-order=down]"))
	p.until("it is told", `document.querySelector("#notices .notice")`)
	p.until("the row is back", `document.querySelector("#stages > li:first-child [name=label]").value === "novo"`)
	require.Equal(t, "qualificado proposta novo ganho perdido", w.order())
}

// What is changed here is seen at once on a board that is open.
func TestBrowserStagesLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	ids := []int64{w.conversation("Ana Lima", with("proposta")...), w.conversation("Rui Dias", with("proposta")...)}
	board := w.browser("board").opensBoard(w)
	board.shows(ids[0], w.stage("proposta"))
	p := board.another("settings").opens(w.settingsURL())

	p.click("#new-stage > summary")
	p.focus("#new-stage [name=name]")
	p.press("Visita agendada")
	p.press(kb.Enter)
	p.until("the stage is there", `document.readyState === "complete" && [...document.querySelectorAll("#stages .stages__name")].some(n => n.textContent === "Visita agendada")`)
	board.until("the menu offers it, too", `[...document.querySelectorAll("#card-menu [role=option]")].some(o => o.dataset.name === "Visita agendada")`)
	board.until("its column is there", `[...document.querySelectorAll(".stage__name")].some(n => n.textContent === "Visita agendada")`)
	b, err := w.store.Board(t.Context(), w.board.ID)
	require.NoError(t, err)
	at := slices.IndexFunc(b.Stages, func(s kanban.Stage) bool { return s.Title == "visita-agendada" })
	require.Equal(t, 3, at, "after the open stages")

	p.click(w.row("proposta", "summary"))
	p.focus(w.row("proposta", "[name=name]"))
	p.do(chromedp.SetValue(w.row("proposta", "[name=name]"), "Orçamento"), chromedp.SetValue(w.row("proposta", "[name=wip]"), "1"))
	p.click(w.row("proposta", ".button--main"))
	board.until("its name and its limit are shown", `document.querySelector("#stage-%d-name").textContent === "Orçamento" && document.querySelector("#stage-%d-head [data-limit=over]")`, w.stage("proposta"), w.stage("proposta"))

	board.until("the menu says so, too", `document.querySelector("#move-to-%d").dataset.name === "Orçamento"`, w.stage("proposta"))
	p.until("the page is back", `location.search === "?done=saved" && document.readyState === "complete"`)
	p.click(w.row("proposta", "summary"))
	p.click(w.row("proposta", ".fold > summary"))
	p.do(chromedp.SetValue(w.row("proposta", "[name=to]"), fmt.Sprint(w.stage("novo"))))
	p.click(w.row("proposta", ".button--danger"))
	board.until("the column is gone", `!document.querySelector("#stage-%d")`, w.stage("proposta"))
	for _, id := range ids {
		w.labelled(id, with("novo")...)
		board.shows(id, w.stage("novo"))
	}
}

// The pages of settings and of boards can be read and used by everybody, whatever is on them.
func TestBrowserAxeSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	w.conversation("Ana Lima", "proposta")
	v := kanban.Viewer{Actor: w.account.TokenOwner, Account: w.account.ID, Role: kanban.RoleAdministrator}
	second, err := w.engine.CopyBoard(t.Context(), v, w.board.ID, "Pós-venda")
	require.NoError(t, err)
	third, err := w.engine.CopyBoard(t.Context(), v, w.board.ID, "Antigo")
	require.NoError(t, err)
	_, err = w.engine.ChangeBoard(t.Context(), v, third.ID, third.Version, func(b *kanban.Board) error { b.Archive(true, third.ArchivedAt.AddDate(2026, 0, 0)); return nil })
	require.NoError(t, err)
	w.sim.Fault(chatwoottest.Fault{Match: "POST */labels", Kind: chatwoottest.FaultStatus502}) // so that a stage is being emptied all the time
	_, err = w.engine.RemoveStage(t.Context(), v, second.ID, second.Version, second.Stages[2].ID, kanban.StageRemoval{To: second.Stages[0].ID})
	require.NoError(t, err)
	p := w.browser("axe")
	p.expects("409")
	const openAll = `document.querySelectorAll("details").forEach(d => d.open = true)`
	for _, m := range manners {
		p.inManner(w, m)
		for _, path := range []string{fmt.Sprintf("/boards/%d/settings", w.board.ID), fmt.Sprintf("/boards/%d/settings?done=saved", second.ID), fmt.Sprintf("/boards/%d/settings", third.ID), fmt.Sprintf("/accounts/%d/boards", w.account.ID)} {
			p.opens(w.url(path))
			value[any](p, openAll)
			p.accessible(path + ", " + m.String())
			require.Empty(t, value[[]string](p, overflowing), path+", "+m.String())
		}
		p.opens(w.settingsURL())
		value[any](p, `document.querySelector("#board-form [name=version]").value = 0`)
		p.click("#board-form > .button--main")
		p.until("it is refused", `document.querySelector("#board-form [role=alert]")`)
		p.accessible("refused, " + m.String())
		p.opensBoard(w)
		p.click(".bar__board")
		p.until("the menu is open", `document.querySelector("#boards").matches(":popover-open")`)
		p.accessible("boards, " + m.String())
	}
	for _, width := range []int64{320, 768} {
		p.do(chromedp.EmulateViewport(width, 640))
		p.opens(w.settingsURL())
		value[any](p, openAll)
		require.Empty(t, value[[]string](p, overflowing), "at %d px", width)
	}
}
