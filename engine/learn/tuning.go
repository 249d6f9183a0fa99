package learn

// tuning holds the hyper-parameters. What is not found out from the data of
// each fit (the pull, the number of rounds) was chosen as follows and is the
// same everywhere: by orders of magnitude, on the left-out queries of a 5-fold
// cross-validation within one half of the queries of a product catalogue (38 of
// 75, drawn at random), for the whole page without loss on the judged; the
// other half was only looked at afterwards. Where values did about equally well
// the one nearer to the prior was taken.
type tuning struct {
	// Unjudged candidates as weak negatives: their weight against a judged
	// grade 0; the place in the prior's order of the unjudged at which half of
	// that weight is left, for above it the prior and the missing grade
	// contradict each other; and how many a query, at most.
	unjudged  float64
	doubt     float64
	negatives int

	// Of the weighted sum. spread is the standard deviation of the prior's scores
	// within a query on the scale of the loss. pull is toward the prior at one
	// judged query and falls with their number; 0 is one of pulls, the hardest
	// first. unused is how far a weight that the prior does not use may go,
	// against a typical one that it uses.
	spread float64
	pull   float64
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
	unjudged: 0.5, doubt: 5, negatives: 300,
	spread: 2, pulls: [5]float64{1000, 300, 60, 12, 2}, unused: 0.3, rate: 0.03, steps: 600, epochs: 25, warm: 0.2,
	rounds: 60,
	hidden: 12, netRate: 0.005, netPull: 5,
	leaves: 8, leafRows: 20, leafHess: 0.1, l2: 1, shrink: 0.1,
}
