package ui

import (
	"context"
	"strings"

	"touchstone/engine"
	"touchstone/ui/locale"
)

const frontWanted = 40

// showFront lists, in place of the results, what the front page would offer the
// shopper who is chosen, or one of whom nothing is known.
func (s *search) showFront() {
	shopper := s.refine.shopper
	s.tasks.newest(&s.similars, 0, func(ctx context.Context) func() {
		page, err := s.bench.Recommend(ctx, shopper, frontWanted)
		return func() {
			if err != nil {
				s.tell(failure(locale.T("The front page was not filled"), err))
				return
			}
			title := locale.T("Front page for a stranger")
			how := locale.T("Nothing is known of them: what is popular, well rated and new, each unlike those above.")
			if shopper != "" {
				title = locale.T("Front page for %s", shopper)
				how = locale.T("Near to what they viewed, added and bought, without what they bought, each unlike those above.")
			}
			s.showAside(title, how, page.Results, s.frontReasons)
		}
	})
}

// frontReasons says what puts a product on the front page: Fits the shopper 0.56 ·
// Like those above −0.20.
func (s *search) frontReasons(r *engine.Result) string {
	labels := map[string]string{"diversity": locale.T("Like those above")} // that takes away
	for _, f := range s.bench.Features() {
		labels[f.Name] = locale.Say(f.Label)
	}
	var reasons []string
	for _, c := range r.Contributions {
		if c.Contribution != 0 {
			reasons = append(reasons, locale.T("%s %s", labels[c.Feature], number(c.Contribution, 2)))
		}
	}
	return strings.Join(reasons, " · ")
}
