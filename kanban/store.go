package kanban

import (
	"context"
	"time"
)

// Store is what the engine needs of the database. Each method is one transaction, durable when it returns.
type Store interface {
	accountStore
	conversationStore
	moveStore
	deliveryStore
	peopleStore
}

type accountStore interface {
	Accounts(context.Context) ([]Account, error)
	Account(context.Context, AccountID) (Account, error)
	AccountAt(ctx context.Context, baseURL string, chatwootID int64) (Account, error)
	SaveAccount(context.Context, Account) (Account, error)
	SetVersion(ctx context.Context, id AccountID, version string) error
	SetDealKeys(context.Context, AccountID, DealKeys) error
	SetWebhook(context.Context, AccountID, AccountWebhook) error
	WebhookSeen(ctx context.Context, id AccountID, at time.Time) error
	ChangeLink(ctx context.Context, id AccountID, change func(*Link)) (Link, error)
	DisconnectAccount(context.Context, AccountID, time.Time) error
	DeleteAccount(context.Context, AccountID) error
	SaveImportState(context.Context, AccountID, ImportState) error
	SaveSyncState(context.Context, AccountID, SyncState) error
	Catalog(context.Context, AccountID) (*Catalog, error)
	SaveCatalog(context.Context, AccountID, Catalog) (CatalogChange, error)
	Boards(context.Context, AccountID) ([]Board, error)
	Board(context.Context, BoardID) (Board, error)
	CreateBoard(context.Context, Board) (Board, error)
	UpdateBoard(context.Context, Board) (Board, error)
	// OrderBoards puts boards of an account first, in an order.
	OrderBoards(context.Context, AccountID, []BoardID) error
	// CardsLeft counts what is in a stage, and what of it could not leave.
	CardsLeft(context.Context, Stage) (Remaining, error)
	// CardsToLeave are cards of a stage that is being emptied which have yet to be moved, MovesUnderWay those on their way, up to a limit.
	CardsToLeave(ctx context.Context, s Stage, limit int) ([]ConversationID, error)
	MovesUnderWay(ctx context.Context, s Stage, limit int) (int, error)
}

type conversationStore interface {
	Apply(ctx context.Context, account AccountID, snapshots []Snapshot, consumed []int64) (Applied, error)
	Forget(context.Context, AccountID, []ConversationID, Source) (Applied, error)
	Conversation(context.Context, AccountID, ConversationID) (Conversation, error)
	CountConversations(context.Context, AccountID) (int, error)
	UnseenSince(ctx context.Context, account AccountID, t time.Time, limit int) ([]ConversationID, error)
	ConversationsOf(ctx context.Context, account AccountID, agents []AgentID, teams []TeamID, limit int) ([]ConversationID, error)
	ConversationsOfContact(ctx context.Context, account AccountID, contact ContactID, limit int) ([]Conversation, error)
	Card(context.Context, Board, Viewer, ConversationID) (Card, error)
	// Unsought are conversations that were found in a stage and whose past nobody has looked for, the latest first.
	Unsought(ctx context.Context, account AccountID, limit int) ([]ConversationID, error)
	// Remember replaces, on each board that found a conversation in a stage, that finding by what past makes of it, if that is anything.
	Remember(ctx context.Context, account AccountID, id ConversationID, past func(Board, Transition) []Transition) (Applied, error)
	// RecordForecasts keeps, once a day, what the open deals of an account promise.
	RecordForecasts(ctx context.Context, account AccountID, now time.Time) error
}

type moveStore interface {
	Move(context.Context, MoveID) (Move, error)
	AcceptMove(ctx context.Context, by Viewer, mv Move, admit func(Board, Conversation) error) (Move, []CardChange, error)
	ClaimMoves(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]Move, error)
	RecordBase(ctx context.Context, id MoveID, base, written []string, at time.Time) error
	SettleMove(ctx context.Context, id MoveID, state MoveState, reason string, snap *Snapshot) (Applied, error)
	DeferMove(ctx context.Context, id MoveID, due time.Time, reason string) (Applied, error)
	RecentMoves(ctx context.Context, account AccountID, conversation ConversationID, since time.Time) ([]Move, error)
	// WrittenMoves are the moves that were sent to Chatwoot since a time, the oldest first.
	WrittenMoves(ctx context.Context, since time.Time) ([]Move, error)
	RetryMove(ctx context.Context, id MoveID, now time.Time) (Applied, error)
	AcknowledgeRefusal(context.Context, MoveID) ([]CardChange, error)
	// Arrange puts a card beside another one in the order by hand.
	Arrange(ctx context.Context, b Board, by Actor, id ConversationID, at Spot) ([]CardChange, error)
	MovesWaiting(context.Context, AccountID) (int, error)
	// NextDue is when the next pending move can be claimed; one that is leased cannot before its lease ends.
	NextDue(context.Context) (time.Time, bool, error)
	// ReleaseLeases gives back what a process that is gone had claimed.
	ReleaseLeases(context.Context) error
}

type deliveryStore interface {
	Deliveries(ctx context.Context, account AccountID, limit int) ([]Delivery, error)
	DeliveriesWaiting(context.Context, AccountID) (int, error)
	PruneDeliveries(ctx context.Context, before time.Time) error
}

// peopleStore keeps whoever signed in.
type peopleStore interface {
	SavePerson(context.Context, Person) (Person, error)
	Person(context.Context, PersonID) (Person, error)
	PersonAt(ctx context.Context, baseURL string, user AgentID) (Person, error)
	// DropToken forgets a refused token, unless the person has another one by now.
	DropToken(ctx context.Context, id PersonID, refused string) error
	EndSessions(context.Context, PersonID) error
	PersonSeen(context.Context, PersonID, time.Time) error
	DropIdleTokens(ctx context.Context, before time.Time) error
	SaveSeat(context.Context, Seat) error
	Seats(context.Context, PersonID) ([]Seat, error)
	HastenMovesOf(ctx context.Context, account AccountID, by AgentID, now time.Time) error
}
