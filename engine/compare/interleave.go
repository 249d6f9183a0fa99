package compare

import "math/rand/v2"

// Team is the side that brought a product onto an interleaved page.
type Team uint8

// The teams.
const (
	TeamA Team = iota
	TeamB
)

// Drafted is one product of an interleaved page.
type Drafted struct {
	Product string
	Team    Team
}

// TeamDraft makes one page of two by team-draft interleaving (Radlinski, Kurup
// and Joachims, CIKM 2008): like captains who choose players in turn, each side
// picks its best product that is still free, and a coin says who goes first in
// every round. n is how long the page is at most.
func TeamDraft(a, b []string, n int, rng *rand.Rand) []Drafted {
	var page []Drafted
	taken := map[string]bool{}
	next := func(run []string) (string, []string) {
		for len(run) > 0 && taken[run[0]] {
			run = run[1:]
		}
		if len(run) == 0 {
			return "", nil
		}
		return run[0], run
	}
	picks := [2]int{}
	for len(page) < n {
		team := TeamA
		if picks[TeamB] < picks[TeamA] || picks[TeamB] == picks[TeamA] && rng.IntN(2) == 1 {
			team = TeamB
		}
		var id string
		if team == TeamA {
			id, a = next(a)
		} else {
			id, b = next(b)
		}
		picks[team]++
		if id != "" {
			taken[id] = true
			page = append(page, Drafted{id, team})
		} else if len(a) == 0 && len(b) == 0 {
			break
		}
	}
	return page
}
