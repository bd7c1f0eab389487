package static_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// A rule that asks what is in a card is asked of every card whenever one changes: with thousands of them that takes longer than a frame.
// Cards say by an attribute what is in them.
func TestNoStyleSearchesCards(t *testing.T) {
	t.Parallel()
	sheets, err := filepath.Glob("css/*.css")
	require.NoError(t, err)
	require.NotEmpty(t, sheets)
	searching := regexp.MustCompile(`(\.card|\.clock|\.avatar|\.stage\b|\.stage__cards|\.board\w*|body|html|:root)[^\s,{]*:has\(\s*[^>+\s]`)
	for _, path := range sheets {
		css, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Empty(t, searching.FindAllString(string(css), -1), path)
	}
}
