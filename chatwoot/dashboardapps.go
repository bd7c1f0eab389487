package chatwoot

import "context"

// DashboardApp is a tab beside a conversation's messages that frames a page (CONTRACT 12).
type DashboardApp struct {
	ID    int64
	Title string
	URL   string // of its first frame
}

func (d DashboardApp) usable() bool { return d.ID > 0 }

type dashboardFrame struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// UnmarshalJSON forgives wrong types, and fails on broken JSON only.
func (d *DashboardApp) UnmarshalJSON(b []byte) error {
	var w struct {
		ID      int64            `json:"id"`
		Title   string           `json:"title"`
		Content []dashboardFrame `json:"content"`
	}
	if err := unmarshal(b, &w); err != nil {
		return err
	}
	*d = DashboardApp{ID: w.ID, Title: w.Title}
	if len(w.Content) > 0 {
		d.URL = w.Content[0].URL
	}
	return nil
}

func (d DashboardApp) body() map[string]any {
	return map[string]any{"dashboard_app": map[string]any{
		"title":   d.Title,
		"content": []dashboardFrame{{Type: "frame", URL: d.URL}},
	}}
}

// DashboardApps returns the apps of the account: GET …/dashboard_apps.
func (c *Client) DashboardApps(ctx context.Context) ([]DashboardApp, error) {
	return entries[DashboardApp](ctx, c.get(nil, "dashboard_apps").large())
}

// CreateDashboardApp adds an app: POST …/dashboard_apps. Any agent may.
func (c *Client) CreateDashboardApp(ctx context.Context, d DashboardApp) (DashboardApp, error) {
	return entry[DashboardApp](ctx, c.post(d.body(), "dashboard_apps"))
}

// UpdateDashboardApp changes title and address: PATCH …/dashboard_apps/{id}.
func (c *Client) UpdateDashboardApp(ctx context.Context, d DashboardApp) (DashboardApp, error) {
	return entry[DashboardApp](ctx, c.patch(d.body(), "dashboard_apps", d.ID).repeat())
}

// DeleteDashboardApp removes an app: DELETE …/dashboard_apps/{id}.
func (c *Client) DeleteDashboardApp(ctx context.Context, id int64) error {
	return c.delete("dashboard_apps", id).done(ctx)
}
