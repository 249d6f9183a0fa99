package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"touchstone/engine"
)

// exported has one of everything that makes formats stumble.
func exported() JudgmentExport {
	at := time.Date(2024, 3, 5, 10, 20, 30, 0, time.UTC)
	judgments := []engine.Judgment{
		{Query: "star trek", Product: "1370", Grade: 3, Judge: "Ann", Time: at, Note: "both, \"really\""},
		{Query: "star trek", Product: "1370", Grade: 2, Judge: "Ben", Time: at.Add(time.Second)},
		{Query: "star trek", Product: "1371", Grade: 0, Judge: "Ann", Time: at},
		{Query: "-cable", Product: "@home", Grade: 1, Judge: "=Ben", Time: at, Note: "+1"},
		{Query: "Nike", Product: "7", Grade: 3, Judge: "Ann", Time: at},
		{Query: "nike", Product: "7", Grade: 1, Judge: "Ann"},
		{Query: "手机 \"50%\", new", Product: "华为-1", Grade: 2, Judge: "Ann", Time: at},
	}
	return JudgmentExport{
		Judgments: judgments,
		Agreed: engine.Qrels{
			"star trek":       {"1370": 2.5, "1371": 0},
			"-cable":          {"@home": 1},
			"Nike":            {"7": 3},
			"nike":            {"7": 1},
			"手机 \"50%\", new": {"华为-1": 2},
		},
		Queries: []engine.Query{{Text: "star trek", Need: "The series, any of them", Note: "asked in May"}, {Text: "never judged"}, {Text: "=not judged"}},
		Features: func(query, product string) ([]float64, error) {
			return []float64{float64(len(query)), 0.25, -1e-9}, nil
		},
		Title: func(product string) (string, error) { return "the title of " + product, nil },
	}
}

func TestJudgmentsWritten(t *testing.T) {
	for _, format := range JudgmentFormats {
		t.Run(format, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "judgments")
			notes, err := WriteJudgments(path, format, exported())
			if err != nil {
				t.Fatal(err)
			}
			whole := slices.Contains([]string{"trec", "letor", "beir", "rank-eval", "wands"}, format)
			if (len(notes) == 1) != whole {
				t.Errorf("notes %q; a grade of 2.5 is rounded in whole-grade formats only", notes)
			}
			if format == "xlsx" {
				return // a zip archive: its reading is compared below
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			checkGolden(t, filepath.Join(samples, "written", "judgments."+format), text)
		})
	}
}

// agreedOf are judgments as one grade for each pair.
func agreedOf(judgments []engine.Judgment) engine.Qrels {
	q := engine.Qrels{}
	for _, j := range judgments {
		if q[j.Query] == nil {
			q[j.Query] = map[string]engine.Grade{}
		}
		q[j.Query][j.Product] = j.Grade
	}
	return q
}

// token draws texts that people and shops use: words of any script, marks that
// formats give a meaning to, and inner spaces.
func token(spaces bool) *rapid.Generator[string] {
	const marks = "abzAZ059-=+@,;|\"'#%:/\\._éß华为手机\U0001F600"
	letter := rapid.SampledFrom([]rune(marks))
	if spaces {
		letter = rapid.SampledFrom([]rune(marks + "  "))
	}
	return rapid.Custom(func(t *rapid.T) string {
		return strings.TrimSpace(rapid.StringOfN(letter, 1, 12, -1).Draw(t, "text"))
	}).Filter(func(s string) bool { return s != "" })
}

