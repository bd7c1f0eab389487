package store

import (
	"database/sql"
	"math"
	"sort"
	"strings"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// inLists selects what expressions are in all rows, a text each: whole numbers with commas between them. Half a million rows that were
// handed over one by one, or sorted to put them into groups, would take seconds. Several lists are in the same order.
func inLists(expressions ...string) string {
	return "coalesce(group_concat(" + strings.Join(expressions, "), ''), coalesce(group_concat(") + "), '')"
}

// list is what is left of such a text.
type list []byte

// scanLists reads a row of lists. They are good until the next row.
func scanLists(rows *sql.Rows, into ...*list) error {
	raw, to := make([]sql.RawBytes, len(into)), make([]any, len(into))
	for i := range raw {
		to[i] = &raw[i]
	}
	err := rows.Scan(to...)
	for i, one := range into {
		*one = list(raw[i])
	}
	return err
}

// next takes a whole number off a list.
func (l *list) next() (n int64, ok bool) {
	s, sign := *l, int64(1)
	if len(s) == 0 {
		return 0, false
	}
	if s[0] == '-' {
		s, sign = s[1:], -1
	}
	i := 0
	for ; i < len(s) && s[i] != ','; i++ {
		n = n*10 + int64(s[i]-'0')
	}
	*l = s[min(i+1, len(s)):]
	return sign * n, true
}

// cut takes so many bytes off a text.
func (l *list) cut(n int) []byte {
	head := (*l)[:n]
	*l = (*l)[n:]
	return head
}

// within limits a query to what is between the first and the last of some spans, which are told in their order.
func (q *cardQuery) within(time string, spans []report.Span) {
	if len(spans) == 0 {
		q.and("0")
		return
	}
	q.and(time+" >= ? AND "+time+" < ?", millis(spans[0].From), millis(spans[len(spans)-1].To))
}

// stepsOf finds the span that a time is in.
func stepsOf(spans []report.Span) func(at int64) (n int, within bool) {
	begins := make([]int, len(spans))
	for i, s := range spans {
		begins[i] = int(millis(s.From))
	}
	return func(at int64) (int, bool) {
		n := sort.SearchInts(begins, int(at)+1) - 1
		return n, n >= 0 && at < millis(spans[n].To)
	}
}

// total adds up leads and the values of those that have one. Values are foreign: as whole numbers their sum could overflow.
type total struct {
	count, valued int
	value         float64
}

func (t *total) add(valued, value int64) {
	t.count, t.valued, t.value = t.count+1, t.valued+int(valued), t.value+float64(value)
}

func (t *total) sum() report.Sum {
	return report.Sum{Count: t.count, Valued: t.valued, Value: bounded(t.value)}
}

// bounded is a sum of values as far as it can be told.
func bounded(value float64) kanban.Amount {
	return kanban.Amount(math.Round(min(max(value, -maxSum), maxSum)))
}
