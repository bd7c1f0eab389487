package chatwoot

import "context"

// Agents returns all users of the account by name, administrators included: GET …/agents.
func (c *Client) Agents(ctx context.Context) ([]Agent, error) {
	return entries[Agent](ctx, c.get(nil, "agents").large())
}

// Teams returns the teams of the account: GET …/teams.
func (c *Client) Teams(ctx context.Context) ([]Team, error) {
	return entries[Team](ctx, c.get(nil, "teams").large())
}

// TeamMembers returns the agents of a team: GET …/teams/{id}/team_members.
func (c *Client) TeamMembers(ctx context.Context, team int64) ([]Agent, error) {
	return entries[Agent](ctx, c.get(nil, "teams", team, "team_members").large())
}
