package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	folder := t.TempDir()
	missing := "sqlite:" + filepath.Join(folder, "none.db")
	if err := Check(t.Context(), missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if err := Check(t.Context(), missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the look made the file: %v", err)
	}
	good := "sqlite:" + filepath.Join(folder, "good.db")
	open(t, good)
	if err := Check(t.Context(), good); err != nil {
		t.Errorf("a good file: %v", err)
	}
	broken := filepath.Join(folder, "broken.db")
	if err := os.WriteFile(broken, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Check(t.Context(), "sqlite:"+broken); err == nil {
		t.Error("a file that is no database passes")
	}
	if err := Check(t.Context(), "postgres://bot:hidden@127.0.0.1:1/bot"); err == nil || strings.Contains(err.Error(), "hidden") {
		t.Errorf("a server that is away: %v", err)
	}
}
