// Package clicks turns what shoppers clicked into grades. People click what
// stands high, so a click says little and no click says less: two models take
// the position out. It sees counts of what was shown and clicked. It must not
// know where they come from, what a product is or what becomes of the grades.
package clicks
