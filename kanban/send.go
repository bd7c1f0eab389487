package kanban

import "time"

// SendID is the number of a message on its way.
type SendID int64

// Send is a message that a person wrote here, on its way to Chatwoot. It is never sent a second time unless it is known that it did not
// arrive, or the person says so.
type Send struct {
	ID           SendID
	Account      AccountID
	Conversation ConversationID
	By           Actor
	// Key is what the browser calls one composition: the same key again is the same message.
	Key     string
	Private bool
	Parcel  Parcel
	State   SendState
	// Newest is the newest message of the conversation before this one was sent, Message what it became; 0 while that is not known.
	Newest, Message int64
	// Reason says why it waits or failed: the last part of a text's key. Detail is what Chatwoot said about it.
	Reason, Detail     string
	Attempts           int
	CreatedAt, BegunAt time.Time
	DueAt              time.Time
}

// Writer is whoever wrote the message, as Chatwoot is spoken to.
func (m Send) Writer() Viewer { return Viewer{Actor: m.By, Account: m.Account} }

// Parcel is what a message consists of. It is encrypted at rest and forgotten once the message has arrived.
type Parcel struct {
	Text     string
	Files    []ParcelFile
	Template *ParcelTemplate
}

// ParcelFile is a file that goes with a message.
type ParcelFile struct {
	Name, Type string
	Content    []byte
}

// ParcelTemplate is a message template of WhatsApp's with its places filled in.
type ParcelTemplate struct {
	Name, Category, Language string
	Values                   map[string]string
}

// SendState is how far a message is.
type SendState string

// The states of a message on its way.
const (
	SendWaiting SendState = "waiting" // nothing was sent yet
	SendBegun   SendState = "begun"   // it is being sent
	SendUnknown SendState = "unknown" // it was sent, and no answer told what became of it
	SendLost    SendState = "lost"    // it was looked for long enough and is not there
	SendFailed  SendState = "failed"  // Chatwoot would not have it
	SendDone    SendState = "done"
)
