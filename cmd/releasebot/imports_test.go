package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport says which of this module's packages each of them may import,
// outside tests. The product's parts know only what lies below them.
var mayImport = map[string][]string{
	"content":         nil,
	"answers/match":   nil,
	"answers":         {"answers/match"},
	"bot/telegram":    nil,
	"bot/store":       nil,
	"bot/sandbox":     nil,
	"bot/sandbox/web": {"bot/sandbox"},
	"bot/delivery":    {"bot/store", "bot/telegram"},
	"bot":             {"answers", "bot/delivery", "bot/store", "bot/telegram"},
	"cmd/releasebot":  {"answers", "answers/match", "bot", "bot/delivery", "bot/sandbox/web", "bot/store", "bot/telegram", "content"},
}

// telegramLibrary is imported in one place.
const telegramLibrary = "github.com/go-telegram-bot-api/telegram-bot-api/v5"

func TestImportsRunOneWay(t *testing.T) {
	const root, module = "../..", "releasebot/"
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		name, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil {
			return err
		}
		if name = filepath.ToSlash(name); name == "cmd/bench" { // a module of its own, which compares this one with others
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if imported == telegramLibrary && name != "bot/telegram" {
				t.Errorf("%s imports %s, which is for bot/telegram alone", file, imported)
			}
			own, ok := strings.CutPrefix(imported, module)
			if !ok {
				continue
			}
			allowed, known := mayImport[name]
			if !known || !slices.Contains(allowed, own) {
				t.Errorf("%s imports %s, which %s may not", file, imported, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whoever adds a dependency says in the README what for.
func TestDependenciesHaveAReason(t *testing.T) {
	text := func(file string) string {
		data, err := os.ReadFile("../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	readme := text("README.md")
	required := regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(text("go.mod"), -1) // those without // indirect
	if len(required) == 0 {
		t.Fatal("go.mod requires nothing")
	}
	for _, module := range required {
		if name := strings.TrimPrefix(module[1], "github.com/"); !strings.Contains(readme, "`"+name+"`") {
			t.Errorf("the README does not say what %s is for", name)
		}
	}
}