// TestJudgmentsRoundTrip writes any judgments in every format and reads them
// back equal.
func TestJudgmentsRoundTrip(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		format := rapid.SampledFrom(JudgmentFormats).Draw(t, "format")
		all := slices.Contains([]string{"csv", "xlsx", "quepid-book", "quepid-json"}, format)
		dated := format == "csv" || format == "xlsx"
		grade := rapid.IntRange(0, 3)
		var x JudgmentExport
		seen := map[[3]string]bool{}
		for range rapid.IntRange(1, 8).Draw(t, "n") {
			j := engine.Judgment{
				Query:   token(true).Draw(t, "query"),
				Product: token(format != "trec" && format != "letor").Draw(t, "product"),
				Grade:   engine.Grade(grade.Draw(t, "grade")),
				Judge:   "import",
			}
			if all || format == "quepid" || format == "rre" {
				j.Grade = engine.Grade(rapid.SampledFrom([]float64{0, 0.5, 1, 1.25, 2, 2.0 / 3, 3}).Draw(t, "part"))
			}
			if format == "wands" { // of the others only some come back: see TestWhatWANDSHolds
				j.Grade = engine.Grade(rapid.SampledFrom([]float64{0, 2, 3}).Draw(t, "label"))
			}
			if all {
				j.Judge = token(true).Draw(t, "judge")
				if format != "quepid-book" {
					j.Note = rapid.OneOf(rapid.Just(""), token(true)).Draw(t, "note")
				}
				if dated && rapid.Bool().Draw(t, "settled") {
					j.Judge, j.By = engine.Adjudicated, token(true).Draw(t, "by")
				}
				if dated && rapid.Bool().Draw(t, "timed") {
					j.Time = time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "s"), rapid.Int64Range(0, 1e9-1).Draw(t, "ns")).UTC()
				}
			}
			if key := [3]string{j.Query, j.Product, j.Judge}; !seen[key] {
				seen[key] = true
				x.Judgments = append(x.Judgments, j)
			}
		}
		x.Agreed = agreedOf(x.Judgments)
		path := filepath.Join(folder, "judgments")
		if _, err := WriteJudgments(path, format, x); err != nil {
			t.Fatal(err)
		}
		got, err := OpenJudgments(path, JudgmentOptions{Judge: "import"})
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		byKey := cmpopts.SortSlices(func(a, b engine.Judgment) bool {
			return a.Query+"\x00"+a.Product+"\x00"+a.Judge < b.Query+"\x00"+b.Product+"\x00"+b.Judge
		})
		options := cmp.Options{byKey, cmpopts.EquateEmpty()}
		if format == "xlsx" { // spreadsheets keep 15 digits
			options = append(options, cmp.Comparer(func(a, b engine.Grade) bool { return math.Abs(float64(a-b)) < 1e-14 }))
		}
		if format == "wands" { // each says which label it was
			for i := range got.Judgments {
				got.Judgments[i].Note = ""
			}
		}
		if diff := cmp.Diff(x.Judgments, got.Judgments, options); diff != "" || len(got.Problems) > 0 {
			t.Fatalf("%s was read as %s with problems %v (-written +read):\n%s", format, got.Format, got.Problems, diff)
		}
	})
}

func TestWhatFormatsCannotHold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "judgments")
	tests := []struct {
		format, want string
		x            JudgmentExport
	}{
		{"parquet", "formats are quepid", JudgmentExport{}},
		{"trec", "white space", JudgmentExport{Agreed: engine.Qrels{"q": {"a b": 1}}}},
		{"letor", "tab or a line break", JudgmentExport{Agreed: engine.Qrels{"q\nr": {"a": 1}}}},
		{"letor", "no features today", JudgmentExport{Agreed: engine.Qrels{"q": {"a": 1}}, Features: func(string, string) ([]float64, error) { return nil, errors.New("no features today") }}},
		{"xlsx", "longer than a spreadsheet's cell", JudgmentExport{Judgments: []engine.Judgment{{Query: "q", Product: "a", Note: strings.Repeat("x", 40000)}}}},
	}
	for _, test := range tests {
		if _, err := WriteJudgments(path, test.format, test.x); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.format, err, test.want)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: something was written: %v", test.format, err)
		}
	}
}

func TestWriteFileIsAllOrNothing(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "out.csv")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(folder, "link.csv")
	if err := os.Symlink("out.csv", link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	_, err := WriteJudgments(link, "trec", JudgmentExport{Agreed: engine.Qrels{"a": {"1": 1}, "b": {"white space": 1}}})
	if text, readErr := os.ReadFile(path); err == nil || readErr != nil || string(text) != "old" {
		t.Errorf("a failed export (%v) left %q, %v", err, text, readErr)
	}
	if _, err := WriteJudgments(link, "trec", JudgmentExport{Agreed: engine.Qrels{"a": {"1": 1}}}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	info, statErr := os.Stat(path)
	if err != nil || statErr != nil || string(text) != "a 0 1 1\n" || info.Mode().Perm() != 0o600 {
		t.Errorf("wrote %q with mode %v", text, info.Mode())
	}
	if target, err := os.Readlink(link); err != nil || target != "out.csv" {
		t.Errorf("the link is gone: %q, %v", target, err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 2 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	if _, err := WriteJudgments(folder, "trec", JudgmentExport{}); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("writing over a folder: %v", err)
	}
	if _, err := WriteJudgments(filepath.Join(folder, "no", "x"), "trec", JudgmentExport{}); err == nil || !strings.Contains(err.Error(), "cannot write") {
		t.Errorf("writing into no folder: %v", err)
	}
}

func TestSlipsAreRefusedAndScalesAreMapped(t *testing.T) {
	tests := []struct {
		name    string
		ratings string
		scale   engine.Scale
		grades  []engine.Grade
		skipped int
	}{
		{"kept", "3 2 1 0 2.5", nil, []engine.Grade{3, 2, 1, 0, 2.5}, 0},
		{"one slip", "3 2 1 0 30", nil, []engine.Grade{3, 2, 1, 0}, 1},
		{"0 to 4", "4 2 0", nil, []engine.Grade{3, 1.5, 0}, 0},
		{"0 to 4 on its own scale", "4 2 0", make(engine.Scale, 5), []engine.Grade{4, 2, 0}, 0},
		{"0 to 100", "100 50 75 0", nil, []engine.Grade{3, 1.5, 2.25, 0}, 0},
		{"gains of ESCI", "100 10 1 0", nil, []engine.Grade{3, 2, 1, 0}, 0},
		{"0 to 3 as yes or no", "3 0", make(engine.Scale, 2), []engine.Grade{1, 0}, 0},
		{"beyond 100", "400 200", nil, []engine.Grade{3, 1.5}, 0},
		{"below 0", "-2 1", nil, []engine.Grade{0, 1}, 0},
		{"labels", "E S C I exact Good", nil, []engine.Grade{3, 2, 1, 0, 3, 2}, 0},
		{"no number", "1 NaN Inf x", nil, []engine.Grade{1}, 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := "query,docid,rating\n"
			for i, r := range strings.Fields(test.ratings) {
				text += "q," + string(rune('a'+i)) + "," + r + "\n"
			}
			j, err := ReadJudgments(strings.NewReader(text), "test", JudgmentOptions{Scale: test.scale})
			if err != nil {
				t.Fatal(err)
			}
			var grades []engine.Grade
			for _, g := range j.Judgments {
				grades = append(grades, g.Grade)
			}
			if diff := cmp.Diff(test.grades, grades); diff != "" || j.Skipped != test.skipped {
				t.Errorf("%d skipped; grades (-want +got):\n%s", j.Skipped, diff)
			}
		})
	}
}

func TestJudgmentsThatAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"a catalogue":     "id,title,price\n1,Green tea,2\n",
		"no product":      "query,rating\nlaptop,3\n",
		"other JSON":      `{"hello":"world"}`,
		"cut JSON":        `{"judgmentRatings":[{"query":"a"`,
		"empty":           "",
		"a header alone":  "id,title\n",
		"JSON of a book?": `{"query_doc_pairs":7}`,
	} {
		if j, err := ReadJudgments(strings.NewReader(text), "test", JudgmentOptions{}); err == nil || !strings.HasPrefix(err.Error(), "test: ") {
			t.Errorf("%s: read %+v, error %v", name, j, err)
		}
	}
	if j, err := ReadJudgments(strings.NewReader("query,docid,rating\n"), "test", JudgmentOptions{}); err != nil || len(j.Judgments) != 0 {
		t.Errorf("a file that only lacks judgments: %+v, %v", j, err)
	}
}

