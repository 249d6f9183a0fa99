package ui

import (
	"cmp"
	"context"
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
)

const (
	batchWanted = 60 // pairs that are asked for at once
	aheadOfEnd  = 30 // pairs that wait when the next ones are asked for
	poolSeed    = 1
)

// judgeQueue is one of the queues to choose from.
type judgeQueue struct {
	queue       workbench.Queue
	name, empty string
}

// judgeQueues are the queues in the order of the chooser, with what to say where
// one is empty.
var judgeQueues = []judgeQueue{
	{workbench.NextBest, locale.Mark("Most useful next"), locale.Mark("Everything on the first pages is graded.")},
	{workbench.PageQueue, locale.Mark("The page in Search"), locale.Mark("Every product on that page is graded, or no query is open in Search.")},
	{workbench.PoolQueue, locale.Mark("Several rankers, shuffled"), locale.Mark("Everything that any ranker puts first is graded.")},
	{workbench.NeverJudged, locale.Mark("Queries never judged"), locale.Mark("Every query of the set has grades.")},
	{workbench.Disagreements, locale.Mark("Judges disagree"), locale.Mark("No two judges gave the same pair different grades.")},
	{workbench.SuspectGrades, locale.Mark("Grades that look wrong"), locale.Mark("None of your grades looks wrong, or you have confirmed those that do.")},
	{workbench.AssignedPairs, locale.Mark("Shared out to you"), locale.Mark("Nothing is shared out to you, or you have graded all of it.")},
	{workbench.BeyondPage, locale.Mark("Below the first page"), locale.Mark("The search brings nothing more up.")},
	{workbench.OldGrades, locale.Mark("Changed, or long ago"), locale.Mark("No product that you graded has changed since, and no grade is old.")},
	{workbench.SecondLook, locale.Mark("A second look"), locale.Mark("You have looked at everything twice.")},
}

// state is what became of an item of the queue.
type state int

const (
	waiting state = iota
	graded
	skipped
	unsure // looked at, and not to be told
)

// judged is one item of the queue.
type judged struct {
	workbench.QueueItem
	state state
}

// choose goes to another queue.
func (j *judge) choose(queue int) {
	j.quiet()
	if queue != j.queue {
		j.queue, j.items, j.at = queue, nil, 0
		j.load()
	}
}

// given shows pairs that another place asks about, in place of a queue.
func (j *judge) given(items []workbench.QueueItem) {
	j.loads.stop()
	j.visited, j.loading, j.failed, j.coming = true, false, false, false
	j.queue, j.items, j.at = 0, nil, 0
	for _, item := range items {
		j.items = append(j.items, judged{QueueItem: item})
	}
	j.show()
}

// page goes to the page of a query.
func (j *judge) page(query string) {
	j.wanted = query
	for i, q := range judgeQueues {
		if q.queue == workbench.PageQueue {
			j.queue, j.items, j.at = i, nil, 0
			j.chooser.SetSelectedIndex(i)
		}
	}
	j.load()
}

// load asks for the next pairs of the queue. Those on screen stay until then.
func (j *judge) load() {
	j.coming = false
	req := workbench.QueueRequest{Queue: judgeQueues[j.queue].queue, Limit: batchWanted, Seed: poolSeed}
	if req.Queue == workbench.PageQueue {
		if req.Query = cmp.Or(j.wanted, j.s.query); req.Query == "" {
			j.items, j.at, j.loading = nil, 0, false
			j.loads.stop()
			j.show()
			return
		}
	}
	opening := j.opening && j.queue == 0
	j.opening = false
	j.loading, j.failed, j.halted, j.begun, j.sought = true, false, false, time.Now(), engine.Progress{}
	j.show()
	progress := j.seeking(j.begun)
	j.tasks.newest(&j.loads, 0, func(ctx context.Context) func() {
		day, err := j.bench.Judging(time.Now())
		if err == nil && opening && day.ToDo > 0 {
			req.Queue = workbench.AssignedPairs
		}
		var items []workbench.QueueItem
		if err == nil {
			items, err = j.bench.Queue(ctx, req, progress)
		}
		return func() {
			j.loading = false
			if opening && err == nil && req.Queue == workbench.AssignedPairs {
				j.at, j.items = 0, nil
				j.queue = slices.IndexFunc(judgeQueues, func(q judgeQueue) bool { return q.queue == workbench.AssignedPairs })
				j.chooser.SetSelectedIndex(j.queue)
			}
			if err != nil {
				j.failed = true
				j.s.tell(failure(locale.T("There is nothing to judge yet"), err))
				j.show()
				return
			}
			j.day, j.items, j.at, j.note = day, nil, 0, ""
			for _, item := range items {
				j.items = append(j.items, judged{QueueItem: item})
			}
			j.show()
		}
	})
}

