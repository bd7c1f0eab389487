package chatwoottest

import (
	"fmt"
	"strings"
)

// phrases are the texts Chatwoot translates; those of pt_BR are as recorded.
type phrases struct {
	added, removed                                                  string
	assigned, selfAssigned, unassigned                              string
	teamAssigned, teamRemoved                                       string
	priority, priorityRemoved                                       string
	resolved, reopened, snoozed, pending                            string
	reopenedByCustomer, muted, unmuted                              string
	automation                                                      string
	deletedMessage, inboxDeletion                                   string
	invalidEvents, reservedKey                                      string
	invalidValue, invalidKey, invalidOperator, invalidQueryOperator string
}

var spoken = map[string]phrases{
	"pt_BR": {
		added: "%s adicionou %s", removed: "%s removeu %s",
		assigned: "Atribuído a %s por %s", selfAssigned: "%s atribuiu a si mesmo essa conversa", unassigned: "Conversa desatribuída por %s",
		teamAssigned: "Atribuído a %s por %s", teamRemoved: "Desatribuído de %s por %s",
		priority: "%s definiu a prioridade para %s", priorityRemoved: "%s removeu a prioridade",
		resolved: "Conversa foi marcada como resolvida por %s", reopened: "Conversa foi reaberta por %s",
		snoozed: "Conversa foi adiada por %s", pending: "Conversa foi marcada como pendente por %s",
		reopenedByCustomer: "O sistema reabriu a conversa devido a uma nova mensagem recebida.",
		muted:              "%s silenciou a conversa", unmuted: "%s reativou o som da conversa",
		automation:     "Sistema de Automação",
		deletedMessage: "Esta mensagem foi excluída", inboxDeletion: "Seu pedido de exclusão da caixa de entrada será processado dentro de algum tempo.",
		invalidEvents: "Eventos inválidos", reservedKey: "A chave fornecida não é permitida pois pode entrar em conflito com os atributos padrão.",
		invalidValue:         "Valor inválido. Os valores fornecidos para %s são inválidos",
		invalidKey:           "Chave de atributo inválido - [%s]. A chave deve ser uma das [%s] ou um atributo personalizado definido na conta.",
		invalidOperator:      "Operador inválido. Os operadores permitidos para %s são [%s].",
		invalidQueryOperator: "O operador de consulta deve ser \"AND\" ou \"OR\".",
	},
	"en": {
		added: "%s added %s", removed: "%s removed %s",
		assigned: "Assigned to %s by %s", selfAssigned: "%s self-assigned this conversation", unassigned: "Conversation unassigned by %s",
		teamAssigned: "Assigned to %s by %s", teamRemoved: "Unassigned from %s by %s",
		priority: "%s set the priority to %s", priorityRemoved: "%s removed the priority",
		resolved: "Conversation was marked resolved by %s", reopened: "Conversation was reopened by %s",
		snoozed: "Conversation was snoozed by %s", pending: "Conversation was marked as pending by %s",
		reopenedByCustomer: "System reopened the conversation due to a new incoming message.",
		muted:              "%s has muted the conversation", unmuted: "%s has unmuted the conversation",
		automation:     "Automation System",
		deletedMessage: "This message was deleted", inboxDeletion: "Your inbox deletion request will be processed in some time.",
		invalidEvents: "Invalid events", reservedKey: "The provided key is not allowed as it might conflict with default attributes.",
		invalidValue:         "Invalid value. The values provided for %s are invalid",
		invalidKey:           "Invalid attribute key - [%s]. The key should be one of [%s] or a custom attribute defined in the account.",
		invalidOperator:      "Invalid operator. The allowed operators for %s are [%s].",
		invalidQueryOperator: "Query operator must be either \"AND\" or \"OR\".",
	},
}

func (a *account) say() phrases {
	if p, ok := spoken[a.locale]; ok {
		return p
	}
	return spoken["en"]
}

// activityLines are the messages a job writes after a change (CONTRACT 6.2.8).
func activityLines(a *account, before, after *conversation, by actor, users map[int64]*user) []string {
	say, name := a.say(), by.name
	if by.kind == "" {
		name = say.automation
	}
	var lines []string
	if line := statusLine(say, before, after, by, name); line != "" {
		lines = append(lines, line)
	}
	if before.priority != after.priority {
		if after.priority == "" {
			lines = append(lines, fmt.Sprintf(say.priorityRemoved, name))
		} else {
			lines = append(lines, fmt.Sprintf(say.priority, name, after.priority))
		}
	}
	if added := tagsMissing(after.labels, before.labels); len(added) > 0 {
		lines = append(lines, fmt.Sprintf(say.added, name, strings.Join(added, ", ")))
	}
	if removed := tagsMissing(before.labels, after.labels); len(removed) > 0 {
		lines = append(lines, fmt.Sprintf(say.removed, name, strings.Join(removed, ", ")))
	}
	lines = append(lines, teamLines(say, a, before, after, name)...)
	return append(lines, assigneeLines(say, users, before, after, by, name)...)
}

func statusLine(say phrases, before, after *conversation, by actor, name string) string {
	if before.status == after.status {
		return ""
	}
	if by.kind == "contact" && after.status == "open" {
		return say.reopenedByCustomer
	}
	lines := map[string]string{"open": say.reopened, "resolved": say.resolved, "snoozed": say.snoozed, "pending": say.pending}
	return fmt.Sprintf(lines[after.status], name)
}

func teamLines(say phrases, a *account, before, after *conversation, name string) []string {
	if before.teamID == after.teamID {
		return nil
	}
	if team := a.team(after.teamID); team != nil {
		return []string{fmt.Sprintf(say.teamAssigned, team.name, name)}
	}
	if team := a.team(before.teamID); team != nil {
		return []string{fmt.Sprintf(say.teamRemoved, team.name, name)}
	}
	return nil
}

func assigneeLines(say phrases, users map[int64]*user, before, after *conversation, by actor, name string) []string {
	switch {
	case before.assigneeID == after.assigneeID:
		return nil
	case after.assigneeID == 0:
		return []string{fmt.Sprintf(say.unassigned, name)}
	case by.kind == "user" && by.id == after.assigneeID:
		return []string{fmt.Sprintf(say.selfAssigned, name)}
	}
	if u := users[after.assigneeID]; u != nil {
		return []string{fmt.Sprintf(say.assigned, u.name, name)}
	}
	return nil
}
