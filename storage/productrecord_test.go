package storage

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"touchstone/engine"
)

// asJSON is the slow, obvious way to read a product.
func asJSON(content []byte) (p engine.Product, err error) {
	err = json.Unmarshal(content, &p)
	return p, err
}

// TestParseProductLikeJSON: every product that encode writes is read, as
// encoding/json reads it, whatever texts and numbers are in it.
func TestParseProductLikeJSON(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("ab \"\\/\n\t<&é水🙂"))),
		rapid.SampledFrom([]string{"", `15.6"`, "a\\b", "name\":{", `{"name":`, "tab\t", "\u2028", "\x00", "\x7f", "<b>"}))
	number := rapid.OneOf(rapid.Just(engine.Number{}), rapid.Map(rapid.Float64(), engine.Known),
		rapid.Map(rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1195, 19.99, 1e21, 5e-324, math.MaxFloat64, -3}), engine.Known))
	fast := 0
	rapid.Check(t, func(t *rapid.T) {
		p := engine.Product{ID: text.Draw(t, "id"), Title: text.Draw(t, "title"), Brand: text.Draw(t, "brand"), Category: text.Draw(t, "category"),
			Description: text.Draw(t, "description"), Price: number.Draw(t, "price"), Currency: text.Draw(t, "currency"), Rating: number.Draw(t, "rating"),
			Popularity: number.Draw(t, "popularity"), Image: text.Draw(t, "image"), Hidden: rapid.Bool().Draw(t, "hidden")}
		if rapid.Bool().Draw(t, "dated") {
			p.Date = time.Unix(rapid.Int64Range(-1e10, 1e11).Draw(t, "date"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).UTC()
		}
		for range rapid.IntRange(0, 4).Draw(t, "attributes") {
			p.Attributes = append(p.Attributes, engine.Attribute{Name: text.Draw(t, "name"), Value: text.Draw(t, "value")})
		}
		record, err := encode(nil, p)
		if err != nil {
			t.Fatal(err)
		}
		content := record[sealSize:]
		want, err := asJSON(content)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := parseProduct(content)
		if !ok {
			return // it has an escape of a code point, say
		}
		fast++
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("%s\n%s", content, d)
		}
	})
	if fast == 0 {
		t.Error("none was read the fast way")
	}
}

// TestParseProductReadsTheUsual: what most products look like is read the fast
// way.
func TestParseProductReadsTheUsual(t *testing.T) {
	for _, p := range []engine.Product{
		{ID: "1", Title: "lamp"},
		{ID: "2", Title: `Screen 15.6" \ IPS`, Brand: "Größe", Category: "电脑 > 屏幕", Description: "a\nb\tc", Price: engine.Known(0), Currency: "€", Rating: engine.Known(4.5),
			Popularity: engine.Known(1e6), Date: time.Date(2008, 6, 23, 0, 0, 0, 0, time.UTC), Image: "http://x/1.jpg?a&b", Hidden: true,
			Attributes: []engine.Attribute{{Name: "colour", Value: ""}, {Name: "size", Value: `{"name":"7"}`}}},
	} {
		record, err := encode(nil, p)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := parseProduct(record[sealSize:])
		if d := cmp.Diff(p, got); d != "" || !ok {
			t.Errorf("%s: read %v\n%s", record[sealSize:], ok, d)
		}
	}
}

// FuzzParseProduct: what is read the fast way is what encoding/json reads, of any
// bytes.
func FuzzParseProduct(f *testing.F) {
	for _, s := range []string{`{"id":"1","title":"a\"b","price":1e+06,"date":"2008-06-23T00:00:00Z","attributes":[{"name":"a","value":"b"}],"hidden":true}`,
		`{"id":"1","id":"2"}`, `{"ID":"1"}`, `{"id":null}`, `{"attributes":[]}`, `{"attributes":[{}]}`, `{"id":"1"} `, `{"price":01}`, `{"price":-0}`, `{"price":1e400}`, `{"price":null}`,
		`{"title":"\u00e9"}`, "{\"title\":\"\xff\"}", "{\"title\":\"a\nb\"}", `{"title":"a\`, `{"title":"a\"`, `{"hidden":false}`, `{"date":"2008-06-23"}`, `{"date":"2008-06-23T24:00:00Z"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		got, ok := parseProduct(content)
		if !ok {
			return
		}
		want, err := asJSON(content)
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Fatalf("%q: %v\n%s", content, err, d)
		}
	})
}

func BenchmarkDecodeProduct(b *testing.B) {
	p := engine.Product{ID: "1625640", Title: "Integral 2GB SD Card memory card", Brand: "Integral", Description: "2GB SD Card", Price: engine.Known(1195),
		Date: time.Date(2008, 6, 23, 0, 0, 0, 0, time.UTC)}
	for range 25 {
		p.Attributes = append(p.Attributes, engine.Attribute{Name: "attr_t_flash_card_type", Value: "Secure Digital"})
	}
	record, err := encode(nil, p)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := asJSON(record[sealSize:]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("fast", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, ok := parseProduct(record[sealSize:]); !ok {
				b.Fatal("it is not read")
			}
		}
	})
}
