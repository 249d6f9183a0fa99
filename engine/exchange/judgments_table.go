package exchange

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"touchstone/engine"
)

// The names of the columns of a table of judgments, folded by foldName.
var (
	queryNames   = []string{"query", "query text", "user query", "search query", "search term", "search terms", "keyword", "keywords", "q", "suchbegriff", "suchanfrage", "requête", "requete", "查询", "查询词", "搜索词", "关键词"}
	queryIDNames = []string{"query id", "qid", "topic", "topic id"}
	productNames = []string{"docid", "doc id", "document id", "document", "doc", "docno", "product id", "product", "item id", "item", "corpus id", "id", "sku", "asin", "artikelnummer", "商品id", "产品id", "商品编号", "编号"}
	gradeNames   = []string{"rating", "grade", "judgment", "judgement", "relevance", "rel", "relevancy", "label", "esci label", "score", "gain", "bewertung", "评分", "等级", "相关性", "标注"}
	judgeNames   = []string{"judge", "judge name", "rater", "annotator", "assessor", "user", "user email", "reviewer", "评审", "标注人", "评委"}
	timeNames    = []string{"time", "timestamp", "date", "judged at", "rated at", "created at", "updated at", "时间", "日期"}
	noteNames    = []string{"note", "notes", "comment", "comments", "explanation", "reason", "remark", "备注", "说明"}
	// Columns of a table with one column a judge that are no judge's.
	otherNames = []string{"title", "name", "url", "image", "category", "brand", "position", "rank", "doc position", "information need", "query id", "id", "batch", "split", "index"}
	// What several judges came to, which is no judge either.
	consensusNames = []string{"final", "consensus", "agreed", "adjudicated", "average", "mean", "median", "majority", "overall"}
)

// snapshotColumns begin a Quepid snapshot, folded by foldName.
var snapshotColumns = []string{"snapshot name", "snapshot time", "case id", "query text", "doc id", "doc position"}

// judgmentColumns say where a table of judgments keeps what; −1 is nowhere.
type judgmentColumns struct {
	query, queryID, product, grade, judge, time, note, by, need int
	judges                                                      map[int]string // columns of one judge each
}

// findColumn is the column with the best of some names, −1 for none.
func findColumn(folded []string, names []string) int {
	for _, name := range names {
		if at := slices.Index(folded, name); at >= 0 {
			return at
		}
	}
	return -1
}

// readRows reads CSV, TSV, XLSX or flat JSON objects.
func (in *intake) readRows(s *source, lim limits) error {
	f, err := openRows(s, lim)
	if err != nil {
		return err
	}
	return errors.Join(in.rows(f), f.Close())
}

func (in *intake) rows(f *rowFile) error {
	return eachRow(f, &in.problems, in.columns, in.row)
}

// eachRow reads a table to its end. Its columns are recognised before the first
// row, and again where rows bring further ones; a table without rows is refused
// as one with rows would be.
func eachRow[C any](f *rowFile, problems *problems, columns func(*rowFile) (*C, error), each func(*C, row)) error {
	var at *C
	known := 0 // columns that at was made for
	err := f.each(problems, func(r row) (err error) {
		if at == nil || len(f.columns.names) != known {
			if at, err = columns(f); err != nil {
				return err
			}
			known = len(f.columns.names)
		}
		each(at, r)
		return nil
	})
	if err == nil && at == nil {
		_, err = columns(f)
	}
	return err
}

