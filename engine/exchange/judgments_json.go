package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"touchstone/engine"
)

// readDocument reads the formats that are one JSON object, told apart by their
// members. It reports false, with nothing consumed, for any other JSON.
func (in *intake) readDocument(s *source, head []byte, lim limits) (known bool, err error) {
	var read func([]byte) error
	for _, name := range memberNames(head) {
		switch name {
		case "query_doc_pairs":
			in.format, read = "Quepid book JSON", in.readBook
		case "judgmentRatings":
			in.format, read, in.unit = "Search Relevance Workbench judgments", in.readSRW, true
		case "requests":
			in.format, read = "Elasticsearch _rank_eval", in.readRankEval
		case "topics", "query_groups", "queries":
			in.format, read = "RRE ratings", in.readRRE
		}
		if read != nil {
			break
		}
	}
	if read == nil {
		return false, nil
	}
	data, err := io.ReadAll(io.LimitReader(s.Reader, int64(lim.Document)+1))
	if err != nil {
		return true, err
	}
	if len(data) > lim.Document {
		return true, fmt.Errorf("the JSON is larger than %s: split it", bytesText(int64(lim.Document)))
	}
	if err := checkText(data, 1, s.decoded); err != nil {
		return true, err
	}
	return true, read(data)
}

// memberNames are the names of the members of the object that a text starts
// with, as far as the text goes.
func memberNames(head []byte) []string {
	dec := json.NewDecoder(bytes.NewReader(head))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil
	}
	var names []string
	for {
		token, err := dec.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return names
		}
		names = append(names, name)
		if dec.Decode(new(json.RawMessage)) != nil {
			return names
		}
	}
}

// loose is a JSON value that programs write as a number or as a string.
type loose string

func (l *loose) UnmarshalJSON(b []byte) error {
	var s string
	switch {
	case json.Unmarshal(b, &s) == nil:
		*l = loose(strings.TrimSpace(s))
	default:
		*l = loose(b)
	}
	return nil
}

// String is the value, "" for null.
func (l loose) String() string {
	if l == "null" {
		return ""
	}
	return string(l)
}

func (in *intake) readBook(data []byte) error {
	var book struct {
		Pairs []struct {
			Query      loose `json:"query_text"`
			Product    loose `json:"doc_id"`
			Need       loose `json:"information_need"`
			Notes      loose `json:"notes"`
			Judgements []struct {
				Rating      loose `json:"rating"`
				Unrateable  bool  `json:"unrateable"`
				JudgeLater  bool  `json:"judge_later"`
				Judge       loose `json:"user_email"`
				Explanation loose `json:"explanation"`
			} `json:"judgements"`
		} `json:"query_doc_pairs"`
	}
	if err := json.Unmarshal(data, &book); err != nil {
		return err
	}
	for _, pair := range book.Pairs {
		in.query(pair.Query.String(), pair.Need.String())
		if at, ok := in.queries[pair.Query.String()]; ok && in.order[at].Note == "" {
			in.order[at].Note = pair.Notes.String()
		}
		for _, j := range pair.Judgements {
			if j.Unrateable || j.JudgeLater || j.Rating.String() == "" {
				continue // seen, and not graded
			}
			in.add(0, engine.Judgment{Query: pair.Query.String(), Product: pair.Product.String(), Judge: j.Judge.String(), Note: j.Explanation.String()}, j.Rating.String())
		}
	}
	return nil
}

