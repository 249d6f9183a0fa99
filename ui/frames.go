package ui

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"touchstone/engine/workbench"
)

// Frames is how the window was painted while something moved in it.
type Frames struct {
	PerSecond float64       `json:"per_second"` // at most 60: the toolkit paints no faster
	Median    time.Duration `json:"median"`     // from one frame to the next
	Slow      time.Duration `json:"slow"`       // 99 of 100 came sooner
	Work      time.Duration `json:"work"`       // the median of what the window itself did for a frame
}

// Memory is what a process holds, in bytes.
type Memory struct {
	Resident int64 `json:"resident"`
	Own      int64 `json:"own"` // of that, what no file backs and the system cannot take back
}

// Screen is what a window on a workspace came to.
type Screen struct {
	Products int           `json:"products"`
	Usable   time.Duration `json:"usable"`   // from the start of the process to a painted page that takes keys
	First    time.Duration `json:"first"`    // and to the first page of results
	Idle     [2]float64    `json:"idle"`     // of a processor, while nothing happens; and of an empty window that never rests
	Memory   [2]Memory     `json:"memory"`   // when it was usable, and in the end
	Still    Frames        `json:"still"`    // the same window painted again and again
	Empty    Frames        `json:"empty"`    // and one of the same size with nothing in it
	Scrolled int           `json:"scrolled"` // results that went by
	Scroll   Frames        `json:"scroll"`   // through 1,000 results
	Drag     Frames        `json:"drag"`     // a slider over a page of 100, which is ranked anew each time
}

// Asked is what a measured window is asked, and how it learns of its process.
type Asked struct {
	Queries []string
	Began   time.Time            // when the process was started
	Quiet   time.Duration        // how long nothing happens
	Moving  time.Duration        // how long each thing moves
	Holds   func() Memory        // the memory of this process
	Busy    func() time.Duration // the processor time it has used
	Told    func(stage string)   // what is measured next
}

const scrolledResults = 1000

// MeasureScreen opens the window on a workspace as Run does, and measures it. It
// needs a display.
func MeasureScreen(deps Deps, asked Asked) (Screen, error) {
	if len(asked.Queries) == 0 {
		return Screen{}, errors.New("there is nothing to ask")
	}
	a := app.NewWithID(appID + ".measured")
	win, err := newWindow(a)
	if err != nil {
		return Screen{}, err
	}
	w := &window{deps: deps, app: a, win: win, rest: newRest()}
	w.build(w.rest.post)
	m := &gauge{Asked: asked, window: w}
	// A point that is painted anew with each frame: its paint is the frame.
	m.point = canvas.NewRaster(func(int, int) image.Image {
		if m.painted != nil {
			m.painted()
		}
		return image.NewNRGBA(image.Rect(0, 0, 1, 1))
	})
	m.point.Resize(fyne.NewSize(1, 1))
	win.SetContent(container.NewStack(w.shell.content, container.NewWithoutLayout(m.point)))
	var failed error
	a.Lifecycle().SetOnStarted(func() {
		w.openFirst()
		go func() {
			failed = m.run()
			w.rest.post(w.quit)
		}()
	})
	win.SetCloseIntercept(w.quit)
	win.ShowAndRun()
	return m.Screen, errors.Join(failed, w.failed)
}

// gauge measures a window.
type gauge struct {
	Screen
	Asked
	window  *window
	point   *canvas.Raster
	painted func() // a frame is painted; on Fyne's goroutine
}

// wait asks the window once a frame until something is so, and then until that
// is painted.
func (m *gauge) wait(what string, so func() bool) error {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		done := make(chan bool)
		m.window.rest.post(func() {
			if !so() {
				done <- false
				return
			}
			m.painted = func() { m.painted = nil; done <- true }
			m.point.Refresh()
		})
		if <-done {
			return nil
		}
		time.Sleep(frameTime / 4)
	}
	return fmt.Errorf("the window does not get to %s", what)
}

// do has the window do something, and waits for it.
func (m *gauge) do(f func()) {
	done := make(chan struct{})
	m.window.rest.post(func() { f(); close(done) })
	<-done
}

