package exchange

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// readTable reads a text as a table and returns its rows and the lines of those
// that could not be read.
func readTable(t testing.TB, text string, comma byte, lim limits) (rows [][]string, bad []int, end error) {
	t.Helper()
	s, err := newSource(strings.NewReader(text), "test", lim)
	if err != nil {
		return nil, nil, err
	}
	d := newDelimited(s, comma, lim)
	for {
		cells, line, err := d.next()
		var row *rowError
		switch {
		case errors.Is(err, io.EOF):
			return rows, bad, nil
		case errors.As(err, &row):
			bad = append(bad, line)
		case err != nil:
			return rows, bad, err
		default:
			rows = append(rows, append([]string{}, cells...))
		}
	}
}

func TestDelimitedRows(t *testing.T) {
	tests := []struct {
		name  string
		text  string
		comma byte
		rows  [][]string
		bad   []int
	}{
		{"plain", "a,b\n1,2\n", ',', [][]string{{"a", "b"}, {"1", "2"}}, nil},
		{"CRLF and no end", "a,b\r\n1,2", ',', [][]string{{"a", "b"}, {"1", "2"}}, nil},
		{"CR alone", "a,b\r1,2\r", ',', [][]string{{"a", "b"}, {"1", "2"}}, nil},
		{"quotes", "\"a,\",\"b\"\"c\"\n\"x\ny\",2\n", ',', [][]string{{"a,", `b"c`}, {"x\ny", "2"}}, nil},
		{"blank lines", "\na,b\n\n  \n1,2\n", ',', [][]string{{"a", "b"}, {"1", "2"}}, nil},
		{"empty cells", ",\n,,\n", ',', [][]string{{"", ""}, {"", "", ""}}, nil},
		{"bare quote", "17\" screen,b\n", ',', [][]string{{`17" screen`, "b"}}, nil},
		{"space after a quote", "\"a\" ,b\n", ',', [][]string{{"a", "b"}}, nil},
		{"text after a quote", "\"a\"x,b\n1,2\n", ',', [][]string{{"1", "2"}}, []int{1}},
		{"open quote, others later", "1,\"open\n2,\"ok\"\n3,x\n", ',', [][]string{{"2", "ok"}, {"3", "x"}}, []int{1}},
		{"open quote at the end", "1,2\n3,\"open\n4,5\n", ',', [][]string{{"1", "2"}, {"4", "5"}}, []int{2}},
		{"two open quotes", "1,\"a\n2,\"b\n3,c\n", ',', [][]string{{"3", "c"}}, []int{1, 2}},
		{"tabs do not quote", "a\t17\" x\n\"b\" c\td\n\"e\nf\"\tg\n", '\t', [][]string{{"a", `17" x`}, {`"b" c`, "d"}, {"e\nf", "g"}}, nil},
		{"not UTF-8", "a,b\nc,\xff\nd,e\n", ',', [][]string{{"a", "b"}, {"d", "e"}}, []int{2}},
		{"not UTF-8 within quotes", "\"a\nb\xff\",1\nd,e\n", ',', [][]string{{"d", "e"}}, []int{1, 2}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rows, bad, err := readTable(t, test.text, test.comma, defaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.rows, rows); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.bad, bad); diff != "" {
				t.Errorf("lines that cannot be read (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDelimitedReadsWhatEncodingCSVWrites compares with the standard library on
// rows of any content.
func TestDelimitedReadsWhatEncodingCSVWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		comma := rapid.SampledFrom([]byte{',', ';', '|', '\t'}).Draw(t, "comma")
		cell := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune{'"', ',', ';', '\n', 'a', ' ', '\t', '|'})))
		want := rapid.SliceOfN(rapid.SliceOfN(cell, 1, 5), 1, 5).Draw(t, "rows")
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Comma = rune(comma)
		if err := w.WriteAll(want); err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(strings.NewReader(b.String()))
		r.Comma = rune(comma)
		r.FieldsPerRecord = -1
		twin, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		s := &source{Reader: bufio.NewReader(strings.NewReader(b.String()))}
		d := newDelimited(s, comma, defaultLimits)
		var got [][]string
		for {
			cells, _, err := d.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, append([]string{}, cells...))
		}
		// Rows of nothing but blanks mean nothing to Touchstone.
		if diff := cmp.Diff(withoutBlank(twin), withoutBlank(got)); diff != "" {
			t.Fatalf("of %q (-encoding/csv +here):\n%s", b.String(), diff)
		}
	})
}

func withoutBlank(rows [][]string) [][]string {
	out := [][]string{}
	for _, r := range rows {
		if strings.TrimSpace(strings.Join(r, "")) != "" {
			out = append(out, r)
		}
	}
	return out
}

func TestSniffDelimiter(t *testing.T) {
	tests := []struct {
		text string
		want byte
	}{
		{"a,b\n1,2\n", ','},
		{"a;b\n1,5;2,5\n3,5;4\n", ';'},
		{"a\tb\n1, 2\t3\n", '\t'},
		{"a|b\n1|2\n", '|'},
		{"title\nRed, blue and green pens\nTwo pens\n", ','},
		{"id,title\n1,\"a;b;c\"\n2,\"d;e;f\"\n", ','},
		{"id;title;price\n1;a, b;2,5\n2;c;3\n", ';'},
		{"one", ','},
	}
	for _, test := range tests {
		if got := sniffDelimiter([]byte(test.text)); got != test.want {
			t.Errorf("sniffDelimiter(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}
