package measure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Kind is the family of a metric.
type Kind string

// The kinds of metrics. All lie in [0, 1], except DCG.
const (
	NDCG      Kind = "ndcg"   // DCG as a share of the best order's (Järvelin and Kekäläinen, TOIS 2002)
	DCG       Kind = "dcg"    // Σ gain / log₂(rank + 1); what a grade gains is the convention's
	ERR       Kind = "err"    // expected reciprocal rank (Chapelle et al. 2009)
	RBP       Kind = "rbp"    // rank-biased precision (Moffat and Zobel 2008)
	AP        Kind = "ap"     // average precision: the mean of P at the rank of each relevant product, 0 for one not on the page
	Precision Kind = "p"      // relevant share of the page
	Recall    Kind = "recall" // share of the relevant products that is on the page
	RR        Kind = "rr"     // 1 / rank of the first relevant product
	Judged    Kind = "judged" // judged share of the page
	Bpref     Kind = "bpref"  // relevant products above judged irrelevant ones (Buckley and Voorhees, SIGIR 2004)
)

var kinds = map[string]Kind{
	"ndcg": NDCG, "dcg": DCG, "err": ERR, "rbp": RBP, "ap": AP, "map": AP, "p": Precision,
	"precision": Precision, "recall": Recall, "rr": RR, "mrr": RR, "judged": Judged, "bpref": Bpref,
}

// Metric is one way to put a number on a page. The zero values of its options
// are the defaults.
type Metric struct {
	Kind        Kind
	K           int // depth of the page; 0 is all of it
	Convention  Convention
	Max         float64 // highest grade of the scale; 0 counts as 3
	Relevant    float64 // lowest grade that is relevant; 0: the upper half of the scale, or any grade above 0 outside Standard
	Persistence float64 // of RBP: the chance to look at the next product; 0 counts as 0.9
}

// Parse reads a metric from its name, "ndcg@10", "err" or "ndcg@10:quepid".
// map, mrr and precision are other names for ap, rr and p. It refuses a kind and a
// convention that it does not know, and a depth below 1.
func Parse(name string) (Metric, error) {
	var m Metric
	rest, convention, ok := strings.Cut(strings.TrimSpace(name), ":")
	if ok {
		c, err := parseConvention(convention)
		if err != nil {
			return m, fmt.Errorf("metric %q: %w", name, err)
		}
		m.Convention = c
	}
	kind, depth, ok := strings.Cut(rest, "@")
	if ok {
		k, err := strconv.Atoi(depth)
		if err != nil || k < 1 {
			return m, fmt.Errorf("metric %q: the depth after @ must be a whole number above 0, as in ndcg@10", name)
		}
		m.K = k
	}
	if m.Kind, ok = kinds[strings.ToLower(kind)]; !ok {
		return m, fmt.Errorf("metric %q: unknown: use ndcg, dcg, err, rbp, ap, p, recall, rr, judged or bpref, as in ndcg@10", name)
	}
	return m, nil
}

// String is the name that Parse reads, without the convention: "ndcg@10".
func (m Metric) String() string {
	if m.K == 0 {
		return string(m.Kind)
	}
	return string(m.Kind) + "@" + strconv.Itoa(m.K)
}

// Of computes the metric. page holds the grades of the returned products in
// rank order, NaN where nobody has judged; judged holds the grades of all
// judged products of the query, in any order, on the page or not. Neither is
// changed. It is 0 where nothing judged is good enough to divide by.
func (m Metric) Of(page, judged []float64) float64 {
	returned := len(page)
	if m.K > 0 && returned > m.K {
		page = page[:m.K]
	}
	return m.Convention.round(m.of(page, judged, returned))
}

