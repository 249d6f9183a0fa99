package retrieve

import (
	"math"
	"slices"

	"touchstone/engine"
)

// rankConstant is the 60 of reciprocal rank fusion.
const rankConstant = 60

// scales makes the scores of a list comparable with those of another, in place.
var scales = map[engine.Fusion]func([]float64){engine.MinMax: minMax, engine.ReciprocalRank: reciprocalRank, engine.ZScore: zScore}

// fuse orders candidates, best first. The words' score has the given weight,
// 0 to 1, the cosine the rest; where only one of them tells candidates apart,
// it alone decides. Equal candidates keep the order of their rows.
func fuse(items []engine.Candidate, how engine.Fusion, wordsWeight float64) {
	bm25 := make([]float64, len(items))
	cosine := make([]float64, len(items))
	for i := range items {
		bm25[i], cosine[i] = float64(items[i].BM25), float64(items[i].Cosine)
	}
	scale := scales[how]
	scale(bm25)
	scale(cosine)
	type place struct {
		item  engine.Candidate
		score float64
	}
	places := make([]place, len(items))
	for i := range items {
		places[i] = place{items[i], wordsWeight*bm25[i] + (1-wordsWeight)*cosine[i]}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.score != b.score {
			if a.score > b.score {
				return -1
			}
			return 1
		}
		return int(int64(a.item.Row) - int64(b.item.Row))
	})
	for i := range places {
		items[i] = places[i].item
	}
}

func minMax(scores []float64) {
	if len(scores) == 0 {
		return
	}
	low, high := slices.Min(scores), slices.Max(scores)
	for i, s := range scores {
		if high > low {
			scores[i] = (s - low) / (high - low)
		} else {
			scores[i] = 0
		}
	}
}

func zScore(scores []float64) {
	n := float64(len(scores))
	mean, square := 0.0, 0.0
	for _, s := range scores {
		mean += s / n
	}
	for _, s := range scores {
		square += (s - mean) * (s - mean) / n
	}
	deviation := math.Sqrt(square)
	for i, s := range scores {
		if deviation > 0 {
			scores[i] = (s - mean) / deviation
		} else {
			scores[i] = 0
		}
	}
}

// reciprocalRank gives equal scores the same rank, and none where a score is 0:
// no word, or no vector.
func reciprocalRank(scores []float64) {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	values := slices.Clone(scores)
	rank := 0
	for place, i := range order {
		if place == 0 || values[i] != values[order[place-1]] {
			rank = place + 1
		}
		if scores[i] = 0; values[i] != 0 {
			scores[i] = 1 / float64(rankConstant+rank)
		}
	}
}
