package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"touchstone/engine/compare"
)

// markdown is the summary for a pull request or a build log.
func (r *Report) markdown(out io.Writer) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "## %s\n\n%s\n\nA is %s, B is %s.\n", markdownText(r.Sentence), markdownText(r.Detail()), markdownText(r.A.Name), markdownText(r.B.Name))
	for _, warning := range r.Warnings {
		fmt.Fprintf(w, "\n> **Careful.** %s\n", markdownText(warning))
	}
	fmt.Fprint(w, "\n| metric | A | B | difference | 95 % interval | p (Holm) |\n|---|---:|---:|---:|---:|---:|\n")
	for _, row := range r.Metrics {
		fmt.Fprintf(w, "| %s | %.4f | %.4f | %s | %s to %s | %s |\n", markdownText(row.Metric.Label()), row.A, row.B,
			compare.Signed(row.Delta), compare.Signed(row.Low), compare.Signed(row.High), chance(row.Corrected))
	}
	if len(r.Worst) > 0 {
		fmt.Fprint(w, "\nWhere B hurts:\n\n| query | A | B | difference |\n|---|---:|---:|---:|\n")
		for _, p := range r.Worst {
			fmt.Fprintf(w, "| %s | %.3f | %.3f | %s |\n", markdownText(p.Query.Query), p.Query.A.Value, p.Query.B.Value, compare.Signed(p.Query.Delta))
		}
	}
	if len(r.Unsettled) > 0 {
		fmt.Fprintf(w, "\n%d products on these pages have no grade. These would settle most:\n\n| query | product | moves the difference by |\n|---|---|---:|\n", r.Unjudged)
		for _, p := range r.Unsettled {
			fmt.Fprintf(w, "| %s | %s | %+.4f |\n", markdownText(p.Query), markdownText(p.Product.Title), p.Swing)
		}
	}
	return w.Flush()
}

// markdownEscapes keep a text from being read as markup, also in a table.
var markdownEscapes = func() *strings.Replacer {
	var pairs []string
	for _, c := range "\\`*_{}[]<>#|~!&" {
		pairs = append(pairs, string(c), `\`+string(c))
	}
	return strings.NewReplacer(pairs...)
}()

func markdownText(s string) string {
	return markdownEscapes.Replace(strings.Join(strings.Fields(printable(s)), " "))
}
