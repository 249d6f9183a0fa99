package ui

import (
	"cmp"
	ring "container/list"
	"context"
	"errors"
	"image"
	"log/slog"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/widgets"
)

// Sides of pictures in pixels: for a tile of a row and for the judge's card, on
// a screen with two pixels a point.
const (
	pictureRow  = 112
	pictureCard = 600
)

const (
	picturesAtWork = 3
	picturesWanted = 64  // the newest that wait; what was scrolled past is dropped
	picturesKept   = 512 // 112 × 112 pixels are 50 kB
	cardsKept      = 6   // 600 × 600 are 1.4 MB
)

// thumbnails brings pictures of products to the tiles that show them: a tile
// stands with its drawn letter until its picture is there. Everything but the
// work itself happens on Fyne's goroutine. A nil *thumbnails draws letters only.
type thumbnails struct {
	bench   Bench
	tasks   *tasks
	tell    func(notice)
	showing map[*widgets.Thumbnail]pictured
	wanted  []pictured // oldest first
	atWork  int
	kept    map[int]*shelf // by side
	told    bool           // that one did not come
}

// pictured is a product's picture in a size.
type pictured struct {
	id, image string
	side      int
}

func newThumbnails(bench Bench, tasks *tasks, tell func(notice)) *thumbnails {
	t := &thumbnails{bench: bench, tasks: tasks, tell: tell, showing: map[*widgets.Thumbnail]pictured{}}
	t.empty()
	return t
}

func (t *thumbnails) empty() {
	t.kept = map[int]*shelf{pictureRow: newShelf(picturesKept), pictureCard: newShelf(cardsKept)}
	t.wanted, t.told = nil, false
}

// show has a tile show a product, its picture as soon as it is there.
func (t *thumbnails) show(tile *widgets.Thumbnail, p *engine.Product, side int) {
	tile.Set(cmp.Or(p.Category, p.Brand, p.Title))
	if t == nil {
		return
	}
	of := pictured{p.ID, p.Image, side}
	if t.showing[tile] == of {
		return
	}
	t.showing[tile] = of
	t.bring(tile, of)
}

func (t *thumbnails) bring(tile *widgets.Thumbnail, of pictured) {
	img, known := t.kept[of.side].get(of)
	tile.SetPicture(img)
	if known {
		return
	}
	t.wanted = append(t.wanted, of)
	if len(t.wanted) > picturesWanted {
		t.wanted = t.wanted[1:]
	}
	t.work()
}

// work makes the newest pictures that are wanted.
func (t *thumbnails) work() {
	for t.atWork < picturesAtWork && len(t.wanted) > 0 {
		of := t.wanted[len(t.wanted)-1]
		t.wanted = t.wanted[:len(t.wanted)-1]
		if _, known := t.kept[of.side].get(of); known || !t.isShown(of) {
			continue
		}
		t.atWork++
		t.tasks.beside(func(ctx context.Context) func() {
			img, err := t.bench.Thumbnail(ctx, &engine.Product{ID: of.id, Image: of.image}, of.side)
			return func() {
				t.atWork--
				t.came(of, img, err)
				t.work()
			}
		})
	}
}

func (t *thumbnails) isShown(of pictured) bool {
	for _, shown := range t.showing {
		if shown == of {
			return true
		}
	}
	return false
}

// came shows a picture wherever it is waited for. Of those that did not come,
// the first is told: there may be thousands.
func (t *thumbnails) came(of pictured, img image.Image, err error) {
	if err != nil && !errors.Is(err, workbench.ErrNoPicture) {
		slog.Info("picture", "product", of.id, "error", err)
		if !t.told {
			t.told = true
			t.tell(notice{text: locale.T("A picture did not come: %s. Letters stand for those that do not.", locale.Say(err.Error()))})
		}
	}
	t.kept[of.side].put(of, img)
	for tile, shown := range t.showing {
		if shown == of {
			tile.SetPicture(img)
		}
	}
}

