package chatwoot

// Agent is a user of the account, or a bot that holds a conversation (CONTRACT 4 A1, A1b, A2). Webhooks leave e-mail and role out.
type Agent struct {
	ID                 int64
	Name               string
	AvailableName      string // what customers see
	Email              string
	Role               string // administrator, agent
	AvailabilityStatus string // online, busy, offline; often empty in webhooks
	Thumbnail          string
	Confirmed          bool
	CustomRoleID       int64
}

func (a Agent) usable() bool { return a.ID > 0 }

type wireAgent struct {
	ID                 int64  `json:"id"`
	Name               string `json:"name"`
	AvailableName      string `json:"available_name"`
	Email              string `json:"email"`
	Role               string `json:"role"`
	AvailabilityStatus string `json:"availability_status"`
	Thumbnail          string `json:"thumbnail"`
	AvatarURL          string `json:"avatar_url"`
	Confirmed          bool   `json:"confirmed"`
	CustomRoleID       int64  `json:"custom_role_id"`
}

// UnmarshalJSON forgives wrong types, and fails on broken JSON only.
func (a *Agent) UnmarshalJSON(b []byte) error {
	var w wireAgent
	if err := unmarshal(b, &w); err != nil {
		return err
	}
	*a = w.agent()
	return nil
}

func (w *wireAgent) agent() Agent {
	return Agent{
		ID: w.ID, Name: w.Name, AvailableName: w.AvailableName, Email: w.Email, Role: w.Role,
		AvailabilityStatus: w.AvailabilityStatus, Thumbnail: firstText(w.Thumbnail, w.AvatarURL),
		Confirmed: w.Confirmed, CustomRoleID: w.CustomRoleID,
	}
}

// Team is a group of agents (CONTRACT 4 T1, T2). Webhooks send its id and name only.
type Team struct {
	ID          int64  `json:"id"`
	Name        string `json:"name"` // lower case
	Description string `json:"description"`
	AutoAssign  bool   `json:"allow_auto_assign"`
	IsMember    bool   `json:"is_member"` // whether the token's owner is in it
}

func (t Team) usable() bool { return t.ID > 0 }
