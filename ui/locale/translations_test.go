package locale

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const ui = ".." // the folder of the window's code

// areas are the translations of a language by file.
func areas(t *testing.T) map[string]map[string]string {
	t.Helper()
	names, err := filepath.Glob("../../assets/translations/zh/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no translations: %v", err)
	}
	files := map[string]map[string]string{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{}
		if err := json.Unmarshal(b, &texts); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		files[filepath.Base(name)] = texts
	}
	return files
}

// TestNoTextIsShownUntranslated: what looks like text for people goes through
// this package.
func TestNoTextIsShownUntranslated(t *testing.T) {
	for _, f := range readSource(t, ui).plain {
		t.Errorf("%s: %q is shown as it is: write locale.T(…), or locale.Name(…) for a name", f.where, f.text)
	}
}

// TestEveryTextHasChinese: what goes through this package is translated.
func TestEveryTextHasChinese(t *testing.T) {
	texts := map[string]string{}
	for _, area := range areas(t) {
		for key, text := range area {
			texts[key] = text
		}
	}
	source := readSource(t, ui)
	if len(source.translated) < 100 {
		t.Fatalf("only %d texts found: the test looks at the wrong place", len(source.translated))
	}
	missing := map[string]bool{}
	for _, f := range source.translated {
		if f.text != "" && texts[f.text] == "" && !missing[f.text] && hasLetter(f.text) {
			missing[f.text] = true
			t.Errorf("%s: %q has no Chinese in assets/translations/zh", f.where, f.text)
		}
	}
}

// TestEveryErrorHasChinese: what the engine and the storage say of a failure is
// translated as well, part by part. Templates of one word are names.
func TestEveryErrorHasChinese(t *testing.T) {
	texts := map[string]string{}
	for _, area := range areas(t) {
		for key, text := range area {
			texts[key] = text
		}
	}
	errors := errorTexts(t, "../../engine", "../../storage")
	if len(errors) < 100 {
		t.Fatalf("only %d errors found: the test looks at the wrong place", len(errors))
	}
	sentence := regexp.MustCompile(`[a-z]+ [a-z]+ [a-z]+`)
	for _, e := range errors {
		if texts[e.text] == "" && sentence.MatchString(e.text) {
			t.Errorf("%s: %q has no Chinese in assets/translations/zh/errors.json", e.where, e.text)
		}
	}
}

// TestTranslationsTakeTheSameArguments: a translation has the verbs of its key,
// in its own order where it numbers them, and no text twice.
func TestTranslationsTakeTheSameArguments(t *testing.T) {
	seen := map[string]string{}
	for name, area := range areas(t) {
		for key, text := range area {
			if other, ok := seen[key]; ok && other != text {
				t.Errorf("%s: %q is translated as %q and as %q", name, key, other, text)
			}
			seen[key] = text
			if a, b := argumentsOf(key), argumentsOf(text); !slices.Equal(a, b) {
				t.Errorf("%s: %q takes %v, its translation %q takes %v", name, key, a, text, b)
			}
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: %q is translated as nothing", name, key)
			}
		}
	}
}

// argumentsOf are the kinds of a template's verbs in the order of its arguments.
func argumentsOf(template string) []string {
	of := map[int]string{}
	next := 0
	for _, v := range verb.FindAllStringSubmatch(template, -1) {
		if v[2] == "%" {
			continue
		}
		if v[1] != "" {
			next = int(v[1][0] - '1')
		}
		of[next] = v[2]
		next++
	}
	kinds := make([]string, len(of))
	for i := range kinds {
		kinds[i] = of[i]
	}
	return kinds
}

// TestNoTranslationIsOfNothing: a key that stands nowhere in the code is left
// over from text that has changed. What the engine says is looked for as text.
func TestNoTranslationIsOfNothing(t *testing.T) {
	used := map[string]bool{}
	for _, f := range readSource(t, ui).translated {
		used[f.text] = true
	}
	engine := literals(t, "../../engine", "../../storage", "../..")
	for name, area := range areas(t) {
		for key := range area {
			// Some sentences are put together: "…; other judges see it otherwise".
			said := engine[key] || engine["; "+key] || engine[". "+key]
			if !used[key] && !said && name != "counts.json" && name != "system.json" { // a number and a noun; the operating system's words

				t.Errorf("%s: %q is shown nowhere", name, key)
			}
		}
	}
}

