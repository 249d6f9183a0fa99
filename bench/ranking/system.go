package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"touchstone/engine/rank"
)

// system is one way to order a pool.
type system struct {
	name   string
	scores func(p *pool) []float64
}

// order lists the pool's items, best first; equal ones by product ID.
func (s *system) order(p *pool) []int {
	scores := s.scores(p)
	order := make([]int, len(p.items))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), strings.Compare(p.items[a].Product, p.items[b].Product))
	})
	return order
}

func systems() ([]system, error) {
	list := []system{
		{"BM25", words},
		{"cosine", meaning},
		{"reciprocal rank fusion", func(p *pool) []float64 { return fused(p, 0.5, reciprocalRanks) }},
		{"min-max hybrid, 0.3 BM25", func(p *pool) []float64 { return fused(p, 0.3, minMax) }},
		{"min-max hybrid, 0.5 BM25", func(p *pool) []float64 { return fused(p, 0.5, minMax) }},
	}
	full := rank.Default()
	for left := -1; left < len(full.Weights); left++ {
		ranker, name := rank.Default(), "default"
		if left >= 0 {
			if full.Weights[left].Weight == 0 {
				continue
			}
			ranker.Weights[left].Weight = 0
			name = "default without " + full.Weights[left].Feature
		}
		scorer, err := rank.NewScorer(&ranker)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, system{name, func(p *pool) []float64 {
			scores := make([]float64, len(p.items))
			for i := range scores {
				scores[i] = scorer.Score(p.features.Row(i))
			}
			return scores
		}})
	}
	return list, nil
}

func words(p *pool) []float64 {
	scores := make([]float64, len(p.items))
	for i := range scores {
		scores[i] = float64(p.items[i].BM25)
	}
	return scores
}

func meaning(p *pool) []float64 {
	scores := make([]float64, len(p.items))
	for i := range scores {
		scores[i] = float64(p.items[i].Cosine)
	}
	return scores
}

// fused weighs the words' scores against the cosines, both made comparable.
func fused(p *pool, wordsWeight float64, comparable func(scores []float64) []float64) []float64 {
	scores := make([]float64, len(p.items))
	w, m := comparable(words(p)), comparable(meaning(p))
	for i := range scores {
		scores[i] = wordsWeight*w[i] + (1-wordsWeight)*m[i]
	}
	return scores
}

func minMax(scores []float64) []float64 {
	low, high := slices.Min(scores), slices.Max(scores)
	out := make([]float64, len(scores))
	for i, s := range scores {
		if high > low {
			out[i] = (s - low) / (high - low)
		}
	}
	return out
}

// reciprocalRanks is 1/(60 + rank), 0 where there is nothing to rank (Cormack,
// Clarke and Büttcher, SIGIR 2009).
func reciprocalRanks(scores []float64) []float64 {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	out := make([]float64, len(scores))
	for place, i := range order {
		if scores[i] != 0 {
			out[i] = 1 / float64(60+place+1)
		}
	}
	return out
}
