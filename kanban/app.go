package kanban

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/chatlane/chatlane/chatwoot"
)

// AppTitle is what the tab beside a conversation's messages is called.
const AppTitle = "Chatlane"

// AddApp has Chatwoot show our tab beside a conversation's messages, and remembers that it is wished: somebody who deletes it there
// without knowing finds it again a minute later.
func (e *Engine) AddApp(ctx context.Context, id AccountID, publicURL string) error {
	s := e.sync(id)
	if err := s.registrations.take(ctx); err != nil {
		return err
	}
	defer s.registrations.leave()
	c, a, err := e.client(ctx, id)
	if err != nil {
		return err
	}
	a.Link.App.URL = strings.TrimRight(publicURL, "/") + "/embed"
	_, err = s.ensureApp(ctx, c, a)
	return err
}

// RemoveApp takes the tab away, and the wish to have it.
func (e *Engine) RemoveApp(ctx context.Context, id AccountID) error {
	s := e.sync(id)
	if err := s.registrations.take(ctx); err != nil {
		return err
	}
	defer s.registrations.leave()
	c, a, err := e.client(ctx, id)
	if err != nil {
		return err
	}
	if err := removeApp(ctx, c, a); err != nil {
		return err
	}
	_, err = e.Store.ChangeLink(ctx, id, func(l *Link) { l.App = AppLink{} })
	return err
}

func removeApp(ctx context.Context, c *chatwoot.Client, a Account) error {
	if a.Link.App.ID == 0 {
		return nil
	}
	if err := c.DeleteDashboardApp(ctx, a.Link.App.ID); err != nil && !errors.Is(err, chatwoot.KindNotFound) {
		return err
	}
	return nil
}

// ensureApp makes the dashboard app what it should be. changed says that something was not.
func (s *accountSync) ensureApp(ctx context.Context, c *chatwoot.Client, a Account) (changed bool, err error) {
	want := a.Link.App
	apps, err := c.DashboardApps(ctx)
	if err != nil {
		return false, err
	}
	app, written, err := appAmong(ctx, c, apps, want)
	if err != nil || !written && app.ID == want.ID {
		return false, err
	}
	_, err = s.Store.ChangeLink(ctx, s.id, func(l *Link) { l.App.URL, l.App.ID = want.URL, app.ID })
	return true, err
}

// appAmong finds our app by its address, else by its number, else creates it. What people call it is theirs to choose.
func appAmong(ctx context.Context, c *chatwoot.Client, apps []chatwoot.DashboardApp, want AppLink) (app chatwoot.DashboardApp, written bool, err error) {
	i := slices.IndexFunc(apps, func(d chatwoot.DashboardApp) bool { return d.URL == want.URL })
	if i >= 0 {
		return apps[i], false, nil
	}
	i = slices.IndexFunc(apps, func(d chatwoot.DashboardApp) bool { return want.ID != 0 && d.ID == want.ID })
	if i < 0 {
		app, err = c.CreateDashboardApp(ctx, chatwoot.DashboardApp{Title: AppTitle, URL: want.URL})
		return app, true, err
	}
	app, err = c.UpdateDashboardApp(ctx, chatwoot.DashboardApp{ID: want.ID, Title: apps[i].Title, URL: want.URL})
	return app, true, err
}
