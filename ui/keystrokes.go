package ui

import (
	"errors"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
)

// Typing is what typing in the window came to.
type Typing struct {
	Keys   int
	Pages  int // different pages that were shown
	Older  int // pages that were shown after one of a newer query
	Frames int // that there was time for, 60 a second
	Missed int // of them were not painted: the window still did what the one before asked
	Worst  int // the most in a row
	Long   int // times that more than two in a row were
}

const frameTime = time.Second / 60

// MeasureTyping opens a window on a workspace, types queries into its search
// field for a while, so many letters a second, and counts the frames that it
// misses. It needs a display.
func MeasureTyping(open func() (Bench, error), queries []string, perSecond float64, during time.Duration) (Typing, error) {
	if len(queries) == 0 {
		return Typing{}, errors.New("there is nothing to type")
	}
	bench, err := open()
	if err != nil {
		return Typing{}, err
	}
	a := app.NewWithID(appID + ".typing")
	win, err := newWindow(a)
	if err != nil {
		return Typing{}, errors.Join(err, bench.Close())
	}
	w := &window{app: a, win: win}
	w.build(fyne.Do)
	m := &typist{shell: w.shell, queries: queries, ended: make(chan struct{})}
	var finish func() error
	a.Lifecycle().SetOnStarted(func() {
		w.shell.open(bench)
		go func() {
			time.Sleep(2 * time.Second) // until the window stands
			m.run(perSecond, during)
			fyne.DoAndWait(func() { finish = w.shell.close() })
			fyne.Do(a.Quit)
		}()
	})
	win.ShowAndRun()
	<-m.ended
	return m.Typing, finish()
}

// typist types, and looks at the window while it does.
type typist struct {
	Typing
	shell   *shell
	queries []string
	ended   chan struct{}

	letters []rune
	next    int      // of queries
	typed   []string // the texts that stood in the field, oldest first
	shown   int      // place in typed of the newest page so far
}

// run types where the toolkit handles what a person does, 60 times a second just
// before it paints what has changed, and sees when it comes back to that.
func (m *typist) run(perSecond float64, during time.Duration) {
	defer close(m.ended)
	began := time.Now()
	last := began
	turns := fyne.NewAnimation(during, func(float32) {
		now := time.Now()
		missed := max(0, int((now.Sub(last)+frameTime/2)/frameTime)-1)
		last = now
		m.Frames = int(now.Sub(began) / frameTime)
		m.Missed += missed
		m.Worst = max(m.Worst, missed)
		if missed > 2 {
			m.Long++
		}
		m.look()
		if due := int(now.Sub(began).Seconds() * perSecond); m.Keys < due {
			m.key()
		}
	})
	turns.RepeatCount = fyne.AnimationRepeatForever
	fyne.DoAndWait(turns.Start)
	time.Sleep(during)
	fyne.DoAndWait(turns.Stop)
}

// key types the next letter, or clears the field for the next query.
func (m *typist) key() {
	field := m.shell.search.field
	m.Keys++
	if len(m.letters) == 0 {
		m.letters = []rune(m.queries[m.next%len(m.queries)])
		m.next++
		field.SetText("")
		return
	}
	field.TypedRune(m.letters[0])
	m.letters = m.letters[1:]
	m.typed = append(m.typed, m.shell.search.query)
}

// look notes which page is shown.
func (m *typist) look() {
	page := m.shell.search.page
	if page == nil || m.shown < len(m.typed) && m.typed[m.shown] == page.Query && m.Pages > 0 {
		return
	}
	for at, text := range slices.Backward(m.typed) {
		if text != page.Query {
			continue
		}
		if m.Pages++; at < m.shown {
			m.Older++
		}
		m.shown = at
		return
	}
}
