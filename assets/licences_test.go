package assets

import (
	"os"
	"strings"
	"testing"
)

// TestLicencesAreComplete: every module that go.mod asks for by itself is there.
func TestLicencesAreComplete(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(mod), "require (")
	direct, _, ok := strings.Cut(rest, ")")
	if !ok {
		t.Fatal("go.mod has no requirements")
	}
	// Linked into tests and tools only.
	tests := map[string]bool{"github.com/CycloneDX/cyclonedx-go": true, "github.com/google/licensecheck": true, "github.com/google/go-cmp": true, "pgregory.net/rapid": true, "github.com/nlpodyssey/cybertron": true, "github.com/nlpodyssey/spago": true}
	n := 0
	for line := range strings.Lines(direct) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name == "" || tests[name] {
			continue
		}
		n++
		if !strings.Contains(Licences, name) {
			t.Errorf("the licence of %s is missing: go generate ./assets", name)
		}
	}
	if n < 10 {
		t.Errorf("only %d modules looked for", n)
	}
}
