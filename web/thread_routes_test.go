package web_test

import (
	"net/http"
	"net/url"

	"github.com/chatlane/chatlane/web"
)

// threadTable is the route table of what is said in a conversation.
func threadTable() map[web.Route]visit {
	return map[web.Route]visit{
		{http.MethodGet, "/boards/:board/cards/:conversation/messages"}:                         {in: 200, out: 303},
		{http.MethodPost, "/boards/:board/cards/:conversation/messages"}:                        {form: url.Values{"key": {"a"}, "text": {" "}}, in: 422, out: 401},
		{http.MethodPost, "/boards/:board/cards/:conversation/sends/:send/attempts"}:            {form: url.Values{}, in: 404, out: 401},
		{http.MethodDelete, "/boards/:board/cards/:conversation/sends/:send"}:                   {in: 404, out: 401},
		{http.MethodPost, "/boards/:board/cards/:conversation/seen"}:                            {form: url.Values{}, in: 204, out: 401},
		{http.MethodGet, "/boards/:board/cards/:conversation/canned"}:                           {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/cards/:conversation/templates"}:                        {in: 200, out: 303},
		{http.MethodGet, "/boards/:board/cards/:conversation/attachments/:message/:attachment"}: {in: 404, out: 303},
	}
}

// threadMatrix is the same for the matrix of roles and objects.
func threadMatrix() map[web.Route]subject {
	return map[web.Route]subject{
		{http.MethodGet, "/boards/:board/cards/:conversation/messages"}:                         {about: upstream},
		{http.MethodPost, "/boards/:board/cards/:conversation/messages"}:                        {about: aCard, form: url.Values{"key": {"a"}, "text": {" "}}},
		{http.MethodPost, "/boards/:board/cards/:conversation/sends/:send/attempts"}:            {about: upstream, form: url.Values{}},
		{http.MethodDelete, "/boards/:board/cards/:conversation/sends/:send"}:                   {about: upstream},
		{http.MethodPost, "/boards/:board/cards/:conversation/seen"}:                            {about: upstream, form: url.Values{}},
		{http.MethodGet, "/boards/:board/cards/:conversation/canned"}:                           {about: aCard},
		{http.MethodGet, "/boards/:board/cards/:conversation/templates"}:                        {about: aCard},
		{http.MethodGet, "/boards/:board/cards/:conversation/attachments/:message/:attachment"}: {about: upstream},
	}
}