// item is the one on screen, nil for none.
func (j *judge) item() *judged {
	if j.at < len(j.items) {
		return &j.items[j.at]
	}
	return nil
}

// left counts the items that still wait.
func (j *judge) left() int {
	n := 0
	for i := range j.items {
		if j.items[i].state == waiting {
			n++
		}
	}
	return n
}

// toDo counts what the judge has before them: of what is shared out all of it, of
// which the queue holds the next pairs only.
func (j *judge) toDo() int {
	if judgeQueues[j.queue].queue == workbench.AssignedPairs {
		return max(j.day.ToDo, j.left())
	}
	return j.left()
}

// advance goes to the next item that waits; the end of a queue asks for more.
func (j *judge) advance() {
	j.note, j.settling = "", false
	j.ahead()
	for step := 1; step <= len(j.items); step++ {
		if i := (j.at + step) % len(j.items); j.items[i].state == waiting {
			j.at = i
			j.show()
			return
		}
	}
	j.at = len(j.items)
	j.loading = j.coming
	j.show()
	if !j.coming && judgeQueues[j.queue].queue == workbench.NextBest {
		j.more()
	}
}

// ahead asks for the next pairs while the last ones of a full batch are graded,
// so that nobody waits and no key is lost at its end. They come after those that
// are there.
func (j *judge) ahead() {
	queue := judgeQueues[j.queue].queue
	if len(j.items) < batchWanted || j.left() != aheadOfEnd || j.loading || queue == workbench.PageQueue {
		return
	}
	req := workbench.QueueRequest{Queue: queue, Limit: batchWanted, Seed: poolSeed}
	j.coming = true
	j.tasks.newest(&j.loads, 0, func(ctx context.Context) func() {
		items, err := j.bench.Queue(ctx, req, nil)
		return func() {
			atEnd := j.item() == nil
			j.coming = false
			if err != nil {
				if atEnd {
					j.load() // says what is wrong, if it still is
				}
				return
			}
			known := map[[2]string]bool{}
			for i := range j.items {
				known[[2]string{j.items[i].Query.Text, j.items[i].Product.ID}] = true
			}
			for _, item := range items {
				if !known[[2]string{item.Query.Text, item.Product.ID}] {
					j.items = append(j.items, judged{QueueItem: item})
				}
			}
			j.loading = false
			if atEnd && j.item() == nil && queue == workbench.NextBest {
				j.more() // they were among those that had just been graded
				return
			}
			j.show()
		}
	})
}

// more asks for the next pairs as soon as the last grade is on disk.
func (j *judge) more() {
	j.loading = true
	j.show()
	j.tasks.inOrder(func() func() { return j.load })
}

// leave gives the item on screen up for now and goes on.
func (j *judge) leave(as state) {
	if item := j.item(); item != nil {
		if item.state != graded {
			item.state = as
		}
		j.advance()
	}
}

func (j *judge) skip()       { j.leave(skipped) }
func (j *judge) cannotTell() { j.leave(unsure) }

// later puts the item on screen at the end of the queue.
func (j *judge) later() {
	item := j.item()
	if item == nil {
		return
	}
	moved := *item
	j.items = append(append(j.items[:j.at:j.at], j.items[j.at+1:]...), moved)
	j.at--
	j.advance()
}

// move looks at the item that lies steps away, graded or not.
func (j *judge) move(steps int) {
	if len(j.items) == 0 {
		return
	}
	j.at, j.note, j.settling = min(max(j.at+steps, 0), len(j.items)-1), "", false
	j.show()
}