func (in *intake) readSRW(data []byte) error {
	var list struct {
		Queries []struct {
			Query   loose `json:"query"`
			Ratings []struct {
				Product loose `json:"docId"`
				Rating  loose `json:"rating"`
			} `json:"ratings"`
		} `json:"judgmentRatings"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	for _, q := range list.Queries {
		in.query(q.Query.String(), "")
		for _, r := range q.Ratings {
			in.add(0, engine.Judgment{Query: q.Query.String(), Product: r.Product.String()}, r.Rating.String())
		}
	}
	return nil
}

func (in *intake) readRankEval(data []byte) error {
	var eval struct {
		Requests []struct {
			ID      loose           `json:"id"`
			Request json.RawMessage `json:"request"`
			Ratings []struct {
				Product loose `json:"_id"`
				Rating  loose `json:"rating"`
			} `json:"ratings"`
		} `json:"requests"`
	}
	if err := json.Unmarshal(data, &eval); err != nil {
		return err
	}
	for _, request := range eval.Requests {
		query := requestText(request.Request)
		if query == "" {
			query = in.queryText(request.ID.String())
		}
		in.query(query, "")
		for _, r := range request.Ratings {
			in.add(0, engine.Judgment{Query: query, Product: r.Product.String()}, r.Rating.String())
		}
	}
	return nil
}

// requestText is what a search request in the query language of Elasticsearch
// looks for: the text of its first full-text query, "" when there is none.
func requestText(request json.RawMessage) string {
	var tree map[string]json.RawMessage
	if json.Unmarshal(request, &tree) != nil {
		var list []json.RawMessage
		if json.Unmarshal(request, &list) == nil {
			for _, item := range list {
				if text := requestText(item); text != "" {
					return text
				}
			}
		}
		return ""
	}
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		var text string
		if json.Unmarshal(tree[name], &text) == nil {
			if name == "query" {
				return strings.TrimSpace(text)
			}
			continue
		}
		if strings.HasPrefix(name, "match") { // {"match":{"title":"laptop"}}
			var fields map[string]json.RawMessage
			if json.Unmarshal(tree[name], &fields) == nil && len(fields) == 1 {
				for _, value := range fields {
					if json.Unmarshal(value, &text) == nil {
						return strings.TrimSpace(text)
					}
				}
			}
		}
		if text := requestText(tree[name]); text != "" {
			return text
		}
	}
	return ""
}

// rreGroup is any level of RRE's ratings: the file, a topic, a group of queries
// or a query. What a level rates holds for all queries in it.
type rreGroup struct {
	Topics       []rreGroup                 `json:"topics"`
	Groups       []rreGroup                 `json:"query_groups"`
	Queries      []rreGroup                 `json:"queries"`
	Placeholders map[string]loose           `json:"placeholders"`
	Relevant     map[string]json.RawMessage `json:"relevant_documents"`
}

func (in *intake) readRRE(data []byte) error {
	var file rreGroup
	if err := json.Unmarshal(data, &file); err != nil {
		return err
	}
	in.rreGroup(&file, nil)
	return nil
}

func (in *intake) rreGroup(g *rreGroup, relevant map[string]json.RawMessage) {
	if g.Relevant != nil {
		relevant = g.Relevant
	}
	for _, inner := range [][]rreGroup{g.Topics, g.Groups, g.Queries} {
		for i := range inner {
			in.rreGroup(&inner[i], relevant)
		}
	}
	if len(g.Placeholders) == 0 {
		return
	}
	query := g.Placeholders["$query"].String()
	if query == "" { // placeholders are named freely
		query = g.Placeholders[slices.Sorted(maps.Keys(g.Placeholders))[0]].String()
	}
	in.query(query, "")
	for _, name := range slices.Sorted(maps.Keys(relevant)) {
		var gain struct {
			Gain loose `json:"gain"`
		}
		var products []loose
		switch {
		case json.Unmarshal(relevant[name], &products) == nil: // {"3":["docid"]}
			for _, p := range products {
				in.add(0, engine.Judgment{Query: query, Product: p.String()}, name)
			}
		case json.Unmarshal(relevant[name], &gain) == nil: // {"docid":{"gain":3}}
			in.add(0, engine.Judgment{Query: query, Product: strings.TrimSpace(name)}, gain.Gain.String())
		default:
			in.problems.add(0, false, "the relevant documents of the query %q are neither {\"docid\":{\"gain\":3}} nor {\"3\":[\"docid\"]}", shorten(query, 80))
		}
	}
}
