package assets

import (
	"testing"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// TestFontsHaveEveryCharacterThatIsShown holds the fonts to the hanzi of
// GB 2312, to European letters and to the signs that the window draws with.
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
