package templates

import (
	"net/url"
	"strconv"

	"github.com/chatlane/chatlane/kanban"
)

// The addresses that belong to no board.
const (
	ConnectionPath  = "/connection"
	SignInPath      = "/sign-in"
	SignOutPath     = "/sign-out"
	ConnectPath     = "/connect"
	HealthPath      = "/health"
	PreferencesPath = "/preferences"
)

// The addresses of the frame in Chatwoot.
const (
	EmbedPath         = "/embed"
	EmbedPanelPath    = "/embed/conversations"
	EmbedCookiePath   = "/embed/cookie"
	EmbedSignInPath   = "/embed/sign-in"
	EmbedSignOutPath  = "/embed/sign-out"
	EmbedPopUpPath    = "/embed/pop-up"
	EmbedTicketsPath  = "/embed/tickets"
	EmbedSessionsPath = "/embed/sessions"
)

// EmbedBoardPath is a whole board within the frame.
func EmbedBoardPath(b kanban.BoardID) string { return EmbedPath + BoardPath(b) }

// SetupPath is where an account is set up: the page of three ticks.
func SetupPath(a kanban.AccountID) string { return accountPath(a) + "/setup" }

// TickPath is one tick of that page.
func TickPath(a kanban.AccountID, tick string) string { return SetupPath(a) + "/" + tick }

// WebhookPath registers and tests an account's webhook.
func WebhookPath(a kanban.AccountID) string { return accountPath(a) + "/webhook" }

// AppPath adds or removes an account's tab in Chatwoot.
func AppPath(a kanban.AccountID) string { return accountPath(a) + "/dashboard-app" }

// BoardsPath makes a board of an account.
func BoardsPath(a kanban.AccountID) string { return accountPath(a) + "/boards" }

// DisconnectionPath disconnects an account.
func DisconnectionPath(a kanban.AccountID) string { return accountPath(a) + "/disconnection" }

func accountPath(a kanban.AccountID) string { return "/accounts/" + strconv.FormatInt(int64(a), 10) }

// TemplatePath is a board's structure as a file.
func TemplatePath(b kanban.BoardID) string { return BoardPath(b) + "/template" }

// BoardPath is a board's page.
func BoardPath(b kanban.BoardID) string { return "/boards/" + strconv.FormatInt(int64(b), 10) }

// EventsPath is a board's live stream.
func EventsPath(b kanban.BoardID) string { return BoardPath(b) + "/events" }

// TotalsPath is the headers of all columns of a board.
func TotalsPath(b kanban.BoardID) string { return BoardPath(b) + "/totals" }

// ColumnsPath makes columns of a board narrow, or wide again.
func ColumnsPath(b kanban.BoardID) string { return BoardPath(b) + "/columns" }

// StylesheetPath is a board's colours. The version is part of the address, so that the answer may be kept for ever.
func StylesheetPath(b kanban.BoardID, version string) string {
	return BoardPath(b) + "/colors.css?v=" + url.QueryEscape(version)
}

// StagePath is a column's further cards, after a cursor.
func StagePath(b kanban.BoardID, s kanban.StageID, after string) string {
	path := BoardPath(b) + "/stages/" + strconv.FormatInt(int64(s), 10)
	if after == "" {
		return path
	}
	return path + "?after=" + url.QueryEscape(after)
}

// CardPath is a card.
func CardPath(b kanban.BoardID, c kanban.ConversationID) string {
	return BoardPath(b) + "/cards/" + strconv.FormatInt(int64(c), 10)
}

// PanelPath is a card opened beside its board.
func PanelPath(b kanban.BoardID, c kanban.ConversationID) string { return CardPath(b, c) + "/panel" }

// MessagesPath is what was said in a card's conversation; a POST adds to it.
func MessagesPath(b kanban.BoardID, c kanban.ConversationID) string {
	return CardPath(b, c) + "/messages"
}

// SendPath is a message on its way.
func SendPath(b kanban.BoardID, c kanban.ConversationID, m kanban.SendID) string {
	return CardPath(b, c) + "/sends/" + strconv.FormatInt(int64(m), 10)
}

// AttachmentPath is a file that came with a message.
func AttachmentPath(b kanban.BoardID, c kanban.ConversationID, message, attachment int64) string {
	return CardPath(b, c) + "/attachments/" + strconv.FormatInt(message, 10) + "/" + strconv.FormatInt(attachment, 10)
}

// SeenPath marks a card's conversation as read.
func SeenPath(b kanban.BoardID, c kanban.ConversationID) string { return CardPath(b, c) + "/seen" }

// CannedPath are prepared answers, filled in for a card's conversation.
func CannedPath(b kanban.BoardID, c kanban.ConversationID) string { return CardPath(b, c) + "/canned" }

// MessageTemplatesPath are the messages that WhatsApp lets a business write at any time.
func MessageTemplatesPath(b kanban.BoardID, c kanban.ConversationID) string {
	return CardPath(b, c) + "/templates"
}

