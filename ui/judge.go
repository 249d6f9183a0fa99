package ui

import (
	"slices"
	"strings"
	"sync/atomic"
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

// chooserWidth is where the longest name of a queue fits.
const chooserWidth = 210

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
	coming  bool            // the pairs after those that are here are on their way
	visited bool            // the screen was shown once
	halted  bool            // someone stopped looking for what to judge
	begun   time.Time       // when looking for it began
	sought  engine.Progress // how far that has come
	opening bool            // the queue of now may give way to what is shared out to the judge
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
		j.opening = !j.visited
		j.visited = true
		j.load()
	}
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
		shown = j.looking()
	case j.halted:
		shown = empty(locale.T("Stopped looking"), locale.T("Choose another queue above, or look again."), j.again(locale.T("Look again")))
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

// looking stands where the first product is about to be; what takes its time
// says how far it has come, and can be stopped.
func (j *judge) looking() fyne.CanvasObject {
	title, text := locale.T("Looking for what to judge"), locale.T("The first product is here in a moment.")
	if time.Since(j.begun) < longWait {
		return empty(title, text)
	}
	if j.sought.Total > 0 {
		text = locale.Say(j.sought.Stage) + locale.T(" · %d of %d", j.sought.Done, j.sought.Total)
	}
	stop := widgets.NewButton(locale.T("Cancel"), widgets.Bordered, func() {
		j.loads.stop()
		j.loading, j.halted = false, true
		j.show()
	})
	return empty(title, text, container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, 0, 0), container.NewHBox(stop)))
}

// longWait is when looking for what to judge says how far it has come, and
// redrawn how often it says so anew.
const (
	longWait = 500 * time.Millisecond
	redrawn  = 100 * time.Millisecond
)

// seeking shows how far a search for what to judge has come.
func (j *judge) seeking(began time.Time) engine.OnProgress {
	var last atomic.Int64 // of redrawing, since began
	return func(p engine.Progress) {
		now := time.Since(began)
		if before := last.Load(); now < longWait || now-time.Duration(before) < redrawn || !last.CompareAndSwap(before, int64(now)) {
			return
		}
		j.tasks.post(func() {
			if j.loading && j.begun.Equal(began) {
				j.sought = p
				j.show()
			}
		})
	}
}

func (j *judge) again(label string) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, 0, 0), container.NewHBox(widgets.NewButton(label, widgets.Primary, j.more)))
}
