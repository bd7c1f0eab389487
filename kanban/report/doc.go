// Package report says what the figures of a funnel mean and works them out. It needs neither a database nor HTTP: the store hands it what
// it counted, and the rules that decide what is counted are here.
package report
