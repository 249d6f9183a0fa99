package engine

// Facet is a field of the products that match, and how many have each value.
type Facet struct {
	Field  string       `json:"field"` // a role, or an attribute's name in lower case
	Values []FacetValue `json:"values"`
}

// FacetValue is one value, or one range of a number.
type FacetValue struct {
	Value  string `json:"value"`
	Count  int    `json:"count"`
	Filter Filter `json:"filter"` // keeps the products that were counted
}
