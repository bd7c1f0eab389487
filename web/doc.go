// Package web answers browsers and Chatwoot's webhooks: it reads a request, asks the engine or the store one thing, and draws.
package web
