package workbench

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/measure"
)

// SampleRequest asks for queries out of a log.
type SampleRequest struct {
	File string
	N    int
	How  Sampling
	Seed int64
}

// Sampling is a way to choose queries from a log.
type Sampling = measure.Sampling

// Sampled says what a sample of a log did to the query set.
type Sampled struct {
	Added []string // in the order of the log
	Known int      // chosen and there already: they got weight and tag
}

// SampleLog adds queries of a log to the set: as often as they were asked is
// their weight, and where in the log they stand a tag, head, torso or tail.
func (b *Bench) SampleLog(_ context.Context, req SampleRequest) (sampled Sampled, err error) {
	read, err := exchange.OpenQueries(req.File)
	if err != nil {
		return sampled, err
	}
	if req.N <= 0 {
		return sampled, fmt.Errorf("sample %s: ask for one query or more", req.File)
	}
	asked := make([]float64, len(read.Queries))
	for i, q := range read.Queries {
		asked[i] = max(q.Weight, 1)
	}
	chosen, err := measure.Sample(asked, req.N, req.How, req.Seed)
	if err != nil {
		return sampled, fmt.Errorf("sample %s: %w", req.File, err)
	}
	part := measure.Parts(asked)
	listed, err := b.store.Queries()
	if err != nil {
		return sampled, err
	}
	have := make(map[string]engine.Query, len(listed))
	for _, q := range listed {
		have[q.Text] = q
	}
	var put []engine.Query
	for _, i := range chosen {
		q := read.Queries[i]
		if old, ok := have[q.Text]; ok {
			sampled.Known++
			old.Need = cmp.Or(old.Need, q.Need)
			q.Need, q.Note, q.Tags = old.Need, old.Note, old.Tags
		} else {
			sampled.Added = append(sampled.Added, q.Text)
		}
		q.Weight = asked[i]
		q.Tags = slices.DeleteFunc(slices.Clone(q.Tags), func(t string) bool { return slices.Contains(measure.PartNames, t) })
		q.Tags = tagsOf(append(q.Tags, part[i]))
		put = append(put, q)
	}
	return sampled, b.putQueries(put)
}
