package text

import (
	"bytes"
	"strings"
)

// units gives each way to write a unit, in lower case, its normal form.
var units = func() map[string]string {
	m := map[string]string{}
	for _, line := range []string{
		`in inch inches zoll pouce pouces pulgada pulgadas pollici 寸 英寸 吋 英吋`,
		`ft foot feet 英尺 英呎`,
		`mm millimeter millimeters millimetre millimetres 毫米 公厘`,
		`cm centimeter centimeters centimetre centimetres 厘米 公分`,
		`m meter meters metre metres 米 公尺`,
		`km 公里 千米`,
		`kg kgs kilo kilos kilogram kilograms 公斤 千克`,
		`g gram grams gramm 克 公克`,
		`mg 毫克`,
		`lb lbs pound pounds 磅`,
		`oz ounce ounces 盎司`,
		`l liter liters litre litres 升 公升`,
		`ml milliliter milliliters millilitre millilitres 毫升`,
		`cl`,
		`kb`, `mb`, `gb gigabyte gigabytes`, `tb terabyte terabytes`, `gbps`, `mbps`,
		`hz 赫兹`, `khz`, `mhz`, `ghz`,
		`w watt watts 瓦`, `kw`, `kwh`, `wh`, `v volt volts 伏`, `a amp amps`, `ma`, `mah 毫安 毫安时`, `ah`,
		`mp megapixel megapixels`, `dpi`, `ppm`, `fps`, `rpm`, `db`, `lm lumen lumens`,
		`k`, `p`, `x`,
		`pc pcs piece pieces stück`, `pack packs`,
	} {
		names := strings.Fields(line)
		for _, name := range names {
			m[name] = names[0]
		}
	}
	return m
}()

// glued are units that are also words or letters of their own: they count as
// units only right behind the number ("2 in 1" is no length).
var glued = map[string]bool{"a": true, "k": true, "p": true, "x": true, "in": true}

// hanUnits are the units written in Chinese, the longest first: they stand at
// the start of a run of characters, with no space around.
var hanUnits = []string{"毫安时", "毫安", "毫米", "厘米", "公分", "公里", "千米", "公斤", "千克", "毫克", "毫升", "盎司", "英寸", "英吋", "英尺", "英呎",
	"公厘", "公尺", "公克", "公升", "赫兹",
	"寸", "吋", "米", "克", "升", "瓦", "伏", "磅"}

// hanUnit is the unit that a run of Chinese characters starts with and its
// length in bytes; 0 where there is none.
func hanUnit(run []byte) (unit string, n int) {
	for _, name := range hanUnits {
		if bytes.HasPrefix(run, []byte(name)) {
			return units[name], len(name)
		}
	}
	return "", 0
}
