package learn

// tuning holds the hyper-parameters. docs/learning.md says how each was chosen.
type tuning struct {
	unjudged  float64    // weight of an unjudged candidate as a negative, 1 being a judged grade 0
	doubt     float64    // at this place in the prior's order of the unjudged, half of that weight
	negatives int        // unjudged candidates a query, at most
	spread    float64    // standard deviation of the prior's scores within a query, on the scale of the loss
	pull      float64    // toward the prior at one judged query; falls with their number; 0: one of pulls
	pulls     [4]float64 // to choose from, the strongest first
	unused    float64    // how far a weight that the prior does not use may go, against a typical one that it uses
	rate      float64    // of AdamW, at the start
	steps     int        // at least
	epochs    int        // over the queries, at least
	warm      float64    // part of the steps and of the rate that a warm start takes

	rounds int // of networks and trees, at most

	hidden  int     // units of the network's hidden layer
	netRate float64 // of AdamW
	netPull float64 // as pull, for the network

	leaves   int     // of a tree, at most
	leafRows float64 // candidates in a leaf, at least
	leafHess float64 // second derivative of the loss in a leaf, at least
	l2       float64 // added to it
	shrink   float64 // part of a tree's step that is taken
}

var tuned = tuning{
	unjudged: 0.5, doubt: 5, negatives: 300,
	spread: 2, pulls: [4]float64{300, 60, 12, 2}, unused: 0.3, rate: 0.03, steps: 600, epochs: 25, warm: 0.2,
	rounds: 60,
	hidden: 12, netRate: 0.005, netPull: 5,
	leaves: 8, leafRows: 20, leafHess: 0.1, l2: 1, shrink: 0.1,
}
