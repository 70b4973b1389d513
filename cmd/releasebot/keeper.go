package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"releasebot/answers"
)

// keeper loads a source's content, and loads it anew when it has changed or an embargo ends.
type keeper struct {
	source  source
	watched bool // the files can change
	log     *slog.Logger

	loaded  [sha256.Size]byte // the fingerprint of the files that were loaded last, rightly or not
	seen    [sha256.Size]byte // the fingerprint at the last look
	expires time.Time         // when an embargo ends; zero if none does
	failed  bool              // the last load did
}

// lookEvery is how often the files are looked at: soon enough for whoever edits them and looks at the bot.
const lookEvery = 2 * time.Second

// load loads the content. One that cannot be used is not loaded again before it changes.
func (k *keeper) load() (*answers.Library, error) {
	if k.watched {
		k.loaded = fingerprint(k.source.files)
		k.seen = k.loaded
	}
	k.expires = time.Time{}
	library, err := k.source.load()
	k.failed = err != nil
	if err != nil {
		return nil, err
	}
	k.expires = library.Expires()
	return library, nil
}

// keep hands every newer library to use until ctx ends. Content that cannot be used is told of and left aside.
func (k *keeper) keep(ctx context.Context, use func(*answers.Library), tell func(context.Context, string)) {
	every(ctx, lookEvery, func() {
		if k.due() {
			k.reload(ctx, use, tell)
		}
	})
}

// due is whether to load anew. Files count as changed once two looks in a row find the same: before, somebody is still writing them.
func (k *keeper) due() bool {
	if !k.expires.IsZero() && !time.Now().Before(k.expires) {
		return true
	}
	if !k.watched {
		return false
	}
	before := k.seen
	k.seen = fingerprint(k.source.files)
	return k.seen == before && k.seen != k.loaded
}

func (k *keeper) reload(ctx context.Context, use func(*answers.Library), tell func(context.Context, string)) {
	failedBefore := k.failed
	library, err := k.load()
	if err != nil {
		k.log.Error("the content has changed and cannot be used; the bot keeps the old one", "error", err)
		tell(ctx, "The content has changed and cannot be used. I keep the old one.\n\n"+brief(err))
		return
	}
	library.Wait() // the old one answers meanwhile
	use(library)
	k.log.Info("new content", "content", library.Version(), "releases", len(library.Releases))
	if failedBefore {
		tell(ctx, "The content is right again, and I use it.")
	}
}

// brief is an error short enough for a message.
func brief(err error) string {
	const most = 5
	var problems answers.Problems
	if !errors.As(err, &problems) || len(problems) <= most {
		return err.Error()
	}
	return fmt.Sprintf("%s\n... and %d more", problems[:most].Error(), len(problems)-most)
}

// fingerprint is a hash of a folder's files and their names; those whose names begin with a dot do not count. Where they cannot be read it is a
// hash of the reason.
func fingerprint(files fs.FS) (sum [sha256.Size]byte) {
	hash := sha256.New()
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path != "." && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return nil
		}
		data, err := fs.ReadFile(files, path)
		fmt.Fprintf(hash, "%q %d\n", path, len(data))
		hash.Write(data)
		return err
	})
	if err != nil {
		io.WriteString(hash, err.Error())
	}
	hash.Sum(sum[:0])
	return sum
}
