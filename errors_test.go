package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"touchstone/storage"
	"touchstone/ui/locale"
)

// TestErrorsSayWhatToDo is a table of what people see when something goes wrong:
// each message names what was being done or could not be, the file, product or
// word that it is about, and the next step.
func TestErrorsSayWhatToDo(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	file := func(name, content string) string {
		if err := os.WriteFile(at(name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return at(name)
	}
	w := at("shop.touchstone")
	must(t, "new", w)
	must(t, "import", w, file("shop.csv", "id,title,price\n1,Desk lamp,49.90\n2,Floor lamp,129\n"))
	held := at("held.touchstone")
	must(t, "new", held)
	holder, err := storage.Open(held, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	damaged := file("damaged.touchstone", strings.Repeat("x", 1<<15))
	empty := file("empty.touchstone", "")

	var errors []string
	for _, c := range []struct {
		args []string
		code int
		what string // the operation, or what could not be done
		who  string // the file, product or word
		next string // what to do
		// typed: it is about how the command was written, and no window says it
		typed bool
	}{
		{[]string{"search", at("none.touchstone"), "lamp"}, 1, "opening", "none.touchstone", "touchstone new", false},
		{[]string{"search", dir, "lamp"}, 1, "opening", dir, "name a *.touchstone file", false},
		{[]string{"search", damaged, "lamp"}, 1, "opening", "damaged.touchstone", "backup", false},
		{[]string{"search", empty, "lamp"}, 1, "opening", "empty.touchstone", "touchstone restore", false},
		{[]string{"search", held, "lamp"}, 1, "already open", "held.touchstone", "close it there first", false},
		{[]string{"compact", held}, 1, "compacting", "held.touchstone", "close it there first", false},
		{[]string{"new", w}, 1, "creating", "shop.touchstone", "choose another name", false},
		{[]string{"backup", w, held}, 1, "backing up", "held.touchstone", "choose another name", false},
		{[]string{"restore", w, damaged}, 1, "restoring", "damaged.touchstone", "backup", false},
		{[]string{"repair", damaged, at("new.touchstone")}, 1, "repairing", "damaged.touchstone", "backup", false},
		{[]string{"import", w, at("none.csv")}, 1, "open", "none.csv", "check the path", false},
		{[]string{"import", w, file("untitled.csv", "a,b\n1,2\n")}, 1, "title", "untitled.csv", "title=COLUMN", false},
		{[]string{"import", w, file("empty.csv", "")}, 1, "nothing to read", "empty.csv", "empty", false},
		{[]string{"import", w, file("zip.xlsx", "PK\x03\x04nonsense")}, 1, "damaged", "zip.xlsx", "zip archive", false},
		{[]string{"import", w, file("utf32.csv", "\xff\xfe\x00\x00i\x00\x00\x00")}, 1, "UTF-32", "utf32.csv", "save it as UTF-8", false},
		{[]string{"import", w, file("quote.csv", "id,title\n1,\"Desk lamp\n")}, 1, "never closed", "quote.csv", "close it", false},
		{[]string{"import", w, at("shop.csv"), "--map", "title=nosuch"}, 1, "nosuch", "shop.csv", "column", false},
		{[]string{"judgments", w, file("nothing.txt", "hello\n")}, 1, "not a format", "nothing.txt", "columns query, docid and rating", false},
		{[]string{"judgments", w, at("none.csv")}, 1, "open", "none.csv", "check the path", false},
		{[]string{"judgments", w, file("cut.json", "{\"a\":")}, 1, "cannot be read", "cut.json: line 1", "ends in the middle", false},
		{[]string{"search", w, "lamp", "--ranker", "nobody"}, 1, "no ranker", "nobody", "among default, bm25 and cosine", false},
		{[]string{"search", w, "lamp", "--filter", "price!!3"}, 1, "filter", "price!!3", "as in price<100", false},
		{[]string{"search", w, "lamp", "--filter", "colour<3"}, 1, "filter", "colour", "there are brand", false},
		{[]string{"similar", w, "99"}, 1, "has no product", "99", "product list", false},
		{[]string{"product", "show", w, "99"}, 1, "has no product", "99", "product list", false},
		{[]string{"product", "hide", w, "99"}, 1, "hide the products", "99", "product list", false},
		{[]string{"eval", w}, 1, "measure", "nothing is judged", "import judgments", false},
		{[]string{"eval", w, "--metric", "foo@10"}, 1, "metric", "foo@10", "use ndcg", false},
		{[]string{"train", w}, 1, "learn", "nothing is judged", "grade some results first", false},
		{[]string{"finetune", w}, 1, "fine-tuning", "5 queries", "grade more queries", false},
		{[]string{"ranker", "use", w, "mine"}, 1, "no ranker", "mine", "among default, bm25 and cosine", false},
		{[]string{"ranker", "import", w, at("nothing.txt")}, 1, "neither", "nothing.txt", "Elasticsearch, OpenSearch or Solr", false},
		{[]string{"scale", w, "fine"}, 1, "the scale", "this one 1", "name them as in", false},
		{[]string{"queries", "remove", w, "sofa"}, 1, "query set", "sofa", "queries list", false},
		{[]string{"queries", "merge", w, "lamp", "sofa"}, 1, "query set", "sofa", "queries list", false},
		{[]string{"queries", "export", w, "--out", at("no/queries.csv")}, 1, "cannot write", "queries.csv", "check the path", false},
		{[]string{"rules", w, "remove", "7"}, 1, "saving rules", "rule 7", "rules list", false},
		{[]string{"rules", w, "effect"}, 1, "no rule was given", "rule", "--without", true},
		{[]string{"rules", w, "import", at("nothing.txt")}, 1, "no rules", "nothing.txt", "Querqy", false},
		{[]string{"rules", w, "add", "lift"}, 1, "kind of rule", "lift", "boost, bury and pin", false},
		{[]string{"rules", w, "use", "spring"}, 1, "set of rules", "spring", "main and off", false},
		{[]string{"compare", w, "default", "snapshot:before"}, 1, "no snapshot", "before", "touchstone snapshot", false},
		{[]string{"compare", w, "default", "fusion:sum"}, 1, "no fusion", "sum", "minmax, rrf and zscore", false},
		{[]string{"ideal", w, "lamp"}, 1, "ideal page", "lamp", "grade some of its results", false},
		{[]string{"adopt", w, "mine"}, 1, "no ranker", "mine", "among default, bm25 and cosine", false},
		{[]string{"sweep", w, "shine"}, 1, "sweep", "shine", "bm25, cosine", false},
		{[]string{"clicks", w, "--weight", "7"}, 1, "clicks", "7", "between 0", false},
		{[]string{"events", w, at("nothing.txt")}, 1, "no events", "nothing.txt", "columns called profile", false},
		{[]string{"engine", w, "use", "shop"}, 1, "no engine", "shop", "touchstone engine", false},
		{[]string{"serve", w, "--addr", "0.0.0.0:8080"}, 1, "serve", "0.0.0.0:8080", "TOUCHSTONE_TOKEN", true},
		{[]string{"encode", "--model", "other"}, 1, "model", "other", "minilm or bge-zh", false},
		{[]string{"new", at("no/w.touchstone")}, 1, "creating", "w.touchstone", "check the path", false},
		{[]string{"backup", w, at("no/b.touchstone")}, 1, "backing up", "b.touchstone", "check the path", false},
		{[]string{"export", w, "run", "--format", "trec", "--out", at("run.txt")}, 1, "export", "no queries", "import queries", false},
		{[]string{"model", "import", at("nomodel"), "mine"}, 1, "import model", "nomodel", "check the path", false},
		{[]string{"compare", w}, 2, "expected", "<a>", "touchstone --help", false},
		{[]string{"train", w, "--nonsense"}, 2, "unknown flag", "--nonsense", "touchstone --help", false},
	} {
		code, _, said := run(t, "", c.args...)
		for _, want := range []string{c.what, c.who, c.next} {
			if code != c.code || !strings.Contains(said, want) {
				t.Errorf("touchstone %s: exit %d, want %d and %q in: %s", strings.Join(c.args, " "), code, c.code, want, said)
			}
		}
		if lines := strings.Count(strings.TrimSpace(said), "\n"); lines > 0 && c.code == 1 {
			t.Errorf("touchstone %s says it on %d lines: %s", strings.Join(c.args, " "), lines+1, said)
		}
		if c.code == 1 && !c.typed {
			errors = append(errors, strings.TrimPrefix(strings.TrimSpace(said), "touchstone: "))
		}
	}
	saysInChinese(t, errors)
}

// saysInChinese: the window shows the same errors, and none stays English.
func saysInChinese(t *testing.T, errors []string) {
	t.Helper()
	if err := locale.Set(locale.Chinese); err != nil {
		t.Fatal(err)
	}
	defer locale.Set(locale.English)
	sentence := regexp.MustCompile(`[a-z]+ [a-z]+ [a-z]+`)
	command := regexp.MustCompile(`touchstone( [a-z]+)+`)
	for _, e := range errors {
		if said := locale.Say(e); sentence.MatchString(command.ReplaceAllString(said, "")) {
			t.Errorf("%q is shown as %q to people who read Chinese: its sentences want a place in assets/translations/zh", e, said)
		}
	}
}
