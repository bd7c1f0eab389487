package chatwoottest

import "net/http"

func (s *Server) screenRoutes(*http.ServeMux) {}
