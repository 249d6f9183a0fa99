package exchange

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
)

func readEventText(text string) (*Events, error) {
	s, err := newSource(strings.NewReader(text), "events", defaultLimits)
	if err != nil {
		return nil, err
	}
	return readEvents(s, defaultLimits)
}

func TestEvents(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2024, 12, d, 0, 0, 0, 0, time.UTC) }
	for _, test := range []struct {
		name, text string
		want       []engine.Profile
		others     int
		problem    string
	}{
		{
			name: "CSV", text: "profile,product,action,time\nann,2,buy,2024-12-02\nbob,1,view,2024-12-01\nann,1,click,2024-12-01\n",
			want: []engine.Profile{
				{Name: "ann", Events: []engine.Event{{Product: "1", Action: engine.View, Time: day(1)}, {Product: "2", Action: engine.Buy, Time: day(2)}}},
				{Name: "bob", Events: []engine.Event{{Product: "1", Action: engine.View, Time: day(1)}}},
			},
		},
		{
			name: "UBI",
			text: `{"index": {"_index": "ubi_queries", "_id": "1"}}
{"query_id": "q", "client_id": "ann", "user_query": "lamp", "timestamp": "2024-12-01T00:00:00Z"}
{"index": {"_index": "ubi_events", "_id": "2"}}
{"action_name": "impression", "client_id": "ann", "timestamp": "2024-12-01T00:00:00Z", "event_attributes": {"object": {"object_id": "B1"}}}
{"action_name": "add_to_cart", "client_id": "ann", "timestamp": "2024-12-01T00:00:00Z", "event_attributes": {"object": {"object_id": "B1", "object_id_field": "asin"}}}
`,
			want:   []engine.Profile{{Name: "ann", Events: []engine.Event{{Product: "B1", Action: engine.Add, Time: day(1)}}}},
			others: 1,
		},
		{
			name: "bad rows", text: "profile,product,action,time\nann,2,buy,2024-12-02\n,2,buy,2024-12-02\nann,2,buy,soon\nann,2,,2024-12-02\nann,,search,2024-12-02\n",
			want:   []engine.Profile{{Name: "ann", Events: []engine.Event{{Product: "2", Action: engine.Buy, Time: day(2)}}}},
			others: 1, problem: "events:3: names no shopper: want a column called profile or client_id",
		},
	} {
		got, err := readEventText(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if !cmp.Equal(got.Profiles, test.want) || got.Others != test.others {
			t.Errorf("%s: %d others, %s", test.name, got.Others, cmp.Diff(test.want, got.Profiles))
		}
		if len(got.Problems) != got.Skipped || (test.problem == "") != (got.Skipped == 0) || got.Skipped > 0 && got.Problems[0].String() != test.problem {
			t.Errorf("%s: problems %v", test.name, got.Problems)
		}
	}
	if _, err := readEventText("a,b\n1,2\n"); err == nil || !strings.Contains(err.Error(), "no events") {
		t.Errorf("a table of something else: %v", err)
	}
}

func TestEventsOfUBI(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "ubi", "ubi_queries_events.ndjson.gz")
	if _, err := os.Stat(path); err != nil {
		t.Skip(err)
	}
	e, err := OpenEvents(path)
	if err != nil {
		t.Fatal(err)
	}
	bought := 0
	for _, p := range e.Profiles {
		for i, event := range p.Events {
			if event.Time.IsZero() || i > 0 && event.Time.Before(p.Events[i-1].Time) {
				t.Fatalf("%s: event %d at %v", p.Name, i, event.Time)
			}
			if event.Action == engine.Buy {
				bought++
			}
		}
	}
	if e.Read < 100 || bought == 0 || e.Skipped > 0 {
		t.Errorf("%d events read, %d bought, %d skipped: %v", e.Read, bought, e.Skipped, e.Problems)
	}
	t.Logf("%d events of %d profiles, %d of other kinds", e.Read, len(e.Profiles), e.Others)
}

func FuzzEvents(f *testing.F) {
	f.Add([]byte("profile,product,action,time\nann,1,view,2024-12-01\n"))
	f.Add([]byte(`{"action_name":"click","client_id":"a","event_attributes":{"object":{"object_id":1}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := newSource(strings.NewReader(string(data)), "fuzz", fuzzLimits)
		if err != nil {
			return
		}
		e, err := readEvents(s, fuzzLimits)
		if err != nil {
			return
		}
		n := 0
		for _, p := range e.Profiles {
			if p.Name == "" || len(p.Events) == 0 {
				t.Fatalf("profile %+v", p)
			}
			n += len(p.Events)
		}
		if n != e.Read {
			t.Fatalf("%d events, %d read", n, e.Read)
		}
	})
}
