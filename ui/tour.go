package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// tourGrades is how many grades the tour asks for.
const tourGrades = 3

// tourStep is a thing to do once. It is over when the person has done it, in
// whichever way.
type tourStep struct {
	title, text string
	show        string // the label of a button that does it; "" where only the person can
	do          func(*shell)
	done        func(*shell, *tour) bool
}

// tourSteps go round the whole loop on the real thing.
var tourSteps = []tourStep{
	{
		title: locale.Mark("Search"),
		text:  locale.Mark("Type what a shopper would type, such as the query on the button, and press Enter."),
		show:  locale.Mark("Search for “%s”"),
		do:    func(sh *shell) { sh.search.open(tourQuery(sh)) },
		done:  func(sh *shell, _ *tour) bool { return sh.search.page != nil && len(sh.search.page.Results) > 0 },
	},
	{
		title: locale.Mark("See why"),
		text:  locale.Mark("Press E: at the right stands what makes up the score of the result that is selected. The parts add up to the score."),
		show:  locale.Mark("Show why"),
		do:    func(sh *shell) { sh.search.inspector.choose(true) },
		done:  func(sh *shell, _ *tour) bool { return !sh.search.inspector.whyPane.Hidden },
	},
	{
		title: locale.Mark("Grade three results"),
		text:  locale.Mark("Press 0 for wrong up to 3 for exactly what was asked. Each key grades the selected result and goes on to the next; Z takes it back."),
		done:  func(sh *shell, t *tour) bool { return sh.search.graded >= t.graded+tourGrades },
	},
	{
		title: locale.Mark("Learn"),
		text:  locale.Mark("The weights at the right are learned from all grades, and kept only if queries that were left out of the learning do not get worse."),
		show:  locale.Mark("Learn from the grades"),
		do:    func(sh *shell) { sh.search.inspector.choose(false); sh.search.learn() },
		done:  func(sh *shell, _ *tour) bool { return sh.search.learning == nil && sh.search.outcome != nil },
	},
	{
		title: locale.Mark("See what changed"),
		text:  locale.Mark("At the right stands what came of it, in one sentence; arrows beside the results say what moved. That is the whole loop: now with your own products."),
		show:  locale.Mark("Open your catalogue…"),
		do:    func(sh *shell) { sh.act("file.import") },
		done:  func(*shell, *tour) bool { return false },
	},
}

// tourQuery is a query that the sample answers, in its own language.
func tourQuery(sh *shell) string {
	if sh.search.status.Catalogue.Language == string(locale.Chinese) {
		return locale.Name("耳机")
	}
	return "headphones"
}

// tour leads once through search, reasons, grades and learning.
type tour struct {
	step   int
	graded int // grades given before the third step
	card   fyne.CanvasObject
}

// startTour shows the first step below the page.
func (sh *shell) startTour() {
	sh.endTour()
	sh.goTo(placeSearch)
	sh.tour = &tour{}
	sh.showTour()
}

func (sh *shell) endTour() {
	if sh.tour != nil {
		sh.notices.remove(sh.notices.work, sh.tour.card)
		sh.tour = nil
	}
}

// checkTour goes on where a step has been done. It is called whenever something
// has changed.
func (sh *shell) checkTour() {
	t := sh.tour
	if t == nil || sh.search == nil || !tourSteps[t.step].done(sh, t) {
		return
	}
	t.step++
	t.graded = sh.search.graded
	sh.showTour()
}

func (sh *shell) showTour() {
	t := sh.tour
	if t.card != nil {
		sh.notices.remove(sh.notices.work, t.card)
	}
	step := &tourSteps[t.step]
	caption := widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}
	buttons := container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap2))
	if step.show != "" {
		label := locale.T(step.show)
		if t.step == 0 {
			label = locale.T(step.show, tourQuery(sh))
		}
		buttons.Add(widgets.NewButton(label, widgets.Bordered, func() {
			step.do(sh)
			if t.step == len(tourSteps)-1 {
				sh.endTour()
				return
			}
			sh.checkTour()
		}))
	}
	buttons.Add(widgets.NewIconButton("close", sh.endTour))
	text := widgets.NewParagraph(locale.T(step.text), 0, widgets.Style{Colour: theme.ColorMuted})
	head := container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap2),
		widgets.NewText(locale.T(step.title), widgets.Style{Bold: true}),
		container.NewCenter(widgets.NewText(locale.T("step %d of %d", t.step+1, len(tourSteps)), caption)))
	t.card = card(theme.ColorRow, container.NewBorder(nil, nil, nil, container.NewCenter(buttons),
		container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap), head, container.New(widgets.Columns{0}, text))))
	sh.notices.texts[t.card] = noticeText{text, "", buttons.MinSize().Width}
	sh.notices.add(sh.notices.work, t.card)
}
