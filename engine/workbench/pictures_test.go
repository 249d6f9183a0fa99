package workbench_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// TestPicturesOfACatalogue: files are looked for beside the catalogue that names
// them, nothing is fetched before a person allows it, and both choices are kept.
func TestPicturesOfACatalogue(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	s := newShop(t)
	report := s.importLines("id,title,image", "l1,Desk lamp,lamp.png", "l2,Floor lamp,https://shop.example/l2.png", "l3,Shade,../l3.png")
	if report.Addresses != 1 {
		t.Errorf("%d pictures lie on the web, want 1", report.Addresses)
	}
	p := s.Pictures()
	if p.Web || p.Folder == "" {
		t.Fatalf("pictures come from %+v", p)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 40, 20))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.Folder, "lamp.png"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	img, err := s.Thumbnail(t.Context(), &engine.Product{ID: "l1", Image: "lamp.png"}, 20)
	if err != nil || img.Bounds().Dx() != 20 {
		t.Errorf("no picture: %v", err)
	}
	if _, err := s.Thumbnail(t.Context(), &engine.Product{ID: "l2", Image: "https://shop.example/l2.png"}, 20); !errors.Is(err, workbench.ErrNoPicture) {
		t.Errorf("the web was asked: %v", err)
	}
	if _, err := s.Thumbnail(t.Context(), &engine.Product{ID: "l3", Image: "../l3.png"}, 20); err == nil || errors.Is(err, workbench.ErrNoPicture) {
		t.Errorf("a file outside of the folder: %v", err)
	}
	if err := s.SetPictures(workbench.PictureSettings{Folder: filepath.Join(p.Folder, "gone")}); err == nil {
		t.Error("a folder was taken that is not there")
	}
	if err := s.SetPictures(workbench.PictureSettings{Folder: filepath.Join(p.Folder, "lamp.png")}); err == nil {
		t.Error("a file was taken for a folder")
	}
	want := workbench.PictureSettings{Folder: p.Folder, Web: true}
	s.must(s.SetPictures(want))
	s.reopen()
	if got := s.Pictures(); got != want {
		t.Errorf("kept %+v, want %+v", got, want)
	}
	s.importLines("id,title,image", "l4,Other lamp,other.png")
	if got := s.Pictures(); got != want {
		t.Errorf("a later import changed it to %+v", got)
	}
}
