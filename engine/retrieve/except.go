package retrieve

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"touchstone/engine"
)

// admitted marks the rows that a request lets in.
func (x *Index) admitted(req *engine.Request) (bitmap, error) {
	rows, err := x.allowed(req.Filter)
	if err != nil || len(req.Except) == 0 && len(req.Exclude) == 0 {
		return rows, err
	}
	rows = slices.Clone(rows)
	for _, filter := range req.Except {
		if len(filter) == 0 {
			continue // no condition keeps everything: nobody means to leave out all
		}
		out, err := x.allowed(filter)
		if err != nil {
			return nil, err
		}
		rows.not(out)
	}
	for _, id := range req.Exclude {
		if row, ok := x.rowOf(id); ok {
			rows[row>>6] &^= 1 << (row & 63)
		}
	}
	return rows, nil
}

// Keeps tells which rows meet every condition of a filter.
func (x *Index) Keeps(filter engine.Filter) (func(row uint32) bool, error) {
	rows, err := x.allowed(filter)
	return rows.has, err
}

// Count is how many products meet every condition of a filter.
func (x *Index) Count(filter engine.Filter) (int, error) {
	rows, err := x.allowed(filter)
	return rows.count(), err
}

// having marks the rows that have all terms of a condition, in any field.
func (x *Index) having(c engine.Condition) (bitmap, error) {
	if c.Field != engine.Words {
		return nil, fmt.Errorf("%q does not compare by ~; only %s does", c.Field, engine.Words)
	}
	rows := slices.Clone(x.live)
	for text := range strings.FieldsSeq(c.Value) {
		has := newBitmap(64 * len(x.live))
		for _, s := range x.segments {
			in := newBitmap(64 * len(x.live))
			if err := s.matching(context.Background(), []term{{text: text}}, in); err != nil {
				return nil, err
			}
			in.and(s.live)
			has.or(in)
		}
		rows.and(has)
	}
	return rows, nil
}
