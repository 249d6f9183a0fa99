package cli

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"touchstone/engine"
)

// progress prints reports on one line of a terminal, or as a line a stage
// where stderr is a file. finish ends the line.
func (s *session) progress() (report engine.OnProgress, finish func()) {
	p := &progressLine{out: s.Stderr}
	if f, ok := s.Stderr.(*os.File); ok {
		p.live = term.IsTerminal(int(f.Fd()))
	}
	return p.report, p.finish
}

type progressLine struct {
	mu    sync.Mutex
	out   io.Writer
	live  bool
	stage string
	shown time.Time
}

func (p *progressLine) report(r engine.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.live && (r.Stage != p.stage || time.Since(p.shown) > 100*time.Millisecond || r.Done == r.Total):
		text := fmt.Sprintf("%s %d", r.Stage, r.Done)
		if r.Total > 0 {
			text += fmt.Sprintf(" of %d", r.Total)
		}
		if r.Left > 0 {
			text += ", " + r.Left.Round(time.Second).String() + " left"
		}
		fmt.Fprintf(p.out, "\r\x1b[K%s", text)
	case !p.live && r.Stage != p.stage:
		fmt.Fprintln(p.out, r.Stage)
	default:
		return
	}
	p.stage, p.shown = r.Stage, time.Now()
}

func (p *progressLine) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live && p.stage != "" {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
