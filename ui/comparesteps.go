package ui

import (
	"context"

	"touchstone/ui/locale"
)

// adopt uses B from now on, with the answer as the reason.
func (c *compare) adopt() {
	if c.result == nil {
		return
	}
	b, side, why, before := c.sh.bench, c.sides[1], c.result.Sentence, c.sh.bench.Ranker()
	c.sh.tasks.inOrder(func() func() {
		r, err := b.AdoptSide(side, why)
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("B was not adopted"), err))
				return
			}
			if side.Ranker != nil && side.Rules == nil && side.Depth == 0 && side.Fusion == "" {
				c.sh.inUse(locale.T("%s is in use.", rankerName(&r, "")), before)
			} else {
				c.sh.notices.tell(notice{text: locale.T("B is in use: %s. The timeline leads back.", rankerName(&r, "")), action: locale.T("Timeline"), do: func() { c.view(viewTimeline) }})
			}
			c.sh.refresh()
			c.readNames()
		}
	})
}

// report writes the comparison to a file that the person names.
func (c *compare) report(title, format string) {
	r, b := c.result, c.sh.bench
	if r == nil {
		return
	}
	c.sh.files.save(title, "report."+format, func(path string) {
		c.sh.tasks.inOrder(func() func() {
			err := b.WriteReport(r, format, path)
			return func() {
				if err != nil {
					c.sh.notices.tell(failure(locale.T("The report was not written"), err))
					return
				}
				c.sh.notices.tell(notice{text: locale.T("The report is in %s.", path)})
			}
		})
	})
}

// settle takes the pairs that would settle the comparison to the Judge place.
func (c *compare) settle() {
	r, b := c.result, c.sh.bench
	if r == nil || c.sh.judge == nil {
		return
	}
	c.sh.tasks.newest(&c.look, 0, func(context.Context) func() {
		items, err := b.Settling(r)
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("There is nothing to judge yet"), err))
				return
			}
			c.stale = true
			c.sh.judge.given(items)
			c.sh.goTo(placeJudge)
		}
	})
}
