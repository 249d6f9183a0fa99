package ui

import (
	"context"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
)

// grade gives the product on screen a grade and goes on.
func (j *judge) grade(g engine.Grade) {
	item := j.item()
	if item == nil || int(g) >= len(j.buttons) {
		return
	}
	if j.list.on && len(j.list.marked) > 0 {
		j.list.grade(&g)
		return
	}
	if j.settling {
		j.settle(g)
		return
	}
	before, note := *item, item.Note
	if j.note != "" {
		note = j.note
	}
	at := j.at
	item.Grade, item.Note, item.state = &g, note, graded
	query, product := item.Query.Text, item.Product.ID
	one := 0 // more is graded; for another grade of the same, nothing
	if before.state != graded {
		one = 1
	}
	j.day.Today, j.day.ToDo = j.day.Today+one, j.day.ToDo-one
	again, discussed := judgeQueues[j.queue].queue == workbench.SecondLook, judgeQueues[j.queue].queue == workbench.Disagreements
	if !again {
		j.s.setGrade(query, product, &g)
	}
	var others []engine.Judgment
	j.s.store(func() error {
		if again {
			return j.bench.GradeAgain(query, product, g, note)
		}
		err := j.bench.GradeNoted(context.Background(), query, product, g, note)
		if discussed && err == nil { // from now on this judge may see them
			others = j.bench.Others(query, product)
		}
		return err
	}, func(err error) {
		there := at < len(j.items) && j.items[at].Query.Text == query && j.items[at].Product.ID == product
		if err == nil {
			if there && discussed {
				j.items[at].Others = others
			}
			j.count()
			return
		}
		j.s.setGrade(query, product, before.Grade)
		if there {
			j.items[at] = before
			j.at = at
		}
		j.day.Today, j.day.ToDo = j.day.Today-one, j.day.ToDo+one
		j.show()
	})
	j.advance()
}

// settle keeps the grade on which the judges have settled, with the note as what
// was said about it. What each of them said stays.
func (j *judge) settle(g engine.Grade) {
	item := j.item()
	j.settling = false
	query, product, said := item.Query.Text, item.Product.ID, j.note
	item.state = graded
	at := j.at
	var others []engine.Judgment
	j.s.store(func() error {
		err := j.bench.Settle(query, product, g, said)
		others = j.bench.Others(query, product) // what was settled is among them
		return err
	}, func(err error) {
		if err == nil {
			if at < len(j.items) && j.items[at].Query.Text == query && j.items[at].Product.ID == product {
				j.items[at].Others = others
			}
			j.s.tell(notice{text: locale.T("Settled on %s.", j.scale[int(g)].Name)})
			j.count()
		}
	})
	j.advance()
}

// toSettle lets the next grade settle what judges disagree about.
func (j *judge) toSettle() {
	j.settling = !j.settling
	j.show()
}

// disputed reports whether the item on screen is one that judges disagree about
// and whose grades this judge may see.
func (j *judge) disputed() bool {
	item := j.item()
	return item != nil && len(item.Others) > 0
}

// count reads how the day goes, once grading pauses.
func (j *judge) count() {
	if j.s.unsaved > 0 {
		return // the last of them counts
	}
	j.tasks.newest(&j.days, gradingPause, func(context.Context) func() {
		day, err := j.bench.Judging(time.Now())
		return func() {
			if err != nil {
				j.s.tell(failure(locale.T("The grades of today were not counted"), err))
			} else if j.s.unsaved == 0 {
				j.day = day
				j.show()
			}
		}
	})
}

// undo takes back the judge's newest step and shows its product again: the
// first of the queue's where the step was a selection's.
func (j *judge) undo() {
	j.s.takeBack(func(undone []engine.Change) {
		back := map[[2]string]engine.Change{}
		for _, c := range undone {
			of := c.About()
			back[[2]string{of.Query, of.Product}] = c
		}
		at := -1
		for i := range j.items {
			item := &j.items[i]
			c, ok := back[[2]string{item.Query.Text, item.Product.ID}]
			if !ok {
				continue
			}
			item.Grade, item.Note, item.state = nil, "", waiting
			if c.After != nil {
				g := c.After.Grade
				item.Grade, item.Note = &g, c.After.Note
			}
			if c.Before == nil && c.After != nil { // a clearing
				item.state = graded
			}
			if at < 0 || i == j.at {
				at = i
			}
		}
		if at >= 0 {
			j.at, j.note = at, ""
		} else if len(undone) == 1 {
			j.s.tell(notice{text: locale.T("Took back a grade for “%s”.", undone[0].About().Query)})
		}
		j.show()
		j.count()
	})
}

// noted keeps a note: with the grade that is there, or with the next one.
func (j *judge) noted(text string) {
	j.quiet()
	item := j.item()
	if item == nil {
		return
	}
	j.note = text
	if item.Grade == nil {
		return
	}
	item.Note, j.note = text, ""
	g, query, product := *item.Grade, item.Query.Text, item.Product.ID
	j.s.store(func() error { return j.bench.GradeNoted(context.Background(), query, product, g, text) }, func(error) {})
	j.show()
}
