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
	Frames int // times that the window was asked to do something, 60 a second
	Late   int // frames in which it had not come to it
	Worst  int // the most frames in a row that were missed
	Long   int // times that more than two in a row were
}

const frameTime = time.Second / 60

// MeasureTyping opens a window on a workspace, types queries into its search
// field for a while, so many letters a second, and measures how long the window
// keeps what it is asked to do waiting. It needs a display.
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

func (m *typist) run(perSecond float64, during time.Duration) {
	defer close(m.ended)
	end := time.Now().Add(during)
	keys := time.NewTicker(time.Duration(float64(time.Second) / perSecond))
	defer keys.Stop()
	frames := time.NewTicker(frameTime)
	defer frames.Stop()
	answered := make(chan time.Duration, 1)
	waiting := false
	for time.Now().Before(end) {
		select {
		case <-keys.C:
			fyne.Do(m.key)
		case waited := <-answered:
			waiting = false
			row := int(waited / frameTime)
			m.Late += row
			m.Worst = max(m.Worst, row)
			if row > 2 {
				m.Long++
			}
		case <-frames.C:
			m.Frames++
			if waiting {
				continue // the answer will tell how many it missed
			}
			waiting = true
			asked := time.Now()
			fyne.Do(func() {
				m.look()
				answered <- time.Since(asked)
			})
		}
	}
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
