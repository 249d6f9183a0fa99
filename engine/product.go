package engine

import (
	"encoding/json"
	"hash/fnv"
	"math"
	"strconv"
	"strings"
	"time"
)

// Role says what a catalogue's column means. The role decides how a value is
// indexed, shown and turned into features; the column's name never does.
type Role string

// The roles a field can have. Several columns may share RoleDescription or
// RoleAttribute; every other role has at most one column.
const (
	RoleID          Role = "id"
	RoleTitle       Role = "title"
	RoleBrand       Role = "brand"
	RoleCategory    Role = "category"
	RoleDescription Role = "description"
	RolePrice       Role = "price"
	RoleRating      Role = "rating"
	RolePopularity  Role = "popularity"
	RoleDate        Role = "date"
	RoleImage       Role = "image"
	RoleAttribute   Role = "attribute"
	RoleIgnore      Role = "ignore"
)

// Roles lists every role in the order in which a mapping is shown.
var Roles = []Role{RoleID, RoleTitle, RoleBrand, RoleCategory, RoleDescription, RolePrice,
	RoleRating, RolePopularity, RoleDate, RoleImage, RoleAttribute, RoleIgnore}

// Field is one column of a catalogue file and the role it plays.
type Field struct {
	Name string `json:"name"`
	Role Role   `json:"role"`
}

// Catalogue describes the products of a workspace as a whole.
type Catalogue struct {
	Name     string  `json:"name"`
	Language string  `json:"language"` // BCP 47 base language, "en" or "zh"; "" before the first import
	Fields   []Field `json:"fields"`   // as mapped by the last import
}

// Number is a value that a product may lack. The zero Number is unknown, so
// that a missing price is never mistaken for a price of 0.
type Number struct {
	Value float64
	Known bool
}

// Known makes a Number of v; NaN and infinities are unknown.
func Known(v float64) Number {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Number{}
	}
	return Number{Value: v, Known: true}
}

// MarshalJSON writes the value, or null where it is unknown.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.Known {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, n.Value, 'g', -1, 64), nil
}

// UnmarshalJSON reads a JSON number or null.
func (n *Number) UnmarshalJSON(b []byte) error {
	var v *float64
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	*n = Number{}
	if v != nil {
		*n = Known(*v)
	}
	return nil
}

// IsZero reports an unknown number, for JSON's omitzero.
func (n Number) IsZero() bool { return !n.Known }

// Attribute is a named value of a product that has no role of its own.
type Attribute struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Product is one thing that can be found: an article of a shop, a news item, a
// post, a document. ID and Title are never empty; everything else may be.
type Product struct {
	ID          string      `json:"id"`
	Title       string      `json:"title"`
	Brand       string      `json:"brand,omitempty"`
	Category    string      `json:"category,omitempty"`
	Description string      `json:"description,omitempty"`
	Price       Number      `json:"price,omitzero"`
	Currency    string      `json:"currency,omitempty"` // as written in the file: "€", "USD"; "" when it gave none
	Rating      Number      `json:"rating,omitzero"`
	Popularity  Number      `json:"popularity,omitzero"` // sales, views, reviews: any count, larger is more
	Date        time.Time   `json:"date,omitzero"`
	Image       string      `json:"image,omitempty"`
	Attributes  []Attribute `json:"attributes,omitempty"`
	Hidden      bool        `json:"hidden,omitempty"` // kept, but never a result
}

// Text is what the encoder reads of a product: title, then what the title does
// not already say of brand and category, then the description.
func (p *Product) Text() string {
	var b strings.Builder
	b.WriteString(p.Title)
	folded := strings.ToLower(p.Title)
	for _, s := range []string{p.Brand, p.Category} {
		if s != "" && !strings.Contains(folded, strings.ToLower(s)) {
			b.WriteString(". ")
			b.WriteString(s)
		}
	}
	if p.Description != "" && p.Description != p.Title {
		b.WriteString(". ")
		b.WriteString(p.Description)
	}
	return b.String()
}

// TextHash identifies Text, never 0. A stored vector whose hash differs is stale.
func (p *Product) TextHash() uint64 {
	h := fnv.New64a()
	h.Write([]byte(p.Text()))
	return max(h.Sum64(), 1)
}
