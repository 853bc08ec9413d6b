package trust

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"vedette/internal/diag"
	"vedette/verify"
)

// Limits of a pack.
const (
	MaxUnpacked     = 64 << 20 // bytes of all files together, and of a zip
	MaxEntries      = 5000     // files and folders
	MaxRatio        = 100      // unpacked to packed; what a pack holds shrinks to a third at best
	MaxManifest     = 4 << 20  // bytes of pack.json: 5,000 entries have about 1 MB
	MaxFile         = 1 << 20  // bytes of any file but a list
	MaxCertificates = 500      // of one kind: beyond it path building meets its work limit
	MaxPartners     = 500
	MaxName         = 200       // bytes of a name in pack.json
	maxPart         = 100       // bytes of a part of a path
	maxDepth        = 3         // parts of a path
	maxListEntries  = 1_000_000 // of all lists: each takes 224 bytes of memory while the pack is in use
)

// A refused pack is told by an error of this kind, whose code stands in
// docs/findings.md.
type RefusedError struct {
	Finding diag.Finding
}

func (e *RefusedError) Error() string { return "trust: " + e.Finding.Message }

// refuse makes the error that ends the reading of a pack.
func refuse(code, format string, args ...any) error {
	return &RefusedError{diag.New(code, diag.Fatal, format, args...)}
}

// Code returns the code of a refusal, or "".
func Code(err error) string {
	var r *RefusedError
	if errors.As(err, &r) {
		return r.Finding.Code
	}
	return ""
}

var partName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// reserved are names that stand for devices on Windows, whatever follows a dot.
var reserved = regexp.MustCompile(`^(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// nameProblem returns why a path within a pack is refused, or "". Names are so
// narrow that they mean the same on every system the pack is carried to.
func nameProblem(name string) string {
	parts := strings.Split(name, "/")
	if len(parts) > maxDepth {
		return fmt.Sprintf("it lies more than %d deep", maxDepth)
	}
	for _, p := range parts {
		switch {
		case p == "":
			return "it begins or ends with a slash, or has two in a row"
		case len(p) > maxPart:
			return fmt.Sprintf("a part of it is longer than %d", maxPart)
		case strings.Trim(p, ".") == "":
			return "it leads out of the pack"
		case !partName.MatchString(p):
			return "it has other characters than A-Z a-z 0-9 . _ -"
		case strings.HasSuffix(p, ".") || reserved.MatchString(p):
			return "it is no file name on Windows"
		}
	}
	return ""
}

// limitOf is how large a file of the pack may be.
func limitOf(name string) int64 {
	switch {
	case name == manifestName:
		return MaxManifest
	case strings.HasPrefix(name, folderOf[KindCRL]+"/"):
		return verify.MaxList
	}
	return MaxFile
}

func sum(p []byte) [32]byte { return sha256.Sum256(p) }
