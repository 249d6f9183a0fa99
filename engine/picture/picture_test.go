package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pgregory.net/rapid"

	"touchstone/engine"
)

// painted is a picture of one colour.
func painted(w, h int, c color.Color) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		img.Set(i%w, i/w, c)
	}
	return img
}

func encoded(t testing.TB, form string, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch form {
	case "png":
		err = png.Encode(&b, img)
	case "gif":
		err = gif.Encode(&b, img, nil)
	default:
		err = jpeg.Encode(&b, img, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

var red = color.RGBA{R: 0xc0, A: 0xff}

func isRed(img image.Image) bool {
	b := img.Bounds()
	r, g, _, _ := img.At(b.Min.X+b.Dx()/2, b.Min.Y+b.Dy()/2).RGBA()
	return r>>8 > 0xa0 && g>>8 < 0x30
}

func TestPicturesOfTheFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "front.png"), encoded(t, "png", painted(300, 150, red)))
	write(t, filepath.Join(dir, "img", "side.jpg"), encoded(t, "jpg", painted(40, 20, red)))
	write(t, filepath.Join(dir, "SKU-7.gif"), encoded(t, "gif", painted(10, 10, red)))
	write(t, filepath.Join(dir, "thumb_9.jpg"), encoded(t, "jpg", painted(10, 10, red)))
	write(t, filepath.Join(dir, "letter.jpg"), []byte("this is a letter"))
	cases := []struct {
		name string
		p    engine.Product
		want error // nil for a picture
	}{
		{"by its name", engine.Product{ID: "1", Image: "front.png"}, nil},
		{"in a folder below", engine.Product{ID: "1", Image: "img/side.jpg"}, nil},
		{"written on Windows", engine.Product{ID: "1", Image: `img\side.jpg`}, nil},
		{"by its whole path", engine.Product{ID: "1", Image: filepath.Join(dir, "front.png")}, nil},
		{"by a file address", engine.Product{ID: "1", Image: "file://" + filepath.ToSlash(dir) + "/front.png"}, nil},
		{"called like the product", engine.Product{ID: "SKU-7"}, nil},
		{"called like the end of its address", engine.Product{ID: "9", Image: "https://shop.example/p/thumb_9.jpg?w=80"}, nil},
		{"nothing named", engine.Product{ID: "2"}, ErrNone},
		{"an address, and the web is off", engine.Product{ID: "3", Image: "https://shop.example/p.jpg"}, ErrNone},
		{"not there", engine.Product{ID: "4", Image: "gone.png"}, fs.ErrNotExist},
		{"outside", engine.Product{ID: "5", Image: "../secret.png"}, ErrOutside},
		{"outside on Windows", engine.Product{ID: "5", Image: `..\secret.png`}, ErrOutside},
		{"outside, through below", engine.Product{ID: "5", Image: "img/../../secret.png"}, ErrOutside},
		{"outside, whole path", engine.Product{ID: "5", Image: "/etc/passwd"}, ErrOutside},
		{"an ID that leads outside", engine.Product{ID: "../secret"}, ErrNone},
	}
	write(t, filepath.Join(filepath.Dir(dir), "secret.png"), encoded(t, "png", painted(5, 5, red)))
	a := Open(Options{Folder: dir})
	for _, c := range cases {
		img, err := a.Thumbnail(t.Context(), &c.p, 100)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if c.want == nil && err == nil && !isRed(img) {
			t.Errorf("%s: the picture is another one", c.name)
		}
	}
	if _, err := a.Thumbnail(t.Context(), &engine.Product{ID: "1", Image: "letter.jpg"}, 100); err == nil || !strings.Contains(err.Error(), "text/plain") {
		t.Errorf("a letter is a picture: %v", err)
	}
	if _, err := a.Thumbnail(t.Context(), &engine.Product{ID: "1", Image: "img"}, 100); err == nil {
		t.Error("a folder is a picture")
	}
}

func TestNoLinkLeadsOutOfTheFolder(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "private.png")
	write(t, outside, encoded(t, "png", painted(5, 5, red)))
	if err := os.Symlink(outside, filepath.Join(dir, "link.png")); err != nil {
		t.Skip("no links here:", err)
	}
	if _, err := Open(Options{Folder: dir}).Thumbnail(t.Context(), &engine.Product{ID: "1", Image: "link.png"}, 10); err == nil {
		t.Error("a link led out of the folder")
	}
}

