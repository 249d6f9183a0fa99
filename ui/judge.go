package ui

import (
	"cmp"
	"context"
	"image/color"
	"slices"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const (
	batchWanted  = 60 // pairs that are asked for at once
	poolSeed     = 1
	chooserWidth = 210 // its longest name fits
)

// judgeQueues are the queues in the order of the chooser, with what to say where
// one is empty.
var judgeQueues = []struct {
	queue       workbench.Queue
	name, empty string
}{
	{workbench.NextBest, locale.Mark("Most useful next"), locale.Mark("Everything on the first pages is graded.")},
	{workbench.PageQueue, locale.Mark("The page in Search"), locale.Mark("Every product on that page is graded, or no query is open in Search.")},
	{workbench.PoolQueue, locale.Mark("Several rankers, shuffled"), locale.Mark("Everything that any ranker puts first is graded.")},
	{workbench.NeverJudged, locale.Mark("Queries never judged"), locale.Mark("Every query of the set has grades.")},
	{workbench.Disagreements, locale.Mark("Judges disagree"), locale.Mark("No two judges gave the same pair different grades.")},
	{workbench.SuspectGrades, locale.Mark("Grades that look wrong"), locale.Mark("You have not graded anything yet.")},
	{workbench.AssignedPairs, locale.Mark("Shared out to you"), locale.Mark("Nothing is shared out to you, or you have graded all of it.")},
	{workbench.BeyondPage, locale.Mark("Below the first page"), locale.Mark("The search brings nothing more up.")},
	{workbench.OldGrades, locale.Mark("Changed, or long ago"), locale.Mark("No product that you graded has changed since, and no grade is old.")},
	{workbench.SecondLook, locale.Mark("A second look"), locale.Mark("You have looked at everything twice.")},
}

// person is who sits at the machine: a name that is asked for once.
type person struct {
	name func() string
	keep func(string)
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

// judge is the Judge screen: one product at a time, one key a grade.
type judge struct {
	s      *search // writes grades, and shows them where it lists the product
	bench  Bench
	tasks  *tasks
	person person
	quiet  func() // takes the focus off whatever has it
	toPage func() // goes to the Search screen
	remade func() // makes the places anew

	queue   int // of judgeQueues
	items   []judged
	at      int // the item on screen; len(items) when none is left
	loading bool
	failed  bool
	coming  bool // the pairs after those that are here are on their way
	visited bool // the screen was shown once
	day     workbench.Judging
	note    string // typed for the item on screen, and not yet kept with a grade

	scale    engine.Scale
	wanted   string // the query whose page is judged, "" for the one in Search
	settling bool   // the next grade settles what judges disagree about
	list     *judgeList

	loads, days latest

	content *fyne.Container
	title   *widgets.Text
	need    *widgets.Paragraph
	where   *widgets.Text
	chooser *queueChooser
	card    *judgeCard
	middle  *fyne.Container // the card, or what stands in its place
	buttons []*widgets.GradeButton
	below   *fyne.Container // what is only there with an item
	side    *judgeSide

	asking    fyne.CanvasObject // stands in place of the card until the judge has a name
	nameField *widget.Entry
}

func newJudge(s *search, person person, quiet, toPage func()) *judge {
	j := &judge{s: s, bench: s.bench, tasks: s.tasks, person: person, quiet: quiet, toPage: toPage, scale: s.bench.Scale()}
	j.list = newJudgeList(j)
	j.title = widgets.NewText("", widgets.Style{Size: theme.SizeTitle, Bold: true, Cut: true})
	j.need = widgets.NewParagraph("", readable, widgets.Style{Colour: theme.ColorMuted})
	j.where = widgets.NewText("", widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true})
	names := make([]string, len(judgeQueues))
	for i, q := range judgeQueues {
		names[i] = locale.T(q.name)
	}
	j.chooser = newQueueChooser(names, quiet)
	j.chooser.SetSelectedIndex(0)
	j.chooser.OnChanged = func(string) { j.choose(j.chooser.SelectedIndex()) }
	j.card = newJudgeCard()
	j.card.pictures = s.pictures
	j.middle = container.NewStack(j.card.content)
	grades := container.NewGridWithColumns(len(j.scale))
	colours := gradeColours(j.scale)
	for g, label := range j.scale {
		b := widgets.NewGradeButton(g, strings.ToUpper(j.scale.Key(g)), colours[g], locale.Say(label.Name), locale.Say(label.Help), func() { j.grade(engine.Grade(g)) })
		j.buttons = append(j.buttons, b)
		grades.Add(b)
	}
	hints := container.New(widgets.Flow{Gap: theme.Gap4}, // those that find room
		widgets.NewKeyHint(locale.Name("Z"), locale.T("undo"), j.undo), widgets.NewKeyHint(locale.Name("S"), locale.T("skip"), j.skip), widgets.NewKeyHint(locale.Name("?"), locale.T("can’t tell"), j.cannotTell),
		widgets.NewKeyHint(locale.Name("N"), locale.T("note"), j.toNote), widgets.NewKeyHint(locale.Name("L"), locale.T("later"), j.later), widgets.NewKeyHint(locale.Name("E"), locale.T("explain"), j.explain),
		widgets.NewKeyHint(locale.Name("V"), locale.T("list"), j.list.toggle),
		widgets.NewKeyHint(locale.Name("←"), locale.T("back"), func() { j.move(-1) }))
	j.below = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4), grades, hints)
	j.side = newJudgeSide(j)
	j.newAsking()
	chooser := container.NewGridWrap(fyne.NewSize(chooserWidth, j.chooser.MinSize().Height), j.chooser)
	head := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap),
		container.NewBorder(nil, nil, nil, chooser, container.New(widgets.Columns{0}, j.title)), container.New(needLayout{}, j.need), j.where)
	j.content = container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap4, theme.Gap5, theme.Gap5),
		container.New(layout.NewBorderLayout(head, j.below, nil, nil), head, j.below,
			container.New(layout.NewCustomPaddedLayout(theme.Gap3, theme.Gap4, 0, 0), j.middle)))
	j.show()
	return j
}

