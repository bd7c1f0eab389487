// Package kanban holds Chatlane's words and rules (board, stage, card, move, transition) and the engine that keeps them
// equal to Chatwoot: importer, sync, reconciler and mover.
//
// The rules need no database and no network. The engine's files are the only ones that import package chatwoot.
package kanban
