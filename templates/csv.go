package templates

import (
	"bytes"
	"encoding/csv"
)

// byteOrderMark tells spreadsheets that a file is UTF-8.
const byteOrderMark = "\ufeff"

// CSV writes a table as a file for spreadsheets.
func CSV(t ReportTable) []byte {
	var b bytes.Buffer
	b.WriteString(byteOrderMark)
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = harmless(c)
	}
	_ = w.Write(head) // a buffer takes everything
	for _, row := range t.Rows {
		line := make([]string, len(row))
		for i, c := range row {
			line[i] = c.Raw
			if i < t.Words {
				line[i] = harmless(c.Raw)
			}
		}
		_ = w.Write(line)
	}
	w.Flush()
	return b.Bytes()
}
