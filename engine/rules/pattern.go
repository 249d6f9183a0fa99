package rules

import (
	"fmt"
	"regexp"
	"regexp/syntax"
)

// Go's regular expressions (RE2's) take time in proportion to the length of the
// text times the size of the compiled pattern; these bounds keep that below a
// millisecond.
const (
	mostPattern  = 500  // bytes of a pattern
	mostProgram  = 2000 // instructions that it compiles to
	mostMatched  = 500  // bytes of a query that are looked at
	mostTerms    = 50   // words of one synonym
	mostProducts = 1000 // named by one rule
)

// compilePattern reads a pattern, whatever its case.
func compilePattern(pattern string) (*regexp.Regexp, error) {
	if len(pattern) > mostPattern {
		return nil, fmt.Errorf("the pattern is %d bytes long, the most are %d: make several rules of it", len(pattern), mostPattern)
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl|syntax.FoldCase)
	if err != nil {
		return nil, fmt.Errorf("the pattern cannot be read: %w", err)
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, fmt.Errorf("the pattern cannot be read: %w", err)
	}
	if n := len(program.Inst); n > mostProgram {
		return nil, fmt.Errorf("the pattern is too large: its repetitions unfold to %d steps, the most are %d", n, mostProgram)
	}
	return regexp.Compile("(?i)" + pattern)
}
