package chatwoottest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// condition is one line of a filter (CONTRACT 5.4).
type condition struct {
	key, operator string
	values        []string
	or            bool // how it is joined to the next
	custom        *attributeDefinition
}

var filterKeys = strings.Split("status,assignee_id,inbox_id,team_id,contact_id,priority,display_id,campaign_id,labels,browser_language,conversation_language,referer,created_at,last_activity_at,mail_subject", ",")

var filterOperators = map[string][]string{
	"status": equality, "priority": equality, "browser_language": equality, "conversation_language": equality, "contact_id": equality,
	"assignee_id": presence, "inbox_id": presence, "team_id": presence, "campaign_id": presence, "labels": presence,
	"display_id": substring, "referer": substring, "mail_subject": substring,
	"created_at": dates, "last_activity_at": dates,
}

var (
	equality  = []string{"equal_to", "not_equal_to"}
	presence  = append(slices.Clone(equality), "is_present", "is_not_present")
	substring = append(slices.Clone(equality), "contains", "does_not_contain")
	dates     = []string{"is_greater_than", "is_less_than", "days_before"}
)

// filter is POST conversations/filter: all statuses, newest activity first,
// and neither a data wrapper nor assigned_count.
func (c *call) filter() answer {
	lines, given := c.body["payload"].([]any)
	if !given {
		return crashed()
	}
	var reply answer
	rows := 0
	c.read(func() {
		conditions, refusal := c.conditions(lines)
		if refusal != nil {
			reply = *refusal
			return
		}
		counts, page := c.filtered(conditions)
		rows = len(page)
		reply = ok(map[string]any{
			"meta":    map[string]int{"mine_count": counts.Mine, "unassigned_count": counts.Unassigned, "all_count": counts.All},
			"payload": c.viewAll(page),
		})
	})
	if !c.spendRows(rows) {
		return crashed()
	}
	return reply
}

func (c *call) filtered(conditions []condition) (listCounts, []*conversation) {
	scope := c.scope(listQuery{page: pageOf(c.r.URL.Query())})
	from, size := (scope.page-1)*c.opts.PageSize, c.opts.PageSize
	var counts listCounts
	var page []*conversation
	all := c.account.conversations.byActivity.all
	now := c.now()
	for _, v := range slices.Backward(all) {

		if !scope.admits(v) || !holds(conditions, v, now) {
			continue
		}
		if counts.All >= from && len(page) < size {
			page = append(page, v)
		}
		counts.add(v.assigneeID, c.who.id, 1)
	}
	return counts, page
}

func (c *call) conditions(lines []any) ([]condition, *answer) {
	say := c.account.say()
	var conditions []condition
	for i, line := range lines {
		fields, isObject := line.(map[string]any)
		if !isObject {
			refusal := crashed()
			return nil, &refusal
		}
		one := condition{key: asText(fields["attribute_key"]), operator: asText(fields["filter_operator"]), values: asList(fields["values"])}
		if text := asText(fields["values"]); text != "" {
			one.values = []string{text}
		}
		if message := c.checkCondition(&one, say); message != "" {
			refusal := unprocessable(message)
			return nil, &refusal
		}
		join := strings.ToUpper(asText(fields["query_operator"]))
		if join != "" && join != "AND" && join != "OR" {
			refusal := unprocessable(say.invalidQueryOperator)
			return nil, &refusal
		}
		one.or = join == "OR" && i < len(lines)-1
		conditions = append(conditions, one)
	}
	return conditions, nil
}