// FieldPath is a field of a card's conversation, such as "assignee": a PUT changes it.
func FieldPath(b kanban.BoardID, c kanban.ConversationID, field string) string {
	return CardPath(b, c) + "/" + field
}

// AttributePath is a custom attribute of a card's conversation.
func AttributePath(b kanban.BoardID, c kanban.ConversationID, key string) string {
	return CardPath(b, c) + "/attributes/" + url.PathEscape(key)
}

// ContactAttributePath is a custom attribute of the customer of a card's conversation.
func ContactAttributePath(b kanban.BoardID, c kanban.ConversationID, key string) string {
	return CardPath(b, c) + "/contact/attributes/" + url.PathEscape(key)
}

// DealFieldsPath makes the custom attributes that carry the deal.
func DealFieldsPath(a kanban.AccountID) string { return accountPath(a) + "/deal-fields" }

// LeadsPath begins a conversation on a board.
func LeadsPath(b kanban.BoardID) string { return BoardPath(b) + "/leads" }

// LeadContactsPath finds contacts for it.
func LeadContactsPath(b kanban.BoardID) string { return LeadsPath(b) + "/contacts" }

// MovePath is the stage of a card: a PUT with the field "stage" moves it.
func MovePath(b kanban.BoardID, c kanban.ConversationID) string { return CardPath(b, c) + "/stage" }

// SettlePath settles a card with two stage labels in favour of the stage it is shown in.
func SettlePath(b kanban.BoardID, c kanban.ConversationID) string { return CardPath(b, c) + "/settle" }

// AttemptsPath makes a waiting move try at once.
func AttemptsPath(m kanban.MoveID) string { return movePath(m) + "/attempts" }

// RefusalPath is the refusal of a move: a DELETE acknowledges it.
func RefusalPath(m kanban.MoveID) string { return movePath(m) + "/refusal" }

func movePath(m kanban.MoveID) string { return "/moves/" + strconv.FormatInt(int64(m), 10) }

// SettingsPath is a board's settings.
func SettingsPath(b kanban.BoardID) string { return BoardPath(b) + "/settings" }

// CopiesPath makes a board like another one.
func CopiesPath(b kanban.BoardID) string { return BoardPath(b) + "/copies" }

// ArchivePath puts a board away, or brings it back.
func ArchivePath(b kanban.BoardID) string { return BoardPath(b) + "/archive" }

// FavouritePath makes a board one of the person's favourites, or no longer.
func FavouritePath(b kanban.BoardID) string { return BoardPath(b) + "/favourite" }

// StagesPath adds a stage to a board.
func StagesPath(b kanban.BoardID) string { return BoardPath(b) + "/stages" }

// StageOrderPath puts the stages of a board in an order.
func StageOrderPath(b kanban.BoardID) string { return StagesPath(b) + "/order" }

// StageSettingsPath changes a stage.
func StageSettingsPath(b kanban.BoardID, s kanban.StageID) string {
	return StagePath(b, s, "") + "/settings"
}

// StageRemovalPath takes a stage off its board, and tells how far that has come.
func StageRemovalPath(b kanban.BoardID, s kanban.StageID) string {
	return StagePath(b, s, "") + "/removal"
}

// BoardOrderPath puts the boards of an account in an order.
func BoardOrderPath(a kanban.AccountID) string { return BoardsPath(a) + "/order" }

// PillsPath is the needs that a board's cards may be chosen by, with how many there are of each.
func PillsPath(b kanban.BoardID) string { return BoardPath(b) + "/pills" }

// FilterFormPath is the form of everything that a board's cards may be chosen by.
func FilterFormPath(b kanban.BoardID) string { return BoardPath(b) + "/filter" }

// PalettePath is everything that can be done on a board, within Chatwoot or not.
func PalettePath(b kanban.BoardID, framed bool) string {
	if framed {
		return BoardPath(b) + "/palette?framed=1"
	}
	return BoardPath(b) + "/palette"
}

// ListPath is a board's cards in rows.
func ListPath(b kanban.BoardID) string { return BoardPath(b) + "/list" }

// FilePath is a board's cards as a file for spreadsheets.
func FilePath(b kanban.BoardID) string { return BoardPath(b) + "/list.csv" }

// ViewsPath keeps a view of a board.
func ViewsPath(b kanban.BoardID) string { return BoardPath(b) + "/views" }

// ViewPath changes a view.
func ViewPath(b kanban.BoardID, w kanban.ViewID) string {
	return ViewsPath(b) + "/" + strconv.FormatInt(int64(w), 10)
}

// SelectionPath is what can be done with chosen cards of a board.
func SelectionPath(b kanban.BoardID) string { return BoardPath(b) + "/selection" }

// BatchesPath does something with many cards of a board.
func BatchesPath(b kanban.BoardID) string { return BoardPath(b) + "/batches" }

// BatchPath says how far that has come.
func BatchPath(b kanban.BoardID, id kanban.BatchID) string {
	return BatchesPath(b) + "/" + strconv.FormatInt(int64(id), 10)
}
