package main

import (
	"fmt"
	"io"
	"strings"

	cyclonedx "github.com/CycloneDX/cyclonedx-go"
)

func writeLicences(out io.Writer, modules []module) error {
	_, err := fmt.Fprint(out, `# What Touchstone is made of

The modules that are linked into the program on any of its systems, with their licences by their SPDX names. Written by
`+"`go run ./tools/supply licences`"+`, and held to go.mod by a test. NOTICE names the models, fonts and samples.

| module | version | licence |
|---|---|---|
`)
	for _, m := range modules {
		if err == nil {
			_, err = fmt.Fprintf(out, "| %s | %s | %s |\n", m.path, m.version, m.ids())
		}
	}
	return err
}

// writeTexts writes each text once, below the modules that it is for.
func writeTexts(out io.Writer, modules []module) error {
	of := map[string][]string{} // text → modules
	var texts []string          // in the order of their first modules
	for _, m := range modules {
		var parts []string
		for _, l := range m.licences {
			parts = append(parts, strings.TrimSpace(strings.ReplaceAll(l.text, "\r\n", "\n")))
		}
		text := strings.Join(parts, "\n\n")
		if of[text] == nil {
			texts = append(texts, text)
		}
		of[text] = append(of[text], m.path+" "+m.version)
	}
	_, err := fmt.Fprintf(out, "Touchstone is linked with %d Go modules. Their licences:\n", len(modules))
	for _, text := range texts {
		if err == nil {
			_, err = fmt.Fprintf(out, "\n== %s\n\n%s\n", strings.Join(of[text], ", "), text)
		}
	}
	return err
}

// writeSBOM names no time and no serial number: the same modules give the same
// bytes.
func writeSBOM(out io.Writer, modules []module, version string) error {
	purl := func(path, version string) string { return "pkg:golang/" + path + "@" + version }
	bom := cyclonedx.NewBOM()
	program := cyclonedx.Component{Type: cyclonedx.ComponentTypeApplication, BOMRef: "touchstone", Name: "touchstone", Version: version,
		Licenses: &cyclonedx.Licenses{{License: &cyclonedx.License{ID: "Apache-2.0"}}}}
	bom.Metadata = &cyclonedx.Metadata{Component: &program}
	components, needs := []cyclonedx.Component{}, []string{}
	for _, m := range modules {
		ref := purl(m.path, m.version)
		var licences cyclonedx.Licenses
		for _, l := range m.licences {
			named := &cyclonedx.License{ID: l.id}
			if l.id == "" {
				named = &cyclonedx.License{Name: l.file}
			}
			licences = append(licences, cyclonedx.LicenseChoice{License: named})
		}
		components = append(components, cyclonedx.Component{Type: cyclonedx.ComponentTypeLibrary, BOMRef: ref, PackageURL: ref,
			Name: m.path, Version: m.version, Scope: cyclonedx.ScopeRequired, Licenses: &licences,
			Properties: &[]cyclonedx.Property{{Name: "go.sum", Value: m.sum}}})
		needs = append(needs, ref)
	}
	bom.Components = &components
	bom.Dependencies = &[]cyclonedx.Dependency{{Ref: "touchstone", Dependencies: &needs}}
	return cyclonedx.NewBOMEncoder(out, cyclonedx.BOMFileFormatJSON).SetPretty(true).Encode(bom)
}
