package chatwoottest

import (
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"time"
)

//go:embed screen
var screenFiles embed.FS

var screenPage = template.Must(template.ParseFS(screenFiles, "screen/screen.html"))

// screenRoutes are the stand-in of Chatwoot's conversation screen: the list,
// the messages, the labels and the tabs of dashboard apps, acted on by any
// user one chooses. It needs no sign-in, being a toy on one's own machine, but
// other sites may not post to it.
func (s *Server) screenRoutes(mux *http.ServeMux) {
	guard := http.NewCrossOriginProtection()
	mux.HandleFunc("GET /{$}", s.toScreen)
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /app", s.toScreen)
	mux.HandleFunc("GET /app/accounts/{account}/dashboard", s.toScreen)
	for _, name := range []string{"screen.css", "screen.js"} {
		mux.HandleFunc("GET /app/assets/"+name, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, screenFiles, "screen/"+name)
		})
	}
	const one = "/app/accounts/{account}/conversations/{id}"
	mux.HandleFunc("GET "+one, s.screen)
	mux.HandleFunc("GET /app/accounts/{account}/inbox/{inbox}/conversations/{id}", s.screen)
	mux.HandleFunc("GET /app/accounts/{account}/label/{label}/conversations/{id}", s.screen)
	mux.HandleFunc("GET /app/accounts/{account}/events", s.screenEvents)
	mux.Handle("POST "+one+"/labels", guard.Handler(s.screenAct(relabel)))
	mux.Handle("POST "+one+"/messages", guard.Handler(s.screenAct(write)))
	mux.Handle("POST "+one+"/status", guard.Handler(s.screenAct(restatus)))
}

// toScreen leads to the conversation with the latest activity.
func (s *Server) toScreen(w http.ResponseWriter, r *http.Request) {
	s.mu.RLock()
	latest := int64(1)
	if all := s.accounts[s.AccountID()].conversations.byActivity.all; len(all) > 0 {
		latest = all[len(all)-1].id
	}
	s.mu.RUnlock()
	http.Redirect(w, r, fmt.Sprintf("/app/accounts/%d/conversations/%d", s.AccountID(), latest), http.StatusFound)
}

func (s *Server) screen(w http.ResponseWriter, r *http.Request) {
	s.mu.RLock()
	a := s.accounts[pathNumber(r, "account")]
	var view screenView
	found := a != nil
	if found {
		view = s.viewScreen(a, r)
		found = view.Open != nil || a.conversations.len() == 0
	}
	s.mu.RUnlock()
	if !found {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = screenPage.Execute(w, view)
}

func pathNumber(r *http.Request, name string) int64 {
	n, _ := strconv.ParseInt(r.PathValue(name), 10, 64)
	return n
}

// heartbeat keeps proxies from closing a quiet stream.
const heartbeat = 15 * time.Second

// screenEvents tells the page which conversation changed.
func (s *Server) screenEvents(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	changed, stop := s.watchers.listen()
	defer stop()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	flush := http.NewResponseController(w).Flush
	for _, _ = fmt.Fprint(w, ": hello\n\n"); flush() == nil; {
		select {
		case id := <-changed:
			_, _ = fmt.Fprintf(w, "data: %d\n\n", id)
		case <-beat.C:
			_, _ = fmt.Fprint(w, ":\n\n")
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		}
	}
}

// screenAct does what a form of the page asks, as the chosen user.
func (s *Server) screenAct(act func(*tx, *account, *conversation, actor, *http.Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, "unreadable form", http.StatusBadRequest)
			return
		}
		found := false
		s.write(func(t *tx) {
			if a := t.accounts[pathNumber(r, "account")]; a != nil {
				if v := a.conversations.byID[pathNumber(r, "id")]; v != nil {
					found = true
					act(t, a, v, t.actor(t.acting(a, r)), r)
				}
			}
		})
		if !found {
			http.NotFound(w, r)
			return
		}
		http.Redirect(w, r, fmt.Sprintf("/app/accounts/%s/conversations/%s?as=%s", r.PathValue("account"), r.PathValue("id"), r.URL.Query().Get("as")), http.StatusSeeOther)
	})
}

func relabel(t *tx, a *account, v *conversation, by actor, r *http.Request) {
	titles := without(v.labels, equals(r.PostForm.Get("remove")))
	if add := r.PostForm.Get("add"); add != "" {
		titles = append(titles, add)
	}
	t.setLabels(a, v, by, "labels", titles)
}

func write(t *tx, a *account, v *conversation, by actor, r *http.Request) {
	m := &message{content: r.PostForm.Get("text"), kind: outgoing, sender: by, private: r.PostForm.Get("kind") == "note"}
	if r.PostForm.Get("kind") == "incoming" {
		m.kind, m.sender = incoming, actor{kind: "contact", id: v.contact.id, name: v.contact.name}
	}
	if m.content != "" {
		t.say(a, v, m)
	}
}

func restatus(t *tx, a *account, v *conversation, by actor, r *http.Request) {
	status := "open"
	if r.PostForm.Get("status") == "resolved" {
		status = "resolved"
	}
	t.setStatus(a, v, by, status, time.Time{})
}
