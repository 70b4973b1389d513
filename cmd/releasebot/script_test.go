package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write the output that the scripts compare with")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"releasebot": main})
}

// TestScripts runs testdata/*.txtar. Each script has the folder office: a small press office's content.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			return os.CopyFS(filepath.Join(env.WorkDir, "office"), os.DirFS("testdata/office"))
		},
	})
}
