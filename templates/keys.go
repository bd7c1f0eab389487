package templates

// keyList is what the help sheet shows; keys.js does it.
var keyList = []struct {
	keys []string
	text string
}{
	{[]string{"↑", "↓", "←", "→"}, "help.walk"},
	{[]string{"H", "J", "K"}, "help.walk_vi"},
	{[]string{"Enter"}, "help.open"},
	{[]string{"R"}, "help.reply"},
	{[]string{"N"}, "help.note"},
	{[]string{"A", "I"}, "help.assign"},
	{[]string{"L"}, "help.labels"},
	{[]string{"P"}, "help.priority"},
	{[]string{"E", "S"}, "help.status"},
	{[]string{"V", "D"}, "help.deal"},
	{[]string{"W", "O"}, "help.won"},
	{[]string{"M"}, "help.move"},
	{[]string{"Shift", "←", "→"}, "help.neighbour"},
	{[]string{"Space"}, "help.lift"},
	{[]string{"Alt", "↑", "↓"}, "help.arrange"},
	{[]string{"X"}, "help.select"},
	{[]string{"Shift", "↑", "↓"}, "help.extend"},
	{[]string{"C"}, "help.collapse"},
	{[]string{"Z"}, "help.undo"},
	{[]string{"/"}, "help.search"},
	{[]string{"F"}, "help.filters"},
	{[]string{"X"}, "help.clear"},
	{[]string{"B"}, "help.boards"},
	{[]string{"G", "B"}, "help.board"},
	{[]string{"G", "L"}, "help.list"},
	{[]string{"G", "R"}, "help.reports"},
	{[]string{"Ctrl", "K"}, "help.commands"},
	{[]string{"Esc"}, "help.escape"},
	{[]string{"?"}, "help.help"},
}
