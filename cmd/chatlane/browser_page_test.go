package main_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// tab is a page in a browser. What its console says of errors, what it throws, what it cannot load and any dialog fails the test.
type tab struct {
	t    *testing.T
	ctx  context.Context
	name string

	mu       sync.Mutex
	troubles []string
	expected []string // parts of what the test itself brings about
	requests map[network.RequestID]string
}

// browser opens a page in a browser of its own: no cookie, no storage is shared with another one.
func (w *world) browser(name string) *tab {
	w.t.Helper()
	return openTab(chromium.ctx, w.t, name, chromedp.WithNewBrowserContext())
}

// another opens a further page in the same browser.
func (p *tab) another(name string) *tab { return openTab(p.ctx, p.t, name) }

func openTab(parent context.Context, t *testing.T, name string, options ...chromedp.ContextOption) *tab {
	t.Helper()
	p := &tab{t: t, name: name, requests: map[network.RequestID]string{}}
	ctx, cancel := chromedp.NewContext(parent, append(options, chromedp.WithListener(p.hear))...)
	p.ctx = ctx
	t.Cleanup(cancel)
	t.Cleanup(p.judge)
	p.do(chromedp.EmulateViewport(1440, 900))
	_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	require.NoError(t, err)
	return p
}

// hear notes what went wrong. It must not run a command itself.
func (p *tab) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.note("exception: %s %s", e.ExceptionDetails.Text, descriptionOf(e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			p.noteConsole(words(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			p.note("log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		p.requests[e.RequestID] = e.Request.Method + " " + e.Request.URL
	case *network.EventLoadingFailed:
		if !e.Canceled && e.ErrorText != "net::ERR_ABORTED" {
			p.note("failed: %s %s", p.requests[e.RequestID], e.ErrorText)
		}
	case *page.EventJavascriptDialogOpening:
		p.note("dialog: %s", e.Message)
		go func() { _, _ = chromedp.Call(p.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{}) }()
	}
}

// noteConsole leaves out what htmx says of a request that ended because its page was left: that of the request, then why.
func (p *tab) noteConsole(said string) {
	last := len(p.troubles) - 1
	if !strings.Contains(said, "htmx:sendAbort") {
		p.note("console: %s", said)
	} else if last >= 0 && strings.Contains(p.troubles[last], "htmx:afterRequest") {
		p.troubles = p.troubles[:last]
	}
}

func (p *tab) note(format string, args ...any) {
	p.troubles = append(p.troubles, fmt.Sprintf(format, args...))
}

func descriptionOf(o *runtime.RemoteObject) string {
	if o == nil {
		return ""
	}
	return o.Description
}

func words(args []*runtime.RemoteObject) string {
	var all []string
	for _, a := range args {
		all = append(all, string(a.Value)+a.Description)
	}
	return strings.Join(all, " ")
}

// expects says that trouble with these words in it is what the test brings about.
func (p *tab) expects(parts ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expected = append(p.expected, parts...)
}

// judge fails the test for what went wrong on the page, and keeps a picture of a failure.
func (p *tab) judge() {
	p.mu.Lock()
	for _, trouble := range p.troubles {
		if !containsAny(trouble, p.expected) {
			p.t.Errorf("%s: %s", p.name, trouble)
		}
	}
	p.mu.Unlock()
	if p.t.Failed() {
		p.shoot("failed")
	}
}

func containsAny(s string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

// shoot keeps a picture of the page in the folder CHATLANE_SHOTS, if there is one.
func (p *tab) shoot(what string) {
	dir := os.Getenv("CHATLANE_SHOTS")
	if dir == "" {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, 10*time.Second)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Logf("no picture of %s: %v", p.name, err)
		return
	}
	file := filepath.Join(dir, strings.ReplaceAll(p.t.Name(), "/", "-")+"-"+p.name+"-"+what+".png")
	if err := os.WriteFile(file, picture, 0o600); err == nil {
		p.t.Logf("picture: %s", file)
	}
}

// limit is a time that only a hang reaches, even where many share a small machine.
const limit = 90 * time.Second

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 2*limit)
	defer cancel()
	require.NoError(p.t, chromedp.Do(p.started(ctx), steps...), p.name)
}

// started has the page opened by the page's own context: one that ends would take the page along.
func (p *tab) started(ctx context.Context) context.Context {
	if chromedp.FromContext(p.ctx).Target == nil {
		require.NoError(p.t, chromedp.Do(p.ctx), p.name)
	}
	return ctx
}

func command[P, R any](p *tab, cmd cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, limit)
	defer cancel()
	r, err := chromedp.Call(ctx, cmd, params)
	require.NoError(p.t, err, p.name)
	return r
}

// value is what a script comes to on the page.
func value[T any](p *tab, script string, args ...any) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 2*limit)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](fill(script, args), chromedp.EvalAwaitPromise))
	require.NoError(p.t, err, "%s: %s", p.name, fill(script, args))
	return v
}

func fill(script string, args []any) string {
	if len(args) == 0 {
		return script
	}
	return fmt.Sprintf(script, args...)
}

// until waits for a condition on the page. The page is asked again and again: it may be another one meanwhile.
func (p *tab) until(what, script string, args ...any) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, limit)
	defer cancel()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	condition := "!!(" + fill(script, args) + ")"
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](condition))
		if err == nil && ok {
			return
		}
		select {
		case <-ctx.Done():
			p.t.Errorf("%s never: %s\n%s\nlast error: %v", p.name, what, condition, err)
			p.t.FailNow()
		case <-ticker.C:
		}
	}
}
