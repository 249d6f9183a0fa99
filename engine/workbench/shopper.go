package workbench

import (
	"slices"
	"time"

	"touchstone/engine"
)

// Shopper is what a person sees of a profile: why its searches are ordered as
// they are.
type Shopper struct {
	Name   string
	Count  map[engine.Action]int
	Recent []ShopperEvent // the newest first
}

// ShopperEvent is an event with the product's title; "" where the catalogue lacks
// the product.
type ShopperEvent struct {
	Product, Title string
	Action         engine.Action
	Time           time.Time
}

// recentEvents is how many events of a shopper are shown.
const recentEvents = 10

// Shopper reads a profile to be shown; an unknown name is a shopper who did
// nothing.
func (b *Bench) Shopper(name string) (*Shopper, error) {
	p, _, err := b.store.Profile(name)
	if err != nil {
		return nil, err
	}
	s := &Shopper{Name: name, Count: map[engine.Action]int{}}
	for _, e := range slices.Backward(p.Events) {
		s.Count[e.Action]++
		if len(s.Recent) == recentEvents {
			continue
		}
		product, _, err := b.store.Product(e.Product)
		if err != nil {
			return nil, err
		}
		s.Recent = append(s.Recent, ShopperEvent{e.Product, product.Title, e.Action, e.Time})
	}
	return s, nil
}