// TestWhatWANDSHolds: grades between the three labels are told of.
func TestWhatWANDSHolds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "label.csv")
	notes, err := WriteJudgments(path, "wands", JudgmentExport{Agreed: engine.Qrels{"q": {"a": 1, "b": 2, "c": 3, "d": 0}}})
	if err != nil || len(notes) != 1 || !strings.Contains(notes[0], "1 grade between became Partial") {
		t.Errorf("notes %q, %v", notes, err)
	}
	read, err := OpenJudgments(path, JudgmentOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := engine.Qrels{"q": {"a": 2, "b": 2, "c": 3, "d": 0}}
	if diff := cmp.Diff(want, agreedOf(read.Judgments)); diff != "" || read.Format != "WANDS labels" {
		t.Errorf("read as %s:\n%s", read.Format, diff)
	}
}

// TestBooksKeepQueries: what a book says of a query beside its grades is read
// back, too.
func TestBooksKeepQueries(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.json")
	if _, err := WriteJudgments(path, "quepid-json", exported()); err != nil {
		t.Fatal(err)
	}
	read, err := OpenJudgments(path, JudgmentOptions{})
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(read.Queries, func(q engine.Query) bool { return q.Text == "star trek" })
	if at < 0 || read.Queries[at].Need != "The series, any of them" || read.Queries[at].Note != "asked in May" {
		t.Errorf("queries %+v", read.Queries)
	}
}

// TestNoFormulas: nothing that a spreadsheet would run comes out of any writer of
// tables that people open in one.
func TestNoFormulas(t *testing.T) {
	folder := t.TempDir()
	const evil = "=HYPERLINK(1)"
	x := JudgmentExport{Agreed: engine.Qrels{evil: {"@" + evil: 1}}, Queries: []engine.Query{{Text: "+" + evil}},
		Judgments: []engine.Judgment{{Query: evil, Product: "-" + evil, Judge: evil, Note: evil, By: evil, Grade: 1}}}
	for _, format := range []string{"quepid", "quepid-book", "csv"} {
		if _, err := WriteJudgments(filepath.Join(folder, format), format, x); err != nil {
			t.Fatal(err)
		}
	}
	for _, format := range []string{"csv", "needs"} {
		if err := WriteQueries(filepath.Join(folder, "queries-"+format), format, []engine.Query{{Text: evil, Need: evil, Note: evil, Tags: []string{evil}}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, format := range []string{"csv", "quepid-snapshot"} {
		if err := WriteRun(filepath.Join(folder, "run-"+format), format, evil, time.Time{}, []Ranked{{Query: evil, Product: evil, Rank: 1}}); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) != 7 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
					t.Errorf("%s: a spreadsheet would run %q", filepath.Base(file), cell)
				}
			}
		}
	}
}
