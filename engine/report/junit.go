package report

import (
	"encoding/xml"
	"io"
	"strings"
	"time"
	"unicode"

	"touchstone/engine/compare"
	"touchstone/engine/measure"
)

// The part of JUnit's XML that build servers read.
type (
	suite struct {
		XMLName  xml.Name   `xml:"testsuite"`
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Time     string     `xml:"timestamp,attr"`
		Cases    []testCase `xml:"testcase"`
	}
	testCase struct {
		Class   string   `xml:"classname,attr"`
		Name    string   `xml:"name,attr"`
		Failure *failure `xml:"failure,omitempty"`
		Out     string   `xml:"system-out,omitempty"`
	}
	failure struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// junit is one test case, "B is not worse than A", which fails when B is worse
// and names the queries that lost most.
func (r *Report) junit(w io.Writer) error {
	var lost strings.Builder
	for _, p := range r.Worst {
		lost.WriteString(compare.Signed(p.Query.Delta) + "  " + p.Query.Query + "\n")
	}
	c := testCase{
		Class: "touchstone.compare",
		Name:  printable(r.B.Name + " is not worse than " + r.A.Name + " by " + r.Metric.Label()),
		Out:   printable(strings.Join(append([]string{r.Sentence, r.Detail()}, r.Warnings...), "\n")),
	}
	if r.Verdict == measure.Worse {
		c.Failure = &failure{Message: printable(r.Sentence), Text: printable(lost.String())}
	}
	return writeSuite(w, "touchstone compare", r.Made, c)
}

// writeSuite writes one test case as a suite of its own.
func writeSuite(w io.Writer, name string, made time.Time, c testCase) error {
	s := suite{Name: name, Tests: 1, Time: made.UTC().Format("2006-01-02T15:04:05"), Cases: []testCase{c}}
	if c.Failure != nil {
		s.Failures = 1
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(s); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// printable drops control characters, which XML 1.0 cannot hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}
