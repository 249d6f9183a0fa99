package ui

import (
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
)

// querySet enters the Queries screen.
func (sc *screen) querySet() *queries {
	sc.t.Helper()
	sc.shell.goTo(placeQueries)
	sc.settle()
	return sc.shell.queries
}

func listed(q *queries) string {
	var texts []string
	for _, r := range q.shown {
		texts = append(texts, r.Text)
	}
	return strings.Join(texts, ", ")
}

func TestQueriesAreSortedAndFiltered(t *testing.T) {
	sc := newScreen(t)
	q := sc.querySet()
	if got := listed(q); got != "headphones, usb c hub, 降噪耳机, Headphones, gaming headset" {
		t.Errorf("the set is %s", got)
	}
	for _, r := range q.rows {
		if !r.Ranked {
			t.Errorf("%s was not ranked", r.Text)
		}
	}
	q.sortBy(workbench.ByValue)
	if got := listed(q); got != "gaming headset, Headphones, usb c hub, headphones, 降噪耳机" {
		t.Errorf("worst first: %s", got)
	}
	q.sortBy(workbench.ByValue)
	if got := listed(q); got != "headphones, usb c hub, Headphones, gaming headset, 降噪耳机" {
		t.Errorf("the other way round: %s", got)
	}
	q.field.SetText("autumn")
	if got := listed(q); got != "gaming headset" {
		t.Errorf("autumn finds %s", got)
	}
	q.field.SetText("")
	q.filters[0].Tapped(nil)
	if got := listed(q); got != "降噪耳机" {
		t.Errorf("without grades: %s", got)
	}
	q.filters[0].Tapped(nil)
	q.filters[1].Tapped(nil)
	if got := listed(q); got != "headphones, Headphones" {
		t.Errorf("almost the same: %s", got)
	}
}

func TestQueryIsDescribedMergedAndRemoved(t *testing.T) {
	sc := newScreen(t)
	q := sc.querySet()
	q.list.Select(0)
	if q.pane.need.Text != "to listen, not parts" || q.pane.weight.Text != "812" || q.pane.dirty() {
		t.Fatalf("the pane has %q, %q", q.pane.need.Text, q.pane.weight.Text)
	}
	q.pane.tags.SetText("head, gifts")
	q.pane.weight.SetText("many")
	q.pane.store()
	sc.settle()
	if !strings.Contains(sc.told(), "is none") || len(sc.b.set[0].Tags) != 1 {
		t.Errorf("told %q, stored %v", sc.told(), sc.b.set[0])
	}
	q.pane.weight.SetText("900")
	q.pane.store()
	sc.settle()
	if got := sc.b.set[0]; got.Weight != 900 || len(got.Tags) != 2 || q.selected != "headphones" {
		t.Errorf("stored %+v; selected %q", got, q.selected)
	}
	title, text := sc.overWindow(q.merge)
	if title != "Queries that are almost the same" || !strings.Contains(text, "Make them one") {
		t.Errorf("%q asks\n%s", title, text)
	}
	q.makeOne("headphones", []string{"headphones", "Headphones"})
	sc.settle()
	if got := listed(q); got != "headphones, usb c hub, 降噪耳机, gaming headset" || !strings.Contains(sc.told(), "3 came, 0 were there, 1 differ") {
		t.Errorf("after making one of two: %s; told %q", got, sc.told())
	}
	press(t, sc.shell.notices.told, "Undo")
	sc.settle()
	if got := listed(q); got != "headphones, usb c hub, 降噪耳机, Headphones, gaming headset" || q.pane.merge.Hidden {
		t.Errorf("after taking it back: %s", got)
	}
	q.makeOne("headphones", []string{"headphones", "Headphones"})
	sc.settle()
	if !q.pane.merge.Hidden || !q.pane.twins.Hidden {
		t.Error("the pane still offers to make one of two")
	}
	q.remove()
	sc.settle()
	if got := listed(q); strings.Contains(got, "headphones") || q.row() != nil || !q.pane.form.Hidden {
		t.Errorf("after removing: %s, selected %q", got, q.selected)
	}
	press(t, sc.shell.notices.told, "Undo")
	sc.settle()
	if got := listed(q); got != "headphones, usb c hub, 降噪耳机, gaming headset" {
		t.Errorf("taken back: %s", got)
	}
}

