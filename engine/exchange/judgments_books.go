package exchange

import (
	"encoding/csv"
	"io"
	"maps"
	"slices"

	"touchstone/engine"
)

// writeBookCSV writes a column for each judge, blank where they said nothing.
func writeBookCSV(w io.Writer, x *JudgmentExport) (int, error) {
	column := map[string]int{}
	for _, j := range x.Judgments {
		column[j.Judge] = 0
	}
	judges := slices.Sorted(maps.Keys(column))
	header := []string{"query", "docid"}
	for i, judge := range judges {
		column[judge] = i + 2
		header = append(header, guard(judge))
	}
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return 0, err
	}
	var row []string
	var last engine.Judgment
	flush := func() error {
		if row == nil {
			return nil
		}
		return out.Write(row)
	}
	for _, j := range x.everyJudgment() {
		if row == nil || j.Query != last.Query || j.Product != last.Product {
			if err := flush(); err != nil {
				return 0, err
			}
			row, last = make([]string, len(header)), j
			row[0], row[1] = guard(j.Query), guard(j.Product)
		}
		row[column[j.Judge]] = gradeText(j.Grade)
	}
	if err := flush(); err != nil {
		return 0, err
	}
	out.Flush()
	return 0, out.Error()
}

// writeBookJSON writes what Quepid's book export does, every member of it. A
// grade has no place in a ranking here: the position is null.
func writeBookJSON(w io.Writer, x *JudgmentExport) (int, error) {
	type judgement struct {
		Rating      engine.Grade `json:"rating"`
		Unrateable  bool         `json:"unrateable"`
		JudgeLater  bool         `json:"judge_later"`
		Judge       string       `json:"user_email"`
		Explanation *string      `json:"explanation"`
	}
	type pair struct {
		Query      string            `json:"query_text"`
		Product    string            `json:"doc_id"`
		Position   *int              `json:"position"`
		Fields     map[string]string `json:"document_fields"`
		Need       *string           `json:"information_need"`
		Notes      *string           `json:"notes"`
		Options    map[string]any    `json:"options"`
		Judgements []judgement       `json:"judgements"`
	}
	scale := x.Scale
	if scale == nil {
		scale = engine.DefaultScale()
	}
	book := struct {
		Name     string            `json:"name"`
		ShowRank bool              `json:"show_rank"`
		Implicit bool              `json:"support_implicit_judgements"`
		Scale    []int             `json:"scale"`
		Labels   map[string]string `json:"scale_with_labels"`
		Pairs    []*pair           `json:"query_doc_pairs"`
	}{Name: "Touchstone", Labels: map[string]string{}, Pairs: []*pair{}}
	for g, label := range scale {
		book.Scale = append(book.Scale, g)
		book.Labels[gradeText(engine.Grade(g))] = label.Name
	}
	orNull := func(text string) *string {
		if text == "" {
			return nil
		}
		return &text
	}
	queries := map[string]engine.Query{}
	for _, q := range x.Queries {
		queries[q.Text] = q
	}
	for _, j := range x.everyJudgment() {
		n := len(book.Pairs)
		if n == 0 || book.Pairs[n-1].Query != j.Query || book.Pairs[n-1].Product != j.Product {
			p := &pair{Query: j.Query, Product: j.Product, Fields: map[string]string{}, Need: orNull(queries[j.Query].Need), Notes: orNull(queries[j.Query].Note), Options: map[string]any{}}
			if x.Title != nil {
				title, err := x.Title(j.Product)
				if err != nil {
					return 0, err
				}
				p.Fields["title"] = title
			}
			book.Pairs = append(book.Pairs, p)
			n++
		}
		p := book.Pairs[n-1]
		p.Judgements = append(p.Judgements, judgement{Rating: j.Grade, Judge: j.Judge, Explanation: orNull(j.Note)})
	}
	return 0, writeJSON(w, book)
}

// writeRankEval writes the body of Elasticsearch's _rank_eval. Its request is a
// query over all fields, to be put in the place of one's own; ratings there are
// whole numbers.
func writeRankEval(w io.Writer, x *JudgmentExport) (rounded int, err error) {
	type rating struct {
		Index  string `json:"_index"`
		ID     string `json:"_id"`
		Rating int    `json:"rating"`
	}
	type multiMatch struct {
		Query  string   `json:"query"`
		Fields []string `json:"fields"`
	}
	type request struct {
		ID      string   `json:"id"`
		Request any      `json:"request"`
		Ratings []rating `json:"ratings"`
	}
	requests := []*request{}
	last := 0
	err = x.agreed(func(number int, query, product string, g engine.Grade) error {
		if number != last {
			search := map[string]any{"query": map[string]any{"multi_match": multiMatch{query, []string{"*"}}}}
			requests = append(requests, &request{ID: query, Request: search})
			last = number
		}
		n := int(g + 0.5)
		if engine.Grade(n) != g {
			rounded++
		}
		r := requests[len(requests)-1]
		r.Ratings = append(r.Ratings, rating{"touchstone", product, n})
		return nil
	})
	if err != nil {
		return 0, err
	}
	metric := map[string]any{"dcg": map[string]any{"k": 10, "normalize": true}}
	return rounded, writeJSON(w, map[string]any{"requests": requests, "metric": metric})
}

// writeSRW writes a judgment list of OpenSearch's Search Relevance Workbench.
func writeSRW(w io.Writer, x *JudgmentExport) (int, error) {
	type rating struct {
		Product string `json:"docId"`
		Rating  string `json:"rating"`
	}
	type query struct {
		Query   string   `json:"query"`
		Ratings []rating `json:"ratings"`
	}
	list := struct {
		Name    string   `json:"name"`
		Type    string   `json:"type"`
		Queries []*query `json:"judgmentRatings"`
	}{"Touchstone", "IMPORT_JUDGMENT", []*query{}}
	last := 0
	err := x.agreed(func(number int, text, product string, g engine.Grade) error {
		if number != last {
			list.Queries = append(list.Queries, &query{Query: text})
			last = number
		}
		q := list.Queries[len(list.Queries)-1]
		q.Ratings = append(q.Ratings, rating{product, gradeText(g)})
		return nil
	})
	if err != nil {
		return 0, err
	}
	return 0, writeJSON(w, list)
}
