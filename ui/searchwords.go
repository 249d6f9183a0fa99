package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"touchstone/ui/locale"
)

// searchWords are what else people call an action, by its ID: the palette finds it
// by the beginnings of these words too.
var searchWords = map[string]string{
	"file.new":                 locale.Mark("create make workspace start"),
	"file.open":                locale.Mark("load workspace file"),
	"file.sample":              locale.Mark("demo example shop try"),
	"file.import":              locale.Mark("import upload load read products feed csv tsv json excel spreadsheet"),
	"file.judgments":           locale.Mark("upload load ratings grades labels qrels csv"),
	"file.export.csv":          locale.Mark("download save ratings grades spreadsheet"),
	"file.export.xlsx":         locale.Mark("download save ratings grades spreadsheet xlsx"),
	"file.view":                locale.Mark("read only locked"),
	"file.restore":             locale.Mark("backup restore recover older version revert"),
	"file.check":               locale.Mark("verify integrity damage health"),
	"file.compact":             locale.Mark("shrink smaller disk space vacuum"),
	"file.repair":              locale.Mark("recover salvage broken corrupt fix"),
	"file.model":               locale.Mark("encoder bert embeddings vectors transformer hugging face upload"),
	"file.quit":                locale.Mark("exit close leave"),
	"catalogue.engines":        locale.Mark("elasticsearch opensearch solr weaviate connect remote server api"),
	"search.edit":              locale.Mark("edit product title price attributes"),
	"search.rule":              locale.Mark("pin boost bury synonym redirect product place"),
	"search.hide":              locale.Mark("remove delete product unlist"),
	"edit.undo":                locale.Mark("back revert mistake"),
	"go.judge":                 locale.Mark("rate grade label annotate"),
	"go.queries":               locale.Mark("keywords searches terms set"),
	"go.compare":               locale.Mark("a/b test significance p value experiment better ndcg"),
	"go.rules":                 locale.Mark("synonyms pin boost bury hide redirect merchandising campaign"),
	"go.catalogue":             locale.Mark("products items edit price"),
	"go.models":                locale.Mark("rankers encoder versions weights clicks"),
	"rules.new":                locale.Mark("synonyms add pin boost bury hide redirect replace"),
	"rules.off":                locale.Mark("disable enable pause"),
	"rules.remove":             locale.Mark("delete"),
	"rules.import":             locale.Mark("upload load synonyms querqy"),
	"rules.export":             locale.Mark("download save synonyms"),
	"language.en":              locale.Mark("translate settings"),
	"language.zh":              locale.Mark("chinese translate settings"),
	"pictures.web":             locale.Mark("images photos thumbnails download"),
	"pictures.folder":          locale.Mark("images photos thumbnails"),
	"pane.wider":               locale.Mark("inspector sidebar panel resize"),
	"pane.narrower":            locale.Mark("inspector sidebar panel resize"),
	"pane.fold":                locale.Mark("inspector sidebar panel hide"),
	"density.comfortable":      locale.Mark("spacing density settings"),
	"density.compact":          locale.Mark("spacing density dense settings"),
	"look.light":               locale.Mark("theme mode day white colours appearance settings"),
	"look.dark":                locale.Mark("theme mode night black colours appearance settings"),
	"look.system":              locale.Mark("theme mode automatic appearance settings"),
	"text.larger":              locale.Mark("font zoom bigger size"),
	"text.smaller":             locale.Mark("font zoom size"),
	"text.normal":              locale.Mark("font zoom reset size"),
	"help.keys":                locale.Mark("shortcuts keyboard hotkeys"),
	"help.words":               locale.Mark("explain jargon terms meaning"),
	"help.glossary":            locale.Mark("explain jargon terms ndcg kappa dictionary metrics"),
	"help.guide":               locale.Mark("manual documentation"),
	"help.diagnostics":         locale.Mark("bug problem log support report"),
	"help.tour":                locale.Mark("tutorial introduction start"),
	"help.about":               locale.Mark("version licences"),
	"search.why":               locale.Mark("explain reasons score"),
	"search.reading":           locale.Mark("analysis tokens stop words synonyms parse"),
	"search.split":             locale.Mark("split compare columns two a/b ab"),
	"search.price":             locale.Mark("filter cheap cost"),
	"search.field.choose":      locale.Mark("filter facet"),
	"search.more":              locale.Mark("sort order filter cheapest newest rating price date"),
	"search.shop":              locale.Mark("personal profile customer shopper"),
	"search.front":             locale.Mark("recommend home page personal recommendations"),
	"search.all":               locale.Mark("clear reset filter"),
	"ranking.learn":            locale.Mark("train fit tune improve weights machine"),
	"ranking.keep":             locale.Mark("save"),
	"ranking.reset":            locale.Mark("undo weights revert"),
	"ranking.default":          locale.Mark("reset weights original"),
	"judging.judges":           locale.Mark("kappa alpha agreement disagreement quality"),
	"judging.history":          locale.Mark("log audit changes who"),
	"judging.share":            locale.Mark("assign distribute team"),
	"judging.pack":             locale.Mark("offline mail send export team"),
	"judging.sheet":            locale.Mark("excel offline mail send export xlsx"),
	"judging.merge":            locale.Mark("import pack spreadsheet ratings"),
	"judging.scale.own":        locale.Mark("grades labels stars settings"),
	"queries.import":           locale.Mark("upload load keywords csv"),
	"queries.remove":           locale.Mark("delete"),
	"compare.report.html":      locale.Mark("export download print save"),
	"compare.report.xlsx":      locale.Mark("export download save"),
	"compare.report.png":       locale.Mark("export download save image chart"),
	"compare.interleave":       locale.Mark("blind a/b test trial"),
	"compare.sweep":            locale.Mark("tune parameter range try fusion rrf minmax depth candidates"),
	"catalogue.hide":           locale.Mark("delete remove stock"),
	"catalogue.save":           locale.Mark("edit change price"),
	"models.import":            locale.Mark("upload load weights ltr"),
	"models.tune":              locale.Mark("bert train meaning"),
	"models.clicks":            locale.Mark("analytics events upload"),
	"models.export.touchstone": locale.Mark("download save json deploy"),
}

// called scores how well what is typed goes with some words: each word of it begins
// one of them. Whole words, one or many, count as the beginning of a name does.
// Chinese has no spaces: there a word may stand anywhere. 0 is not at all.
func called(typed, words string) (score int) {
	words = " " + strings.Join(strings.FieldsFunc(strings.ToLower(words), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '/'
	}), " ") + " "
	for word := range strings.FieldsSeq(strings.ToLower(typed)) {
		letters := utf8.RuneCountInString(word)
		switch {
		case strings.Contains(words, " "+word+" ") || strings.Contains(words, " "+word+"s "):
			score += letters * wordStart
		case !isASCII(word) && strings.Contains(words, word):
			score += letters * wordStart
		case !strings.Contains(words, " "+word):
			return 0
		}
		score += wordStart + (letters-1)*inARun
	}
	return 10 * score
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}
