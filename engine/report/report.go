package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"touchstone/engine/compare"
)

// Report is a comparison with what a reader needs who was not there.
type Report struct {
	Catalogue string // what it is called
	Products  int
	Made      time.Time
	*compare.Comparison
	Worst []compare.Pages // the queries that lost most, products filled in
}

// Formats are the formats that Write knows.
var Formats = []string{"html", "xlsx", "markdown", "junit", "png", "svg"}

// Write writes the report in one of Formats.
func (r *Report) Write(w io.Writer, format string) error {
	switch format {
	case "html":
		return r.html(w)
	case "xlsx":
		return r.sheet(w)
	case "markdown":
		return r.markdown(w)
	case "junit":
		return r.junit(w)
	case "png", "svg":
		return r.picture(w, format)
	}
	return fmt.Errorf("there is no format %q for reports; the formats are %s", format, strings.Join(Formats, ", "))
}