// renew brings all pictures again, after their sources changed.
func (t *thumbnails) renew() {
	t.empty()
	for tile, of := range t.showing {
		t.bring(tile, of)
	}
}

// shelf keeps the pictures that were looked at last, and that there is none.
type shelf struct {
	most int
	at   map[pictured]*ring.Element
	used *ring.List // of shelved, the newest first
}

type shelved struct {
	of  pictured
	img image.Image // nil: there is none
}

func newShelf(most int) *shelf {
	return &shelf{most: most, at: map[pictured]*ring.Element{}, used: ring.New()}
}

func (s *shelf) get(of pictured) (image.Image, bool) {
	e, ok := s.at[of]
	if !ok {
		return nil, false
	}
	s.used.MoveToFront(e)
	return e.Value.(shelved).img, true
}

func (s *shelf) put(of pictured, img image.Image) {
	s.at[of] = s.used.PushFront(shelved{of, img})
	if s.used.Len() > s.most {
		delete(s.at, s.used.Remove(s.used.Back()).(shelved).of)
	}
}

// pictureActions choose where pictures of products come from.
func (w *window) pictureActions() []action {
	sh := w.shell
	opened := func() bool { return sh.bench != nil && !sh.bench.Status().ReadOnly }
	under := locale.Mark("Pictures")
	of := func() workbench.PictureSettings {
		if sh.bench == nil {
			return workbench.PictureSettings{}
		}
		return sh.bench.Pictures()
	}
	return []action{
		{id: "pictures.web", name: "Fetch pictures from the web", group: groupCatalogue, under: under, enabled: opened, why: noWorkspaceYet,
			on: func() bool { return of().Web }, run: func() {
				p := of()
				p.Web = !p.Web
				said := locale.T("Pictures are fetched from the addresses in this catalogue. The servers there see that this machine asks.")
				if !p.Web {
					said = locale.T("No picture is fetched from the web any more.")
				}
				w.setPictures(p, said)
			}},
		{id: "pictures.folder", name: "Folder of pictures…", group: groupCatalogue, under: under, enabled: opened, why: noWorkspaceYet,
			run: func() {
				w.pickFolder(locale.T("Folder of pictures…"), func(path string) {
					p := of()
					p.Folder = path
					w.setPictures(p, locale.T("Pictures are looked for in %s, by the names in the catalogue or called like the products’ IDs.", path))
				})
			}},
		{id: "pictures.none", name: "No folder of pictures", group: groupCatalogue, under: under,
			enabled: func() bool { return opened() && of().Folder != "" }, why: "No folder of pictures is chosen.",
			run: func() {
				p := of()
				p.Folder = ""
				w.setPictures(p, locale.T("Pictures are not looked for in a folder any more."))
			}},
	}
}

// setPictures keeps where pictures come from in the workspace, with a way back.
func (w *window) setPictures(p workbench.PictureSettings, said string) {
	sh, b, before := w.shell, w.shell.bench, w.shell.bench.Pictures()
	sh.tasks.inOrder(func() func() {
		err := b.SetPictures(p)
		return func() {
			if err != nil {
				sh.notices.tell(failure(locale.T("The choice was not kept"), err))
				return
			}
			sh.pictures.renew()
			w.showMenu()
			if said != "" {
				sh.notices.tell(notice{text: said, action: locale.T("Undo"), do: func() { w.setPictures(before, "") }})
			}
		}
	})
}

// offerPictures asks whether pictures that lie on the web may be fetched, after
// an import that named some.
func (sh *shell) offerPictures(addresses int) {
	if addresses == 0 || sh.bench == nil || sh.bench.Pictures().Web {
		return
	}
	sh.notices.tell(notice{
		text:   locale.N(addresses, "%d product has a picture on the web. Touchstone fetches nothing unless you allow it for this workspace.", "%d products have pictures on the web. Touchstone fetches nothing unless you allow it for this workspace."),
		action: locale.T("Fetch them"), do: func() { sh.act("pictures.web") },
	})
}
