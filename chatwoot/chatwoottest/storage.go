package chatwoottest

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// blobPath is where a file is found, as long as its name is known: nobody signs in for it (CONTRACT 4 AT).
func blobPath(f attachment) string {
	return "/rails/active_storage/blobs/redirect/" + strconv.FormatInt(f.id, 10) + "/" + url.PathEscape(f.name)
}

// storageRoutes lead from a file's address to its storage, and serve it there.
func (s *Server) storageRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /rails/active_storage/blobs/redirect/{id}/{name}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/rails/active_storage/disk/"+r.PathValue("id")+"/"+url.PathEscape(r.PathValue("name")), http.StatusFound)
	})
	mux.HandleFunc("GET /rails/active_storage/disk/{id}/{name}", func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
		f, found := s.blob(id)
		if !found {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", f.mime)
		http.ServeContent(w, r, f.name, time.Time{}, bytes.NewReader(f.content))
	})
}

// blob finds a file by its number.
func (s *Server) blob(id int64) (found attachment, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, a := range s.accounts {
		for _, v := range a.conversations.byID {
			for _, m := range v.messages {
				for _, f := range m.attachments {
					if f.id == id {
						return f, true
					}
				}
			}
		}
	}
	return attachment{}, false
}