func (m *gauge) run() error {
	sh := m.window.shell
	s := func() *search { return sh.search }
	if err := m.wait("workspace", func() bool { return s() != nil && s().field != nil && sh.canvas.Focused() == s().field }); err != nil {
		return err
	}
	m.Usable = time.Since(m.Began)
	ctx, wake := context.WithCancel(context.Background())
	defer wake()
	go m.window.rest.keep(ctx, m.window.calm)
	show := func(query string, results int) error {
		var before *workbench.Page
		m.do(func() {
			before = s().page
			s().field.setQuietly(query)
			s().query = query
			s().ask(0, false, results)
		})
		return m.wait(query, func() bool {
			return s().page != before && s().page.Query == query
		})
	}
	if err := show(m.Queries[0], resultsWanted); err != nil {
		return err
	}
	m.First = time.Since(m.Began)
	m.do(func() { m.Products = s().status.Products })

	m.Told("idle")
	if err := m.wait("rest", func() bool { return sh.tasks.running == 0 }); err != nil {
		return err
	}
	time.Sleep(3 * time.Second) // what that left behind is collected
	m.Memory[0] = m.Holds()
	m.Idle[0] = m.idle()

	m.Told("scrolling")
	for _, q := range m.Queries {
		if err := show(q, resultsWanted); err != nil {
			return err
		}
	}
	if err := show(m.Queries[0], scrolledResults); err != nil {
		return err
	}
	m.do(func() { m.Scrolled = len(s().page.Results) })
	at, down := float32(0), true
	m.Scroll = m.move(func() {
		at += map[bool]float32{true: 40, false: -40}[down]
		if end := float32(len(s().page.Results)) * 60; at > end-900 || at <= 0 {
			down = !down
		}
		s().results.ScrollToOffset(max(at, 0))
	})

	m.Told("dragging")
	if err := show(m.Queries[1%len(m.Queries)], resultsWanted); err != nil {
		return err
	}
	x, right := float32(0), true
	m.Drag = m.move(func() {
		slider := s().inspector.weights[1].slider
		width := slider.Size().Width
		x += map[bool]float32{true: 2, false: -2}[right]
		if x >= width || x <= 0 {
			right = !right
		}
		slider.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(min(max(x, 0), width), 4)}})
	})
	m.Memory[1] = m.Holds()
	m.Still = m.move(func() {})
	m.do(func() { m.window.win.SetContent(container.NewWithoutLayout(m.point)) })
	m.Empty = m.move(func() {})
	wake()
	m.Idle[1] = m.idle()
	m.do(func() { m.window.win.SetContent(sh.content) })
	m.Told("end")
	return nil
}

// idle is how much of a processor the window takes while nothing happens.
func (m *gauge) idle() float64 {
	busy := m.Busy()
	time.Sleep(m.Quiet)
	return (m.Busy() - busy).Seconds() / m.Quiet.Seconds()
}

// move moves something on before each frame, for a while: where the toolkit
// handles what a person does, just before it paints.
func (m *gauge) move(step func()) Frames {
	var work, apart []time.Duration
	var last time.Time
	moved := fyne.NewAnimation(m.Moving, func(float32) {
		m.window.rest.stir() // in place of the events of a hand
		began := time.Now()
		step()
		work = append(work, time.Since(began))
		m.point.Refresh()
	})
	moved.RepeatCount = fyne.AnimationRepeatForever
	m.do(func() {
		m.painted = func() {
			now := time.Now()
			if !last.IsZero() {
				apart = append(apart, now.Sub(last))
			}
			last = now
		}
		moved.Start()
	})
	time.Sleep(m.Moving)
	m.do(func() {
		moved.Stop()
		m.painted = nil
	})
	if len(apart) == 0 {
		return Frames{}
	}
	sum := time.Duration(0)
	for _, d := range apart {
		sum += d
	}
	slices.Sort(apart)
	slices.Sort(work)
	return Frames{
		PerSecond: float64(len(apart)) / sum.Seconds(),
		Median:    apart[len(apart)/2], Slow: apart[len(apart)*99/100], Work: work[len(work)/2],
	}
}