func TestThumbnailsKeepTheirShape(t *testing.T) {
	for _, c := range []struct{ w, h, wide, high int }{
		{400, 100, 96, 24}, {100, 400, 24, 96}, {50, 20, 50, 20}, {96, 96, 96, 96}, {2000, 1, 96, 1},
	} {
		got := scale(painted(c.w, c.h, red), 96).Bounds()
		if got.Dx() != c.wide || got.Dy() != c.high {
			t.Errorf("%d × %d becomes %v, want %d × %d", c.w, c.h, got, c.wide, c.high)
		}
	}
	clear := scale(image.NewNRGBA(image.Rect(0, 0, 4, 4)), 96)
	if r, _, _, a := clear.At(1, 1).RGBA(); r != 0xffff || a != 0xffff {
		t.Error("what is transparent is not white")
	}
}

// bomb is a PNG that says it has so many pixels; its data unpacks to nothing.
func bomb(w, h uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	head := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(head[4:], w)
	binary.BigEndian.PutUint32(head[8:], h)
	head[12], head[13] = 8, 6
	_ = binary.Write(&b, binary.BigEndian, uint32(13))
	b.Write(head)
	_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(head))
	return b.Bytes()
}

func TestLargePicturesAreRefusedBeforeTheyAreUnpacked(t *testing.T) {
	for name, data := range map[string][]byte{
		"many pixels":  bomb(50_000, 50_000),
		"a long line":  bomb(MaxSide+1, 1),
		"just too big": bomb(5_000, 4_801),
		"many bytes":   append(encoded(t, "jpg", painted(8, 8, red)), make([]byte, MaxBytes)...),
	} {
		_, err := decode(t.Context(), bytes.NewReader(data), 96)
		if !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := decode(t.Context(), bytes.NewReader(bomb(0, 7)), 96); err == nil {
		t.Error("a picture without pixels was decoded")
	}
}

// slowly gives a byte at a time, for ever.
type slowly struct{ asked atomic.Int64 }

func (s *slowly) Read(p []byte) (int, error) { s.asked.Add(1); p[0] = 0xff; return 1, nil }

func TestDecodingEndsInTime(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := decode(ctx, &slowly{}, 96); !errors.Is(err, context.Canceled) {
		t.Errorf("decoding went on: %v", err)
	}
	// So does a decoder that has the whole picture in its hands.
	if _, err := forms["image/jpeg"].decode(timed{ctx, bytes.NewReader(encoded(t, "jpg", painted(64, 64, red)))}); !errors.Is(err, context.Canceled) {
		t.Errorf("the decoder went on: %v", err)
	}
}

// toAnyone lets the tests' own server be asked.
func toAnyone(string, string, syscall.RawConn) error { return nil }

// onTheWeb is an album that may ask the tests' own server.
func onTheWeb(cache string) *Album {
	a := Open(Options{Web: true, Cache: cache})
	a.web = webThrough(toAnyone)
	return a
}

func TestPicturesOfTheWeb(t *testing.T) {
	var asked atomic.Int64
	picture := encoded(t, "png", painted(30, 30, red))
	mux := http.NewServeMux()
	mux.HandleFunc("/p.png", func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.Header.Get("Cookie") != "" || r.Referer() != "" {
			t.Error("it says who asks")
		}
		_, _ = w.Write(picture)
	})
	mux.HandleFunc("/gone.png", func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		http.Error(w, "gone", http.StatusGone)
	})
	mux.HandleFunc("/loop.png", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop.png", http.StatusFound) })
	mux.HandleFunc("/away.png", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	mux.HandleFunc("/endless.png", func(w http.ResponseWriter, _ *http.Request) {
		for range MaxBytes/4096 + 2 {
			if _, err := w.Write(make([]byte, 4096)); err != nil {
				return
			}
		}
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	cache := t.TempDir()
	a := onTheWeb(cache)
	get := func(a *Album, path string) error {
		img, err := a.Thumbnail(t.Context(), &engine.Product{ID: "1", Image: server.URL + path}, 96)
		if err == nil && !isRed(img) {
			t.Errorf("%s: the picture is another one", path)
		}
		return err
	}
	for range 2 {
		if err := get(a, "/p.png"); err != nil {
			t.Fatal(err)
		}
	}
	if err := get(onTheWeb(cache), "/p.png"); err != nil { // a later start
		t.Fatal(err)
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("the picture was fetched %d times", n)
	}
	for range 3 {
		if err := get(a, "/gone.png"); err == nil || !strings.Contains(err.Error(), "410") {
			t.Errorf("gone: %v", err)
		}
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("what is gone was asked for %d times", n-1)
	}
	for _, path := range []string{"/loop.png", "/away.png"} {
		if err := get(a, path); err == nil {
			t.Errorf("%s gave a picture", path)
		}
	}
	if err := get(a, "/endless.png"); !errors.Is(err, ErrTooLarge) {
		t.Errorf("endless: %v", err)
	}
	if err := get(Open(Options{Cache: cache}), "/p.png"); !errors.Is(err, ErrNone) {
		t.Errorf("with the web off: %v", err)
	}
}

func TestOnlyPublicHostsAreAsked(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true,
		"127.0.0.1": false, "::1": false, "10.1.2.3": false, "192.168.0.1": false, "172.16.9.9": false, "169.254.169.254": false,
		"100.64.1.1": false, "0.0.0.0": false, "::": false, "fd00::1": false, "fe80::1": false, "224.0.0.1": false, "255.255.255.255": false, "::ffff:127.0.0.1": false,
	} {
		err := publicOnly("tcp", net.JoinHostPort(address, "80"), nil)
		if (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	a := Open(Options{Web: true})
	_, err := a.Thumbnail(t.Context(), &engine.Product{ID: "1", Image: server.URL + "/p.png"}, 96)
	if !errors.Is(err, errPrivate) || asked {
		t.Errorf("this machine was asked (%v): %v", asked, err)
	}
	if _, err := a.Thumbnail(t.Context(), &engine.Product{ID: "1", Image: "http://ann:secret@shop.example/p.png"}, 96); err == nil {
		t.Error("a password was sent")
	}
}

// TestPublicIsNeverPrivate: no private network counts as public, however its
// addresses are written.
func TestPublicIsNeverPrivate(t *testing.T) {
	private := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("192.168.0.0/16")}
	rapid.Check(t, func(t *rapid.T) {
		ip := netip.AddrFrom4([4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "ip")))
		for _, p := range private {
			if p.Contains(ip) && publicOnly("tcp", netip.AddrPortFrom(netip.AddrFrom16(ip.As16()), 80).String(), nil) == nil {
				t.Fatalf("%v is public", ip)
			}
		}
	})
}

func TestTheCacheStaysWithinItsLimit(t *testing.T) {
	c := newCache(t.TempDir())
	img := painted(40, 40, red)
	if err := c.put(keyOf("first", "", 40), img); err != nil {
		t.Fatal(err)
	}
	one := c.size
	c.limit = 10 * one
	for i := range 40 {
		if err := c.put(keyOf(string(rune('a'+i)), "", 40), img); err != nil {
			t.Fatal(err)
		}
		when := time.Now().Add(time.Duration(i-100) * time.Second)
		if err := os.Chtimes(c.file(keyOf(string(rune('a'+i)), "", 40)), when, when); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(c.dir)
	if err != nil || len(entries) > 10 || len(entries) < 8 {
		t.Errorf("%d files of %d bytes are kept, %v", len(entries), one, err)
	}
	if _, ok := c.get(keyOf(string(rune('a'+39)), "", 40)); !ok {
		t.Error("the newest is gone")
	}
	if _, ok := c.get(keyOf("b", "", 40)); ok {
		t.Error("the oldest is still there")
	}
	old := time.Now().Add(-cacheKeeps - time.Hour)
	key := keyOf(string(rune('a'+39)), "", 40)
	if err := os.Chtimes(c.file(key), old, old); err != nil {
		t.Fatal(err)
	}
	if _, ok := c.get(key); ok {
		t.Error("one of last month is shown")
	}
	write(t, c.file(key), []byte("damaged"))
	if _, ok := c.get(key); ok {
		t.Error("a damaged file is a picture")
	}
}

func TestAChangedFileIsReadAgain(t *testing.T) {
	dir := t.TempDir()
	a := Open(Options{Folder: dir, Cache: t.TempDir()})
	p := &engine.Product{ID: "1", Image: "p.png"}
	file := filepath.Join(dir, "p.png")
	write(t, file, encoded(t, "png", painted(10, 10, color.White)))
	if img, err := a.Thumbnail(t.Context(), p, 96); err != nil || isRed(img) {
		t.Fatal(err)
	}
	write(t, file, encoded(t, "png", painted(12, 10, red)))
	if img, err := a.Thumbnail(t.Context(), p, 96); err != nil || !isRed(img) {
		t.Errorf("the old picture is shown, %v", err)
	}
}

// FuzzDecode: whatever a file holds, decoding ends with a picture that fits or
// with an error.
func FuzzDecode(f *testing.F) {
	for _, form := range []string{"png", "gif", "jpg"} {
		f.Add(encoded(f, form, painted(9, 5, red)))
	}
	f.Add(bomb(70_000, 70_000))
	f.Add([]byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), MaxTime)
		defer cancel()
		img, err := decode(ctx, bytes.NewReader(data), 32)
		if err == nil && (img.Bounds().Dx() > 32 || img.Bounds().Dy() > 32 || img.Bounds().Empty()) {
			t.Errorf("a thumbnail of %v", img.Bounds())
		}
	})
}
