package exchange

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"touchstone/engine"
)

// Events is what a file of shoppers' behaviour held.
type Events struct {
	Profiles []engine.Profile    // each with its events, oldest first; in the order of the file
	Pages    []engine.ResultPage // what was shown and clicked, where the file tells
	Read     int                 // events kept
	Others   int                 // rows of other kinds: impressions, searches, clicks on nothing
	Problems []Problem
	Skipped  int // rows not read, listed in Problems or not
}

// The columns of a file of events, folded by foldName; the first that is there
// counts. Those of UBI's objects are paths.
var (
	eventProfileNames = []string{"profile", "client id", "user id", "shopper", "shopper id", "customer", "customer id", "visitor id", "session id"}
	eventProductNames = []string{"event attributes object object id", "product", "product id", "object id", "item", "item id", "doc id", "docid", "sku"}
	eventActionNames  = []string{"action name", "action", "event", "event type", "type"}
	eventTimeNames    = []string{"timestamp", "time", "event time", "date", "created at"}
)

// actions are the names that programs give to what a profile keeps.
var actions = map[string]engine.Action{
	"view": engine.View, "click": engine.View, "item click": engine.View, "product click": engine.View, "product view": engine.View, "view item": engine.View, "pageview": engine.View,
	"add": engine.Add, "cart": engine.Add, "addtocart": engine.Add, "add to cart": engine.Add, "add to basket": engine.Add, "wishlist": engine.Add, "add to wishlist": engine.Add,
	"buy": engine.Buy, "purchase": engine.Buy, "order": engine.Buy, "transaction": engine.Buy, "checkout": engine.Buy,
}

// OpenEvents reads what shoppers did: UBI's NDJSON (its bulk lines and queries
// are passed over), other JSON Lines, or a table. "-" is standard input.
func OpenEvents(path string) (*Events, error) {
	s, err := open(path, defaultLimits)
	if err != nil {
		return nil, err
	}
	e, err := readEvents(s, defaultLimits)
	return e, errors.Join(fileError(s.name, err), s.Close())
}

// ReadEvents is OpenEvents for what is already open; name is used in messages.
func ReadEvents(r io.Reader, name string) (*Events, error) {
	s, err := newSource(r, name, defaultLimits)
	if err != nil {
		return nil, err
	}
	e, err := readEvents(s, defaultLimits)
	return e, fileError(name, err)
}

// eventReader collects events by profile.
type eventReader struct {
	problems
	columns *columns
	at      map[string]int // profile → place in out.Profiles
	pages   *pageViews
	out     Events
}

func readEvents(s *source, lim limits) (*Events, error) {
	f, err := openRows(s, lim)
	if err != nil {
		return nil, err
	}
	r := &eventReader{problems: problems{file: s.name, limit: lim.Problems}, columns: f.columns, at: map[string]int{}, pages: newPageViews()}
	err = errors.Join(r.rows(f), f.Close())
	if err != nil {
		return nil, err
	}
	for i := range r.out.Profiles {
		slices.SortStableFunc(r.out.Profiles[i].Events, func(a, b engine.Event) int { return a.Time.Compare(b.Time) })
	}
	r.out.Pages = r.pages.all()
	r.out.Problems, r.out.Skipped = r.list, r.skipped
	return &r.out, nil
}

func (r *eventReader) rows(f *rowFile) error {
	err := f.each(&r.problems, func(row row) error {
		r.row(row)
		return nil
	})
	if err == nil && r.out.Read+r.out.Others == 0 {
		err = fmt.Errorf("no events in it: want columns called profile, product, action and time, or UBI's client_id, object_id, action_name and timestamp (its columns are %s)",
			strings.Join(f.columns.names[:min(len(f.columns.names), 20)], ", "))
	}
	return err
}

// row reads one row; those without an action, such as UBI's queries, are others.
func (r *eventReader) row(row row) {
	byName := map[string]string{}
	var hits []string
	for _, c := range row.cells {
		name := foldName(r.columns.names[c.column])
		if byName[name] == "" {
			byName[name] = strings.TrimSpace(c.text)
		}
		if slices.Contains(eventHitsNames, name) {
			hits = append(hits, strings.TrimSpace(c.text))
		}
	}
	value := func(names []string) string {
		for _, name := range names {
			if v := byName[name]; v != "" {
				return v
			}
		}
		return ""
	}
	named := value(eventActionNames)
	r.pages.row(value, hits, foldName(named), value(eventProductNames))
	if named == "" {
		if _, bulk := byName["index index"]; !bulk && byName["query id"] == "" && byName["user query"] == "" {
			r.add(row.line, false, "names no action, such as view, add or buy")
		}
		return
	}
	action, known := actions[foldName(named)]
	product, profile := value(eventProductNames), value(eventProfileNames)
	if !known || product == "" {
		r.out.Others++
		return
	}
	if profile == "" {
		r.add(row.line, false, "names no shopper: want a column called profile or client_id")
		return
	}
	var when time.Time
	if text := value(eventTimeNames); text != "" {
		var ok bool
		if when, ok = parseDate(text, monthFirst); !ok {
			r.add(row.line, false, "%q is no time such as 2024-12-31T23:59:59Z", text)
			return
		}
	}
	i, seen := r.at[profile]
	if !seen {
		i = len(r.out.Profiles)
		r.at[profile] = i
		r.out.Profiles = append(r.out.Profiles, engine.Profile{Name: profile})
	}
	r.out.Profiles[i].Events = append(r.out.Profiles[i].Events, engine.Event{Product: product, Action: action, Time: when})
	r.out.Read++
}