func (m Metric) of(page, judged []float64, returned int) float64 {
	c := m.Convention
	switch m.Kind {
	case DCG:
		return c.dcg(page)
	case NDCG:
		best := slices.Clone(judged)
		slices.SortFunc(best, func(a, b float64) int { return cmp.Compare(b, a) })
		ideal := c.dcg(best[:c.idealDepth(m.K, returned, len(best))])
		if ideal == 0 {
			return 0
		}
		if c == RRE {
			return floor2(c.dcg(page) / ideal)
		}
		return c.dcg(page) / ideal
	case ERR:
		return m.err(page)
	case RBP:
		return m.rbp(page)
	case AP:
		hits, sum := 0, 0.0
		for i, g := range page {
			if g >= m.relevant() {
				hits++
				sum += float64(hits) / float64(i+1)
			}
		}
		return share(sum, m.count(judged))
	case Precision:
		return share(float64(m.count(page)), c.shown(m.K, returned))
	case Recall:
		return share(float64(m.count(page)), m.count(judged))
	case RR:
		for i, g := range page {
			if g >= m.relevant() {
				return 1 / float64(i+1)
			}
		}
	case Judged:
		return share(float64(judgedOn(page)), len(page))
	case Bpref:
		return m.bpref(page, judged)
	}
	return 0
}

// bpref is the preference for relevant products over judged irrelevant ones,
// which unjudged products leave as it is, by trec_eval's definition: of R
// relevant and N irrelevant, each relevant one on the page adds
// 1/R × (1 − irrelevant ones above it, R at most, / min(R, N)).
func (m Metric) bpref(page, judged []float64) float64 {
	relevant := m.count(judged)
	irrelevant := len(judged) - relevant
	above, sum := 0, 0.0
	for _, g := range page {
		switch {
		case math.IsNaN(g):
		case g < m.relevant():
			above++
		case above == 0:
			sum++
		default:
			sum += 1 - float64(min(above, relevant))/float64(min(relevant, irrelevant))
		}
	}
	return share(sum, relevant)
}

// err is the expected reciprocal rank of Chapelle, Metzler, Zhang and Grinspan
// (CIKM 2009, equation 4): a shopper goes down the page and stops at a product
// of grade g with probability (2^g−1)/2^max.
func (m Metric) err(page []float64) float64 {
	if m.Convention == RRE && judgedOn(page) == 0 {
		return 0
	}
	sum, looking := 0.0, 1.0
	for i, g := range page {
		if math.IsNaN(g) && m.Convention == RRE {
			g = 2 // RRE's default for a missing grade
		}
		stop := min(1, Standard.gain(g)/math.Exp2(m.max()))
		sum += looking * stop / float64(i+1)
		looking *= 1 - stop
	}
	return sum
}

// rbp is rank-biased precision (Moffat and Zobel, TOIS 2008, equation 1), with
// grades rescaled to [0, 1].
func (m Metric) rbp(page []float64) float64 {
	p := m.Persistence
	if p == 0 {
		p = 0.9
	}
	sum, look := 0.0, 1-p
	for _, g := range page {
		if g > 0 {
			sum += look * min(1, g/m.max())
		}
		look *= p
	}
	return sum
}

func (m Metric) max() float64 {
	if m.Max == 0 {
		return 3
	}
	return m.Max
}

func (m Metric) relevant() float64 {
	switch {
	case m.Relevant > 0:
		return m.Relevant
	case m.Convention == Standard:
		return (m.max() + 1) / 2
	}
	return math.SmallestNonzeroFloat64
}

// IsRelevant reports whether a grade counts as relevant.
func (m Metric) IsRelevant(g float64) bool { return g >= m.relevant() }

// count is the number of relevant grades.
func (m Metric) count(grades []float64) int {
	n := 0
	for _, g := range grades {
		if g >= m.relevant() {
			n++
		}
	}
	return n
}

func judgedOn(page []float64) int {
	n := 0
	for _, g := range page {
		if !math.IsNaN(g) {
			n++
		}
	}
	return n
}

func share(part float64, of int) float64 {
	if of == 0 {
		return 0
	}
	return part / float64(of)
}
