package assets

import (
	"testing"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// TestFontsHaveEveryCharacterThatIsShown holds the fonts to the hanzi of
// GB 2312, to the usual traditional ones, to European letters and to the signs that the window draws with.
func TestFontsHaveEveryCharacterThatIsShown(t *testing.T) {
	wanted := []rune("aZ0 éßøłžñčőĳΩЖя€£¥₹₽¢▲▼›★☆→←↑↓…·–—−×±≥≤“”‘’„«»%‰°©®™、。，；：？！（）《》【】「」￥～｜％")
	for row := byte(0xB0); row <= 0xF7; row++ {
		for cell := byte(0xA1); cell <= 0xFE; cell++ {
			text, err := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{row, cell})
			if err != nil {
				t.Fatal(err)
			}
			if r := []rune(string(text))[0]; r >= 0x4E00 && r <= 0x9FFF {
				wanted = append(wanted, r)
			}
		}
	}
	if len(wanted) < 6763 {
		t.Fatalf("GB 2312 has 6763 hanzi, %d characters are tested", len(wanted))
	}
	for row := byte(0xA4); row <= 0xC6; row++ { // Big5, level 1
		for cell := byte(0x40); cell <= 0xFE; cell++ {
			text, err := traditionalchinese.Big5.NewDecoder().Bytes([]byte{row, cell})
			if err != nil {
				t.Fatal(err)
			}
			if row == 0xC6 && cell > 0x7E {
				break // an extension of radicals
			}
			if r := []rune(string(text)); len(r) == 1 && r[0] >= 0x4E00 && r[0] <= 0x9FFF {
				wanted = append(wanted, r[0])
			}
		}
	}
	if len(wanted) < 6763+5401 {
		t.Fatalf("both have 12164 hanzi, %d characters are tested", len(wanted))
	}
	for name, data := range map[string][]byte{"regular": SansRegular, "semi-bold": SansSemiBold} {
		font, err := sfnt.Parse(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var buffer sfnt.Buffer
		lacking := ""
		for _, r := range wanted {
			if i, err := font.GlyphIndex(&buffer, r); err != nil || i == 0 {
				lacking += string(r)
			}
		}
		if lacking != "" {
			t.Errorf("%s lacks %.200s", name, lacking)
		}
	}
}

func TestEveryIconIsThere(t *testing.T) {
	for _, name := range []string{"search", "theme", "help", "close", "app"} {
		if len(Icon(name)) == 0 {
			t.Errorf("there is no icon %q", name)
		}
	}
	if Icon("nothing") != nil {
		t.Error("an icon that does not exist has content")
	}
}
