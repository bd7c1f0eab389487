package templates

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/chatlane/chatlane/kanban"
)

// PaletteView is everything that can be done on a board, to be found by typing.
type PaletteView struct {
	Loc Locale
	// FoundPath finds cards: what is searched for follows.
	FoundPath string
	Groups    []PaletteGroup
}

// PaletteGroup is a part of it. Its name is a part of the elements' ids.
type PaletteGroup struct {
	Name, Title string
	Choices     []PaletteChoice
}

// PaletteChoice is one thing that can be done. Its attributes say how: palette.js.
type PaletteChoice struct {
	Icon, Text, Keys string
	// Dot is the stage whose colour it has.
	Dot string
	// Href is where it leads; empty for a button.
	Href  string
	Attrs templ.Attributes
}

// kind is what a button is: one that sends a form names it.
func (c PaletteChoice) kind() string {
	if c.Attrs["form"] != nil {
		return "submit"
	}
	return "button"
}

// PaletteCardsView are the cards that a search found.
type PaletteCardsView struct {
	Loc   Locale
	Cards []PaletteCardView
}

// PaletteCardView is a card that was found: whose, and where it stands.
type PaletteCardView struct {
	AvatarView
	ID, Board, Number, Where, Href string
}

// PaletteFound is a card on a board.
type PaletteFound struct {
	Board kanban.Board
	Card  kanban.Card
}

// NewPaletteCards draws what a search found: a card of another board than the current one says which.
func NewPaletteCards(loc Locale, current kanban.BoardID, cat *kanban.Catalog, found []PaletteFound) PaletteCardsView {
	v := PaletteCardsView{Loc: loc}
	for _, f := range found {
		c, where := NewCard(loc, f.Board, cat, f.Card), stageName(loc, f.Board, f.Card.Stage)
		if f.Board.ID != current {
			where += " · " + boardName(loc, f.Board)
		}
		v.Cards = append(v.Cards, PaletteCardView{
			AvatarView: AvatarView{Name: c.Name, Initials: c.Initials, Hue: c.Hue},
			ID:         itoa(f.Card.Conversation.ID), Board: itoa(f.Board.ID), Number: "#" + itoa(f.Card.Conversation.ID),
			Where: where, Href: PanelPath(f.Board.ID, f.Card.Conversation.ID),
		})
	}
	return v
}

// NewPalette draws what can be done on the board of a frame.
func NewPalette(f Frame) PaletteView {
	loc, v := f.Locale, PaletteView{Loc: f.Locale, FoundPath: withParameter(PalettePath(f.Current.ID, f.Framed), "q=")}
	v.add("card", "", paletteCard(loc, f.Current))
	v.add("boards", loc.T("palette.boards"), paletteBoards(f))
	v.add("board", loc.T("palette.board"), paletteBoard(f))
	if !f.Framed {
		v.add("person", loc.T("palette.person"), palettePerson(f))
	}
	return v
}

func (v *PaletteView) add(name, title string, choices []PaletteChoice) {
	if len(choices) > 0 {
		v.Groups = append(v.Groups, PaletteGroup{Name: name, Title: title, Choices: choices})
	}
}

// paletteDeeds are what a key does with a card, in the order of the palette.
var paletteDeeds = []struct{ name, key, icon string }{
	{"reply", "r", "reply"},
	{"note", "n", "lock"},
	{"mine", "i", "check"},
	{"assign", "a", "at"},
	{"labels", "l", "bookmark"},
	{"priority", "p", "priority-high"},
	{"value", "v", "activity"},
	{"step", "d", "calendar"},
	{"won", "w", "trophy"},
	{"lost", "o", "lost"},
	{"resolve", "e", "check"},
	{"snooze", "s", "timer"},
}

func paletteCard(loc Locale, b kanban.Board) []PaletteChoice {
	var all []PaletteChoice
	for _, s := range bulkStages(loc, b) {
		all = append(all, PaletteChoice{Dot: s.Dot, Text: loc.T("palette.move_to", "stage", s.Text), Attrs: templ.Attributes{"data-move": s.Dot}})
	}
	for _, d := range paletteDeeds {
		attrs := templ.Attributes{"data-deed": d.key}
		if d.name == "won" || d.name == "lost" {
			attrs["data-needs-card"] = true
		}
		all = append(all, PaletteChoice{Icon: d.icon, Text: loc.T("palette.deed_" + d.name), Keys: strings.ToUpper(d.key), Attrs: attrs})
	}
	pick := templ.Attributes{"data-deed": "x", "data-needs-card": true}
	chatwoot := templ.Attributes{"data-part": "chatwoot", "target": "_blank", "rel": "noopener"}
	return append(all,
		PaletteChoice{Icon: "check", Text: loc.T("menu.pick"), Keys: "X", Attrs: pick},
		PaletteChoice{Icon: "open", Text: loc.T("menu.open"), Href: "#", Attrs: chatwoot})
}

