// Package templates draws Chatlane's pages and fragments: view structs, the builders that fill them in from kanban's words, the
// templ components that turn them into HTML, and the words of each language.
//
// A fragment has one address, one id, one component and one name; ids.go and paths.go are where ids and addresses are made.
package templates
