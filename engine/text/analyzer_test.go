package text

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine"
)

// show writes terms in one line: # a model number, ~ a unit, = a number, parts
// in parentheses.
func show(terms []engine.Term) string {
	var out []string
	for _, t := range terms {
		s := t.Text + [...]string{"", "#", "=", "~"}[t.Kind]
		if t.Part {
			s = "(" + s + ")"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func analyzer(t testing.TB, code string) *Analyzer {
	t.Helper()
	a, err := New(code)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAnalyze(t *testing.T) {
	for _, test := range []struct{ code, text, want string }{
		// Model numbers, whole and in parts.
		{"en", "Sony WH-1000XM5", "sony wh1000xm5# (wh) (1000xm5#)"},
		{"en", "dv7-1211ea", "dv71211ea# (dv7) (1211ea#)"},
		{"en", "006R90321", "006r90321#"},
		{"en", "910-002302", "910002302# (910=) (002302=)"},
		{"en", "TN-2110", "tn2110# (tn) (2110=)"},
		{"en", "iphone11 13Pro", "iphone11# (iphone) (11=) 13pro# (13=) (pro)"},
		{"en", "mp3 ps4 802.11b/g", "mp3 ps4 802.11b# g"},
		{"zh", "海尔洗碗机hwy14-186bku1", "海尔 洗碗机 hwy14186bku1# (hwy14#) (186bku1#)"},
		// Units, in one form however they are written.
		{"en", `15.6 inch`, "15.6in~ (15.6=)"},
		{"en", `15.6-inch`, "15.6in~ (15.6=)"},
		{"en", `15.6"`, "15.6in~ (15.6=)"},
		{"en", `15.6″`, "15.6in~ (15.6=)"},
		{"en", `15.6in`, "15.6in~ (15.6=)"},
		{"en", `15.60''`, "15.6in~ (15.6=)"},
		{"de", `15,6 Zoll`, "15.6in~ (15.6=)"},
		{"zh", `１５．６寸`, "15.6in~ (15.6=)"},
		{"zh", "500毫升保温杯", "500ml~ (500=) 保温杯 (保温) (杯)"},
		{"en", "12,000 mAh 4GB 1080p", "12000mah~ (12000=) 4gb~ (4=) 1080p~ (1080=)"},
		{"en", "1440 x 900", "1440x900~ (1440=) (900=)"},
		{"en", "1440x900", "1440x900~ (1440=) (900=)"},
		{"en", `2 in 1 "17" 2010-12-10`, "2= 1= 17= 2010= 12= 10="},
		{"en", "1,299.00 1.299,00 1299", "1299= 1299= 1299="},
		// Words.
		{"en", "phones phone Batteries battery boxes movies movie lenses lens women's", "phone phone battery battery box movy movy lens lens woman"},
		{"en", "Wi-Fi wifi t-shirts U.S.A. amazon.com", "wifi (wi) (fi) wifi tshirt (t) (shirt) usa amazoncom (amazon) (com)"},
		{"en", "Intel® Core™2 <b>Du</b>o &amp; more", "intel core 2= duo"},
		{"en", "the boys", "boy"},
		{"en", "the who", "the who"},
		{"en", "over ear, down jacket", "over ear down jacket"},
		{"de", "Kabellose Mäuse für die Größe", "kabellos maus gross"},
		{"fr", "l'écouteur des écouteurs", "ecout ecout"},
		{"zh", "智能手机 手机壳的充电器", "智能 手机 手机壳 (手机) (壳) 充电器 (电器) (充电)"},
		{"zh", "加湿器 连衣裙", "加湿器 (加湿) 连衣裙 (衣裙) (连衣) (裙)"},
		{"zh", "智慧手機 手機殼的充電器", "智慧 手机 手机壳 (手机) (壳) 充电器 (电器) (充电)"},
		{"zh", "１５．６英吋 500公克", "15.6in~ (15.6=) 500g~ (500=)"},
		{"en", "华为 Mate", "华 为 mate"},
		{"en", "華為 Mate", "华 为 mate"},
		{"ja", "車載充電器", "車 載 充 電 器"},
		{"ja", "ワイヤレスイヤホンが", "ワイヤレスイヤホン が"},
		{"ko", "무선 이어폰", "무선 이어폰"},
		{"en", "", ""},
		{"en", "?!  — …", ""},
	} {
		if got := show(analyzer(t, test.code).Analyze(test.text).Terms); got != test.want {
			t.Errorf("%s %q\n got %s\nwant %s", test.code, test.text, got, test.want)
		}
	}
}

func TestAnalyzeShowsItsSteps(t *testing.T) {
	a := analyzer(t, "en").Analyze("The <b>Sony</b>  WH-1000XM5")
	if a.Clean != "The Sony WH-1000XM5" || a.Language != "en" ||
		!slices.Equal(a.Words, []string{"The", "Sony", "WH-1000XM5"}) || !slices.Equal(a.Dropped, []string{"The"}) {
		t.Errorf("steps: %+v", a)
	}
	if a.Simplified != "" {
		t.Errorf("simplified %q of a text without Chinese", a.Simplified)
	}
	part := a.Terms[3]
	if part.Text != "1000xm5" || a.Clean[part.Start:part.End] != "1000XM5" || part.Pos != a.Terms[1].Pos || part.Pos == a.Terms[0].Pos {
		t.Errorf("part: %+v", part)
	}
}

func TestAnalyzeShowsSimplifiedCharacters(t *testing.T) {
	a := analyzer(t, "zh").Analyze("<b>手機</b>殼")
	if a.Clean != "手機殼" || a.Simplified != "手机壳" || !slices.Equal(a.Words, []string{"手機殼"}) {
		t.Errorf("steps: %+v", a)
	}
	if term := a.Terms[0]; term.Text != "手机壳" || a.Clean[term.Start:term.End] != "手機殼" {
		t.Errorf("term: %+v", term)
	}
}

func TestHead(t *testing.T) {
	heads := map[string]bool{}
	for token := range analyzer(t, "zh").Tokens("手机壳 智能手表 t-shirt 笔记本电脑") {
		if token.Part {
			heads[token.Text] = token.Head
		}
	}
	for text, want := range map[string]bool{"手机": false, "壳": true, "shirt": true, "t": false, "电脑": true, "笔记本": false} {
		if got, ok := heads[text]; !ok || got != want {
			t.Errorf("%s: head %v, found %v; want %v", text, got, ok, want)
		}
	}
}

func TestUnknownLanguage(t *testing.T) {
	if _, err := New("xx"); err == nil || !strings.Contains(err.Error(), `"xx"`) {
		t.Errorf("New(xx): %v", err)
	}
	for _, code := range Languages() {
		analyzer(t, code)
	}
}

func TestQueryIsBounded(t *testing.T) {
	for _, word := range []string{"phone ", "the ", "wh-1000xm5 ", "手机壳"} {
		a := analyzer(t, "zh").Analyze(strings.Repeat(word, 10000))
		if len(a.Terms) == 0 || len(a.Terms) > MaxTerms || len(a.Words) > 4*MaxTerms {
			t.Errorf("%q: %d terms, %d words", word, len(a.Terms), len(a.Words))
		}
	}
}

// TestLongTexts holds that no text, however odd, takes more than linear time: a
// quadratic step would not end within the test's time limit.
func TestLongTexts(t *testing.T) {
	a := analyzer(t, "zh")
	for _, unit := range []string{"<a", "<a>", "&lt;", "&", "x1", "a-", "1-", "1x", "手机", "'", "a'", "1.", "\"1", "é", "e\u0301", "\xff", " ", "™"} {
		text := strings.Repeat(unit, 1<<19/len(unit))
		n := 0
		for range a.Tokens(text) {
			n++
		}
		if analysis := a.Analyze(text); len(analysis.Terms) > MaxTerms || len(analysis.Terms) > n {
			t.Errorf("%q: %d terms of %d", unit, len(analysis.Terms), n)
		}
	}
}

// texts generates texts of the kind that catalogues hold.
func texts() *rapid.Generator[string] {
	words := rapid.SampledFrom([]string{"phone", "Phones", "the", "WH-1000XM5", "15.6\"", "15.6 inch", "手机壳", "智能手机", "手機殼", "的", "5000毫安时", "1,299.00",
		"1440 x 900", "t-shirt", "Größe", "l'eau", "<b>x</b>", "&amp;", "\u0000", "\xff", "İstanbul1", "ﬁ", "™", "-", " ", "\n", "'", "²", "が", "A̧1-2"})
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOf(rapid.OneOf(words, rapid.String())).Draw(t, "parts")
		return strings.Join(parts, rapid.SampledFrom([]string{"", " ", "-"}).Draw(t, "glue"))
	})
}

// TestTokensAreAnalysis holds that indexing, with its buffers and kept normal
// forms, makes the terms that a fresh analyzer makes of a query.
func TestTokensAreAnalysis(t *testing.T) {
	for _, code := range []string{"en", "zh", "fr"} {
		warm := analyzer(t, code)
		rapid.Check(t, func(t *rapid.T) {
			text := texts().Draw(t, "text")
			fresh, err := New(code)
			if err != nil {
				t.Fatal(err)
			}
			analysis := fresh.Analyze(text)
			var terms, stops []engine.Term
			for token := range warm.Tokens(text) {
				if token.Stop {
					stops = append(stops, token.Term)
				} else {
					terms = append(terms, token.Term)
				}
			}
			if len(terms) == 0 {
				terms = stops
			}
			if len(terms) > MaxTerms {
				terms = terms[:MaxTerms]
			}
			if len(analysis.Words) < 4*MaxTerms && !slices.Equal(terms, analysis.Terms) {
				t.Fatalf("%q:\nindexed %s\nasked   %s", text, show(terms), show(analysis.Terms))
			}
			holds(t, analysis)
		})
	}
}

type failer interface{ Fatalf(string, ...any) }

// holds checks what is true of every analysis.
func holds(t failer, a engine.Analysis) {
	pos := 0
	for _, term := range a.Terms {
		if term.Text == "" || term.Start < 0 || term.Start >= term.End || term.End > len(a.Clean) || term.Pos < pos {
			t.Fatalf("%q: term %+v", a.Clean, term)
		}
		pos = term.Pos
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range []string{"Sony WH-1000XM5", `15.6" 2-in-1`, "智能手机壳500毫升", "<p>a&lt;b", "1.2.3,4", "a-b-c-d-e-f-g", "İ1-2", "\xff\xfe"} {
		f.Add(s)
	}
	a := analyzer(f, "zh")
	f.Fuzz(func(t *testing.T, text string) { holds(t, a.Analyze(text)) })
}

func BenchmarkTokens(b *testing.B) {
	a := analyzer(b, "en")
	const text = "HP Pavilion dv7-1211ea Notebook Silver 43.2 cm (17\") 1440 x 900 pixels Intel Core 2 Duo 4 GB DDR2-SDRAM 250 GB HDD NVIDIA GeForce 9200M GS Windows Vista Home Premium"
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		for range a.Tokens(text) {
		}
	}
}
