package templates

import (
	"bytes"
	"hash/fnv"
	"strconv"

	"github.com/chatlane/chatlane/kanban"
)

// BoardStylesheet is the colours of a board's stages and of its account's labels, so that pages need no style attribute. Colours
// are foreign text: whatever is no "#rgb" or "#rrggbb" is left out, and the neutral colour stays.
func BoardStylesheet(board kanban.Board, cat *kanban.Catalog) []byte {
	var b bytes.Buffer
	for _, s := range board.Stages {
		if isColor(s.Color) {
			b.WriteString("[data-stage-color=\"" + itoa(s.ID) + "\"]{--stage-color:" + s.Color + "}\n")
		}
	}
	if cat == nil {
		return b.Bytes()
	}
	for _, l := range cat.Labels {
		if !l.Gone && isColor(l.Color) {
			b.WriteString("." + labelClass(l.ID) + "{--label-color:" + l.Color + "}\n")
		}
	}
	return b.Bytes()
}

// StylesheetVersion changes whenever the style sheet does.
func StylesheetVersion(board kanban.Board, cat *kanban.Catalog) string {
	h := fnv.New64a()
	_, _ = h.Write(BoardStylesheet(board, cat))
	return strconv.FormatUint(h.Sum64(), 36)
}

func isColor(s string) bool {
	if len(s) != 4 && len(s) != 7 || s[0] != '#' {
		return false
	}
	for _, c := range s[1:] {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}
