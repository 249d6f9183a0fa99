// Command supply says what Touchstone is made of: the modules that are linked
// into it, on any of the systems it runs on, each with its licence.
//
//	go run ./tools/supply licences            docs/licences.md
//	go run ./tools/supply texts               assets/licences.txt: the texts of all licences
//	go run ./tools/supply sbom [-version V]   a CycloneDX bill of materials in JSON
//
// It writes to standard output, needs the modules in Go's cache and no network,
// and knows nothing of the program itself.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "supply:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New("say what to write: licences, texts or sbom")
	}
	modules, err := linked()
	if err != nil {
		return err
	}
	switch args[0] {
	case "licences":
		return writeLicences(out, modules)
	case "texts":
		return writeTexts(out, modules)
	case "sbom":
		version := "dev"
		if len(args) == 3 && args[1] == "-version" {
			version = args[2]
		}
		return writeSBOM(out, modules, version)
	}
	return fmt.Errorf("%q is none of licences, texts and sbom", args[0])
}
