package ui

import (
	"flag"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"touchstone/ui/locale"
)

var (
	monkeyEvents = flag.Int("monkey", 400, "how many keys and clicks the monkey test makes")
	monkeyFor    = flag.Duration("monkeyfor", 0, "how long the monkey test goes on, whatever it has made; 0 for -monkey events")
	monkeySeed   = flag.Uint64("monkeyseed", 0, "the seed of the monkey test; 0 takes the clock")
)

// TestMonkey types, clicks and chooses at random: nothing panics, and what was
// started ends. The seed is printed; -monkeyseed plays the same again.
func TestMonkey(t *testing.T) {
	seed := *monkeySeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d: -run TestMonkey -monkeyseed %d", seed, seed)
	t.Cleanup(func() { _ = locale.Set(locale.English) })
	random := rand.New(rand.NewPCG(seed, 0))

	b := newFakeBench()
	b.learned = betterWeights()
	sc := newScreenOf(t, b)
	before := runtime.NumGoroutine()
	sh := sc.shell
	sh.person.keep("ann")
	keys := []fyne.KeyName{fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight, fyne.KeyReturn, fyne.KeyEscape, fyne.KeyTab, fyne.KeyDelete, fyne.KeyBackspace, fyne.KeyHome, fyne.KeyEnd, fyne.KeyPageDown, fyne.KeySpace}
	letters := []rune("0123456789abcdefghijklmnopqrstuvwxyz/?*降噪耳机 ")
	begun, made := time.Now(), 0
	for i := 0; i < *monkeyEvents || time.Since(begun) < *monkeyFor; i++ {
		focused := sc.canvas.Focused()
		switch n := random.IntN(10); {
		case n < 4:
			if r := letters[random.IntN(len(letters))]; focused != nil {
				focused.TypedRune(r)
			} else {
				sh.rune(r)
			}
		case n < 7:
			if k := keys[random.IntN(len(keys))]; k == fyne.KeyTab {
				sc.canvas.(interface{ FocusNext() }).FocusNext()
			} else if focused != nil {
				focused.TypedKey(&fyne.KeyEvent{Name: k})
			} else {
				sh.key(k)
			}
		case n < 9:
			size := sc.canvas.Size()
			test.TapCanvas(sc.canvas, fyne.NewPos(random.Float32()*size.Width, random.Float32()*size.Height))
		case random.IntN(3) == 0:
			sh.openPalette()
		default:
			if all := sh.actions(); len(all) > 0 {
				sh.do(all[random.IntN(len(all))])
			}
		}
		made++
		if i%25 == 0 {
			sc.settle()
		}
	}
	t.Logf("%d keys and clicks", made)
	sc.settle()
	sh.closePalette()
	for wait := time.Now(); runtime.NumGoroutine() > before && time.Since(wait) < 10*time.Second; {
		time.Sleep(10 * time.Millisecond) // those that were told to stop
	}
	if n := runtime.NumGoroutine(); n > before {
		stacks := make([]byte, 1<<16)
		t.Errorf("%d goroutines are left, %d were there before:\n%s", n, before, stacks[:runtime.Stack(stacks, true)])
	}
}
