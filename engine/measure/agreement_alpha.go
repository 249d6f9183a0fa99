package measure

// difference is the squared difference between two grades, given by their
// places i ≤ j, how often each grade occurs, and the grades.
type difference func(i, j int, counts, grades []float64) float64

// The differences of Krippendorff, Content Analysis (2004), section 11.3.4.

func nominal(i, j int, _, _ []float64) float64 {
	if i == j {
		return 0
	}
	return 1
}

func ordinal(i, j int, counts, _ []float64) float64 {
	sum := 0.0
	for g := i; g <= j; g++ {
		sum += counts[g]
	}
	sum -= (counts[i] + counts[j]) / 2
	return sum * sum
}

func interval(i, j int, _, grades []float64) float64 {
	d := grades[i] - grades[j]
	return d * d
}

// coincide adds one pair's grades to the coincidence matrix, n × n for n
// grades: each two grades by different judges, weighted so that every grade
// counts once however many judges there are.
func coincide(matrix, given []float64, place map[float64]int) {
	n := len(place)
	for i, a := range given {
		for j, b := range given {
			if i != j {
				matrix[place[a]*n+place[b]] += 1 / float64(len(given)-1)
			}
		}
	}
}

// alphaOf is Krippendorff's alpha of a coincidence matrix.
func alphaOf(matrix, grades []float64, delta difference) float64 {
	n := len(grades)
	counts := make([]float64, n)
	total := 0.0
	for i := range n {
		for j := range n {
			counts[i] += matrix[i*n+j]
		}
		total += counts[i]
	}
	observed, expected := 0.0, 0.0
	for i := range n {
		for j := i + 1; j < n; j++ {
			d := delta(i, j, counts, grades)
			observed += d * matrix[i*n+j]
			expected += d * counts[i] * counts[j]
		}
	}
	return 1 - (total-1)*observed/expected // 0/0 is NaN: not defined
}
