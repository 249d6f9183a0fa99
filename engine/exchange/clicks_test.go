package exchange

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
)

func TestClicks(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []engine.Clicks
	}{
		{
			name: "impressions that count from 0",
			text: `{"query_id":"1","user_query":"lamp"}
{"action_name":"impression","query_id":"1","client_id":"a","event_attributes":{"object":{"object_id":"B1"},"position":{"ordinal":0}}}
{"action_name":"impression","query_id":"1","client_id":"a","event_attributes":{"object":{"object_id":"B2"},"position":{"ordinal":1}}}
{"action_name":"click","query_id":"1","client_id":"a","event_attributes":{"object":{"object_id":"B2"},"position":{"ordinal":1}}}
{"action_name":"add_to_cart","query_id":"1","client_id":"a","event_attributes":{"object":{"object_id":"B2"},"position":{"ordinal":1}}}
{"action_name":"click","query_id":"1","client_id":"a","event_attributes":{"object":{"object_id":"B9"},"position":{"ordinal":7}}}
`,
			want: []engine.Clicks{{Query: "lamp", Tallies: []engine.Tally{{Product: "B1", Position: 1, Shown: 1}, {Product: "B2", Position: 2, Shown: 1, Clicked: 1}}}},
		},
		{
			name: "hits in place of impressions, two pages of one query",
			text: `{"query_id":"1","user_query":"lamp","query_response_hit_ids":["B1","B2"]}
{"query_id":"2","user_query":"lamp","query_response_hit_ids":["B1","B3"]}
{"action_name":"purchase","query_id":"2","client_id":"a","event_attributes":{"object":{"object_id":"B3"}}}
`,
			want: []engine.Clicks{{Query: "lamp", Tallies: []engine.Tally{{Product: "B1", Position: 1, Shown: 2}, {Product: "B2", Position: 2, Shown: 1}, {Product: "B3", Position: 2, Shown: 1, Clicked: 1}}}},
		},
		{
			name: "a click that comes alone, as over HTTP",
			text: `{"action_name":"click","query_id":"1","user_query":"lamp","client_id":"a","event_attributes":{"object":{"object_id":"B2"},"position":{"ordinal":3}}}
`,
			want: []engine.Clicks{{Query: "lamp", Tallies: []engine.Tally{{Product: "B2", Position: 3, Clicked: 1}}}},
		},
		{name: "no query's text", text: `{"action_name":"click","query_id":"1","client_id":"a","event_attributes":{"object":{"object_id":"B2"},"position":{"ordinal":3}}}` + "\n"},
	} {
		got, err := readEventText(test.text)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if diff := cmp.Diff(test.want, engine.ClicksOf(got.Pages)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestClicksOfRealLogs reads the UBI sample beside the repository.
func TestClicksOfRealLogs(t *testing.T) {
	file := filepath.Join("..", "..", "..", "shared", "data", "ubi", "ubi_queries_events.ndjson.gz")
	if _, err := os.Stat(file); err != nil {
		t.Skip("../shared is not there")
	}
	read, err := OpenEvents(file)
	if err != nil {
		t.Fatal(err)
	}
	shown, clicked := 0, 0
	for _, c := range engine.ClicksOf(read.Pages) {
		for _, x := range c.Tallies {
			shown += x.Shown
			clicked += x.Clicked
			if x.Position < 1 || x.Clicked > x.Shown {
				t.Errorf("%q: %+v", c.Query, x)
			}
		}
	}
	t.Logf("%d queries, %d shown, %d clicked", len(engine.ClicksOf(read.Pages)), shown, clicked)
	// Counted by another program: products shown, by impression or among the first
	// ten hits, on pages of a known query, and those of them that were clicked or
	// bought.
	if shown != 2136 || clicked != 166 {
		t.Errorf("%d shown and %d clicked, want 2136 and 166", shown, clicked)
	}
}
