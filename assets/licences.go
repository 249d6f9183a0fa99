package assets

import _ "embed"

// Licences are the licence texts of the Go modules that the program is linked
// with; tools/licences writes the file.
//
//go:generate go -C .. run ./tools/licences
//go:embed licences.txt
var Licences string
