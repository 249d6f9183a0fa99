package retrieve

import (
	"strconv"

	"touchstone/engine"
)

// Folded is equal for two values of a column of words exactly where one
// condition finds both: case and form of letters do not count, nor how a number
// is written. Engines that keep a catalogue store it and compare with it.
func Folded(value string) string {
	if v, ok := numberOf(columnPrice, value); ok {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return foldValue(value)
}

// NumberOf reads what a condition compares a numeric role with; a date is in
// seconds since 1970. numeric is false for roles that hold words, ok for a value
// that is none.
func NumberOf(role engine.Role, value string) (v float64, numeric, ok bool) {
	for column, r := range numericRoles {
		if r == engine.Role(foldValue(string(role))) {
			v, ok = numberOf(column, value)
			return v, true, ok
		}
	}
	return 0, false, false
}

// NumbersOf are the numbers of a product as conditions compare them; NaN where
// one is unknown.
func NumbersOf(p *engine.Product) Numbers {
	n := numbersOf(p)
	return Numbers{n[columnPrice], n[columnRating], n[columnPopularity], n[columnDate]}
}

// FoldedField is the name of a condition's field as fields are compared.
func FoldedField(field string) string { return foldValue(field) }
