package web_test

import (
	"net/http"
	"net/url"

	"github.com/chatlane/chatlane/web"
)

// beginTable is the route table of new leads.
func beginTable() map[web.Route]visit {
	return map[web.Route]visit{
		{Method: http.MethodGet, Pattern: "/boards/:board/leads"}:          {in: 200, out: 303},
		{Method: http.MethodGet, Pattern: "/boards/:board/leads/contacts"}: {in: 200, out: 303},
		{Method: http.MethodPost, Pattern: "/boards/:board/leads"}:         {form: url.Values{"key": {"a"}}, in: 422, out: 401},
	}
}

// beginMatrix is the same for the matrix of roles and objects.
func beginMatrix() map[web.Route]subject {
	return map[web.Route]subject{
		{Method: http.MethodGet, Pattern: "/boards/:board/leads"}:          {about: aBoard},
		{Method: http.MethodGet, Pattern: "/boards/:board/leads/contacts"}: {about: aBoard},
		{Method: http.MethodPost, Pattern: "/boards/:board/leads"}:         {about: aBoard, form: url.Values{"key": {"a"}}},
	}
}
