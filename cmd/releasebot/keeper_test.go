package main

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"releasebot/answers"
)

// folder is a folder in memory that can be changed while it is watched.
type folder struct {
	mu    sync.Mutex
	files fstest.MapFS
}

func (f *folder) Open(name string) (fs.File, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.files.Open(name)
}

func (f *folder) write(path, text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files[path] = &fstest.MapFile{Data: []byte(text)}
}

func (f *folder) read(path string) string { return string(f.files[path].Data) }

func (f *folder) edit(path, old, new string) {
	f.write(path, strings.ReplaceAll(f.read(path), old, new))
}

// office is the content of testdata/office.
func office(t *testing.T) *folder {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS("testdata/office")
	err := fs.WalkDir(root, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, path)
		files[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return &folder{files: files}
}

const pairsFile = "releases/2020-05-04-bridge/pairs.yaml"

// watching is a keeper at work in a synctest bubble, and what has come of it.
type watching struct {
	mu        sync.Mutex
	libraries []*answers.Library
	messages  []string
}

func (w *watching) use(l *answers.Library) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.libraries = append(w.libraries, l)
}

func (w *watching) tell(_ context.Context, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.messages = append(w.messages, text)
}

// passed lets time pass. It returns the libraries that have been in use since the beginning, and what the administrators were told.
func (w *watching) passed(d time.Duration) (libraries []*answers.Library, told []string) {
	time.Sleep(d)
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.libraries), slices.Clone(w.messages)
}

func watch(t *testing.T, files fs.FS) *watching {
	t.Helper()
	k := &keeper{source: source{files, "office"}, watched: true, log: slog.New(slog.DiscardHandler)}
	library, err := k.load()
	if err != nil {
		t.Fatal(err)
	}
	w := &watching{libraries: []*answers.Library{library}}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go k.keep(ctx, w.use, w.tell)
	return w
}

func TestKeeperReloadsChangedContent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := office(t)
		w := watch(t, files)
		if libraries, _ := w.passed(time.Minute); len(libraries) != 1 {
			t.Fatalf("loaded %d times though nothing changed", len(libraries))
		}
		files.edit(pairsFile, "On Sunday at noon.", "At noon.")
		libraries, told := w.passed(3 * lookEvery)
		if len(libraries) != 2 {
			t.Fatalf("loaded %d times, want 2", len(libraries))
		}
		if got := libraries[1].Pair("bridge-when").Answer["en"]; got != "At noon." {
			t.Errorf("answers %q", got)
		}
		if len(told) != 0 {
			t.Errorf("told %q", told)
		}
	})
}

func TestKeeperWaitsUntilFilesAreWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := office(t)
		w := watch(t, files)
		whole := files.read(pairsFile)
		for length := range 10 { // as long as it grows, it is not loaded
			files.write(pairsFile, whole[:length])
			w.passed(lookEvery)
		}
		files.write(pairsFile, whole)
		if libraries, told := w.passed(time.Minute); len(libraries) != 1 || len(told) != 0 {
			t.Errorf("loaded %d times, told %q", len(libraries), told)
		}
	})
}

func TestKeeperLeavesBrokenContentAside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := office(t)
		w := watch(t, files)
		files.edit(pairsFile, "The new bridge over the river", "The old bridge over the river")
		libraries, told := w.passed(time.Minute)
		if len(libraries) != 1 {
			t.Errorf("loaded %d times, want 1", len(libraries))
		}
		if len(told) != 1 || !strings.Contains(told[0], "office/"+pairsFile+":11:7: the quote is not in the release") {
			t.Fatalf("told %q", told)
		}
		files.edit(pairsFile, "The old bridge over the river", "The new bridge over the river")
		libraries, told = w.passed(time.Minute)
		if len(libraries) != 2 {
			t.Errorf("loaded %d times, want 2", len(libraries))
		}
		if len(told) != 2 || told[1] != "The content is right again, and I use it." {
			t.Errorf("told %q", told)
		}
	})
}

func TestKeeperShowsAReleaseWhenItsEmbargoEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := office(t)
		end := time.Now().Add(time.Hour).Format(time.RFC3339)
		files.write("releases/tunnel/release.md", "---\ntitle: The tunnel\npublisher: City of Aral\nlang: en\ndate: 2020-05-05\n"+
			"url: https://aral.example/tunnel\nembargo: "+end+"\n---\n\nThe tunnel opens in June.\n")
		files.write("releases/tunnel/pairs.yaml", "- id: tunnel-when\n  topic: bridge\n  question: {en: When will the tunnel open}\n"+
			"  answer: {en: In June.}\n  quotes: [The tunnel opens in June.]\n")
		w := watch(t, files)
		libraries, _ := w.passed(time.Hour - time.Second)
		if len(libraries) != 1 || libraries[0].Pair("tunnel-when") != nil {
			t.Fatalf("loaded %d times; before the embargo ended", len(libraries))
		}
		libraries, _ = w.passed(2 * lookEvery)
		if len(libraries) != 2 || libraries[1].Pair("tunnel-when") == nil {
			t.Fatalf("loaded %d times; after the embargo ended", len(libraries))
		}
		if libraries, _ = w.passed(time.Hour); len(libraries) != 2 {
			t.Errorf("loaded %d times, want 2", len(libraries))
		}
	})
}

func TestFingerprint(t *testing.T) {
	files := office(t)
	before := fingerprint(files)
	files.write(".git/HEAD", "ref")
	files.write("releases/.pairs.yaml.swp", "")
	if fingerprint(files) != before {
		t.Error("files whose names begin with a dot count")
	}
	files.write("releases/new", "")
	if fingerprint(files) == before {
		t.Error("an empty new file does not count")
	}
	if fingerprint(fstest.MapFS{}) == fingerprint(os.DirFS("testdata/nowhere")) {
		t.Error("a folder that is gone is taken for an empty one")
	}
}
