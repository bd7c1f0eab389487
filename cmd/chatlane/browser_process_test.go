package main_test

import (
	"context"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// chromium is the one browser process of all tests in a browser; each test has a context of its own in it.
var chromium struct {
	once sync.Once
	ctx  context.Context
	err  error
	end  []func()
}

// atOnce bounds how many tests have the browser to themselves: a machine of two cores draws no more boards in time.
var atOnce = make(chan struct{}, 2)

func TestMain(m *testing.M) {
	code := m.Run()
	for _, v := range slices.Backward(chromium.end) {
		v()
	}
	if programDir != "" {
		_ = os.RemoveAll(programDir)
	}
	os.Exit(code)
}

// startBrowser waits for a turn and starts the browser if it does not run yet. Without a browser the test is skipped, in CI it fails.
func startBrowser(t *testing.T) {
	t.Helper()
	path := os.Getenv("CHATLANE_BROWSER")
	if path == "" {
		require.NotEqual(t, "true", os.Getenv("CI"), "CHATLANE_BROWSER names no browser, and in CI these tests may not be skipped")
		t.Skip("CHATLANE_BROWSER names no browser: set it to the path of a Chromium, or run make test-browser")
	}
	atOnce <- struct{}{}
	t.Cleanup(func() { <-atOnce })
	chromium.once.Do(func() { launch(path) })
	require.NoError(t, chromium.err)
}

func launch(path string) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.DisableGPU, chromedp.WindowSize(1440, 900), chromedp.Flag("lang", "en-US"),
		chromedp.Flag("hide-scrollbars", false),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // it cannot be had as root
	}
	allocator, endAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(allocator)
	chromium.ctx, chromium.end = ctx, []func(){endAllocator, end}
	chromium.err = chromedp.Do(ctx)
}
