package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"touchstone/storage"
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

	for _, c := range []struct {
		args []string
		code int
		what string // the operation, or what could not be done
		who  string // the file, product or word
		next string // what to do
	}{
		{[]string{"search", at("none.touchstone"), "lamp"}, 1, "opening", "none.touchstone", "touchstone new"},
		{[]string{"search", dir, "lamp"}, 1, "opening", dir, "name a *.touchstone file"},
		{[]string{"search", damaged, "lamp"}, 1, "opening", "damaged.touchstone", "backup"},
		{[]string{"search", empty, "lamp"}, 1, "opening", "empty.touchstone", "touchstone restore"},
		{[]string{"search", held, "lamp"}, 1, "already open", "held.touchstone", "close it there first"},
		{[]string{"compact", held}, 1, "compacting", "held.touchstone", "close it there first"},
		{[]string{"new", w}, 1, "creating", "shop.touchstone", "choose another name"},
		{[]string{"backup", w, held}, 1, "backing up", "held.touchstone", "choose another name"},
		{[]string{"restore", w, damaged}, 1, "restoring", "damaged.touchstone", "backup"},
		{[]string{"repair", damaged, at("new.touchstone")}, 1, "repairing", "damaged.touchstone", "backup"},
		{[]string{"import", w, at("none.csv")}, 1, "no such file", "none.csv", "no such file"},
		{[]string{"import", w, file("untitled.csv", "a,b\n1,2\n")}, 1, "title", "untitled.csv", "title=COLUMN"},
		{[]string{"import", w, file("empty.csv", "")}, 1, "nothing to read", "empty.csv", "empty"},
		{[]string{"import", w, file("zip.xlsx", "PK\x03\x04nonsense")}, 1, "damaged", "zip.xlsx", "zip archive"},
		{[]string{"import", w, file("utf32.csv", "\xff\xfe\x00\x00i\x00\x00\x00")}, 1, "UTF-32", "utf32.csv", "save it as UTF-8"},
		{[]string{"import", w, file("quote.csv", "id,title\n1,\"Desk lamp\n")}, 1, "never closed", "quote.csv", "close it"},
		{[]string{"import", w, at("shop.csv"), "--map", "title=nosuch"}, 1, "nosuch", "shop.csv", "column"},
		{[]string{"judgments", w, file("nothing.txt", "hello\n")}, 1, "nothing.txt", "nothing.txt", ""},
		{[]string{"search", w, "lamp", "--ranker", "nobody"}, 1, "ranker", "nobody", ""},
		{[]string{"search", w, "lamp", "--filter", "price!!3"}, 1, "price!!3", "price!!3", ""},
		{[]string{"similar", w, "99"}, 1, "99", "99", ""},
		{[]string{"eval", w}, 1, "judg", "judg", "judg"},
		{[]string{"export", w, "run", "--format", "trec", "--out", at("run.txt")}, 1, "export", "no queries", "import queries"},
		{[]string{"model", "import", at("nomodel"), "mine"}, 1, "config.json", "config.json", ""},
		{[]string{"compare", w}, 2, "expected", "<a>", "touchstone --help"},
		{[]string{"train", w, "--nonsense"}, 2, "unknown flag", "--nonsense", "touchstone --help"},
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
	}
}
