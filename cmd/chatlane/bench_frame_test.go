package main_test

import (
	"fmt"
	"testing"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// TestBenchP13 is QUALITY P13: from the frame's request to the panel on the screen, in a browser that has nothing of it yet, and what
// comes over the wire for it.
func TestBenchP13(t *testing.T) {
	measuring(t)
	w := newWorld(t, chatwoottest.Options{Seed: 4, Conversations: 400})
	w.sim.AddDashboardApp("Funil", w.framedURL("/embed"))
	id := w.conversation("Rita Moraes", with("novo")...)
	var seconds, bytes []float64
	for i := range benchRounds() {
		t.Run(fmt.Sprintf("cold %d", i), func(t *testing.T) { // the tab is closed at its end: a person has one
			w.t = t
			f := w.browser("cold").opensTab(w, id) // with a cache of its own
			f.until("the panel is there", `performance.getEntriesByName("panel").length`)
			seconds = append(seconds, value[float64](f, `performance.getEntriesByName("panel")[0].startTime / 1000`))
			bytes = append(bytes, value[float64](f, `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
				.filter(e => !e.name.includes("/events")).reduce((sum, e) => sum + e.transferSize, 0)`))
		})
	}
	figure{"P13", "frame in Chatwoot, cold: request → panel shown", seconds, ms, "Chromium, new cache each", "≤ 150 ms", atMost(0.150)}.print()
	figure{"P13", "the same on the wire", bytes, kilobytes, "page, style, script, panel", "≤ 60 KB", atMost(60e3)}.print()
}