// enter is called when the screen comes up.
func (j *judge) enter() {
	j.quiet()
	if j.person.name() == "" {
		j.show()
		j.s.focus(j.nameField)
		return
	}
	if !slices.Equal(j.scale, j.bench.Scale()) {
		j.s.tell(notice{text: locale.T("The scale has changed: open the workspace again to judge by it.")})
	}
	if !j.visited || len(j.items) == 0 || judgeQueues[j.queue].queue == workbench.PageQueue {
		j.visited = true
		j.load()
	}
}

// named takes the judge's name and begins.
func (j *judge) named(name string) {
	j.tasks.inOrder(func() func() {
		err := j.bench.SetJudge(name)
		return func() {
			if err != nil {
				j.s.tell(failure(locale.T("The name was not kept"), err))
				return
			}
			j.person.keep(name)
			j.s.status = j.bench.Status()
			j.s.onStatus()
			j.enter()
		}
	})
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
	j.loading, j.failed = true, false
	j.show()
	j.tasks.newest(&j.loads, 0, func(ctx context.Context) func() {
		items, err := j.bench.Queue(ctx, req, nil)
		var day workbench.Judging
		if err == nil {
			day, err = j.bench.Judging(time.Now())
		}
		return func() {
			j.loading = false
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
	if before.state != graded {
		j.day.Today++
	}
	again := judgeQueues[j.queue].queue == workbench.SecondLook
	if !again {
		j.s.setGrade(query, product, &g)
	}
	j.s.store(func() error {
		if again {
			return j.bench.GradeAgain(query, product, g, note)
		}
		return j.bench.GradeNoted(context.Background(), query, product, g, note)
	}, func(err error) {
		if err == nil {
			j.count()
			return
		}
		j.s.setGrade(query, product, before.Grade)
		if at < len(j.items) && j.items[at].Query.Text == query && j.items[at].Product.ID == product {
			j.items[at] = before
			j.at = at
		}
		j.day.Today--
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
	j.s.store(func() error { return j.bench.Settle(query, product, g, said) }, func(err error) {
		if err == nil {
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

// aheadOfEnd is how many pairs wait when the next ones are asked for.
const aheadOfEnd = 30

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

// undo takes back the judge's newest grade and shows its product again.
func (j *judge) undo() {
	j.s.takeBack(func(undone []engine.Change) {
		c := undone[0]
		of := c.About()
		j.day.Today = max(j.day.Today-1, 0)
		for i := range j.items {
			item := &j.items[i]
			if item.Query.Text != of.Query || item.Product.ID != of.Product {
				continue
			}
			item.Grade, item.Note, item.state = nil, "", waiting
			if c.After != nil {
				g := c.After.Grade
				item.Grade, item.Note = &g, c.After.Note
			}
			j.at, j.note = i, ""
			j.show()
			return
		}
		j.s.tell(notice{text: locale.T("Took back a grade for “%s”.", of.Query)})
		j.show()
	})
}

// toNote goes to the field of the note.
func (j *judge) toNote() {
	if j.item() != nil {
		j.side.note.CursorColumn = len([]rune(j.side.note.Text))
		j.s.focus(j.side.note)
	}
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

// explain shows where the product stands for its query, and why.
func (j *judge) explain() {
	if item := j.item(); item != nil {
		j.toPage()
		j.s.openAt(item.Query.Text, item.Product.ID)
	}
}

// key does what a key means on this screen.
func (j *judge) key(name fyne.KeyName) {
	switch name {
	case fyne.KeyLeft, fyne.KeyUp:
		j.move(-1)
	case fyne.KeyRight, fyne.KeyDown:
		j.move(1)
	case fyne.KeyDelete, fyne.KeyBackspace:
		if j.list.on {
			j.list.grade(nil)
		}
	}
}

// rune grades with a figure; false for any other letter.
func (j *judge) rune(r rune) bool {
	for g := range j.scale {
		if strings.EqualFold(string(r), j.scale.Key(g)) {
			j.grade(engine.Grade(g))
			return true
		}
	}
	if !j.list.on {
		return false
	}
	switch r {
	case 'x', 'X', ' ':
		j.list.markHere()
	case 'a', 'A':
		j.list.markAll()
	default:
		return false
	}
	return true
}

// show draws everything from the state.
func (j *judge) show() {
	item := j.item()
	j.below.Hidden = item == nil
	var shown fyne.CanvasObject = j.card.content
	switch {
	case j.person.name() == "":
		shown = j.asking
	case item != nil && j.list.on:
		j.list.show()
		shown = j.list.content
	case item != nil:
		j.card.set(&item.QueueItem, j.bench.Matches)
	case j.loading:
		shown = empty(locale.T("Looking for what to judge"), locale.T("The first product is here in a moment."))
	case j.failed:
		shown = empty(locale.T("Nothing to judge"), locale.T("What is missing stands below. Put it right, then look again."), j.again(locale.T("Look again")))
	case len(j.items) > 0:
		shown = empty(locale.T("This queue is done"), locale.T("Every grade is on disk. Go on with the next products, or choose another queue above."), j.again(locale.T("Go on")))
	default:
		shown = empty(locale.T("Nothing waits here"), locale.T(judgeQueues[j.queue].empty)+locale.T(" Choose another queue above."), j.again(locale.T("Look again")))
	}
	if len(j.middle.Objects) != 1 || j.middle.Objects[0] != shown {
		j.middle.Objects = []fyne.CanvasObject{shown}
	}
	j.showHead(item)
	for g, b := range j.buttons {
		b.SetLit(item != nil && item.Grade != nil && int(*item.Grade) == g)
	}
	j.side.show()
	j.content.Refresh()
}

func (j *judge) showHead(item *judged) {
	if item == nil {
		j.title.SetText(locale.T("Judge"))
		j.need.SetText(locale.T("How well does a product answer what was asked?"))
		j.where.SetText("")
		return
	}
	j.title.SetText(item.Query.Text)
	need := item.Query.Need
	if need == "" {
		need = locale.T("Nobody has written down what is meant by this query.")
	}
	j.need.SetText(need)
	where := locale.T("%d of %d", j.at+1, len(j.items))
	switch judgeQueues[j.queue].queue {
	case workbench.PoolQueue:
		where += locale.T(" · blind, order shuffled")
	case workbench.AssignedPairs, workbench.SecondLook:
		where += " · " + locale.T("blind, order shuffled")
	case workbench.NextBest:
		where += locale.T(" · blind")
	}
	switch item.state {
	case graded:
		where += locale.T(" · graded")
	case skipped:
		where += locale.T(" · skipped")
	case unsure:
		where += locale.T(" · can’t tell")
	}
	if j.day.PerHour > 0 {
		where += locale.T(" · %.0f s a grade", time.Hour.Seconds()/j.day.PerHour)
	}
	if j.list.on {
		where += " · " + j.list.marks()
	}
	if j.settling {
		where += " · " + locale.T("the next grade settles it")
	}
	if item.Note != "" || j.note != "" {
		where += locale.T(" · noted")
	}
	j.where.SetText(where)
}

func (j *judge) again(label string) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, 0, 0), container.NewHBox(widgets.NewButton(label, widgets.Primary, j.more)))
}

// newAsking asks who judges, once on a machine.
func (j *judge) newAsking() {
	j.nameField = widget.NewEntry()
	j.nameField.PlaceHolder = locale.T("Your name")
	take := func() {
		if name := strings.TrimSpace(j.nameField.Text); name != "" {
			j.named(name)
		}
	}
	j.nameField.OnSubmitted = func(string) { take() }
	row := container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, 0, 0),
		container.NewBorder(nil, nil, nil, widgets.NewButton(locale.T("Begin"), widgets.Primary, take), j.nameField))
	j.asking = empty(locale.T("Who judges?"), locale.T("Each judge’s grades are kept apart, under a name. It is asked once; grades that are already there keep theirs."), row)
}

// needLayout breaks the information need for the space there is and keeps room
// for two lines of it, so that nothing moves from query to query.
type needLayout struct{}

// Layout implements fyne.Layout.
func (needLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].(*widgets.Paragraph).SetWidth(size.Width)
	o[0].Resize(size)
}

// MinSize implements fyne.Layout.
func (needLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	line := fyne.MeasureText("M", fynetheme.Size(fynetheme.SizeNameText), fyne.TextStyle{}).Height
	return fyne.NewSize(0, 2*(line+theme.Gap/2))
}

// queueChooser chooses a queue. Letters grade even while it has the focus.
type queueChooser struct {
	widget.Select
	quiet func()
}

func newQueueChooser(names []string, quiet func()) *queueChooser {
	c := &queueChooser{quiet: quiet}
	c.Options = names
	c.ExtendBaseWidget(c)
	return c
}

// TypedRune implements fyne.Focusable.
func (c *queueChooser) TypedRune(r rune) { widgets.PassRune(c, r) }

// TypedKey implements fyne.Focusable.
func (c *queueChooser) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape {
		c.quiet()
		return
	}
	c.Select.TypedKey(e)
}

// gradeColours are the colours of a scale's grades, nil where the theme's serve.
func gradeColours(scale engine.Scale) []color.Color {
	fills := make([]color.Color, len(scale))
	for g, label := range scale {
		switch rgb, err := strconv.ParseUint(strings.TrimPrefix(label.Colour, "#"), 16, 24); {
		case label.Colour != "" && err == nil:
			fills[g] = color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 0xff}
		case len(scale) != len(engine.DefaultScale()):
			fills[g] = theme.Step(g, len(scale))
		}
	}
	return fills
}
