package main_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// says waits for a line with these words in the conversation.
func (p *tab) says(what string) {
	p.t.Helper()
	p.until("it says "+what, `[...document.querySelectorAll("#messages .line")].some((l) => !l.hidden && l.innerText.includes(%q))`, what)
}

// said are the texts of our side in Chatwoot.
func (w *world) said(id int64) []string {
	w.t.Helper()
	page, err := w.direct().Messages(w.t.Context(), id, chatwoot.MessagesOptions{})
	require.NoError(w.t, err)
	var all []string
	for _, m := range page.Messages {
		if m.MessageType == chatwoot.Outgoing {
			all = append(all, m.Content)
		}
	}
	return all
}

func TestBrowserThread(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	for n := range 30 {
		w.sim.Incoming(id, "linha "+string(rune('A'+n%26)))
	}
	w.sim.Incoming(id, "a última")
	p := w.browser("thread").opensBoard(w).opensCard(id)
	p.says("a última")
	p.until("the latest line is in sight", `((s) => s.scrollHeight - s.scrollTop - s.clientHeight < 80)(document.querySelector(".thread__scroll"))`)
	require.Less(t, value[int](p, `document.querySelectorAll("#messages .line").length`), 22)

	value[any](p, `document.querySelector(".thread__scroll").scrollTop = 0`)
	p.says("Oi, quanto custa a mesa?")
	w.sim.Incoming(id, "enquanto você lê")
	p.says("enquanto você lê")
	p.until("whoever reads above is offered the new one", `!document.querySelector("[data-newest]").hidden && ((s) => s.scrollHeight - s.scrollTop - s.clientHeight > 80)(document.querySelector(".thread__scroll"))`)
	p.click("[data-newest]")

	p.click("#composer textarea")
	p.press("Custa **R$ 1.500**")
	p.press(kb.Enter, chromedp.ModifierCtrl)
	p.says("Custa R$ 1.500")
	p.until("it is bold, and the place to write is empty", `document.querySelector("#messages .line[data-kind=out] strong") && document.querySelector("#composer textarea").value === ""`)
	require.Equal(t, []string{"Custa **R$ 1.500**"}, w.said(id))

	p.press(kb.Escape)
	p.press("n")
	p.press("Pediu desconto")
	p.click("#composer .button--main")
	p.until("it is a note", `document.querySelector("#messages .line[data-kind=note]")?.textContent.includes("Pediu desconto")`)
}

func TestBrowserDraftIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	one, two := w.conversation("Ana Lima", "novo"), w.conversation("Bruno Sá", "novo")
	p := w.browser("draft").opensBoard(w).opensCard(one)
	p.click("#composer textarea")
	p.press("Começo de uma resposta")
	p.opensCard(two)
	p.until("the other conversation has none", `document.querySelector("#composer textarea").value === ""`)
	p.do(chromedp.Reload())
	p.panelOf(two)
	p.click("#panel [data-close-panel]")
	p.panelGone()
	p.opensCard(one)
	p.until("the draft is there", `document.querySelector("#composer textarea").value === "Começo de uma resposta"`)
}

func TestBrowserCannedAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", "novo")
	all, err := w.direct().CannedResponses(t.Context(), "")
	require.NoError(t, err)
	require.NotEmpty(t, all)
	p := w.browser("canned").opensBoard(w).opensCard(id)
	p.click("#composer textarea")
	p.press("/" + all[0].ShortCode)
	p.until("it is offered", `document.querySelector("#canned [role=option]") && !document.getElementById("canned").hidden`)
	p.press(kb.Enter)
	p.until("it is there", `document.getElementById("canned").hidden && document.querySelector("#composer textarea").value.length > 5 && !document.querySelector("#composer textarea").value.includes("/")`)
}

func TestBrowserFilesGoBothWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", "novo")
	file := filepath.Join(t.TempDir(), "sofá azul.png")
	require.NoError(t, os.WriteFile(file, dot, 0o600))
	p := w.browser("files").opensBoard(w).opensCard(id)
	p.do(chromedp.SetUploadFiles(`#composer input[type=file]`, []string{file}))
	p.until("it is named", `document.querySelector(".composer__files li")?.textContent.includes("sofá azul.png")`)
	p.click("#composer .button--main")
	p.until("the picture is shown", `document.querySelector("#messages .line__image img")?.naturalWidth === 1`)
	p.until("it came through us", `document.querySelector("#messages .line__image img").src.startsWith(location.origin + "/boards/")`)
}

// dot is a picture of one pixel.
var dot = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x35\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82")

func TestBrowserMessageWhileChatwootIsAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", "novo")
	p := w.browser("away").opensBoard(w).opensCard(id)
	p.says("Oi, quanto custa a mesa?")
	p.expects("502")

	w.sim.Fault(chatwoottest.Fault{Kind: chatwoottest.FaultStatus502})
	p.click("#composer textarea")
	p.press("Chega depois")
	p.press(kb.Enter, chromedp.ModifierCtrl)
	p.until("it waits, and says so", `document.querySelector("#sends .line[data-state=waiting]")?.textContent.includes("Chega depois")`)
	p.until("the thread says that Chatwoot is away", `!document.querySelector(".thread__trouble").hidden`)
	w.sim.ClearFaults()
	p.says("Chega depois")
	p.until("nothing waits any more", `!document.querySelector("#sends .line")`)
	require.Equal(t, []string{"Chega depois"}, w.said(id))
}

func TestBrowserHostileMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation(`<img src=x onerror=alert(1)>`, "novo")
	for _, text := range []string{
		`<script>alert(1)</script>`, `<img src="https://evil.example/x.png" onerror="alert(1)">`, "[clique](javascript:alert(1))", `**<svg onload=alert(1)>**`,
		"`<iframe src=javascript:alert(1)>`", `https://evil.example/"><script>alert(1)</script>`, "[@x](mention://user/1/<b>)",
	} {
		w.sim.Incoming(id, text)
	}
	p := w.browser("hostile").opensBoard(w).opensCard(id)
	p.says("@x")
	require.Zero(t, value[int](p, `document.querySelectorAll("#thread script, #thread iframe, #thread svg[onload], #thread [onerror], #thread a[href^='javascript']").length`))
	require.Zero(t, value[int](p, `[...document.querySelectorAll("#thread img")].filter((i) => !i.src.startsWith(location.origin)).length`))
	p.sound("thread")
}

func TestBrowserThreadIsAccessible(t *testing.T) {
	t.Parallel()
	w := newWorld(t, chatwoottest.Options{})
	id := w.conversation("Ana Lima", with("novo")...)
	w.sim.Reply(0, id, "Custa R$ 1.500, veja https://example.com/mesa")
	w.sim.Note(0, id, "Pediu desconto")
	w.sim.Fault(chatwoottest.Fault{Match: "POST */messages", Kind: chatwoottest.FaultRefuse401})
	p := w.browser("axe").opensBoard(w).opensCard(id)
	p.click("#composer textarea")
	p.press("Recusada")
	p.press(kb.Enter, chromedp.ModifierCtrl)
	p.until("it failed", `document.querySelector("#sends .line[data-state=failed]")`)
	for _, m := range manners {
		p.inManner(w, m).opens(w.url(w.panelPath(id)))
		p.panelOf(id)
		p.says("Pediu desconto")
		p.accessible("thread, " + m.String())
	}
}
