package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/kanban/report"
)

// Groups are the leads that came in within a span, by the way they went.
func (s *Store) Groups(ctx context.Context, a report.Question, span report.Span) ([]report.Group, error) {
	all := newGroups(a.Board)
	err := s.each(ctx, a, groupsAsked(a, span), func(rows *sql.Rows) error {
		var states, lengths, ways, reasons list
		if err := scanLists(rows, &states, &lengths, &ways, &reasons); err != nil {
			return err
		}
		for state, ok := states.next(); ok; state, ok = states.next() {
			length, _ := lengths.next()
			all.add(ways.cut(bytes.IndexByte(ways, ']')+1), state, reasons.cut(int(length)))
		}
		return nil
	})
	return all.groups, errors.Join(err, all.readWays())
}

func groupsAsked(a report.Question, span report.Span) *cardQuery {
	q := asked(inLists("4 * (4 * p.stage_id + p.place) + 2 * p.earlier + p.told", "length(CAST(p.lost_reason AS BLOB))")+
		", coalesce(group_concat(p.visited, ''), ''), coalesce(group_concat(p.lost_reason, ''), '') FROM leads p", a)
	q.selected(a, report.Selection{Came: &span})
	return q
}

// groups puts leads together that went the same way.
type groups struct {
	groups []report.Group
	ways   []string       // of each group, as the database has it
	at     map[string]int // by what is the same
	lost   map[report.Standing]bool
	key    []byte
}

func newGroups(b kanban.Board) *groups {
	g := &groups{at: map[string]int{}, lost: map[report.Standing]bool{}}
	for _, s := range report.Standings(b, report.Lost) {
		g.lost[s] = true
	}
	return g
}

func (g *groups) add(way []byte, state int64, reason []byte) {
	at := report.Standing{Stage: kanban.StageID(state >> 4), Place: report.Place(state >> 2 & 3)}
	if !g.lost[at] {
		reason = nil // it tells nothing yet
	}
	g.key = binary.AppendVarint(append(append(g.key[:0], way...), reason...), state>>2)
	n, known := g.at[string(g.key)]
	if !known {
		n = len(g.groups)
		g.at[string(g.key)] = n
		g.groups, g.ways = append(g.groups, report.Group{Standing: at, Reason: string(reason)}), append(g.ways, string(way))
	}
	one := &g.groups[n]
	one.Count, one.Earlier, one.Told = one.Count+1, one.Earlier+int(state>>1&1), one.Told+int(state&1)
}

func (g *groups) readWays() error {
	for i, way := range g.ways {
		if err := json.Unmarshal([]byte(way), &g.groups[i].Visited); err != nil {
			return err
		}
	}
	return nil
}
