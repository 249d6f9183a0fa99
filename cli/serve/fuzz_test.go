package serve

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzRequest asks the server anything: it answers with JSON and one of its
// codes, and a request that is wrong is never taken for a fault of the server.
func FuzzRequest(f *testing.F) {
	f.Add("GET", "/v1/search", "q=lamp&k=3&filter=price%3C100", "")
	f.Add("GET", "/v1/similar", "id=l1&k=-1", "")
	f.Add("POST", "/v1/events", "", `{"profile":"ann","product":"1"}`)
	f.Add("GET", "/v1/search", "q=lamp&k=99999999999999999999&offset=x&filter=%00%ff", "")
	f.Add("GET", "/healthz", "%zz", "")
	h := NewHandler(&fakeBench{}, "")
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		if body == "broken" || strings.Contains(query, "broken") || strings.Contains(query, "wait") {
			return // the words on which the fake fails, or waits
		}
		r := httptest.NewRequest("GET", "/", strings.NewReader(body))
		r.Method, r.URL.Path, r.URL.RawQuery = method, "/"+strings.TrimPrefix(path, "/"), query
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%s %q?%q: %d %s", method, path, query, w.Code, w.Body)
		}
		if w.Code == http.StatusOK && !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%s %q?%q answers what is not JSON: %s", method, path, query, w.Body)
		}
	})
}
