package templates

import (
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// The page's script (times.js) draws the same levels as time goes on.
const (
	replyWindow  = 24 * time.Hour // WhatsApp: a business may write freely so long after the customer's last message
	windowSoon   = 4 * time.Hour
	waitingLong  = time.Hour
	waitingWorse = 24 * time.Hour
)

func (d *deck) clocks(v *CardView, c kanban.Card) {
	next := d.nextStep(c.Deal)
	v.Booked = next.Level == "booked"
	if d.board.Shows(kanban.FieldNextStep) {
		v.NextStep = next
	}
	if d.board.Shows(kanban.FieldWindow) {
		v.Window = d.window(c.Conversation)
	}
	if !d.board.Shows(kanban.FieldClocks) {
		return // without its number of days a tint would speak by colour alone
	}
	if at := c.EnteredAt; !at.IsZero() {
		v.InStage = d.clock(at)
		if !v.Booked {
			v.Rot = d.rot(c)
		}
	}
	if at := c.Conversation.WaitingSince; !at.IsZero() && c.Conversation.Status != kanban.StatusResolved {
		v.Waiting = d.clock(at)
		v.Waiting.Level = waitingLevel(d.now.Sub(at))
	}
}

func (d *deck) clock(at time.Time) ClockView {
	return ClockView{At: stamp(at), Text: d.loc.Age(d.now.Sub(at))}
}

func waitingLevel(age time.Duration) string {
	switch {
	case age >= waitingWorse:
		return "2"
	case age >= waitingLong:
		return "1"
	}
	return ""
}

// rot is how stale a card is, in steps of its stage's days: 50, 75, 100 and 150 %.
func (d *deck) rot(c kanban.Card) string {
	s, ok := d.board.Stage(c.Stage)
	if !ok || s.RottingDays <= 0 || s.Kind != kanban.StageOpen {
		return ""
	}
	share := d.now.Sub(c.EnteredAt).Hours() / (24 * float64(s.RottingDays))
	switch {
	case share >= 1.5:
		return "4"
	case share >= 1:
		return "3"
	case share >= 0.75:
		return "2"
	case share >= 0.5:
		return "1"
	}
	return ""
}

func (d *deck) window(c kanban.Conversation) WindowView {
	if c.Channel != "Channel::Whatsapp" || c.Status == kanban.StatusResolved {
		return WindowView{}
	}
	if !c.CanReply {
		return WindowView{Shown: true, Closed: true}
	}
	if c.LastIncomingAt.IsZero() {
		return WindowView{}
	}
	until := c.LastIncomingAt.Add(replyWindow)
	left := until.Sub(d.now)
	if left <= 0 {
		return WindowView{Shown: true, Closed: true}
	}
	v := WindowView{Shown: true, Until: stamp(until), Text: d.loc.Age(left)}
	if left < windowSoon {
		v.Level = "1"
	}
	return v
}

func (d *deck) nextStep(deal kanban.Deal) NextStepView {
	v := NextStepView{On: deal.NextStepOn}
	if deal.NextStep != "" || deal.NextStepOn != "" {
		v.Title = d.words.NextStep + ": " + oneLine(deal.NextStep, messageLimit)
	}
	if v.On == "" {
		return v
	}
	day, err := time.Parse(time.DateOnly, deal.NextStepOn)
	if err != nil {
		v.On = ""
		return v
	}
	v.Day = d.day(day)
	today := d.now.Truncate(24 * time.Hour)
	switch {
	case day.Before(today.Add(-12 * time.Hour)):
		v.Level = "overdue"
	default:
		v.Level = "booked"
	}
	return v
}

// day writes a day of some year near this one: "12 Dec".
func (d *deck) day(day time.Time) string {
	return d.loc.T("date.day", "day", day.Day(), "month", d.months[day.Month()-1])
}
