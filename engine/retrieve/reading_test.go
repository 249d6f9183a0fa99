package retrieve

import (
	"bytes"
	"fmt"
	"testing"

	"touchstone/engine"
	"touchstone/engine/text"
)

// TestReadBeforeIndexesAlike: a product that was read before makes the same
// segment, and one for a query scores its words the same.
func TestReadBeforeIndexesAlike(t *testing.T) {
	a, err := text.New("en")
	if err != nil {
		t.Fatal(err)
	}
	whole, again, one := NewBuilder(a, nil), NewBuilder(a, nil), NewBuilder(a, nil)
	query := a.Analyze("wireless desk lamps WH-1000XM5")
	one.Only = map[string]bool{}
	for _, term := range query.Terms {
		one.Only[term.Text] = true
	}
	for i := range 50 {
		p := engine.Product{ID: fmt.Sprint(i), Title: fmt.Sprintf("%s desk lamp no%d", []string{"Wireless", "WH-1000XM5", "été"}[i%3], i), Brand: "Lumo",
			Description: "for the desk and the lamp on it", Attributes: []engine.Attribute{{Name: "Colour", Value: "dark blue"}}, Hidden: i == 7}
		whole.Add(uint32(i), &p)
		again.AddRead(uint32(i), &p, Read(a, &p))
		one.AddRead(uint32(i), &p, Read(a, &p))
	}
	build := func(b *Builder) []byte {
		data, err := b.Build(1)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	data := build(whole)
	if !bytes.Equal(data, build(again)) {
		t.Error("another segment was made")
	}
	var lists [2][]engine.Candidate
	for i, data := range [][]byte{data, build(one)} {
		s, err := Open(data)
		if err != nil {
			t.Fatal(err)
		}
		found, err := NewIndex([]*Segment{s}, nil, Options{}).Retrieve(t.Context(), engine.Request{Analysis: query, Depth: 100})
		if err != nil {
			t.Fatal(err)
		}
		lists[i] = found.Items
	}
	if len(lists[0]) != 49 || fmt.Sprint(lists[0]) != fmt.Sprint(lists[1]) {
		t.Errorf("%v, of the query's words alone %v", lists[0], lists[1])
	}
}
