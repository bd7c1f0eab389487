package kanban

import "time"

// carryWithin is how old a conversation may be to count as new: one that was missed while Chatlane was away still is, one that an
// administrator lets it see for the first time is not.
const carryWithin = 24 * time.Hour

// CarriedBy is who moves a card when a rule of the board does. Chatwoot names the owner of the account's token.
var CarriedBy = Actor{Name: "Chatlane"}

// Carries reports whether a conversation that is seen for the first time may enter the stage that its contact's earlier one is in.
func (b Board) Carries(c Conversation, source Source, now time.Time) bool {
	return b.CarryStage && !b.Archived() && source != FromImport && c.Contact.ID != 0 && len(b.StagesIn(c.Labels)) == 0 && now.Sub(c.CreatedAt) < carryWithin
}

// CarriedOn reports whether a stage is one to carry on: deals that are won or lost are over, and the next one begins anew.
func (b Board) CarriedOn(id StageID) bool {
	s, ok := b.Stage(id)
	return ok && s.Kind == StageOpen && s.Leaving == nil && !s.LabelGone
}

// overtaken reports whether a stage was chosen before a rule's move got to it: people and automations know better.
func (mv Move) overtaken(b Board, titles []string) bool {
	return mv.Carries != 0 && len(b.StagesIn(titles)) > 0
}
