package measure

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestJaccard(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"", "", 1}, {"a", "", 0}, {"a b", "b a", 1}, {"a b c", "b c d", 0.5}, {"a a b", "b b c", 1. / 3}} {
		if got := Jaccard(strings.Fields(c.a), strings.Fields(c.b)); got != c.want {
			t.Errorf("%q and %q: got %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

// agreements is equation 32 read off the page: X_d counted afresh at each depth.
func agreements(s, l []string, p float64) float64 {
	x := func(d int) float64 {
		n := 0
		for _, a := range s[:min(d, len(s))] {
			for _, b := range l[:min(d, len(l))] {
				if a == b {
					n++
				}
			}
		}
		return float64(n)
	}
	ns, nl := float64(len(s)), float64(len(l))
	sum := 0.0
	for d := 1; d <= len(l); d++ {
		sum += x(d) / float64(d) * math.Pow(p, float64(d))
	}
	for d := len(s) + 1; d <= len(l); d++ {
		sum += x(len(s)) * (float64(d) - ns) / (ns * float64(d)) * math.Pow(p, float64(d))
	}
	return (1-p)/p*sum + ((x(len(l))-x(len(s)))/nl+x(len(s))/ns)*math.Pow(p, nl)
}

func TestRBOEqualsThePaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) []string {
			return rapid.SliceOfNDistinct(rapid.StringMatching("[a-l]"), 1, 10, rapid.ID[string]).Draw(t, name)
		}
		a, b := draw("a"), draw("b")
		p := rapid.Float64Range(0.1, 0.95).Draw(t, "persistence")
		short, long := a, b
		if len(short) > len(long) {
			short, long = long, short
		}
		want := agreements(short, long, p)
		if got := RBO(a, b, p); math.Abs(got-want) > 1e-12 {
			t.Fatalf("got %v, want %v", got, want)
		}
		if got := RBO(a, a, p); math.Abs(got-1) > 1e-12 {
			t.Fatalf("a ranking and itself: %v", got)
		}
	})
	if RBO(nil, nil, 0.9) != 1 || RBO([]string{"a"}, nil, 0.9) != 0 {
		t.Error("empty rankings")
	}
}
