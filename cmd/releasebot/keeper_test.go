package main

import (
	"context"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"releasebot/answers"
)

// office is the content of testdata/office, to be changed.
func office(t *testing.T) fstest.MapFS {
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
	return files
}

const pairsFile = "releases/2020-05-04-bridge/pairs.yaml"

func edit(files fstest.MapFS, path, old, new string) {
	text := string(files[path].Data)
	files[path] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, old, new))}
}

// watching is a keeper at work in a synctest bubble, and what it has said so far.
type watching struct {
	libraries []*answers.Library
	told      []string
}

func watch(t *testing.T, files fs.FS) *watching {
	t.Helper()
	w := new(watching)
	k := &keeper{source: source{files, "office"}, watched: true, log: slog.New(slog.DiscardHandler)}
	library, err := k.load()
	if err != nil {
		t.Fatal(err)
	}
	w.libraries = append(w.libraries, library)
	ctx, cancel := context.WithCancel(t.Context())
	go k.keep(ctx,
		func(l *answers.Library) { w.libraries = append(w.libraries, l) },
		func(_ context.Context, text string) { w.told = append(w.told, text) })
	t.Cleanup(cancel)
	return w
}

// passes lets time pass, in the bubble.
func passes(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestKeeperReloadsChangedContent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := office(t)
		w := watch(t, files)
		passes(time.Minute)
		if len(w.libraries) != 1 {
			t.Fatalf("loaded %d times though nothing changed", len(w.libraries))
		}
		edit(files, pairsFile, "On Sunday at noon.", "At noon.")
		passes(3 * lookEvery)
		if len(w.libraries) != 2 {
			t.Fatalf("loaded %d times, want 2", len(w.libraries))
		}
		if got := w.libraries[1].Pair("bridge-when").Answer["en"]; got != "At noon." {
			t.Errorf("answers %q", got)
		}
		if len(w.told) != 0 {
			t.Errorf("told %q", w.told)
		}
	})
}

func TestKeeperWaitsUntilFilesAreWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := office(t)
		whole := maps.Clone(files)
		w := watch(t, files)
		for length := range 10 { // as long as it grows, it is not loaded
			files[pairsFile] = &fstest.MapFile{Data: whole[pairsFile].Data[:length]}
			passes(lookEvery)
		}
		files[pairsFile] = whole[pairsFile]
		passes(time.Minute)
		if len(w.libraries) != 1 || len(w.told) != 0 {
			t.Errorf("loaded %d times, told %q", len(w.libraries), w.told)
		}
	})
}

func TestKeeperLeavesBrokenContentAside(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := office(t)
		w := watch(t, files)
		edit(files, pairsFile, "The new bridge over the river", "The old bridge over the river")
		passes(time.Minute)
		if len(w.libraries) != 1 {
			t.Errorf("loaded %d times, want 1", len(w.libraries))
		}
		if len(w.told) != 1 || !strings.Contains(w.told[0], "office/"+pairsFile+":11:7: the quote is not in the release") {
			t.Fatalf("told %q", w.told)
		}
		edit(files, pairsFile, "The old bridge over the river", "The new bridge over the river")
		passes(time.Minute)
		if len(w.libraries) != 2 {
			t.Errorf("loaded %d times, want 2", len(w.libraries))
		}
		if len(w.told) != 2 || w.told[1] != "The content is right again, and I use it." {
			t.Errorf("told %q", w.told)
		}
	})
}

func TestKeeperShowsAReleaseWhenItsEmbargoEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := office(t)
		for path, file := range maps.Clone(files) {
			if strings.HasPrefix(path, "releases/") {
				copied := strings.ReplaceAll(path, "bridge", "tunnel")
				files[copied] = file
				edit(files, copied, "id: bridge-", "id: tunnel-")
				edit(files, copied, "[bridge-", "[tunnel-")
				edit(files, copied, "gap-cost", "gap-price")
			}
		}
		end := time.Now().Add(time.Hour).Format(time.RFC3339)
		edit(files, "releases/2020-05-04-tunnel/release.md", "lang: en", "lang: en\nembargo: "+end)
		w := watch(t, files)
		passes(time.Hour - time.Second)
		if len(w.libraries) != 1 || w.libraries[0].Pair("tunnel-when") != nil {
			t.Fatalf("loaded %d times; before the embargo ended", len(w.libraries))
		}
		passes(2 * lookEvery)
		if len(w.libraries) != 2 || w.libraries[1].Pair("tunnel-when") == nil {
			t.Fatalf("loaded %d times; after the embargo ended", len(w.libraries))
		}
		passes(time.Hour)
		if len(w.libraries) != 2 {
			t.Errorf("loaded %d times, want 2", len(w.libraries))
		}
	})
}

func TestFingerprint(t *testing.T) {
	files := office(t)
	before := fingerprint(files)
	files[".git/HEAD"] = &fstest.MapFile{Data: []byte("ref")}
	files["releases/.pairs.yaml.swp"] = &fstest.MapFile{}
	if fingerprint(files) != before {
		t.Error("files whose names begin with a dot count")
	}
	files["releases/new"] = &fstest.MapFile{}
	if fingerprint(files) == before {
		t.Error("an empty new file does not count")
	}
	if fingerprint(fstest.MapFS{}) == fingerprint(os.DirFS("testdata/nowhere")) {
		t.Error("a folder that is gone is taken for an empty one")
	}
}
