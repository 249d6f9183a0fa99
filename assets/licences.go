package assets

import _ "embed"

// Licences are the licence texts of the Go modules that the program is linked
// with. Like docs/licences.md it is written from what is linked, and held to it, by
// go test ./tools/supply -update.
//
//go:generate go -C .. test ./tools/supply -update
//go:embed licences.txt
var Licences string
