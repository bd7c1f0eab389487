package templates

import "github.com/chatlane/chatlane/kanban"

// ConnectStep is how far connecting an account has come.
type ConnectStep string

// The steps of connecting, in order.
const (
	ConnectAddress ConnectStep = "address"
	ConnectAccount ConnectStep = "account"
)

// ConnectView is the page that connects an account. What a person already typed is filled in again; the token never is.
type ConnectView struct {
	Frame Frame
	Step  ConnectStep
	Error string
	// Address is Chatwoot's, as typed.
	Address string
	// Person is whose token it is.
	Person   string
	Accounts []ConnectAccountView
}

// ConnectAccountView is an account the token may be used for.
type ConnectAccountView struct {
	ID   int64
	Name string
	// Administrator says that the token's owner administers it; others cannot be connected.
	Administrator bool
	Chosen        bool
}

// ConnectLabelView is a label that may become a stage.
type ConnectLabelView struct {
	ID          string
	Title       string
	Description string
	Chosen      bool
	Kind        kanban.StageKind
	// Shared says which boards have the label already; empty when none do.
	Shared string
}

// Sharing says of a label which of an account's boards have it.
func (v ConnectLabelView) Sharing(loc Locale, boards []kanban.Board) ConnectLabelView {
	if names := sharing(loc, boards, func(s kanban.Stage) bool { return itoa(s.Label) == v.ID }); names != "" {
		v.Shared = loc.T("connect.also_in", "boards", names)
	}
	return v
}

// NewConnectLabel proposes what a label may be on a board: words that mean won or lost are taken for that.
func NewConnectLabel(l kanban.Label, chosen bool) ConnectLabelView {
	return ConnectLabelView{ID: itoa(l.ID), Title: l.Title, Description: l.Description, Chosen: chosen, Kind: KindOf(l.Title)}
}

// kindWords are what teams call their last stages.
var kindWords = map[string]kanban.StageKind{
	"ganho": kanban.StageWon, "ganha": kanban.StageWon, "ganado": kanban.StageWon, "ganada": kanban.StageWon, "won": kanban.StageWon, "venda": kanban.StageWon, "vendido": kanban.StageWon, "fechado": kanban.StageWon, "cerrado": kanban.StageWon,
	"perdido": kanban.StageLost, "perdida": kanban.StageLost, "lost": kanban.StageLost,
}

// KindOf guesses a stage's kind by its label's title.
func KindOf(title string) kanban.StageKind {
	if kind, ok := kindWords[title]; ok {
		return kind
	}
	return kanban.StageOpen
}

// Currencies are those offered first; any other ISO 4217 code may be typed.
func Currencies() []string {
	return []string{"BRL", "USD", "EUR", "ARS", "BOB", "CLP", "COP", "CRC", "DOP", "GBP", "GTQ", "HNL", "MXN", "NIO", "PEN", "PYG", "UYU", "CAD", "CHF", "AUD"}
}

func stageKinds() []kanban.StageKind {
	return []kanban.StageKind{kanban.StageOpen, kanban.StageWon, kanban.StageLost}
}
