// Package content holds the office's own releases, questions and answers, built into the binary. See the package answers for their format.
package content

import (
	"embed"
	"io/fs"
)

//go:embed library.yaml releases
var files embed.FS

// Files is the content as it was when the binary was built: library.yaml and releases/.
var Files fs.FS = files
