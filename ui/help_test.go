package ui

import (
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"touchstone/docs"
	"touchstone/ui/locale"
)

// TestHelpIsWhole: every page is there in every language, its pictures and the
// pages that it leads to as well, and it is shown.
func TestHelpIsWhole(t *testing.T) {
	t.Cleanup(func() { _ = locale.Set(locale.English) })
	w, _ := everyAction(t)
	for _, l := range locale.Languages {
		if err := locale.Set(l.Language); err != nil {
			t.Fatal(err)
		}
		for _, p := range helpPages {
			text, err := docs.Page(string(l.Language), p.page)
			if err != nil {
				t.Error(err)
				continue
			}
			for _, link := range helpLink.FindAllStringSubmatch(text, -1) {
				if link[2] != "cli" && !slices.ContainsFunc(helpPages, func(p struct{ page, name string }) bool { return p.page == link[2] }) {
					t.Errorf("%s leads to %s, which is no page of the guide", p.page, link[2])
				}
			}
			for _, block := range helpBlocks(text) {
				if image := helpImage.FindStringSubmatch(block); image != nil {
					if _, err := docs.Picture(image[1]); err != nil {
						t.Errorf("%s: %v", p.page, err)
					}
					// The pages are read as files, too: from the folder that they are in.
					folder := "../docs"
					if l.Language != locale.English {
						folder += "/" + string(l.Language)
					}
					if _, err := os.Stat(path.Join(folder, image[1])); err != nil {
						t.Errorf("%s: %v", p.page, err)
					}
				}
			}
			w.showPage(p.page)
			title, _, _ := strings.Cut(strings.TrimPrefix(text, "# "), "\n")
			if got := words(w.win.Canvas().Overlays().Top()); !strings.Contains(got, title) {
				t.Errorf("%s is not shown", p.page)
			}
			w.asking.Dismiss()
		}
	}
}
