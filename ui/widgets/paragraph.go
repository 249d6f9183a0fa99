package widgets

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

// Paragraph is text broken into lines of a known width, without the padding of
// Fyne's labels. Chinese breaks between any two characters.
type Paragraph struct {
	widget.BaseWidget
	text  string
	width float32
	style Style
	marks [][2]int
}

// NewParagraph makes a paragraph; style.Cut has no meaning here.
func NewParagraph(text string, width float32, style Style) *Paragraph {
	p := &Paragraph{text: text, width: width, style: style}
	p.ExtendBaseWidget(p)
	return p
}

// Text is what the paragraph says.
func (p *Paragraph) Text() string { return p.text }

// SetMarks lights parts of the text: byte ranges, in order. A new text takes
// them away.
func (p *Paragraph) SetMarks(marks [][2]int) {
	p.marks = marks
	p.Refresh()
}

// SetText changes the text.
func (p *Paragraph) SetText(text string) {
	if text != p.text {
		p.text, p.marks = text, nil
		p.Refresh()
	}
}

// Width is where lines break.
func (p *Paragraph) Width() float32 { return p.width }

// SetWidth breaks the lines anew for another width.
func (p *Paragraph) SetWidth(width float32) {
	if width != p.width {
		p.width = width
		p.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	r := &paragraphRenderer{p: p}
	r.Refresh()
	return r
}

type paragraphRenderer struct {
	p      *Paragraph
	lines  []*canvas.Text
	marks  []*canvas.Rectangle
	height float32 // of a line
}

func (r *paragraphRenderer) Objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, 0, len(r.marks)+len(r.lines))
	for _, m := range r.marks {
		objects = append(objects, m)
	}
	for _, l := range r.lines {
		objects = append(objects, l)
	}
	return objects
}
func (r *paragraphRenderer) Destroy() {}

func (r *paragraphRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.p.width, float32(len(r.lines))*r.height)
}

func (r *paragraphRenderer) Layout(size fyne.Size) {
	for i, l := range r.lines {
		l.Move(fyne.NewPos(0, float32(i)*r.height))
		l.Resize(fyne.NewSize(size.Width, r.height))
	}
}

func (r *paragraphRenderer) Refresh() {
	s := r.p.style
	name, colour := s.Size, s.Colour
	if name == "" {
		name = fynetheme.SizeNameText
	}
	if colour == "" {
		colour = fynetheme.ColorNameForeground
	}
	size := fynetheme.SizeForWidget(name, r.p)
	style := fyne.TextStyle{Bold: s.Bold}
	r.height = fyne.MeasureText("M", size, style).Height + theme.Gap/2
	r.lines = r.lines[:0]
	for _, line := range wrap(r.p.text, r.p.width, func(t string) float32 { return fyne.MeasureText(t, size, style).Width }) {
		t := canvas.NewText(line, fynetheme.ColorForWidget(colour, r.p))
		t.TextSize, t.TextStyle, t.Alignment = size, style, s.Align
		r.lines = append(r.lines, t)
	}
	r.mark(func(t string) float32 { return fyne.MeasureText(t, size, style).Width })
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}

// mark lays a rectangle behind each marked part of each line.
func (r *paragraphRenderer) mark(measure func(string) float32) {
	r.marks = nil
	if len(r.p.marks) == 0 {
		return
	}
	from := 0
	for i, line := range r.lines {
		start := from + max(strings.Index(r.p.text[from:], line.Text), 0)
		from = min(start+len(line.Text), len(r.p.text))
		for _, m := range r.p.marks {
			low, high := max(m[0], start), min(m[1], from)
			if low >= high {
				continue
			}
			box := canvas.NewRectangle(fynetheme.ColorForWidget(theme.ColorMark, r.p))
			box.CornerRadius = 2
			box.Move(fyne.NewPos(measure(line.Text[:low-start])-1, float32(i)*r.height))
			box.Resize(fyne.NewSize(measure(line.Text[low-start:high-start])+2, r.height))
			r.marks = append(r.marks, box)
		}
	}
}

// wrap breaks text into lines no wider than width; a word that is wider by
// itself is broken anywhere.
func wrap(text string, width float32, measure func(string) float32) []string {
	var lines []string
	for _, paragraph := range strings.Split(text, "\n") {
		line := ""
		for _, piece := range pieces(paragraph) {
			if line == "" || measure(strings.TrimRight(line+piece, " ")) <= width {
				line += piece
			} else {
				lines = append(lines, strings.TrimRight(line, " "))
				line = piece
			}
			for measure(strings.TrimRight(line, " ")) > width {
				runes := []rune(line)
				n := len(runes) - 1
				for n > 1 && measure(string(runes[:n])) > width {
					n--
				}
				if n < 1 {
					break // one character wider than the line
				}
				lines = append(lines, string(runes[:n]))
				line = string(runes[n:])
			}
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return lines
}

// pieces cuts text after each space and around each Chinese character, save
// before punctuation that must not begin a line.
func pieces(text string) []string {
	var out []string
	start := 0
	previous := rune(0)
	for i, r := range text {
		ends := previous == ' ' || unicode.Is(unicode.Han, previous) || isFullWidthPunctuation(previous)
		begins := unicode.Is(unicode.Han, r) && previous != 0
		if i > start && (ends || begins) && !isFullWidthPunctuation(r) && !(unicode.IsPunct(r) && unicode.Is(unicode.Han, previous)) {
			out = append(out, text[start:i])
			start = i
		}
		previous = r
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

func isFullWidthPunctuation(r rune) bool {
	return strings.ContainsRune("，。、；：？！）】》”’…", r)
}
