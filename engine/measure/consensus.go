package measure

import (
	"fmt"
	"slices"

	"touchstone/engine"
)

// Consensus makes one grade of several judges' grades of the same pair.
type Consensus string

// The ways to agree.
const (
	Median   Consensus = "median"   // the mean of the middle two when their number is even
	Mean     Consensus = "mean"     //
	Majority Consensus = "majority" // the most frequent grade; of several, the lowest
	Reliable Consensus = "reliable" // weighted by how reliable each judge is: see DawidSkene
)

// Consensuses are all ways to agree.
var Consensuses = []Consensus{Median, Mean, Majority, Reliable}

// Agree makes one grade of each judged pair. "" is Median. A grade on which the
// judges have settled (engine.Adjudicated) counts alone, and second looks do not
// count. It refuses a way that is not one of Consensuses.
func Agree(judgments []engine.Judgment, by Consensus) (engine.Qrels, error) {
	opinions, settled := Opinions(judgments)
	qrels, err := agreeOn(opinions, by)
	if err != nil {
		return nil, err
	}
	for _, j := range settled {
		if qrels[j.Query] == nil {
			qrels[j.Query] = map[string]engine.Grade{}
		}
		qrels[j.Query][j.Product] = j.Grade
	}
	return qrels, nil
}

// Opinions parts what judges said at first sight from what was settled
// afterwards. Second looks are neither.
func Opinions(judgments []engine.Judgment) (opinions, settled []engine.Judgment) {
	for i := range judgments {
		switch j := &judgments[i]; {
		case j.Opinion():
			opinions = append(opinions, *j)
		case j.Judge == engine.Adjudicated:
			settled = append(settled, *j)
		}
	}
	return opinions, settled
}

func agreeOn(judgments []engine.Judgment, by Consensus) (engine.Qrels, error) {
	if by == Reliable {
		return DawidSkene(NewRatings(judgments)).Qrels, nil
	}
	agree, ok := map[Consensus]func([]engine.Grade) engine.Grade{
		"": median, Median: median, Mean: mean, Majority: majority,
	}[by]
	if !ok {
		return nil, fmt.Errorf("unknown consensus %q: use median, mean, majority or reliable", by)
	}
	type pair struct{ query, product string }
	grades := map[pair][]engine.Grade{}
	for _, j := range judgments {
		p := pair{j.Query, j.Product}
		grades[p] = append(grades[p], j.Grade)
	}
	qrels := engine.Qrels{}
	for p, g := range grades {
		if qrels[p.query] == nil {
			qrels[p.query] = map[string]engine.Grade{}
		}
		slices.Sort(g)
		qrels[p.query][p.product] = agree(g)
	}
	return qrels, nil
}

// Each takes at least one grade, sorted.

func median(g []engine.Grade) engine.Grade {
	return (g[(len(g)-1)/2] + g[len(g)/2]) / 2
}

func mean(g []engine.Grade) engine.Grade {
	var sum engine.Grade
	for _, v := range g {
		sum += v
	}
	return sum / engine.Grade(len(g))
}

func majority(g []engine.Grade) engine.Grade {
	best, most, run := g[0], 0, 0
	for i, v := range g {
		if i > 0 && v != g[i-1] {
			run = 0
		}
		if run++; run > most {
			best, most = v, run
		}
	}
	return best
}
