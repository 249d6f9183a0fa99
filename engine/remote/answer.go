package remote

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"touchstone/engine"
)

// Limits of what is read of an answer.
const (
	mostHits = 10_000
	mostID   = 1024     // bytes
	mostText = 64 << 10 // bytes of a field
)

// productsOf takes products out of an answer, in its order. A hit without an ID is
// an error: nothing could be judged or compared by it.
func productsOf(body []byte, a engine.RemoteAnswer) (products []engine.Product, total int, err error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var answer any
	if err := d.Decode(&answer); err != nil {
		return nil, 0, fmt.Errorf("its answer is no JSON, but starts with %q", first(string(body[:min(len(body), 80)])))
	}
	hits, ok := at(answer, a.Hits)
	if !ok {
		return nil, 0, fmt.Errorf("its answer has no %q; say where the list of hits is (--hits)", a.Hits)
	}
	list, ok := hits.([]any)
	if !ok {
		return nil, 0, fmt.Errorf("%q of its answer is no list; say where the list of hits is (--hits)", a.Hits)
	}
	if len(list) > mostHits {
		return nil, 0, fmt.Errorf("its answer has %d hits, of which at most %d are read; ask for fewer", len(list), mostHits)
	}
	seen := map[string]bool{}
	for i, hit := range list {
		p, err := product(hit, a)
		if err != nil {
			return nil, 0, fmt.Errorf("hit %d: %w", i+1, err)
		}
		if !seen[p.ID] {
			seen[p.ID] = true
			products = append(products, p)
		}
	}
	total = len(products)
	if v, ok := at(answer, a.Total); ok {
		if n, ok := number(v); ok && n >= float64(total) && n < 1e15 {
			total = int(n)
		}
	}
	return products, total, nil
}

// product reads one hit.
func product(hit any, a engine.RemoteAnswer) (engine.Product, error) {
	var p engine.Product
	id, _ := at(hit, a.ID)
	if p.ID = text(id); p.ID == "" || len(p.ID) > mostID || !utf8.ValidString(p.ID) {
		return p, fmt.Errorf("it has no ID of 1 to %d bytes at %q; say where it is (--id)", mostID, a.ID)
	}
	field := func(role engine.Role) any {
		v, _ := at(hit, a.Fields[role])
		if list, ok := v.([]any); ok && len(list) > 0 { // Solr's fields of many values
			return list[0]
		}
		return v
	}
	for role, to := range map[engine.Role]*string{engine.RoleTitle: &p.Title, engine.RoleBrand: &p.Brand, engine.RoleCategory: &p.Category,
		engine.RoleDescription: &p.Description, engine.RoleImage: &p.Image} {
		*to = text(field(role))
	}
	for role, to := range map[engine.Role]*engine.Number{engine.RolePrice: &p.Price, engine.RoleRating: &p.Rating, engine.RolePopularity: &p.Popularity} {
		if n, ok := number(field(role)); ok {
			*to = engine.Known(n)
		}
	}
	date := text(field(engine.RoleDate))
	for _, layout := range []string{time.RFC3339, "2006-01-02"} {
		if t, err := time.Parse(layout, date); err == nil {
			p.Date = t
			break
		}
	}
	if p.Title == "" {
		p.Title = p.ID
	}
	return p, nil
}

// at is the value of a path; the whole value for "".
func at(v any, path string) (any, bool) {
	for path != "" {
		switch in := v.(type) {
		case map[string]any:
			if whole, ok := in[path]; ok { // a name that has dots itself
				return whole, true
			}
			name, rest, _ := strings.Cut(path, ".")
			next, ok := in[name]
			if !ok {
				return nil, false
			}
			v, path = next, rest
		case []any:
			name, rest, _ := strings.Cut(path, ".")
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(in) {
				return nil, false
			}
			v, path = in[i], rest
		default:
			return nil, false
		}
	}
	return v, true
}

// text is a value as text; "" for lists, objects and null.
func text(v any) string {
	var s string
	switch v := v.(type) {
	case string:
		s = v
	case json.Number:
		s = v.String()
	case bool:
		s = strconv.FormatBool(v)
	}
	if len(s) > mostText {
		s = strings.ToValidUTF8(s[:mostText], "")
	}
	return strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
}

func number(v any) (float64, bool) {
	n, err := strconv.ParseFloat(text(v), 64)
	return n, err == nil
}
