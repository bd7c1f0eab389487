package templates

// modifierKey is held while another key is pressed.
const modifierKey = "Ctrl"

// keyGroup is keys under a heading of the help sheet.
type keyGroup struct {
	title string
	keys  []keyHelp
}

// keyHelp is keys and what they do.
type keyHelp struct {
	keys []string
	text string
}

// keyGroups is what the help sheet shows; keys.js and what it loads do it.
var keyGroups = []keyGroup{
	{"help.group_walk", []keyHelp{
		{[]string{"↑", "↓", "←", "→"}, "help.walk"},
		{[]string{"H", "J", "K"}, "help.walk_vi"},
		{[]string{"Enter"}, "help.open"},
		{[]string{"Esc"}, "help.escape"},
		{[]string{modifierKey, "K"}, "help.commands"},
		{[]string{"?"}, "help.help"},
	}},
	{"help.group_card", []keyHelp{
		{[]string{"M"}, "help.move"},
		{[]string{"Shift", "←", "→"}, "help.neighbour"},
		{[]string{"Space"}, "help.lift"},
		{[]string{"W", "O"}, "help.won"},
		{[]string{"R"}, "help.reply"},
		{[]string{"N"}, "help.note"},
		{[]string{"A", "I"}, "help.assign"},
		{[]string{"L"}, "help.labels"},
		{[]string{"P"}, "help.priority"},
		{[]string{"V", "D"}, "help.deal"},
		{[]string{"E", "S"}, "help.status"},
		{[]string{"Z"}, "help.undo"},
	}},
	{"help.group_board", []keyHelp{
		{[]string{"/"}, "help.search"},
		{[]string{"F"}, "help.filters"},
		{[]string{"X"}, "help.clear"},
		{[]string{"C"}, "help.collapse"},
		{[]string{"B"}, "help.boards"},
		{[]string{"G", "B"}, "help.board"},
		{[]string{"G", "L"}, "help.list"},
		{[]string{"G", "R"}, "help.reports"},
	}},
	{"help.group_many", []keyHelp{
		{[]string{"X"}, "help.select"},
		{[]string{"Shift", "↑", "↓"}, "help.extend"},
		{[]string{"Alt", "↑", "↓"}, "help.arrange"},
	}},
}