// checkCondition returns what is wrong with it in the account's language.
func (c *call) checkCondition(one *condition, say phrases) string {
	operators, standard := filterOperators[one.key]
	if !standard {
		one.custom = find(c.account.attributes, func(d *attributeDefinition) bool {
			return d.key == one.key && d.model == "conversation_attribute"
		})
		if one.custom == nil {
			return fmt.Sprintf(say.invalidKey, one.key, strings.Join(filterKeys, ","))
		}
		operators = append(slices.Clone(substring), "is_present", "is_not_present")
		if one.custom.kind == "number" || one.custom.kind == "date" {
			operators = append(operators, "is_greater_than", "is_less_than")
		} else if strings.HasPrefix(one.operator, "is_greater") || strings.HasPrefix(one.operator, "is_less") {
			return fmt.Sprintf(say.invalidValue, one.key)
		}
	}
	if !slices.Contains(operators, one.operator) {
		return fmt.Sprintf(say.invalidOperator, one.key, strings.Join(operators, ","))
	}
	if len(one.values) == 0 && one.operator != "is_present" && one.operator != "is_not_present" {
		return fmt.Sprintf(say.invalidValue, one.key)
	}
	return ""
}

// holds reads the conditions as SQL does: AND binds before OR.
func holds(conditions []condition, v *conversation, now time.Time) bool {
	whole := true
	for _, one := range conditions {
		whole = whole && one.holds(v, now)
		if one.or {
			if whole {
				return true
			}
			whole = true
		}
	}
	return whole
}

func (one condition) holds(v *conversation, now time.Time) bool {
	values := one.valuesOf(v)
	switch one.operator {
	case "equal_to":
		return one.key == "status" && slices.Contains(one.values, "all") || anyOf(values, one.values)
	case "not_equal_to":
		return !anyOf(values, one.values)
	case "is_present":
		return len(values) > 0
	case "is_not_present":
		return len(values) == 0
	case "contains":
		return anyContains(values, one.values)
	case "does_not_contain":
		return !anyContains(values, one.values)
	case "is_greater_than":
		return len(values) > 0 && one.compare(values[0]) > 0
	case "is_less_than":
		return len(values) > 0 && one.compare(values[0]) < 0
	case "days_before":
		days, _ := strconv.Atoi(one.values[0])
		return len(values) > 0 && values[0] < now.AddDate(0, 0, -days).Format(time.DateOnly)
	}
	return false
}

// compare is by number for numbers, by text for dates, which sort as text.
func (one condition) compare(value string) int {
	if one.custom != nil && one.custom.kind == "number" {
		a, _ := strconv.ParseFloat(value, 64)
		b, _ := strconv.ParseFloat(one.values[0], 64)
		return int(math.Copysign(1, a-b)) * min(1, int(math.Ceil(math.Abs(a-b))))
	}
	return strings.Compare(value, one.values[0])
}

func anyOf(values, wanted []string) bool {
	return slices.ContainsFunc(values, func(value string) bool { return slices.Contains(wanted, value) })
}

func anyContains(values, wanted []string) bool {
	for _, value := range values {
		for _, part := range wanted {
			if strings.Contains(strings.ToLower(value), strings.ToLower(part)) {
				return true
			}
		}
	}
	return false
}

// valuesOf is what a condition looks at; empty when it is unset.
func (one condition) valuesOf(v *conversation) []string {
	if one.custom != nil {
		return present(plainText(v.custom[one.key]))
	}
	switch one.key {
	case "labels":
		return v.labels
	case "status":
		return []string{v.status}
	case "priority":
		return present(v.priority)
	case "display_id":
		return []string{itoa(v.id)}
	case "assignee_id":
		return presentID(v.assigneeID)
	case "inbox_id":
		return presentID(v.inbox.id)
	case "team_id":
		return presentID(v.teamID)
	case "contact_id":
		return presentID(v.contact.id)
	case "created_at":
		return []string{v.createdAt.Format(time.DateOnly)}
	case "last_activity_at":
		return []string{v.lastActivityAt.Format(time.DateOnly)}
	}
	return present(plainText(v.additional[one.key]))
}

func present(text string) []string {
	if text == "" {
		return nil
	}
	return []string{text}
}

func presentID(id int64) []string {
	if id == 0 {
		return nil
	}
	return []string{itoa(id)}
}

// plainText prints an attribute's value as PostgreSQL's ->> does.
func plainText(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
