package ui

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// notice is something to tell below the page, without a dialog in the way.
type notice struct {
	text   string
	bad    bool
	action string // the label of a button, "" for none
	do     func()
	stays  bool   // until it is closed or acted upon: nothing else leads to what the button does
	about  string // a newer notice about the same takes its place, so that no button of an older step remains; "" for none
}

// failure is the notice of an error. Errors say themselves what to do.
func failure(what string, err error) notice {
	if errors.Is(err, context.Canceled) {
		return notice{text: locale.T("%s: cancelled.", what)}
	}
	slog.Warn("failure", "what", what, "error", err)
	return notice{text: locale.T("%s: %s", what, locale.Say(engine.WithAdvice(err).Error())), bad: true}
}

// notices stacks what is at work and what is to be told, newest last.
type notices struct {
	content    *fyne.Container // hidden while there is nothing
	work, told *fyne.Container
	changed    func()                      // the space for notices has changed
	after      func(time.Duration, func()) // does something later; nil for never
	texts      map[fyne.CanvasObject]noticeText
}

// noticeText is the text of a notice and how wide the buttons beside it are.
type noticeText struct {
	*widgets.Paragraph
	about  string
	beside float32
}

const (
	noticesShown = 2                // older ones give way
	noticeStays  = 10 * time.Second // what is no trouble leaves by itself
	undoStays    = 30 * time.Second // and later where it can be acted upon
)

func newNotices(changed func()) *notices {
	n := &notices{
		changed: changed, texts: map[fyne.CanvasObject]noticeText{},
		work: container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2)),
		told: container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2)),
	}
	n.content = container.New(layout.NewCustomPaddedLayout(theme.Gap, theme.Gap2, theme.Gap5, theme.Gap5),
		container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), n.work, n.told))
	n.content.Hide()
	return n
}

// setWidth breaks the texts into lines for the width of the page.
func (n *notices) setWidth(width float32) {
	for _, t := range n.texts {
		t.SetWidth(max(width-2*theme.Gap5-2*theme.Gap4-2*theme.Gap-t.beside, 100))
	}
}

func (n *notices) add(to *fyne.Container, o fyne.CanvasObject) {
	to.Add(o)
	n.content.Show()
	n.changed()
}

func (n *notices) remove(from *fyne.Container, o fyne.CanvasObject) {
	from.Remove(o)
	delete(n.texts, o)
	if len(n.work.Objects)+len(n.told.Objects) == 0 {
		n.content.Hide()
	}
	n.changed()
}

// clear takes away what was told.
func (n *notices) clear() {
	for len(n.told.Objects) > 0 {
		n.remove(n.told, n.told.Objects[0])
	}
}

// tell shows a notice until it is closed or newer ones need its place; what is no
// trouble leaves after a while. One that says the same gives way at once.
func (n *notices) tell(what notice) {
	for o, t := range n.texts {
		if (t.Text() == what.text || what.about != "" && t.about == what.about) && slices.Contains(n.told.Objects, o) {
			n.remove(n.told, o)
		}
	}
	if len(n.told.Objects) >= noticesShown {
		n.remove(n.told, n.told.Objects[0])
	}
	shown := n.put(n.told, what, true)
	if what.bad || what.stays || n.after == nil {
		return
	}
	stays := noticeStays
	if what.action != "" {
		stays = undoStays
	}
	n.after(stays, func() {
		if slices.Contains(n.told.Objects, shown) {
			n.remove(n.told, shown)
		}
	})
}

// banner shows a notice until it is taken away.
func (n *notices) banner(text, action string, do func()) (remove func()) {
	shown := n.put(n.work, notice{text: text, bad: true, action: action, do: do}, false)
	return func() { n.remove(n.work, shown) }
}

func (n *notices) put(to *fyne.Container, what notice, closes bool) (shown fyne.CanvasObject) {
	row := container.NewHBox()
	if what.action != "" {
		row.Add(widgets.NewButton(what.action, widgets.Bordered, func() {
			if closes {
				n.remove(to, shown)
			}
			what.do()
		}))
	}
	if closes {
		row.Add(widgets.NewIconButton("close", func() { n.remove(to, shown) }))
	}
	fill := theme.ColorSurface
	if what.bad {
		fill = theme.ColorAlert
	}
	text := widgets.NewParagraph(what.text, 0, widgets.Style{})
	shown = card(fill, container.NewBorder(nil, nil, nil, container.NewCenter(row), container.New(widgets.Columns{0}, text)))
	n.texts[shown] = noticeText{text, what.about, row.MinSize().Width}
	n.add(to, shown)
	return shown
}

// card is a bordered surface of its own.
func card(fill fyne.ThemeColorName, content fyne.CanvasObject) fyne.CanvasObject {
	return widgets.NewPanel(widgets.Surface{
		Fill: fill, Stroke: fynetheme.ColorNameSeparator, Radius: 2 * theme.Rounded, Across: theme.Gap4, Down: theme.Gap2,
	}, content)
}

// job is the notice of work under way: its stage, how far it is, how long it
// will take, and a button that cancels it.
type job struct {
	n     *notices
	shown fyne.CanvasObject
	name  string
	text  *widgets.Text
	meter *widgets.Meter
}

func (n *notices) job(name string, cancel func()) *job {
	j := &job{n: n, name: name, text: widgets.NewText(name, widgets.Style{Cut: true}), meter: widgets.NewMeter()}
	stop := widgets.NewButton(locale.T("Cancel"), widgets.Bordered, nil)
	stop.OnTapped = func() {
		stop.Disable()
		j.text.SetText(name + locale.T(" · cancelling"))
		cancel()
	}
	j.shown = card(theme.ColorSurface, container.NewBorder(nil, nil, nil, container.NewCenter(stop),
		container.New(layout.NewCustomPaddedLayout(theme.Gap, theme.Gap, 0, theme.Gap4),
			container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), j.text, j.meter))))
	n.add(n.work, j.shown)
	return j
}

// show reports progress.
func (j *job) show(p engine.Progress) {
	text := j.name
	if p.Stage != "" {
		text += " · " + locale.Say(p.Stage)
	}
	if p.Total > 0 {
		text += locale.T(" · %d of %d", p.Done, p.Total)
		j.meter.Set(float64(p.Done) / float64(p.Total))
	} else if p.Done > 0 {
		text += locale.T(" · %d", p.Done)
	}
	if l := left(p.Left); l != "" {
		text += " · " + l
	}
	j.text.SetText(text)
}

func (j *job) done() { j.n.remove(j.n.work, j.shown) }
