package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"plain text", "plain text"},
		{"  two\t\nwords ", "two words"},
		{"ＡＢＣ１２３　ｷﾞﾀｰ", "ABC123 ギター"},
		{"<p>One</p><p>Tw<b>o</b><br/>three</p>", "One Two three"},
		{"<style>p{}</style>kept<script>alert('x')</script>", "kept"},
		{"Tom &amp; Jerry &quot;x&quot; &#8364;5", `Tom & Jerry "x" €5`},
		{"size <XL and 3 < 5", "size <XL and 3 < 5"},
		{"Intel® Core™2", "Intel Core 2"},
		{"so\u00adft\u200b \ufeffhyphen\x00", "soft hyphen"},
		{"bad \xff byte", "bad byte"},
		{"17″ 5㎏", `17" 5kg`},
		{"", ""},
	} {
		if got := Clean(test.text); got != test.want {
			t.Errorf("Clean(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

// TestPlainIsClean holds the fast path to the slow one.
func TestPlainIsClean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[ -~]{0,40}`).Draw(t, "text")
		if !plain(s) {
			return
		}
		if got := Clean(s + "\n"); got != s { // the newline takes the slow path
			t.Fatalf("plain(%q), but it cleans to %q", s, got)
		}
	})
}

func FuzzClean(f *testing.F) {
	f.Add("<p>a &amp; b</p>")
	f.Add("\xff<")
	f.Fuzz(func(t *testing.T, text string) {
		got := Clean(text)
		if !utf8.ValidString(got) || strings.TrimSpace(got) != got || strings.Contains(got, "  ") {
			t.Fatalf("Clean(%q) = %q", text, got)
		}
	})
}

func TestNumber(t *testing.T) {
	for in, want := range map[string]string{"17.0": "17", "0.50": "0.5", "15,6": "15.6", "12,000": "12000", "1,299.50": "1299.5",
		"1.299,50": "1299.5", "1,234,567": "1234567", "007": "007", "1.2.3": "1.2.3", "100": "100"} {
		if got := number(in); got != want {
			t.Errorf("number(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestDetectLanguage(t *testing.T) {
	for _, test := range []struct{ want, text string }{
		{"en", "Wireless mouse"}, {"en", "The case for your phone, made of leather"}, {"en", ""}, {"en", "12345 !!"},
		{"en", "HP 17-c m USB-C to DVI-D adapter M/F 2 m, D cell, C13 to C14 1.8 m black"},
		{"en", "Xerox 006R90321 toner cartridge Original Black 6 pc(s)"}, {"en", "Apple iPhone 11 64 GB 15.5 cm (6.1\") Dual-SIM iOS 13 4G Weiß"},
		{"en", "Dell Latitude E 6410 i5 m c d l s t y M M M L L Dell Inspiron Dell XPS with bag for on-the-go"},
		{"de", "Kabellose Maus mit Akku für den Laptop und das Büro"},
		{"fr", "Souris sans fil pour le bureau et la maison"},
		{"es", "Ratón inalámbrico para el ordenador y la oficina"},
		{"it", "Mouse senza fili per il computer con la batteria"},
		{"nl", "Draadloze muis voor de computer met een batterij"},
		{"zh", "华为 HUAWEI Mate 60 Pro 手机 5G 12GB+512GB"},
		{"ja", "ワイヤレスマウス 充電式の小型タイプ"},
		{"ko", "무선 마우스 Logitech"},
		{"ru", "Беспроводная мышь для компьютера"},
	} {
		if got := DetectLanguage([]string{test.text}); got != test.want {
			t.Errorf("DetectLanguage(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}
