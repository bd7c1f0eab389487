package chatwoottest

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// labelsOf is GET conversations/{id}/labels.
func (c *call) labelsOf() answer {
	return c.withConversation(func(v *conversation) answer {
		return ok(map[string]any{"payload": v.labels})
	})
}

// setLabelsOf is POST conversations/{id}/labels: the whole set is replaced,
// and anything that is no array clears it (CONTRACT 6.2).
func (c *call) setLabelsOf() answer {
	titles := c.list("labels")
	var loaded *conversation
	if reply := c.withConversation(func(v *conversation) answer {
		copied := *v
		loaded = &copied
		return answer{}
	}); loaded == nil || c.opts.SaveTime > 0 && !sleep(c.r.Context(), c.opts.SaveTime) {
		return reply
	}
	return c.changeConversation(func(t *tx, v *conversation) answer {
		t.replaceLabels(c.account, v, loaded, c.who, "labels", titles)
		return ok(map[string]any{"payload": parseTags(titles)})
	})
}

// labelView is an account label.
type labelView struct {
	ID            int64   `json:"id"`
	Title         string  `json:"title"`
	Description   *string `json:"description"`
	Color         string  `json:"color"`
	ShowOnSidebar *bool   `json:"show_on_sidebar"`
}

func viewLabel(l *label) labelView {
	return labelView{l.id, l.title, l.description, l.color, l.showOnSidebar}
}

func (c *call) accountLabels() answer {
	views := []labelView{}
	c.read(func() {
		for _, l := range c.account.labels {
			views = append(views, viewLabel(l))
		}
	})
	slices.SortFunc(views, func(a, b labelView) int { return cmp.Compare(a.Title, b.Title) })
	return ok(map[string]any{"payload": views})
}

func (c *call) accountLabel() answer {
	return c.withLabel(func(_ *tx, l *label) answer { return ok(viewLabel(l)) })
}

func (c *call) withLabel(fn func(*tx, *label) answer) answer {
	reply := notFound()
	c.write(func(t *tx) {
		if l := c.account.label(c.pathID("id")); l != nil {
			reply = fn(t, l)
		}
	})
	return reply
}

func (c *call) createLabel() answer {
	c.unwrap("label")
	var reply answer
	c.write(func(t *tx) {
		title := strings.ToLower(c.text("title"))
		if problem := labelProblem(c.account, title, 0); problem != "" {
			reply = invalid(problem, "title")
			return
		}
		l := &label{id: t.id("label"), title: title, description: c.optionalText("description"), color: cmp.Or(c.text("color"), "#1f93ff")}
		if c.body["show_on_sidebar"] != nil {
			shown := c.flag("show_on_sidebar")
			l.showOnSidebar = &shown
		}
		c.account.labels = append(c.account.labels, l)
		t.touchCache(c.account, "label")
		reply = ok(viewLabel(l))
	})
	return reply
}

func (c *call) updateLabel() answer {
	c.unwrap("label")
	return c.withLabel(func(t *tx, l *label) answer {
		renamed := *l
		if c.has("title") {
			renamed.title = strings.ToLower(c.text("title"))
		}
		if c.has("description") {
			renamed.description = c.optionalText("description")
		}
		if c.has("color") {
			renamed.color = c.text("color")
		}
		if c.body["show_on_sidebar"] != nil {
			shown := c.flag("show_on_sidebar")
			renamed.showOnSidebar = &shown
		}
		if problem := labelProblem(c.account, renamed.title, l.id); problem != "" {
			return invalid(problem, "title")
		}
		t.replaceLabel(c.account, l, &renamed)
		return ok(viewLabel(&renamed))
	})
}

func (c *call) deleteLabel() answer {
	return c.withLabel(func(t *tx, l *label) answer {
		t.removeLabel(c.account, l)
		return done()
	})
}

var labelTitle = regexp.MustCompile(`\A[\p{L}\p{N}]+[\p{L}\p{N}_-]+\z`)

// labelProblem is what Chatwoot says of a title, or nothing (CONTRACT 7.3).
func labelProblem(a *account, title string, self int64) string {
	if title == "" {
		return "Title must not be blank, Title is invalid"
	}
	if !labelTitle.MatchString(title) {
		return "Title is invalid"
	}
	if utf8.RuneCountInString(title) > 255 {
		return "Title is too long (maximum is 255 characters)"
	}
	if other := a.labelTitled(title); other != nil && other.id != self {
		return "Title has already been taken"
	}
	return ""
}

// replaceLabel stores a changed label. A new title is swapped on its
// conversations one by one by a job, at the end of each list, without any
// event: only updated_at tells (CONTRACT 7.4).
func (t *tx) replaceLabel(a *account, l, changed *label) {
	a.labels[slices.Index(a.labels, l)] = changed
	t.touchCache(a, "label")
	if l.title == changed.title {
		return
	}
	for _, v := range labelled(a, l.title) {
		t.later(func(t *tx) { t.renameOn(a, v, l.title, changed.title) })
	}
	for _, contact := range a.contacts {
		if slices.Contains(contact.labels, l.title) {
			contact.labels = append(without(contact.labels, equals(l.title)), changed.title)
		}
	}
}

func (t *tx) renameOn(a *account, v *conversation, from, to string) {
	if v.deleted || !slices.Contains(v.labels, from) {
		return
	}
	before := *v
	a.conversations.change(v, func() {
		v.labels = without(v.labels, equals(from))
		if !slices.Contains(v.labels, to) {
			v.labels = append(v.labels, to)
		}
		v.updatedAt = t.stamp()
	})
	t.recordLabels(v, &before, &before, actor{}, "rename")
	t.watchers.notify(v.id)
}

// removeLabel deletes a label. Since 4.14 a job strips its title from
// conversations without moving updated_at (CONTRACT 7.5).
func (t *tx) removeLabel(a *account, l *label) {
	a.labels = without(a.labels, func(one *label) bool { return one == l })
	t.touchCache(a, "label")
	if !t.since(sinceLabelStrip) {
		return
	}
	t.later(func(t *tx) {
		for _, v := range labelled(a, l.title) {
			before := *v
			v.labels = without(v.labels, equals(l.title))
			t.recordLabels(v, &before, &before, actor{}, "delete")
			t.watchers.notify(v.id)
		}
		for _, contact := range a.contacts {
			contact.labels = without(contact.labels, equals(l.title))
		}
	})
}

func labelled(a *account, title string) []*conversation {
	return without(a.conversations.byCreated.all, func(v *conversation) bool { return !slices.Contains(v.labels, title) })
}

func equals(title string) func(string) bool { return func(one string) bool { return one == title } }

// touchCache moves the key that clients watch instead of webhooks (CONTRACT 7.6).
func (t *tx) touchCache(a *account, kind string) {
	a.cacheKeys[kind] = t.now
	t.castCache(a)
}

// cacheLifetime is how long Chatwoot keeps a cache key.
const cacheLifetime = 72 * 60 * 60

func (s *Server) viewCacheKeys(a *account) map[string]string {
	keys := map[string]string{}
	for _, kind := range []string{"label", "inbox", "team"} {
		keys[kind] = "0000000000"
		if at := a.cacheKeys[kind]; !at.IsZero() && s.now().Unix()-at.Unix() < cacheLifetime {
			keys[kind] = itoa(at.Unix())
		}
	}
	return keys
}
