package measure

// Weighted is the evaluation with its means weighted by how often each query is
// asked: weights are of any unit, a query without one counts as 1.
func (e Evaluation) Weighted(weights map[string]float64) Evaluation {
	total := 0.0
	e.Mean, e.Worst, e.Best = 0, 0, 0
	for _, s := range e.Scores {
		w := weightOf(weights, s.Query)
		total += w
		e.Mean += w * s.Value
		e.Worst += w * s.Worst
		e.Best += w * s.Best
	}
	if total > 0 {
		e.Mean, e.Worst, e.Best = e.Mean/total, e.Worst/total, e.Best/total
	}
	return e
}

// WeighDifferences scales differences, one a score of e, so that their mean is
// the weighted one.
func (e Evaluation) WeighDifferences(differences []float64, weights map[string]float64) []float64 {
	total := 0.0
	for _, s := range e.Scores {
		total += weightOf(weights, s.Query)
	}
	scaled := make([]float64, len(differences))
	for i, d := range differences {
		scaled[i] = d * weightOf(weights, e.Scores[i].Query) * float64(len(differences)) / total
	}
	return scaled
}

func weightOf(weights map[string]float64, query string) float64 {
	if w := weights[query]; w > 0 {
		return w
	}
	return 1
}