// columns recognises a table by its header and names the format.
func (in *intake) columns(f *rowFile) (*judgmentColumns, error) {
	folded := make([]string, len(f.columns.names))
	for i, name := range f.columns.names {
		folded[i] = foldName(name)
	}
	at := &judgmentColumns{
		query:   findColumn(folded, queryNames),
		queryID: findColumn(folded, queryIDNames),
		product: findColumn(folded, productNames),
		grade:   findColumn(folded, gradeNames),
		judge:   findColumn(folded, judgeNames),
		time:    findColumn(folded, timeNames),
		note:    findColumn(folded, noteNames),
		by:      findColumn(folded, []string{"by", "decided by"}),
		need:    findColumn(folded, []string{"information need"}),
	}
	in.format = f.format
	if isSnapshot(folded) {
		return nil, errors.New("a Quepid snapshot holds what was ranked and no ratings: keep it as a snapshot, or export the case's ratings, or its book, as CSV")
	}
	if slices.Equal(folded, []string{"column 1", "column 2", "column 3"}) {
		at.query, at.product, at.grade = 0, 1, 2
		in.format += " without a header"
		return at, nil
	}
	switch {
	case slices.Equal(f.columns.names, []string{"query", "docid", "rating"}) && f.format == "CSV":
		in.format = "Quepid ratings CSV"
	case slices.Equal(folded, []string{"query id", "corpus id", "score"}):
		in.format = "BEIR qrels"
	case at.query < 0 && at.queryID >= 0 && slices.Contains(folded, "label"):
		in.format = "WANDS labels"
	}
	if at.query >= 0 && at.product >= 0 && at.grade < 0 {
		at.judges = in.judgeColumns(f.columns.names, folded, at)
		in.format = "Quepid book " + f.format
	}
	if at.query < 0 && at.queryID < 0 || at.product < 0 || at.grade < 0 && len(at.judges) == 0 {
		return nil, fmt.Errorf("not a format of judgments that is known: a table needs the columns query, docid and rating (its columns are %s)", strings.Join(f.columns.names[:min(len(f.columns.names), 20)], ", "))
	}
	return at, nil
}

// judgeColumns are the columns of a table with one judge a column.
func (in *intake) judgeColumns(names, folded []string, at *judgmentColumns) map[int]string {
	judges := map[int]string{}
	for i, name := range folded {
		if slices.Contains([]int{at.query, at.queryID, at.product, at.note, at.by, at.time, at.need}, i) || slices.Contains(otherNames, name) {
			continue
		}
		judge := strings.TrimSpace(names[i])
		for _, word := range []string{"rating", "grade"} { // agent_1_rating is the judge agent_1
			if cut, ok := strings.CutSuffix(judge, word); ok {
				judge = strings.TrimRight(cut, "_- ")
			}
			if cut, ok := strings.CutPrefix(judge, word); ok {
				judge = strings.TrimLeft(cut, "_- ")
			}
		}
		if slices.Contains(consensusNames, foldName(judge)) {
			in.note("The column %q is what the judges came to and no judge's own grade: it was left out.", names[i])
			continue
		}
		if judge == "" {
			judge = names[i]
		}
		judges[i] = judge
	}
	return judges
}

// row takes the judgments of one row: one, or one of each judge.
func (in *intake) row(at *judgmentColumns, r row) {
	values := map[int]string{}
	for _, cell := range r.cells {
		if _, ok := values[cell.column]; !ok {
			values[cell.column] = cell.text
		}
	}
	j := engine.Judgment{Query: values[at.query], Product: values[at.product], Note: values[at.note]}
	if at.query < 0 {
		j.Query = in.queryText(values[at.queryID])
	}
	if at.judge >= 0 {
		j.Judge = values[at.judge]
	}
	if at.by >= 0 {
		j.By = values[at.by]
	}
	if at.time >= 0 {
		j.Time, _ = parseDate(values[at.time], monthFirst)
	}
	in.query(j.Query, values[at.need])
	if at.judges == nil {
		// Quepid pads queries without ratings: "query,,".
		if rating := values[at.grade]; rating != "" {
			in.add(r.line, j, rating)
		} else if j.Query == "" {
			in.problems.add(r.line, false, "names no query")
		}
		return
	}
	for _, cell := range r.cells {
		if judge, ok := at.judges[cell.column]; ok {
			j.Judge = judge
			in.add(r.line, j, cell.text)
		}
	}
}
