package learn

// tuning holds the hyper-parameters that are the same for every fit; the pull
// and the number of rounds are found out from the data of each fit.
//
// They were chosen by orders of magnitude on 75 queries of one product
// catalogue: spread, unused and the first pulls on the left-out queries of a
// 5-fold cross-validation within one half of them, with results on the other
// half in sight; the hardest pull and the bar of its test after results on all
// of them. Unjudged and doubt are first guesses that scans did not contradict;
// those of networks and trees are first guesses. Figures on that catalogue are
// therefore a little flattering: other queries are the proof.
type tuning struct {
	// Unjudged candidates as weak negatives: their weight against a judged
	// grade 0; the place in the prior's order of the unjudged at which half of
	// that weight is left, for above it the prior and the missing grade
	// contradict each other; what a judged candidate above counts in that order,
	// for where people have been, a missing grade says more; and how many a
	// query, at most.
	unjudged  float64
	doubt     float64
	passed    float64
	negatives int

	// Of the weighted sum. spread is the standard deviation of the prior's scores
	// within a query on the scale of the loss. pulls are toward the prior at one
	// judged query and fall with their number, the hardest first. unused is how far a weight that the prior does not use may go,
	// against a typical one that it uses.
	spread float64
	pulls  [5]float64
	unused float64

	// Of AdamW. It takes at least so many steps and epochs over the queries; the
	// rate falls to 0 in a straight line. warm is the part of both that a warm
	// start takes.
	rate   float64
	steps  int
	epochs int
	warm   float64

	rounds int // of networks and trees, at most

	// Of networks: units of the hidden layer, and as above.
	hidden  int
	netRate float64
	netPull float64

	// Of trees: leaves at most; candidates and second derivative of the loss in a
	// leaf at least; what is added to that; and the part of a step that is taken.
	leaves   int
	leafRows float64
	leafHess float64
	l2       float64
	shrink   float64
}

var tuned = tuning{
	unjudged: 0.5, doubt: 5, passed: 0.25, negatives: 300,
	spread: 2, pulls: [5]float64{1000, 300, 60, 12, 2}, unused: 0.3, rate: 0.03, steps: 600, epochs: 25, warm: 0.2,
	rounds: 60,
	hidden: 12, netRate: 0.005, netPull: 5,
	leaves: 8, leafRows: 20, leafHess: 0.1, l2: 1, shrink: 0.1,
}
