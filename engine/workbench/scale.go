package workbench

import (
	"context"
	"fmt"
	"math"

	"touchstone/engine"
)

// ScaleError is the error of a scale that lacks grades which were given.
type ScaleError struct{ Top, Grades engine.Grade } // where the scale ends, and the one in use

// Error says what to do on the command line; the window has a box to tick.
func (e *ScaleError) Error() string {
	return fmt.Sprintf("the scale of 0 to %v: there are grades up to %v; let them move along (--rescale), or take a scale that has them", e.Top, e.Grades)
}

// SetScale gives the workspace another scale. Grades that the new scale lacks
// are a ScaleError unless rescale: then every grade is moved to where it stood
// between the lowest and the highest, rounded to a whole one, as one step of
// each judge's history.
func (b *Bench) SetScale(ctx context.Context, scale engine.Scale, rescale bool) (moved int, err error) {
	if err := scale.Check(); err != nil {
		return 0, fmt.Errorf("the scale: %w", err)
	}
	top, before := scale.Max(), b.Scale().Max()
	all, _ := b.grades.every()
	var changed []engine.Judgment
	for _, j := range all {
		if rescale && top != before {
			if g := engine.Grade(math.Round(float64(j.Grade * top / before))); g != j.Grade {
				j.Note = joinNotes(j.Note, fmt.Sprintf("was %v of 0–%v", j.Grade, before))
				j.Grade = g
				changed = append(changed, j)
			}
		} else if j.Grade > top {
			return 0, &ScaleError{Top: top, Grades: before}
		}
	}
	settings := b.store.Settings()
	settings.Scale = scale
	if len(changed) > 0 {
		// A copy beside the workspace: the way back for a person who meant another scale.
		if err := b.store.KeepBackup(ctx, "scale"); err != nil {
			return 0, err
		}
		if err := b.store.BringJudgments(ctx, changed); err != nil {
			return 0, err
		}
		for _, j := range changed {
			b.grades.put(j)
		}
	}
	return len(changed), b.store.PutSettings(settings)
}

func joinNotes(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