func TestQueriesAreChosenFromALog(t *testing.T) {
	sc := newScreen(t)
	q := sc.querySet()
	title, text := sc.overWindow(func() { q.sample("/shop/log.csv") })
	if title != "Choose queries from a log" || !strings.Contains(text, "How many queries") {
		t.Errorf("%q asks\n%s", title, text)
	}
	want := workbench.SampleRequest{File: "/shop/log.csv", N: 7, How: "most", Seed: 1}
	q.fromLog(want)
	sc.settle()
	if sc.b.sampled != want || !strings.Contains(listed(q), "sampled") || !strings.Contains(sc.told(), "1 query was added, 2 were there") {
		t.Errorf("asked for %+v, have %s; told %q", sc.b.sampled, listed(q), sc.told())
	}
	press(t, sc.shell.notices.told, "Undo")
	sc.settle()
	if strings.Contains(listed(q), "sampled") {
		t.Errorf("taken back: %s", listed(q))
	}
}

func TestQueryOpensInSearchAndJudge(t *testing.T) {
	sc := newScreen(t)
	q := sc.querySet()
	q.list.Select(1)
	q.openSelected()
	sc.settle()
	if sc.shell.place.kind.id != placeSearch || sc.shell.search.query != "usb c hub" {
		t.Errorf("at %s with %q", sc.shell.place.kind.id, sc.shell.search.query)
	}
	sc.shell.person.keep("ann")
	sc.shell.goTo(placeQueries)
	sc.settle()
	q.judgeSelected()
	sc.settle()
	j := sc.shell.judge
	if sc.shell.place.kind.id != placeJudge || judgeQueues[j.queue].queue != workbench.PageQueue || j.item() == nil || j.item().Query.Text != "usb c hub" {
		t.Errorf("at %s, queue %s, item %+v", sc.shell.place.kind.id, judgeQueues[j.queue].name, j.item())
	}
}

// TestQueriesByKeys walks the list: an arrow chooses, and letters mean what they
// mean without the list.
func TestQueriesByKeys(t *testing.T) {
	sc := newScreen(t)
	q := sc.querySet()
	q.field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if q.selected != "headphones" || sc.canvas.Focused() != q.list {
		t.Fatalf("down from the field: %q, focus on %T", q.selected, sc.canvas.Focused())
	}
	sc.canvas.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	if q.selected != "usb c hub" || q.pane.title.Text() != "usb c hub" {
		t.Errorf("down: %q, the pane has %q", q.selected, q.pane.title.Text())
	}
	sc.canvas.Focused().TypedRune('/')
	if sc.canvas.Focused() != q.field {
		t.Errorf("/ in the list: focus on %T", sc.canvas.Focused())
	}
	q.field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	sc.canvas.Focused().TypedRune('o')
	sc.settle()
	if sc.shell.place.kind.id != placeSearch || sc.shell.search.query != "usb c hub" {
		t.Errorf("o in the list: at %s with %q", sc.shell.place.kind.id, sc.shell.search.query)
	}
}

// TestSelectionIsGradedAtOnce marks products in the list of Judge and grades,
// and clears them, with keys.
func TestSelectionIsGradedAtOnce(t *testing.T) {
	sc := judging(t, newFakeBench())
	j := sc.shell.judge
	j.page("headphones")
	sc.settle()
	sc.shell.rune('v')
	if !j.list.on || len(j.list.at) < 3 {
		t.Fatalf("the list has %d products", len(j.list.at))
	}
	order := append([]int(nil), j.list.at...)
	sc.shell.rune('x')
	sc.shell.rune('x')
	if len(j.list.marked) != 2 {
		t.Fatalf("%d are marked", len(j.list.marked))
	}
	sc.shell.rune('2')
	sc.settle()
	first, second := j.items[order[0]], j.items[order[1]]
	if sc.b.steps != 1 || first.Grade == nil || *first.Grade != 2 || *second.Grade != 2 || len(j.list.marked) != 0 {
		t.Errorf("%d steps; %v, %v", sc.b.steps, first.Grade, second.Grade)
	}
	if sc.b.grades[[2]string{"headphones", first.Product.ID}] != 2 {
		t.Error("the grade is not stored")
	}
	for i := range order {
		if j.list.at[i] != order[i] {
			t.Fatal("the list moved while it was graded")
		}
	}
	j.at = order[0]
	sc.shell.rune('x')
	sc.shell.key(fyne.KeyDelete)
	sc.settle()
	if j.items[order[0]].Grade != nil || *j.items[order[1]].Grade != 2 {
		t.Errorf("cleared %v, left %v", j.items[order[0]].Grade, j.items[order[1]].Grade)
	}
	sc.shell.rune('v')
	if j.list.on {
		t.Error("the list stays")
	}
}

