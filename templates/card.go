package templates

import (
	"context"
	"html"
	"io"
	"sync"

	"github.com/a-h/templ"
)

// Card is a card's face. There is no form in it: browsers look through all forms of a page for what they could fill in, and lay out each
// card that is not yet shown to do so, which takes longer than all the rest of loading a board.
//
// It is the one fragment written in Go and not in templ: a board shows hundreds of cards, each with thirty values, and templ takes
// two allocations a value. So the first screen is drawn in a fifth of the time. Every value goes through text or attr, which escape.
func Card(v CardView) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		f := faces.Get().(*face)
		defer faces.Put(f)
		f.b = f.b[:0]
		f.open(v)
		f.who(v)
		f.said(v)
		f.facts(v)
		if v.marked() {
			if err := cardMarks(v).Render(ctx, f); err != nil {
				return err
			}
		}
		f.raw(`<button class="card__menu" tabindex="-1" aria-haspopup="dialog"`).attr("aria-label", v.Words.Actions).raw(`></button></li>`)
		_, err := w.Write(f.b)
		return err
	})
}

// face is a card being written.
type face struct{ b []byte }

var faces = sync.Pool{New: func() any { return new(face) }}

func (f *face) Write(p []byte) (int, error) {
	f.b = append(f.b, p...)
	return len(p), nil
}

// raw appends markup. It is only ever given constants.
func (f *face) raw(markup string) *face {
	f.b = append(f.b, markup...)
	return f
}

func (f *face) text(s string) *face {
	f.b = append(f.b, html.EscapeString(s)...)
	return f
}

func (f *face) attr(name, value string) *face {
	f.b = append(append(append(f.b, ' '), name...), `="`...)
	return f.text(value).raw(`"`)
}

// state is an attribute that is there only when it says something.
func (f *face) state(name, value string) *face {
	if value == "" {
		return f
	}
	return f.attr(name, value)
}

func (f *face) icon(href string) *face {
	return f.raw(`<svg class="icon"><use`).attr("href", href).raw(`></use></svg>`)
}

func (f *face) open(v CardView) {
	f.raw(`<li class="card"`).attr("id", v.ID).attr("data-stage", v.Stage).attr("data-sort", v.Sort).state("data-lane", v.Lane)
	f.state("data-contact", v.Contact).state("data-rot", v.Rot).state("data-mover", v.Mover)
	if v.Booked {
		f.raw(` data-booked`)
	}
	if v.Pending != nil {
		f.attr("data-move", v.Pending.Move)
		if !v.Pending.Waiting {
			f.raw(` aria-busy="true"`)
		}
	}
	if v.Held {
		f.raw(` tabindex="0">`)
	} else {
		f.raw(` tabindex="-1">`)
	}
}

// who is the first line: the customer, and how urgently they need somebody.
func (f *face) who(v CardView) {
	f.raw(`<div class="card__who"><span class="avatar" aria-hidden="true"`).attr("data-hue", v.Hue).raw(`>`).text(v.Initials).raw(`</span>`)
	f.raw(`<a class="card__name" tabindex="-1" draggable="false" dir="auto"`).attr("href", v.PanelPath).raw(`>`).text(v.Name).raw(`</a>`)
	if v.Priority.Level != "" {
		f.raw(`<span class="card__priority" role="img"`).attr("data-level", v.Priority.Level).attr("aria-label", v.Priority.Text).raw(`>`).icon(v.Priority.Icon).raw(`</span>`)
	}
	if v.Unread != "" {
		f.raw(`<span class="card__unread" role="img"`).attr("aria-label", v.UnreadText).raw(`>`).text(v.Unread).raw(`</span>`)
	}
	if v.Waiting.At != "" {
		f.raw(`<span class="clock clock--wait"`).clock("#i-wait", v.Words.Waiting, v.Waiting)
	}
	f.raw(`</div>`)
}

// clock ends a span that was begun, with a time that the page keeps current.
func (f *face) clock(icon, title string, v ClockView) {
	f.attr("title", title).state("data-level", v.Level).raw(`>`).icon(icon)
	f.raw(`<time`).attr("datetime", v.At).raw(`>`).text(v.Text).raw(`</time></span>`)
}

// said is the second line: the last message and who said it.
func (f *face) said(v CardView) {
	if v.Message.Kind == "" {
		return
	}
	f.raw(`<div class="card__said" dir="auto"`).attr("data-kind", v.Message.Kind).raw(`>`)
	if v.Message.Icon != "" {
		f.icon(v.Message.Icon)
	}
	if v.Message.Who != "" {
		f.raw(`<span>`).text(v.Message.Who).raw(`:</span> `)
	}
	f.text(v.Message.Text).raw(`</div>`)
}

// facts is the third line.
func (f *face) facts(v CardView) {
	f.raw(`<div class="card__facts"`)
	if v.NextStep.Title != "" {
		f.raw(` data-next`) // styles ask for it here: a :has() would look at every card again whenever one changes
	}
	f.raw(`>`)
	if v.Channel.Kind != "" {
		f.raw(`<span class="card__channel" role="img"`).attr("data-channel", v.Channel.Kind).attr("aria-label", v.Channel.Name).raw(`>`).icon(v.Channel.Icon).raw(`</span>`)
	}
	f.window(v)
	if v.Value != "" {
		f.raw(`<span class="card__value">`).text(v.Value).raw(`</span>`)
	}
	f.nextStep(v.NextStep)
	f.labels(v.Labels)
	f.raw(`<span class="card__end">`)
	if v.InStage.At != "" {
		f.raw(`<span class="clock clock--timer"`).clock("#i-timer", v.Words.InStage, v.InStage)
	}
	if a := v.Assignee; a.Name != "" {
		f.raw(`<span class="avatar avatar--small" role="img"`).attr("data-hue", a.Hue).attr("aria-label", a.Name).raw(`>`).text(a.Initials).raw(`</span>`)
	}
	f.raw(`</span></div>`)
}

func (f *face) window(v CardView) {
	switch w := v.Window; {
	case w.Closed:
		f.raw(`<span class="clock clock--window" data-level="closed" role="img"`).attr("aria-label", v.Words.WindowClosed).raw(`>`).icon("#i-lock").raw(`</span>`)
	case w.Shown:
		f.raw(`<span class="clock clock--window"`).attr("title", v.Words.Window).state("data-level", w.Level).raw(`>`).icon("#i-window")
		f.raw(`<time data-left`).attr("datetime", w.Until).raw(`>`).text(w.Text).raw(`</time></span>`)
	}
}

func (f *face) nextStep(v NextStepView) {
	if v.Title == "" {
		return
	}
	f.raw(`<span class="card__next"`).attr("data-level", v.Level).attr("title", v.Title)
	if v.On != "" {
		f.raw(` data-dated`)
	}
	f.raw(`>`).icon("#i-calendar")
	if v.On != "" {
		f.raw(`<time data-day`).attr("datetime", v.On).raw(`>`).text(v.Day).raw(`</time>`)
	}
	f.raw(`</span>`)
}

func (f *face) labels(v LabelsView) {
	if v.Names == "" {
		return
	}
	f.raw(`<span class="card__labels" role="img"`).attr("aria-label", v.Names).raw(`>`)
	for _, class := range v.Dots {
		f.raw(`<i`).attr("class", class).raw(`></i>`)
	}
	f.text(v.More).raw(`</span>`)
}
