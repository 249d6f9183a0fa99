package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// listed is a rule as `rules list --json` prints it.
type listed struct {
	ID   uint64 `json:"id"`
	Kind string `json:"kind"`
	Note string `json:"note"`
	Off  bool   `json:"off"`
	When struct{ Queries, Has []string }
}

// TestRulesContract runs every command of `rules` on a small shop, with files of
// other tools, and checks the keys, exit codes and that nothing is lost by what
// cannot be.
func TestRulesContract(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	w := filepath.Join(dir, "w.touchstone")
	must(t, "new", w, "--model", "minilm")
	must(t, "import", w, write("products.csv", "id,title,brand,price\n1,Desk lamp,Lumo,49\n2,Floor lamp,Lumo,99\n3,Lamp shade,Tela,19\n4,Cushion cover,Tela,15\n5,Night light,Lumo,9\n"))
	must(t, "judgments", w, write("ratings.csv", "query,docid,rating\nlamp,1,1\nlamp,2,3\nlamp,3,0\ncushion,4,3\nlight,5,3\nlight,1,1\n"))
	rules := func(args ...string) string { return must(t, append([]string{"rules", w}, args...)...) }
	list := func() (all []listed) {
		var out struct {
			Set   string
			Rules []listed
		}
		decode(t, rules("list", "--json"), &out, "set", "rules")
		return out.Rules
	}
	first := func(query string) string {
		var page struct{ Results []struct{ ID string } }
		decode(t, must(t, "search", w, query, "--json"), &page, "results")
		if len(page.Results) == 0 {
			return ""
		}
		return page.Results[0].ID
	}

	// One of each, from the command line.
	if out := rules("add", "pin", "--query", "lamp", "--product", "2", "--position", "1", "--note", "new in May"); !strings.HasPrefix(out, "rule 1: pin 2 at 1") {
		t.Errorf("added: %s", out)
	}
	if first("lamp") != "2" {
		t.Errorf("the pinned lamp is not first, %s is", first("lamp"))
	}
	rules("add", "synonym", "--term", "pillow", "--term", "cushion")
	if first("pillow") != "4" {
		t.Errorf("by its synonym %q is found first", first("pillow"))
	}
	var effect struct {
		Metric                    string
		Queries, Affected, Judged int
		Before, After             float64
		Changed                   []struct{ Query string }
	}
	keys := []string{"metric", "queries", "affected", "judged", "before", "after", "took_ms", "changed"}
	decode(t, rules("effect", "--without", "1", "--json"), &effect, keys...)
	if effect.Queries != 3 || effect.Affected != 1 || len(effect.Changed) != 1 || effect.Changed[0].Query != "lamp" || effect.After >= effect.Before {
		t.Errorf("without the pin: %+v", effect)
	}
	code, stdout, stderr := run(t, `{"kind":"hide","products":["5"]}`, "rules", w, "effect", "--json")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	decode(t, stdout, &effect, keys...)
	if effect.Affected != 3 || effect.After >= effect.Before {
		t.Errorf("hiding the right answer of one query: %+v", effect)
	}
	if n := len(list()); n != 2 {
		t.Errorf("%d rules after asking for effects, want 2", n)
	}

	// Files of other tools. What cannot be read is named by its line.
	querqy := write("rules.txt", "lamp =>\n  UP(10): floor\n  DOWN(5): shade\n\nnotebook =>\n  SYNONYM: laptop\n\nbroken =>\n  MAKE: coffee\n")
	code, stdout, stderr = run(t, "", "rules", w, "import", querqy)
	if code != 0 || !strings.Contains(stdout, "3 rules added") || !strings.Contains(stderr, "rules.txt:9: ") {
		t.Errorf("Querqy: exit %d: %s%s", code, stdout, stderr)
	}
	algolia := write("algolia.json", `[{"objectID":"a","condition":{"pattern":"light","anchoring":"is"},"consequence":{"promote":[{"objectID":"5","position":0}],"hide":[{"objectID":"3"}]},"description":"from the old shop"}]`)
	if out := rules("import", algolia); !strings.Contains(out, "2 rules added") {
		t.Errorf("Algolia: %s", out)
	}
	table := filepath.Join(dir, "rules.xlsx")
	writeXLSX(t, table, [][]string{{"kind", "query", "words", "by", "note"}, {"boost", "cushion", "cover", "0.5", "from Excel"}, {"juggle", "cushion", "cover", "1", ""}})
	code, stdout, stderr = run(t, "", "rules", w, "import", table)
	if code != 0 || !strings.Contains(stdout, "1 rules added") || !strings.Contains(stderr, "juggle") {
		t.Errorf("Excel: exit %d: %s%s", code, stdout, stderr)
	}
	if out := rules("import", querqy); !strings.Contains(out, "0 rules added, 3 known already") {
		t.Errorf("the same file again: %s", out)
	}
	notes := ""
	for _, r := range list() {
		notes += r.Note + "\n"
	}
	if !strings.Contains(notes, "from the old shop") || !strings.Contains(notes, "from Excel") {
		t.Errorf("notes of imported rules: %q", notes)
	}

	// Out and in again: Touchstone's own format keeps all, rules.txt names what it leaves out.
	own, foreign := filepath.Join(dir, "out.json"), filepath.Join(dir, "out.txt")
	rules("export", "--format", "json", "--out", own)
	code, _, stderr = run(t, "", "rules", w, "export", "--format", "querqy", "--out", foreign)
	if text, err := os.ReadFile(foreign); code != 0 || err != nil || !strings.Contains(string(text), "SYNONYM: laptop") || !strings.Contains(stderr, "pin") {
		t.Errorf("rules.txt: exit %d, %v: %s\n%s", code, err, stderr, text)
	}
	other := filepath.Join(dir, "other.touchstone")
	must(t, "new", other, "--model", "minilm")
	if out := must(t, "rules", other, "import", own); !strings.Contains(out, fmt.Sprintf("%d rules added", len(list()))) {
		t.Errorf("into another workspace: %s", out)
	}

	// What is wrong with rules is listed, and fails a gate.
	rules("add", "hide", "--query", "lamp", "--product", "2")
	rules("add", "boost", "--query", "lamp", "--product", "gone", "--by", "0.2")
	rules("add", "bury", "--query", "lamp", "--words", "nothing says this")
	code, stdout, stderr = run(t, "", "rules", w, "check", "--fail")
	for _, want := range []string{"pins", "gone", "no product"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("check lacks %q:\n%s", want, stdout)
		}
	}
	if code != 3 || strings.Count(strings.TrimSpace(stderr), "\n") != 0 {
		t.Errorf("check --fail: exit %d: %q", code, stderr)
	}

	// What cannot be is refused and named, and everything that was there stays.
	before := len(list())
	for _, c := range []struct {
		says string
		args []string
	}{
		{"steps", []string{"add", "hide", "--pattern", "((abcdefgh){30}){30}", "--product", "1"}},
		{"pattern", []string{"add", "hide", "--pattern", "(", "--product", "1"}},
		{"needs", []string{"add", "boost", "--query", "lamp"}},
		{"address", []string{"add", "redirect", "--query", "sale", "--url", "javascript:alert(1)"}},
		{"no rule 99", []string{"remove", "99"}},
		{"no rule 99", []string{"effect", "--without", "99"}},
		{"missing.txt", []string{"import", filepath.Join(dir, "missing.txt")}},
	} {
		if code, _, stderr := run(t, "", append([]string{"rules", w}, c.args...)...); code != 1 || !strings.Contains(stderr, c.says) || strings.Count(strings.TrimSpace(stderr), "\n") != 0 {
			t.Errorf("rules %v: exit %d, want 1 with %q on one line: %s", c.args, code, c.says, stderr)
		}
	}
	if after := len(list()); after != before {
		t.Errorf("%d rules after refused changes, %d before", after, before)
	}
	rules("undo")
	if after := len(list()); after != before-1 {
		t.Errorf("%d rules after undoing, want %d", after, before-1)
	}
	if out := rules("history"); !strings.Contains(out, "pin 2 at 1") || !strings.Contains(out, "takes back") {
		t.Errorf("history: %s", out)
	}

	// A snapshot of another catalogue is refused by name.
	must(t, "snapshot", w, "may")
	must(t, "import", w, "--replace", write("chairs.csv", "id,title\nc1,Oak chair\nc2,Pine chair\n"))
	if code, _, stderr := run(t, "", "compare", w, "snapshot:may", "default"); code != 1 || !strings.Contains(stderr, `snapshot "may" is of another catalogue`) {
		t.Errorf("exit %d: %s", code, stderr)
	}
	if n := len(list()); n != before-1 {
		t.Errorf("%d rules after another catalogue, want %d", n, before-1)
	}
	must(t, "check", w)
}

// writeXLSX writes the smallest workbook that holds some rows of text.
func writeXLSX(t *testing.T, path string, rows [][]string) {
	t.Helper()
	sheet := ""
	for _, row := range rows {
		sheet += "<row>"
		for _, cell := range row {
			sheet += `<c t="inlineStr"><is><t>` + cell + `</t></is></c>`
		}
		sheet += "</row>"
	}
	const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	const pack = "http://schemas.openxmlformats.org/package/2006/"
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="` + pack + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + pack + `relationships"><Relationship Id="r1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook ` + ns + ` xmlns:r="` + office + `"><sheets><sheet name="rules" sheetId="1" r:id="r1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + pack + `relationships"><Relationship Id="r1" Type="` + office + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		{"xl/worksheets/sheet1.xml", `<worksheet ` + ns + `><sheetData>` + sheet + `</sheetData></worksheet>`},
	} {
		f, err := z.Create(part.name)
		if err == nil {
			_, err = f.Write([]byte(part.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
