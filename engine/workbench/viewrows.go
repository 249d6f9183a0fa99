package workbench

import (
	"touchstone/engine"
	"touchstone/engine/retrieve"
)

// vector is that of a row, of the file or brought; nil where there is none.
func (v *view) vector(row uint32) []float32 { return v.appendVector(nil, row) }

// appendVector appends the vector of a row to dst; nil where there is none.
func (v *view) appendVector(dst []float32, row uint32) []float32 {
	if row < farRows {
		return v.index.AppendVector(dst, row)
	}
	if v.far == nil {
		return nil
	}
	s, err := v.far.at(row)
	if err != nil {
		return nil // as for a product without a vector
	}
	if vector := halved(s.vector); vector != nil {
		return append(dst, vector...)
	}
	return nil
}

func (v *view) numbers(row uint32) (retrieve.Numbers, bool) {
	if row < farRows || v.far == nil {
		return v.index.Numbers(row)
	}
	s, err := v.far.at(row)
	if err != nil {
		return retrieve.Numbers{}, false
	}
	return retrieve.NumbersOf(&s.product), true
}

// keeps tells which rows meet every condition of a filter.
func (v *view) keeps(filter engine.Filter) (func(row uint32) bool, error) {
	if v.far == nil {
		return v.index.Keeps(filter)
	}
	return func(row uint32) bool {
		var p engine.Product
		var ok bool
		var err error
		if row < farRows {
			p, ok, err = v.far.file.ProductAt(row)
		} else if s, failed := v.far.at(row); failed == nil {
			p, ok = s.product, true
		}
		if !ok || err != nil {
			return false
		}
		builder := retrieve.NewBuilder(v.analyzer, nil)
		builder.Add(0, &p)
		index, err := smallIndex(builder, nil, retrieve.Options{})
		if err != nil {
			return false
		}
		kept, err := index.Keeps(filter)
		return err == nil && kept(0) // an error: it lacks the field
	}, nil
}

// len is how many products can be found, as far as is known here.
func (v *view) len() int {
	if d := v.index.Dictionary(); d != nil {
		return d.Len()
	}
	return v.index.Len()
}

// encoded is how many of them have a vector: all that a remote catalogue keeps.
func (v *view) encoded() int {
	if d := v.index.Dictionary(); d != nil {
		return d.Len()
	}
	return v.index.Encoded()
}

// halved is a vector in the precision of the local index, so that both find the
// same.
func halved(vector []float32) []float32 {
	if vector == nil {
		return nil
	}
	one := retrieve.NewVectors(len(vector))
	if err := one.PutFloats(0, []uint64{1}, [][]float32{vector}); err != nil {
		return nil // it is empty
	}
	return one.At(0)
}
