package text

import (
	"fmt"
	"sync"
	"unicode/utf8"

	"github.com/go-ego/gse"
)

// chinese loads the dictionary that cuts runs of Chinese characters into
// words, which takes about a quarter of a second and 46 MB, once. Its words are
// those of gse's simplified dictionary that are not rare: half of the entries,
// and compounds come apart more readily, which suits search.
var chinese = sync.OnceValues(func() (d dictionary, err error) {
	defer func() {
		if failure := recover(); failure != nil {
			err = fmt.Errorf("load the Chinese dictionary: %v", failure)
		}
	}()
	seg := &gse.Segmenter{SkipLog: true, NotLoadHMM: true, MinTokenFreq: 4}
	if err := seg.LoadDictEmbed("zh_s"); err != nil {
		return d, fmt.Errorf("load the Chinese dictionary: %w", err)
	}
	for _, word := range shopWords {
		if err := seg.AddToken(word, 100, "n"); err != nil {
			return d, fmt.Errorf("add %s to the Chinese dictionary: %w", word, err)
		}
	}
	seg.CalcToken()
	return dictionary{seg}, nil
})

// dictionary cuts Chinese; the zero dictionary into single characters.
type dictionary struct {
	segmenter *gse.Segmenter
}

// shopWords are words of shops that the dictionary lacks or calls rare.
var shopWords = []string{"手环", "滤芯", "充电宝", "钢化膜", "四件套", "双肩包", "保温杯", "数据线", "蓝牙", "耳机", "投影仪", "净水器",
	"收纳盒", "保护套", "路由器", "平板", "手写笔", "电竞", "无线", "快充", "护眼", "防晒", "卫衣", "帆布鞋", "拖把", "洗碗机", "三脚架",
	"读卡器", "内存条", "固态硬盘", "机械键盘", "自拍杆", "空气炸锅", "破壁机", "养生壶", "筋膜枪", "猫粮", "狗粮", "尿不湿"}

// heads are characters that, behind a word, make a compound of which they are
// the kind: 手机壳 is a 壳 (case), not a 手机 (phone).
var heads = runeSet("壳套膜架线盒包袋垫贴绳链座罩桶柜椅桌灯机器扇衣裤鞋帽裙杯壶锅碗盘刀笔本卡仪枪刷巾被枕床车表镜粉霜液油茶酒糖饼")

// vague are heads that say too little to be matched alone: 充电器 and 加湿器 are
// both a 器 (device).
var vague = runeSet("器机仪")

// stopHan are Chinese words that say nothing about a product.
var stopHan = map[string]bool{"的": true, "了": true, "和": true, "与": true, "及": true, "或": true, "是": true, "在": true, "等": true,
	"之": true, "也": true, "都": true, "而": true, "以": true, "于": true, "把": true, "被": true, "让": true, "给": true, "吗": true,
	"呢": true, "吧": true, "啊": true, "这": true, "那": true, "我": true, "你": true, "有": true}

func runeSet(s string) map[rune]bool {
	set := map[rune]bool{}
	for _, r := range s {
		set[r] = true
	}
	return set
}

// hanWord is one word of a run, as a byte range of it, with the words inside.
type hanWord struct {
	start, end int
	parts      []hanPart
}

// hanPart is a word inside a longer one. The head, its end, is what the whole
// is a kind of.
type hanPart struct {
	start, end int
	head       bool
}

// cut splits a run of Chinese characters into words, the likeliest by the
// dictionary. A last character that is the kind of thing stays with its word.
func (d dictionary) cut(run []byte, words []hanWord) []hanWord {
	for _, s := range d.segment(run) {
		if n := len(words); n > 0 {
			last := &words[n-1]
			r, size := utf8.DecodeRune(run[s[0]:s[1]])
			if size == s[1]-s[0] && heads[r] && utf8.RuneCount(run[last.start:last.end]) >= 2 && len(last.parts) == 0 {
				last.parts = append(last.parts, hanPart{last.start, last.end, false})
				if last.end = s[1]; !vague[r] {
					last.parts = append(last.parts, hanPart{s[0], s[1], true})
				}
				continue
			}
		}
		words = append(words, hanWord{start: s[0], end: s[1]})
	}
	for i := range words {
		if w := &words[i]; len(w.parts) == 0 {
			w.parts = d.inside(run, w.start, w.end)
		}
	}
	return words
}

// segment gives the byte ranges of the words of a run, which together are the
// run; single characters where gse fails.
func (d dictionary) segment(run []byte) (ranges [][2]int) {
	defer func() {
		whole := len(ranges) > 0 && ranges[len(ranges)-1][1] == len(run)
		if recover() != nil || !whole {
			ranges = ranges[:0]
			for at := 0; at < len(run); {
				_, size := utf8.DecodeRune(run[at:])
				ranges = append(ranges, [2]int{at, at + size})
				at += size
			}
		}
	}()
	if d.segmenter == nil {
		return nil
	}
	for _, s := range d.segmenter.Segment(run) {
		ranges = append(ranges, [2]int{s.Start(), s.End()})
	}
	return ranges
}

// inside finds the dictionary's words that a word of three characters or more
// starts or ends with, and its last character where that is the kind of thing.
func (d dictionary) inside(run []byte, start, end int) []hanPart {
	if end-start < 3*utf8.UTFMax-3 || d.segmenter == nil { // fewer than three characters of 3 bytes
		return nil
	}
	var parts []hanPart
	for at := start; at < end; {
		_, size := utf8.DecodeRune(run[at:])
		at += size
		if at-start > size && at < end && d.knows(run[start:at]) {
			parts = append(parts, hanPart{start, at, false})
		}
		if at < end && end-at > 3 && d.knows(run[at:end]) {
			parts = append(parts, hanPart{at, end, true})
		}
	}
	if r, size := utf8.DecodeLastRune(run[start:end]); heads[r] && !vague[r] {
		parts = append(parts, hanPart{end - size, end, true})
	}
	return parts
}

func (d dictionary) knows(word []byte) bool {
	freq, _, ok := d.segmenter.Find(string(word))
	return ok && freq > 0
}
