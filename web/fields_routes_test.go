package web_test

import (
	"net/http"
	"net/url"

	"github.com/chatlane/chatlane/web"
)

// fieldForms are the addresses of a conversation's fields, each with a form that its reading refuses before Chatwoot is asked.
func fieldForms() map[web.Route]url.Values {
	const card = "/boards/:board/cards/:conversation"
	return map[web.Route]url.Values{
		{http.MethodPut, card + "/assignee"}:                {"assignee": {"x"}},
		{http.MethodPut, card + "/team"}:                    {"team": {"x"}},
		{http.MethodPut, card + "/priority"}:                {"priority": {"x"}},
		{http.MethodPut, card + "/status"}:                  {"status": {"x"}},
		{http.MethodPut, card + "/labels"}:                  {},
		{http.MethodPut, card + "/attributes/:key"}:         {"value": {"1"}},
		{http.MethodPut, card + "/contact"}:                 {"phone": {"x"}},
		{http.MethodPut, card + "/contact/attributes/:key"}: {"value": {"1"}},
	}
}

// attributeRoutes name an attribute by its key.
var attributeRoutes = []web.Route{
	{Method: http.MethodPut, Pattern: "/boards/:board/cards/:conversation/attributes/:key"},
	{Method: http.MethodPut, Pattern: "/boards/:board/cards/:conversation/contact/attributes/:key"},
}

// fieldTable is their part of the route table. The attribute of the table is one that does not exist.
func fieldTable() map[web.Route]visit {
	rows := map[web.Route]visit{}
	for route, form := range fieldForms() {
		rows[route] = visit{form: form, in: http.StatusUnprocessableEntity, out: http.StatusUnauthorized}
	}
	rows[web.Route{Method: http.MethodPost, Pattern: "/accounts/:account/deal-fields"}] = visit{form: url.Values{}, in: http.StatusNoContent, out: http.StatusUnauthorized}
	for _, attribute := range attributeRoutes {
		rows[attribute] = visit{form: fieldForms()[attribute], in: http.StatusNotFound, out: http.StatusUnauthorized}
	}
	return rows
}

// fieldMatrix is the same for the matrix of roles and objects.
func fieldMatrix() map[web.Route]subject {
	rows := map[web.Route]subject{}
	for route, form := range fieldForms() {
		rows[route] = subject{about: aCard, form: form}
	}
	rows[web.Route{Method: http.MethodPost, Pattern: "/accounts/:account/deal-fields"}] = subject{about: itsConnection, form: url.Values{}}
	for _, attribute := range attributeRoutes {
		rows[attribute] = subject{about: upstream, form: fieldForms()[attribute]}
	}
	return rows
}
