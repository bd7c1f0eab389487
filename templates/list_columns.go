package templates

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chatlane/chatlane/kanban"
)

// ListColumn is a column of the list of a board's cards: how addresses and words call it.
type ListColumn string

// listColumn is how a column is filled.
type listColumn struct {
	// sort is the order that its head chooses; empty for none.
	sort kanban.Sort
	// text is what a person reads, raw what a file has; a nil raw is the text.
	text, raw func(*listing, kanban.Card) string
	// moment is for a column of times, which have neither.
	moment func(kanban.Card) time.Time
	number bool
}

// listOrder is the columns in the order in which they are offered.
var listOrder = []ListColumn{
	"name", "stage", "value", "assignee", "last_message", "last_activity", "waiting_since", "entered", "next_step", "next_step_on", "labels",
	"priority", "status", "inbox", "team", "phone", "email", "company", "expected_close", "created", "number",
}

// defaultColumns are shown until somebody chooses others.
var defaultColumns = listOrder[:10]

var listColumns = map[ListColumn]listColumn{
	"name":  {text: func(l *listing, c kanban.Card) string { return contactName(l.loc, c.Conversation) }},
	"stage": {text: func(l *listing, c kanban.Card) string { return stageName(l.loc, l.board, c.Stage) }},
	"value": {sort: kanban.SortValue, number: true, text: func(l *listing, c kanban.Card) string {
		if !c.Deal.HasValue {
			return ""
		}
		return l.loc.Money(c.Deal.Value, l.board.Currency)
	}, raw: func(_ *listing, c kanban.Card) string {
		if !c.Deal.HasValue {
			return ""
		}
		return strconv.FormatFloat(float64(c.Deal.Value)/1000, 'f', 2, 64)
	}},
	"assignee":       {text: func(_ *listing, c kanban.Card) string { return oneLine(c.Conversation.AssigneeName, nameLimit) }},
	"last_message":   {text: func(_ *listing, c kanban.Card) string { return oneLine(c.Conversation.LastMessage.Text, messageLimit) }},
	"last_activity":  {sort: kanban.SortActivity, moment: func(c kanban.Card) time.Time { return c.Conversation.LastActivityAt }},
	"waiting_since":  {sort: kanban.SortWaiting, moment: func(c kanban.Card) time.Time { return c.Conversation.WaitingSince }},
	"entered":        {sort: kanban.SortStage, moment: func(c kanban.Card) time.Time { return c.EnteredAt }},
	"next_step":      {text: func(_ *listing, c kanban.Card) string { return oneLine(c.Deal.NextStep, messageLimit) }},
	"next_step_on":   day(func(c kanban.Card) string { return c.Deal.NextStepOn }),
	"labels":         {text: func(l *listing, c kanban.Card) string { return l.others(c) }},
	"priority":       {sort: kanban.SortPriority, text: func(l *listing, c kanban.Card) string { return l.priority(c.Conversation.Priority) }},
	"status":         {text: func(l *listing, c kanban.Card) string { return l.loc.T("status." + string(c.Conversation.Status)) }},
	"inbox":          {text: func(l *listing, c kanban.Card) string { return l.inboxes[c.Conversation.InboxID] }},
	"team":           {text: func(l *listing, c kanban.Card) string { return l.teams[c.Conversation.TeamID] }},
	"phone":          {text: func(_ *listing, c kanban.Card) string { return oneLine(c.Conversation.Contact.Phone, nameLimit) }},
	"email":          {text: func(_ *listing, c kanban.Card) string { return oneLine(c.Conversation.Contact.Email, nameLimit) }},
	"company":        {text: func(_ *listing, c kanban.Card) string { return oneLine(c.Conversation.Contact.Company, nameLimit) }},
	"expected_close": day(func(c kanban.Card) string { return c.Deal.ExpectedClose }),
	"created":        {sort: kanban.SortCreated, moment: func(c kanban.Card) time.Time { return c.Conversation.CreatedAt }},
	"number":         {number: true, text: func(_ *listing, c kanban.Card) string { return itoa(c.Conversation.ID) }},
}

// day is a column of days: a person reads them in their language, a file has them as programs do.
func day(of func(kanban.Card) string) listColumn {
	return listColumn{text: func(l *listing, c kanban.Card) string {
		t, err := time.Parse(time.DateOnly, of(c))
		if err != nil {
			return oneLine(of(c), nameLimit)
		}
		return l.loc.Date(t)
	}, raw: func(_ *listing, c kanban.Card) string { return oneLine(of(c), nameLimit) }}
}

// ParseColumns are the columns that an address or a cookie names, in the order in which they are offered; the usual ones where it names
// none.
func ParseColumns(names []string) []ListColumn {
	chosen := slices.DeleteFunc(slices.Clone(listOrder), func(c ListColumn) bool { return !slices.Contains(names, string(c)) })
	if len(chosen) == 0 {
		return defaultColumns
	}
	return chosen
}

// listing draws many cards of one board in columns.
type listing struct {
	loc     Locale
	board   kanban.Board
	zone    *time.Location
	inboxes map[kanban.InboxID]string
	teams   map[kanban.TeamID]string
}

func newListing(loc Locale, b kanban.Board, cat *kanban.Catalog, zone *time.Location) *listing {
	l := &listing{loc: loc, board: b, zone: zone, inboxes: map[kanban.InboxID]string{}, teams: map[kanban.TeamID]string{}}
	for _, i := range cat.Inboxes {
		l.inboxes[i.ID] = oneLine(i.Name, nameLimit)
	}
	for _, t := range cat.Teams {
		l.teams[t.ID] = oneLine(t.Name, nameLimit)
	}
	return l
}

// others are the labels that are no stage of the board.
func (l *listing) others(c kanban.Card) string {
	titles := slices.DeleteFunc(slices.Clone(c.Conversation.Labels), func(t string) bool { return len(l.board.StagesIn([]string{t})) > 0 })
	return oneLine(strings.Join(titles, ", "), messageLimit)
}

func (l *listing) priority(p kanban.Priority) string {
	if p == kanban.PriorityNone {
		return ""
	}
	return l.loc.T("filter.priority_" + string(p))
}

// raw is what a file has in a column: times as people's programs read them, in the person's time zone.
func (l *listing) raw(column ListColumn, c kanban.Card) string {
	of := listColumns[column]
	switch {
	case of.moment != nil:
		at := of.moment(c)
		if at.IsZero() {
			return ""
		}
		return at.In(l.zone).Format("2006-01-02 15:04")
	case of.raw != nil:
		return of.raw(l, c)
	}
	return of.text(l, c)
}

// Columns are the words above the columns of a file.
func Columns(loc Locale, columns []ListColumn) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = loc.T("column." + string(c))
	}
	return names
}

// Rows are cards as a file has them, a text for each column. Nothing in it is a formula to a spreadsheet.
func Rows(loc Locale, b kanban.Board, cat *kanban.Catalog, zone *time.Location, columns []ListColumn, cards []kanban.Card) [][]string {
	l := newListing(loc, b, cat, zone)
	rows := make([][]string, len(cards))
	for i, card := range cards {
		row := make([]string, len(columns))
		for j, c := range columns {
			row[j] = harmless(l.raw(c, card))
		}
		rows[i] = row
	}
	return rows
}

// harmless keeps a spreadsheet from taking foreign text for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