func TestQueriesPictures(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures take seconds under the race detector")
	}
	for _, c := range []struct {
		name     string
		mode     theme.Mode
		size     image.Point
		language locale.Language
		place    string
	}{
		{"queries-light", theme.Light, PictureSize, locale.English, placeQueries},
		{"queries-dark-zh", theme.Dark, image.Pt(1000, 640), locale.Chinese, placeQueries},
		{"judge-list", theme.Light, image.Pt(1000, 640), locale.English, placeJudge},
	} {
		if err := locale.Set(c.language); err != nil {
			t.Fatal(err)
		}
		o := newOffscreen(newFakeBench(), c.size, c.mode)
		sc := &screen{offscreen: o, t: t, s: o.shell.search}
		o.shell.person.keep("ann")
		o.shell.goTo(c.place)
		sc.settle()
		if c.place == placeQueries {
			o.shell.queries.list.Select(0)
		} else {
			sc.keys("vxx")
		}
		img := o.canvas.Capture()
		o.close()
		if n := colours(img); n < 50 {
			t.Errorf("%s shows %d colours", c.name, n)
		}
		keepPicture(t, c.name, img)
	}
	if err := locale.Set(locale.English); err != nil {
		t.Fatal(err)
	}
}

// TestNextBatchComesAhead: at the end of a batch the next one is there.
func TestNextBatchComesAhead(t *testing.T) {
	sc := judging(t, newFakeBench())
	j := sc.shell.judge
	for i := len(j.items); i < batchWanted; i++ {
		item := j.items[0]
		item.Product.ID = "Q" + strings.Repeat("x", i)
		j.items = append(j.items, item)
	}
	asked := len(sc.b.queues)
	j.items[1].Product.ID = "Qa" // P002 is not among them any more, and comes again
	for j.left() > aheadOfEnd {
		j.skip()
	}
	sc.settle()
	if len(sc.b.queues) != asked+1 || len(j.items) != batchWanted+1 || j.items[batchWanted].Product.ID != "P002" {
		t.Errorf("asked %d times; %d items", len(sc.b.queues)-asked, len(j.items))
	}
}

// TestQueriesSayWhatIsGone of the products that were graded, in all and of the
// query that is selected, and nothing while all are there.
func TestQueriesSayWhatIsGone(t *testing.T) {
	sc := newScreen(t)
	q := sc.querySet()
	if q.gone.Visible() {
		t.Errorf("with all products there it says %q", q.gone.Text())
	}
	first := q.rows[0].Text
	sc.b.mu.Lock()
	sc.b.gone = map[string]int{first: 3}
	sc.b.mu.Unlock()
	q.load()
	sc.settle()
	q.choose(first)
	if text := q.gone.Text(); !q.gone.Visible() || q.gone.Size().Height < 5 || !strings.HasPrefix(text, "3 graded products are not in the catalogue") {
		t.Errorf("above the list, visible %v at %v: %q", q.gone.Visible(), q.gone.Size(), text)
	}
	if text := q.pane.gone.Text(); !q.pane.gone.Visible() || !strings.HasPrefix(text, "3 graded products are not in the catalogue") {
		t.Errorf("beside the query, visible %v: %q", q.pane.gone.Visible(), text)
	}
}
