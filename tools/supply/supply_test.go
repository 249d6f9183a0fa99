package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/licences.md and assets/licences.txt anew")

// TestLicencesAreListed holds docs/licences.md, and the texts that the program
// carries, to the modules that are linked.
func TestLicencesAreListed(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("needs the go command:", err)
	}
	modules, err := linked()
	if err != nil {
		t.Fatal(err)
	}
	for file, write := range map[string]func(io.Writer, []module) error{"../../docs/licences.md": writeLicences, "../../assets/licences.txt": writeTexts} {
		var want bytes.Buffer
		if err := write(&want, modules); err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(file, want.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s is not what is linked: run go test ./tools/supply -update", file)
		}
	}
	for _, m := range modules {
		for _, l := range m.licences {
			for _, strict := range []string{"GPL", "AGPL", "SSPL", "BUSL"} {
				if strings.HasPrefix(l.id, strict) {
					t.Errorf("%s is under %s, which Touchstone's licence does not go with", m.path, l.id)
				}
			}
		}
	}

	var sbom bytes.Buffer
	if err := writeSBOM(&sbom, modules, "v1"); err != nil {
		t.Fatal(err)
	}
	var bom struct {
		Format     string `json:"bomFormat"`
		Components []struct {
			Name, Version, Purl string
			Licenses            []any
		}
	}
	if err := json.Unmarshal(sbom.Bytes(), &bom); err != nil {
		t.Fatal(err)
	}
	if bom.Format != "CycloneDX" || len(bom.Components) != len(modules) {
		t.Fatalf("%s with %d components of %d modules", bom.Format, len(bom.Components), len(modules))
	}
	for _, c := range bom.Components {
		if c.Name == "" || c.Version == "" || !strings.HasPrefix(c.Purl, "pkg:golang/"+c.Name+"@") || len(c.Licenses) == 0 {
			t.Errorf("a component without name, version, package URL or licence: %+v", c)
		}
	}
}

func TestWrongUse(t *testing.T) {
	if err := run(nil, os.Stderr); err == nil {
		t.Error("no word was taken for one")
	}
}
