package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"releasebot/answers"
	"releasebot/content"
)

// source is a folder of content.
type source struct {
	files fs.FS
	name  string // what people know the folder by
}

func contentFlag(flags *flag.FlagSet) *string {
	return flags.String("content", "", "the `DIR` of the content (default: CONTENT_DIR, else the content built in)")
}

// openSource opens the content folder dir, the one that CONTENT_DIR names if dir is empty, or else the content built in.
func openSource(dir string) (source, error) {
	env, err := environment()
	if err != nil {
		return source{}, err
	}
	return sourceAt(cmp.Or(dir, env("CONTENT_DIR")))
}

func sourceAt(dir string) (source, error) {
	if dir == "" {
		return source{content.Files, "content"}, nil
	}
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return source{}, &failure{message: fmt.Sprintf("content folder %q: there is none", dir), hint: "name the folder that holds library.yaml"}
	case err != nil:
		return source{}, fmt.Errorf("content folder: %w", err)
	case !info.IsDir():
		return source{}, &failure{message: fmt.Sprintf("content folder %q: this is a file", dir), hint: "name the folder that holds library.yaml"}
	}
	return source{os.DirFS(dir), path.Clean(dir)}, nil
}

// load loads what is public now.
func (s source) load() (*answers.Library, error) {
	lib, err := answers.Load(s.files, time.Now())
	var problems answers.Problems
	if errors.As(err, &problems) {
		return nil, s.locate(problems)
	}
	return lib, err
}

// locate names the files of problems as they are found from here.
func (s source) locate(problems answers.Problems) answers.Problems {
	located := slices.Clone(problems)
	for i := range located {
		located[i].File = s.path(located[i].File)
	}
	return located
}

func (s source) path(file string) string { return path.Join(s.name, file) }

// needLanguage is an error unless the library has the language, or none is asked for.
func needLanguage(lib *answers.Library, lang string) error {
	if lang == "" || slices.Contains(lib.Languages, lang) {
		return nil
	}
	return &failure{
		message: fmt.Sprintf("unknown language %q", lang),
		hint:    "the content is in " + strings.Join(lib.Languages, ", "),
		code:    exitUsage,
	}
}
