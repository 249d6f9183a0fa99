package workbench_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// share is a folder on a file system that can go away, as a network share does:
// while the file gone exists, everything that is asked of it fails, and so do
// files that were open before. A process of its own serves it: one that waits
// for a page of a share that it serves itself waits for ever.
type share struct {
	fuse.RawFileSystem
	gone string
}

func (s *share) status() fuse.Status {
	if _, err := os.Stat(s.gone); err == nil {
		return fuse.Status(syscall.ESTALE)
	}
	return fuse.OK
}

func (s *share) Lookup(cancel <-chan struct{}, header *fuse.InHeader, name string, out *fuse.EntryOut) fuse.Status {
	if st := s.status(); !st.Ok() {
		return st
	}
	return s.RawFileSystem.Lookup(cancel, header, name, out)
}

func (s *share) Open(cancel <-chan struct{}, in *fuse.OpenIn, out *fuse.OpenOut) fuse.Status {
	if st := s.status(); !st.Ok() {
		return st
	}
	return s.RawFileSystem.Open(cancel, in, out)
}

func (s *share) Create(cancel <-chan struct{}, in *fuse.CreateIn, name string, out *fuse.CreateOut) fuse.Status {
	if st := s.status(); !st.Ok() {
		return st
	}
	return s.RawFileSystem.Create(cancel, in, name, out)
}

func (s *share) Read(cancel <-chan struct{}, in *fuse.ReadIn, buf []byte) (fuse.ReadResult, fuse.Status) {
	if st := s.status(); !st.Ok() {
		return nil, st
	}
	return s.RawFileSystem.Read(cancel, in, buf)
}

func (s *share) Write(cancel <-chan struct{}, in *fuse.WriteIn, data []byte) (uint32, fuse.Status) {
	if st := s.status(); !st.Ok() {
		return 0, st
	}
	return s.RawFileSystem.Write(cancel, in, data)
}

func (s *share) Fsync(cancel <-chan struct{}, in *fuse.FsyncIn) fuse.Status {
	if st := s.status(); !st.Ok() {
		return st
	}
	return s.RawFileSystem.Fsync(cancel, in)
}

func (s *share) Unlink(cancel <-chan struct{}, header *fuse.InHeader, name string) fuse.Status {
	if st := s.status(); !st.Ok() {
		return st
	}
	return s.RawFileSystem.Unlink(cancel, header, name)
}

// TestServeShare is the process that serves a share; by itself it tests nothing.
func TestServeShare(t *testing.T) {
	at := os.Getenv("TOUCHSTONE_TEST_SHARE")
	if at == "" {
		t.Skip("TestShareThatVanishes starts this in a process of its own")
	}
	root, err := fs.NewLoopbackRoot(at + ".holds")
	if err != nil {
		t.Fatal(err)
	}
	server, err := fuse.NewServer(&share{fs.NewNodeFS(root, &fs.Options{}), at + ".gone"}, at, &fuse.MountOptions{DirectMount: true, Name: "share"})
	if err != nil {
		fmt.Println("not mounted:", err)
		return
	}
	go server.Serve()
	if err := server.WaitMount(); err != nil {
		t.Fatal(err)
	}
	fmt.Println("mounted")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil { // until the test ends
		t.Error(err)
	}
	if err := server.Unmount(); err != nil {
		t.Error(err)
	}
}

// mountShare mounts a share and returns its folder and what takes it away or
// brings it back; it skips the test where nothing can be mounted.
func mountShare(t *testing.T) (folder string, gone func(bool)) {
	t.Helper()
	at := filepath.Join(t.TempDir(), "share")
	if err := errors.Join(os.Mkdir(at, 0o700), os.Mkdir(at+".holds", 0o700)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^TestServeShare$", "-test.v")
	cmd.Env = append(os.Environ(), "TOUCHSTONE_TEST_SHARE="+at)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	gone = func(yes bool) {
		t.Helper()
		err := os.Remove(at + ".gone")
		if yes {
			err = os.WriteFile(at+".gone", nil, 0o600)
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		gone(false)
		if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
			t.Error(err)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if why, no := strings.CutPrefix(lines.Text(), "not mounted: "); no {
			t.Skipf("no file system can be mounted here: %s", why)
		}
		if lines.Text() == "mounted" {
			go io.Copy(io.Discard, out) //nolint:errcheck // so that the process can print how it ended
			return at, gone
		}
	}
	t.Fatal("the share was never mounted")
	return "", nil
}

// TestShareThatVanishes: grades that are given while the share with the
// workspace is away stay on the page, wait in a journal on this machine, and are
// in the workspace once it is back, whether the program lives on or ends.
func TestShareThatVanishes(t *testing.T) {
	for _, c := range []struct {
		name string
		ends bool // the program ends while the share is away
	}{{"and comes back", false}, {"and the program ends", true}} {
		t.Run(c.name, func(t *testing.T) {
			at, gone := mountShare(t)
			s := newShop(t)
			s.importLines("id,title", "1,red shoe", "2,blue shoe")
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			content, err := os.ReadFile(s.path)
			if err != nil {
				t.Fatal(err)
			}
			path, journals := filepath.Join(at, "shop.touchstone"), filepath.Join(t.TempDir(), "journals")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			open := func() *storage.Workspace {
				t.Helper()
				store, err := storage.Open(path, storage.Options{Journals: journals})
				if err != nil {
					t.Fatal(err)
				}
				s.use(store)
				return store
			}
			open()
			s.grade("shoe", "1", 3)
			gone(true)
			if err := s.Grade(t.Context(), "shoe", "2", 1); !errors.Is(err, workbench.ErrNotWritten) {
				t.Fatalf("got %v", err)
			}
			if waiting, err := os.ReadDir(journals); err != nil || len(waiting) != 1 {
				t.Fatalf("journals: %v, %v", waiting, err)
			}
			if got := gradeOf(s.search("shoe"), "2"); got != 1 {
				t.Fatalf("the page shows %v", got)
			}
			want := map[string]engine.Grade{"1": 3, "2": 1}
			if !c.ends {
				gone(false)
				if err := s.Grade(t.Context(), "shirt", "1", 2); err != nil && !errors.Is(err, workbench.ErrNotWritten) {
					t.Fatal(err)
				}
				want["shirt 1"] = 2
			}
			if err := s.Close(); c.ends && err == nil {
				t.Fatal("nothing was said of the grade that waits")
			}
			gone(false)
			store := open()
			got := map[string]engine.Grade{}
			err = store.EachJudgment(t.Context(), func(j engine.Judgment) error {
				name := j.Product
				if j.Query != "shoe" {
					name = j.Query + " " + name
				}
				got[name] = j.Grade
				return nil
			})
			if err != nil || len(got) != len(want) {
				t.Fatalf("%v, want %v; %v", got, want, err)
			}
			for product, grade := range want {
				if got[product] != grade {
					t.Errorf("%s: %v, want %v", product, got[product], grade)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}
