package templates

import (
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/chatlane/chatlane/kanban"
)

// EmbedView is the page that Chatwoot shows in a tab beside a conversation's messages. It is the same for everybody: which conversation is
// open it learns from Chatwoot's screen, and what of it may be shown is decided when the panel is asked for.
type EmbedView struct {
	Frame Frame
	// SignedIn says that the frame has a session: the script need not ask in vain.
	SignedIn bool
	// Origins are the connected Chatwoots whose word is taken for which conversation is open.
	Origins []string
}

func (v EmbedView) origins() string { return strings.Join(v.Origins, " ") }

// EmbedPanelView is a conversation on the boards of its account.
type EmbedPanelView struct {
	Loc Locale
	// Name is the customer's, Viewer that of whoever looks.
	Name, Viewer string
	Boards       []EmbedBoardView
	// Framed says that whole boards can be opened within the frame: its pages have a cookie.
	Framed bool
}

// EmbedBoardView is one board's view of a conversation.
type EmbedBoardView struct {
	ID, Name string
	// Path opens the board, FramePath opens it within the frame.
	Path, FramePath, EventsPath string
	Card                        CardView
	Steps                       []EmbedStepView
	// Ends are the stages that end a deal.
	Ends    []EmbedStepView
	Outcome EmbedOutcome
	History []EmbedPastView
	// Reasons are why deals are lost; ReasonRequired that one has to be said.
	Reasons        []string
	ReasonRequired bool
}

// EmbedStepView is one stage to choose.
type EmbedStepView struct {
	ID, Name, Color, Kind string
	// Current is where the conversation is, Passed what lies before it.
	Current, Passed bool
	// Why is the element that asks why the deal is lost; empty where nothing is asked.
	Why string
}

// EmbedOutcome says that a deal has ended, and how.
type EmbedOutcome struct{ Kind, Text string }

// EmbedPastView is something that happened to a conversation on a board.
type EmbedPastView struct {
	At, Text, Who string
	// About says that the time is only a bound.
	About bool
}

// embedPast is how much of the history is shown: the latest.
const embedPast = 5

// NewEmbedBoard draws a conversation's place on a board. history is the oldest first.
func NewEmbedBoard(loc Locale, b kanban.Board, cat *kanban.Catalog, c kanban.Card, history []kanban.Transition) EmbedBoardView {
	d := newDeck(loc, b, cat, time.Now())
	v := EmbedBoardView{
		ID: itoa(b.ID), Name: b.Name, Path: BoardPath(b.ID), FramePath: EmbedBoardPath(b.ID), EventsPath: EventsPath(b.ID), Card: d.card(c),
		Reasons: b.LostReasons, ReasonRequired: b.ReasonRequired,
	}
	at := -1
	for i, s := range b.Stages {
		if s.ID == c.Stage {
			at = i
		}
	}
	for i, s := range b.Stages {
		step := EmbedStepView{ID: itoa(s.ID), Name: s.Name, Kind: string(s.Kind), Current: i == at, Passed: i < at}
		if isColor(s.Color) {
			step.Color = s.Color
		}
		if s.Kind == kanban.StageLost && len(b.LostReasons) > 0 && !step.Current {
			step.Why = "why-" + step.ID
		}
		if s.Kind == kanban.StageOpen {
			v.Steps = append(v.Steps, step)
		} else {
			v.Ends = append(v.Ends, step)
		}
		if step.Current && s.Kind != kanban.StageOpen {
			v.Outcome = EmbedOutcome{Kind: step.Kind, Text: loc.T("kind." + step.Kind)}
		}
	}
	history = slices.DeleteFunc(slices.Clone(history), func(t kanban.Transition) bool { return t.Source == kanban.FromImport }) // it was so before
	for _, t := range history[max(0, len(history)-embedPast):] {
		v.History = append(v.History, EmbedPastView{
			At: stamp(t.At), About: !t.AtKnown, Who: oneLine(t.By.Name, nameLimit),
			Text: loc.T("embed.went", "from", stageName(loc, b, t.From), "to", stageName(loc, b, t.To)),
		})
	}
	slices.Reverse(v.History) // the latest first
	return v
}

// PopUpView is the window that a frame without cookies opens to find out who looks.
type PopUpView struct {
	Frame Frame
	// Name is who is signed in there already.
	Name string
	// Ticket, once issued, is handed to the frame that opened the window.
	Ticket string
}

// stepState says where the conversation is.
func stepState(s EmbedStepView) templ.Attributes {
	if s.Current {
		return templ.Attributes{"aria-current": "step"}
	}
	return nil
}

// stepColor is a stage's colour as an attribute of its dot: the frame has no style sheet of its own for each board.
func stepColor(s EmbedStepView) templ.Attributes {
	if s.Color == "" {
		return nil
	}
	return templ.Attributes{"fill": s.Color}
}

// nextStepText is what was agreed, without the words that a card's title needs.
func nextStepText(v CardView) string {
	return strings.TrimPrefix(v.NextStep.Title, v.Words.NextStep+": ")
}
