package exchange

// limits bound what one file may ask of the machine. They are far above what
// shops have and far below what hurts: rows stream, so memory follows Record
// and not the size of the file.
type limits struct {
	Record   int   // bytes of one row, decompressed; a longer one ends the reading
	Field    int   // bytes of one value; a longer one is cut and reported
	Columns  int   // different columns of one file
	Lines    int   // lines that one quoted value may span
	Depth    int   // nesting of JSON
	Total    int64 // bytes of one file, decompressed
	Ratio    int64 // decompressed to compressed bytes, looked at once Slack is exceeded
	Slack    int64 // decompressed bytes below which no ratio is suspicious
	Document int   // bytes of a JSON document or spreadsheet that has to be read whole
	Ratings  int   // of one file of judgments
	Problems int   // rows listed as unreadable; more are only counted
}

var defaultLimits = limits{
	Record:   16 << 20,
	Field:    1 << 20,
	Columns:  50_000,
	Lines:    10_000,
	Depth:    64,
	Total:    16 << 30,
	Ratio:    200,
	Slack:    64 << 20,
	Document: 256 << 20,
	Ratings:  10_000_000,
	Problems: 100_000,
}
