package kanban

// Other is another conversation of the same contact, and where boards show it.
type Other struct {
	Conversation
	At []Standing
}

// Standing is the stage that a board shows a conversation in.
type Standing struct {
	Board BoardID
	Stage StageID
}

// On is the stage of the conversation on a board; false when the board does not show it.
func (o Other) On(b BoardID) (StageID, bool) {
	for _, s := range o.At {
		if s.Board == b {
			return s.Stage, true
		}
	}
	return NoStage, false
}

// Related reports whether a conversation is another one of the contact of c that lists show the viewer. Contacts without a number are
// nobody's: they have nothing in common.
func (v Viewer) Related(c, other Conversation) bool {
	return c.Contact.ID != 0 && c.Account == other.Account && c.Contact.ID == other.Contact.ID && c.ID != other.ID && v.Sees(other)
}