func paletteBoards(f Frame) []PaletteChoice {
	var all []PaletteChoice
	for _, a := range f.Accounts {
		for _, b := range a.Boards {
			path := BoardPath(b.ID)
			if f.Framed {
				path = EmbedBoardPath(b.ID)
			}
			if b.ID != f.Current.ID {
				all = append(all, PaletteChoice{Icon: "board", Text: f.Locale.T("palette.go_to", "board", boardName(f.Locale, b)), Href: path})
			}
		}
	}
	if !f.Framed {
		all = append(all, PaletteChoice{Icon: "board", Text: f.Locale.T("boards.all"), Href: BoardsPath(f.Current.Account)})
	}
	return all
}

// paletteBoard is what the page of a board offers. What is pressed is on the page, or it is not offered.
func paletteBoard(f Frame) []PaletteChoice {
	loc := f.Locale
	all := []PaletteChoice{
		pressing(".bar__lead", "plus", loc.T("lead.title"), ""),
		keyed("/", "search", loc.T("filter.search"), "/"),
		pressing(`[popovertarget="`+FiltersID+`"]`, "filter", loc.T("filter.filters"), "F"),
		pressing("[data-clear]", "x", loc.T("palette.clear"), "X"),
		pressing(`[data-page="list"]`, "list", loc.T("list.as_list"), "G L"),
		pressing(`[data-page="reports"]`, "activity", loc.T("report.link"), "G R"),
		pressing(`#undo:not([hidden]) [data-undo]`, "undo", loc.T("palette.undo"), "Z"),
		keyed("c", "down", loc.T("palette.collapse"), "C"),
	}
	if !f.Framed {
		all = append(all, PaletteChoice{Icon: "window", Text: loc.T("report.wall"), Href: WallPath(f.Current.ID)})
	}
	if !f.Framed && f.current().Administers {
		all = append(all, PaletteChoice{Icon: "settings", Text: loc.T("boards.settings_link"), Href: SettingsPath(f.Current.ID)})
	}
	for _, n := range kanban.Needs() {
		all = append(all, rare(pressing("#need-"+string(n), "filter", loc.T("palette.only", "what", loc.T("need."+string(n))), "")))
	}
	for _, s := range kanban.Sorts() {
		order := PaletteChoice{Icon: "arrow-down", Text: loc.T("palette.order", "what", loc.T("sort."+string(s))), Attrs: templ.Attributes{"data-sort": string(s)}}
		all = append(all, rare(order))
	}
	for _, l := range laneChoices(loc, "") {
		group := PaletteChoice{Icon: "list", Text: loc.T("palette.lanes", "what", l.Text), Attrs: templ.Attributes{"data-lanes": l.Value}}
		all = append(all, rare(group))
	}
	return append(all, pressing(`.bar__help`, "help", loc.T("bar.help"), "?"))
}

// palettePerson is what somebody prefers, and the way out.
func palettePerson(f Frame) []PaletteChoice {
	loc := f.Locale
	var all []PaletteChoice
	for _, t := range []Theme{ThemeLight, ThemeDark, ThemeSystem} {
		all = append(all, rare(sending(PalettePreferencesID, "theme", string(t), iconOf(t), loc.T("bar.theme_"+string(t)))))
	}
	for _, l := range Locales() {
		all = append(all, rare(sending(PalettePreferencesID, "language", l.Code(), "language", loc.T("palette.language", "name", l.Name()))))
	}
	keys, turn := "off", "help.turn_off"
	if f.KeysOff {
		keys, turn = "on", "help.turn_on"
	}
	all = append(all, rare(sending(PalettePreferencesID, "keys", keys, "grip", loc.T(turn))))
	if f.Person.Here {
		all = append(all, sending(PaletteSignOutID, "everywhere", "", "sign-out", loc.T("bar.sign_out")))
	}
	return all
}

// pressing presses what the page has already.
func pressing(selector, icon, text, keys string) PaletteChoice {
	return PaletteChoice{Icon: icon, Text: text, Keys: keys, Attrs: templ.Attributes{"data-press": selector}}
}

// keyed does what a key of the board does.
func keyed(key, icon, text, keys string) PaletteChoice {
	return PaletteChoice{Icon: icon, Text: text, Keys: keys, Attrs: templ.Attributes{"data-key": key}}
}

// sending sends a form with a value.
func sending(form, name, value, icon, text string) PaletteChoice {
	return PaletteChoice{Icon: icon, Text: text, Attrs: templ.Attributes{"form": form, "name": name, "value": value}}
}

// rare shows a choice only when it is typed for.
func rare(c PaletteChoice) PaletteChoice {
	c.Attrs["data-more"] = true
	return c
}
