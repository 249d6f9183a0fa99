package report

import (
	"io"
)

func (r *Report) html(w io.Writer) error { return nil }
