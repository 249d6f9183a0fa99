package assets

import _ "embed"

// The window's font, Touchstone Sans, as TrueType files: European languages and
// Chinese in one, so that no text depends on the system's fonts. fonts/make.py
// makes them.
var (
	//go:embed fonts/TouchstoneSans-Regular.ttf
	SansRegular []byte
	//go:embed fonts/TouchstoneSans-SemiBold.ttf
	SansSemiBold []byte
	// FontLicence is the SIL Open Font License with the authors' names.
	//go:embed fonts/OFL.txt
	FontLicence string
)
