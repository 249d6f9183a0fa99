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
	scores := make([]float64, 2*len(items))
	bm25, cosine := scores[:len(items)], scores[len(items):]
	for i := range items {
		bm25[i], cosine[i] = float64(items[i].BM25), float64(items[i].Cosine)
	}
	scale := scales[how]
	scale(bm25)
	scale(cosine)
	type place struct {
		score float64
		row   uint32
		from  int32 // where its candidate stands
	}
	places := make([]place, len(items))
	for i := range items {
		places[i] = place{wordsWeight*bm25[i] + (1-wordsWeight)*cosine[i], items[i].Row, int32(i)}
	}
	slices.SortFunc(places, func(a, b place) int {
		if a.score != b.score {
			if a.score > b.score {
				return -1
			}
			return 1
		}
		return int(int64(a.row) - int64(b.row))
	})
	// Candidates are large: each moves once, along the circles in which they take
	// each other's places.
	for i := range places {
		if places[i].from < 0 {
			continue
		}
		first := items[i]
		for to := i; ; {
			from := int(places[to].from)
			places[to].from = -1 // done
			if from == i {
				items[to] = first
				break
			}
			items[to] = items[from]
			to = from
		}
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
