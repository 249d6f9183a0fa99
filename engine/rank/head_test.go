package rank

import (
	"testing"

	"touchstone/engine/text"
)

func TestAccessoryWords(t *testing.T) {
	tests := []struct {
		language, query, title string
		want                   bool // the title is of something made for what the query asks for
	}{
		{"en", "iphone 7", "Clear case for iPhone 7", true},
		{"en", "iphone 7", "Apple iPhone 7 128GB", false},
		{"en", "iphone", "iPhone lens kit for iPhone", false},
		{"en", "laptop", "Backpack, fits your laptop", true},
		{"en", "backpack", "Backpack, fits your laptop", false},
		{"en", "case for iphone", "Clear case for iPhone 7", false},
		{"en", "case for iphone", "Case of steel", false},
		{"en", "desk lamp", "Lamp for a very big old desk", false}, // too far behind "for" to be sure
		{"de", "Drucker", "Toner für HP Drucker", true},
		{"zh", "手机", "手机壳 华为 卡通软壳", true},
		{"zh", "手机", "华为手机钢化膜 全屏", true},
		{"zh", "手机", "手机支架 桌面 铝合金", true},
		{"zh", "手机", "华为 5G手机 12GB+512GB", false},
		{"zh", "手机", "OPPO 轻薄拍照手机 5G", false},
		{"zh", "手机", "智能手机", false},
		{"zh", "手机壳", "手机壳 华为 卡通软壳", false},
		{"zh", "手机壳", "适用华为 透明手机壳", false},
		{"zh", "苹果", "适用苹果充电器 30W", true},
		{"zh", "蘋果", "適用蘋果充電器 30W", true},
		{"zh", "充电器", "适用苹果充电器 30W", false},
		{"zh", "笔记本电脑", "笔记本电脑包 15.6英寸", true},
	}
	for _, test := range tests {
		t.Run(test.query+"/"+test.title, func(t *testing.T) {
			a, err := text.New(test.language)
			if err != nil {
				t.Fatal(err)
			}
			query, title := a.Analyze(test.query), a.Analyze(test.title)
			head, ok := headOf(&query)
			if !ok {
				t.Fatalf("%q asks for nothing: %+v", test.query, query.Terms)
			}
			got := false
			for _, word := range modifiers(&title) {
				got = got || word == head
			}
			if got != test.want {
				t.Errorf("made for it: %v, want %v\nquery %+v\ntitle %+v", got, test.want, query.Terms, title.Terms)
			}
		})
	}
}
