package assets

import _ "embed"

// The window's font, Touchstone Sans, as OpenType files: European languages and
// Chinese in one, so that no text depends on the system's fonts. fonts/make.py
// makes them. Their outlines are CFF, which the toolkit reads where they lie: of
// TrueType ones it unpacks all 8,000 at once, 20 MB a weight.
var (
	//go:embed fonts/TouchstoneSans-Regular.otf
	SansRegular []byte
	//go:embed fonts/TouchstoneSans-SemiBold.otf
	SansSemiBold []byte
	// FontLicence is the SIL Open Font License with the authors' names.
	//go:embed fonts/OFL.txt
	FontLicence string
)