// TestSay: what the engine says is recognised, whatever is filled into it.
func TestSay(t *testing.T) {
	if err := Set(Chinese); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = Set(English) }()
	for english, want := range map[string]string{
		"On 40 queries it was not trained on: 31 better, 6 worse, 3 equal.":                                                                                                          "在未参与训练的 40 个查询上：31 个变好，6 个变差，3 个不变。",
		"On 1 query it was not trained on: 1 better, 0 worse, 0 equal.":                                                                                                              "在未参与训练的 1 个查询上：1 个变好，0 个变差，0 个不变。",
		"Learned from 812 grades, but on 8 left-out queries nothing changes: kept the old weights.":                                                                                  "从812 个评分学习了，但在留出的 8 个查询上没有变化：保留原来的权重。",
		"Learned from 812 grades, but 2 of 8 left-out queries got worse: kept the old weights. Grade more of: usb c hub, tv.":                                                        "从812 个评分学习了，但留出的 8 个查询中有 2 个变差：保留原来的权重。请多评这些查询：usb c hub, tv。",
		"Two rankers disagree by 9 places about it; no one has graded “Earbuds” for this query. Its grade moves NDCG@10 of this query by 0.012 on average.":                          "两个排序器对它的名次相差 9 位；还没有人为这个查询评过“Earbuds”类商品。它的评分平均会让这个查询的 NDCG@10 变动 0.012。",
		"import p.csv: no product in it could be read (3 rows were skipped; the first: line 2)":                                                                                      "导入 p.csv：其中没有可读的商品（跳过了 3 行; the first: line 2）",
		"p.csv: the file is empty: nothing to read":                                                                                                                                  "p.csv：文件是空的，没有内容可读",
		"3 rows have no title and got the beginning of the description as one.":                                                                                                      "有 3 行没有标题，已用描述的开头代替。",
		"90 % of what A shows is judged and 95 % of what B shows. What nobody has judged counts as wrong, which speaks against A. The 20 pairs listed as unsettled would help most.": "A 展示的商品有 90% 评过分，B 有 95%。没人评过的按不相关计，这对 A 不利。列出的 20 对 最有帮助。",
		"Meaning":                        "语义",
		"no one knows this sentence: 12": "no one knows this sentence: 12",
		"":                               "",
	} {
		if got := Say(english); got != want {
			t.Errorf("%q\n got %q\nwant %q", english, got, want)
		}
	}
}

// TestSayInEnglish: English is what was said.
func TestSayInEnglish(t *testing.T) {
	if got := Say("Meaning: 3 rows have"); got != "Meaning: 3 rows have" {
		t.Errorf("got %q", got)
	}
}

// TestEverySentenceIsRecognised: each template among the translations is found
// again when it is filled in.
func TestEverySentenceIsRecognised(t *testing.T) {
	if err := Set(Chinese); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = Set(English) }()
	filling := map[string]string{"d": "3", "f": "0.5", "g": "3", "q": `"usb c hub"`, "s": "xyz", "v": "2", "w": "xyz"}
	for _, area := range []string{"engine.json", "counts.json"} {
		for key := range areas(t)[area] {
			text := verb.ReplaceAllStringFunc(key, func(v string) string {
				if kind := v[len(v)-1:]; kind != "%" {
					return filling[kind]
				}
				return "%"
			})
			if got := Say(text); got == text {
				t.Errorf("%q is not recognised", text)
			}
		}
	}
}

func TestNumbersAndPrices(t *testing.T) {
	day := time.Date(2026, 11, 6, 9, 5, 0, 0, time.UTC)
	cases := []struct {
		got           func() string
		want, chinese string
	}{
		{func() string { return Number(-1234.5, 2) }, "−1,234.50", "−1,234.50"},
		{func() string { return Number(-0.001, 2) }, "0.00", "0.00"},
		{func() string { return Signed(0.0272, 3) }, "+0.027", "+0.027"},
		{func() string { return Signed(-0.0001, 3) }, "±0", "±0"},
		{func() string { return Share(0.78) }, "78 %", "78%"},
		{func() string { return Date(day) }, "6 Nov 2026", "2026年11月6日"},
		{func() string { return Month(day) }, "Nov 2026", "2026年11月"},
		{func() string { return Price(1499, "¥") }, "¥1,499", "¥1,499"},
		{func() string { return Price(1249.5, "USD") }, "1,249.50 USD", "1,249.50 USD"},
		{func() string { return N(1, "%d product", "%d products") }, "1 product", "1 个商品"},
		{func() string { return N(19406, "%d product", "%d products") }, "19,406 products", "19,406 个商品"},
	}
	for _, c := range cases {
		if got := c.got(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
		if err := Set(Chinese); err != nil {
			t.Fatal(err)
		}
		if got := c.got(); got != c.chinese {
			t.Errorf("got %q, want %q", got, c.chinese)
		}
		if err := Set(English); err != nil {
			t.Fatal(err)
		}
	}
}
