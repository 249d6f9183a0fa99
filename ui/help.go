package ui

import (
	"regexp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/docs"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

const (
	helpWidth   = 660
	helpPicture = 412 // the height of a picture of a screen, which is as wide as a line
)

// helpPages are the pages of the guide in the Help menu.
var helpPages = []struct{ page, name string }{
	{"guide", locale.Mark("Guide")},
	{"guide-merchandiser", locale.Mark("For merchandisers")},
	{"guide-judge", locale.Mark("For judges")},
	{"guide-product-manager", locale.Mark("For product managers")},
	{"glossary", locale.Mark("Glossary")},
}

// helpActions open the pages of the guide.
func (w *window) helpActions() []action {
	var all []action
	for i, p := range helpPages {
		all = append(all, action{id: "help." + p.page, name: p.name, group: groupHelp, apart: i == 0, run: func() { w.showPage(p.page) }})
	}
	return all
}

// showPage shows a page of the guide in the present language.
func (w *window) showPage(page string) {
	text, err := docs.Page(string(locale.Current()), page)
	if err != nil {
		w.shell.notices.tell(failure(locale.T("The page was not opened"), err))
		return
	}
	w.show(locale.T("Help"), helpPage(text, w.showPage))
	w.win.Canvas().Unfocus()
}

var (
	helpImage = regexp.MustCompile(`^!\[.*\]\((.*)\)$`)
	helpLink  = regexp.MustCompile(`\[([^\]]*)\]\(([a-z-]+)\.md\)`)
	helpItem  = regexp.MustCompile(`^(- |\d+\. )`)
)

// helpPage lays out the little Markdown that the guide uses: headings,
// paragraphs, lists, tables of two columns, pictures, and links to other pages.
func helpPage(text string, open func(page string)) fyne.CanvasObject {
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap3))
	for _, block := range helpBlocks(text) {
		switch image := helpImage.FindStringSubmatch(block); {
		case image != nil:
			if png, err := docs.Picture(image[1]); err == nil {
				shown := canvas.NewImageFromResource(fyne.NewStaticResource(image[1], png))
				shown.FillMode = canvas.ImageFillContain
				shown.SetMinSize(fyne.NewSize(helpWidth, helpPicture))
				column.Add(shown)
			}
		case strings.HasPrefix(block, "# "):
			column.Add(widgets.NewParagraph(block[2:], helpWidth, widgets.Style{Size: theme.SizeTitle, Bold: true}))
		case strings.HasPrefix(block, "## "):
			column.Add(widgets.NewParagraph(block[3:], helpWidth, widgets.Style{Size: fynetheme.SizeNameSubHeadingText, Bold: true}))
		case strings.HasPrefix(block, "|"):
			column.Add(helpTable(block))
		default:
			column.Add(helpText(block, open))
		}
	}
	return column
}

// helpBlocks cuts a page into headings, paragraphs, items of lists and tables.
func helpBlocks(text string) []string {
	var blocks []string
	open := false // the last block goes on
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			open = false
			continue
		case strings.HasPrefix(line, "|") && open && strings.HasPrefix(blocks[len(blocks)-1], "|"):
			blocks[len(blocks)-1] += "\n" + line
			continue
		case open && !helpItem.MatchString(line):
			blocks[len(blocks)-1] += " " + line
			continue
		}
		blocks = append(blocks, line)
		open = !strings.HasPrefix(line, "#")
	}
	return blocks
}

// helpText is a paragraph or an item of a list, with a button for each page that
// it leads to.
func helpText(block string, open func(page string)) fyne.CanvasObject {
	indent := float32(0)
	if helpItem.MatchString(block) {
		indent = theme.Gap4
	}
	if m := glossaryEntry.FindStringSubmatch(block); m != nil {
		return container.New(layout.NewCustomPaddedVBoxLayout(2), widgets.NewParagraph(m[1], helpWidth, widgets.Style{Bold: true}),
			widgets.NewParagraph(capital(markdown.Replace(m[2])), helpWidth, widgets.Style{Colour: theme.ColorMuted}))
	}
	links := helpLink.FindAllStringSubmatch(block, -1)
	text := helpLink.ReplaceAllString(block, "$1")
	if text = markdown.Replace(text); strings.HasPrefix(text, "- ") {
		text = "•  " + text[2:]
	}
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap), widgets.NewParagraph(text, helpWidth-indent, widgets.Style{}))
	for _, link := range links {
		if _, err := docs.Page(string(locale.Current()), link[2]); err == nil {
			column.Add(container.NewHBox(widgets.NewButton(link[1]+" →", widgets.Quiet, func() { open(link[2]) })))
		}
	}
	return container.New(layout.NewCustomPaddedLayout(0, 0, indent, 0), column)
}

// helpTable is a table of two columns without its head.
func helpTable(block string) fyne.CanvasObject {
	const first = 120
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	for i, line := range strings.Split(block, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), "|")
		if i < 2 || len(cells) < 2 {
			continue
		}
		column.Add(container.New(widgets.Columns{first, 0},
			widgets.NewText(strings.TrimSpace(cells[0]), widgets.Style{Bold: true}),
			widgets.NewParagraph(strings.TrimSpace(cells[1]), helpWidth-first-theme.Gap2, widgets.Style{})))
	}
	return column
}
