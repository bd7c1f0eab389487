package templates

import "sync"

// CardWords are the words that every card of a language shares, looked up once.
type CardWords struct {
	Actions, InStage, Waiting, Window, WindowClosed string
	NextStep, Retry, Dismiss, Template, Note        string
}

var cardWordsByCode sync.Map

func cardWordsOf(loc Locale) *CardWords {
	if w, ok := cardWordsByCode.Load(loc.Code()); ok {
		return w.(*CardWords)
	}
	w := &CardWords{
		Actions:      loc.T("card.actions"),
		InStage:      loc.T("card.in_stage"),
		Waiting:      loc.T("card.waiting"),
		Window:       loc.T("card.window"),
		WindowClosed: loc.T("card.window_closed"),
		NextStep:     loc.T("card.next_step"),
		Retry:        loc.T("card.retry"),
		Dismiss:      loc.T("card.dismiss"),
		Template:     loc.T("card.template"),
		Note:         loc.T("card.note"),
	}
	cardWordsByCode.Store(loc.Code(), w)
	return w
}
