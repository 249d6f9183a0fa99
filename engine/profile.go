package engine

import "time"

// Action is what a shopper did with a product.
type Action string

// The actions that a profile keeps, each a stronger sign than the one before.
const (
	View Action = "view"
	Add  Action = "add" // to the basket
	Buy  Action = "buy"
)

// Event is one thing that a shopper did.
type Event struct {
	Product string    `json:"product"` // product ID; it may name a product the catalogue lacks
	Action  Action    `json:"action"`
	Time    time.Time `json:"time"`
}

// Profile is a shopper, known by what they did.
type Profile struct {
	Name   string  `json:"name"`
	Events []Event `json:"events"` // oldest first
}
