package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxSearched bounds the files that are looked at in a folder and those below it.
const maxSearched = 100_000

// NotFoundError says that the export of a still is in none of the places that
// were looked in.
type NotFoundError struct {
	Card   *FrameCard
	Looked []string
	Hashed int // files of the right size, with another content
}

// Error says what was looked for, and where.
func (e *NotFoundError) Error() string {
	what := fmt.Sprintf("the export of the still was not found: %s of %d bytes", cardFile(e.Card), e.Card.Size)
	if e.Card.SHA256 != "" {
		what += ", SHA-256 " + e.Card.SHA256
	}
	what += "; looked in " + strings.Join(e.Looked, ", ")
	if e.Hashed > 0 {
		what += fmt.Sprintf(", where %d files of this size hold something else", e.Hashed)
	}
	return what
}

// cardFile is the bare name of the export as the card has it. A card may come
// from another system.
func cardFile(c *FrameCard) string { return filepath.Base(strings.ReplaceAll(c.File, `\`, "/")) }

// FindExport returns the path of the export that a still claims to be of. in
// are files and folders named by the user; where there is none, it looks where
// the card says, then beside the still. A name decides nothing: where several
// files could be meant, the SHA-256 decides, and where none has it, a file that
// was named or has the name is returned all the same, so that it can be told
// how it differs.
func FindExport(ctx context.Context, s *SavedStill, in []string) (string, error) {
	f := &finding{card: s.Card, not: s.Path}
	if len(in) > 0 {
		for _, p := range in {
			f.place(ctx, p, true)
		}
	} else {
		if local(s.Card.File) {
			f.file(s.Card.File, true)
		}
		f.looked = append(f.looked, filepath.Dir(s.Path))
		f.folder(ctx, filepath.Dir(s.Path), false)
	}
	if f.err != nil {
		return "", f.err
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	return f.choose(ctx)
}

// finding is a search. Files of the right size are likely; of the others only
// those that were named count.
type finding struct {
	card     *FrameCard
	not      string
	looked   []string
	likely   []string
	named    []string
	searched int
	err      error // a place that was named cannot be read
}

// local reports whether a path of a card may be opened: it comes from a file of
// a stranger, and a path to another machine would already call that machine.
func local(path string) bool {
	return filepath.IsAbs(path) && !strings.HasPrefix(path, `\\`) && !strings.HasPrefix(path, "//") && len(filepath.VolumeName(path)) <= 2
}

func (f *finding) place(ctx context.Context, path string, named bool) {
	st, err := os.Stat(path)
	switch {
	case err != nil:
		f.err = err
	case st.IsDir():
		f.looked = append(f.looked, path)
		f.folder(ctx, path, true)
	default:
		f.file(path, named)
	}
}

// file takes a file into account; named says that it claims to be the export.
func (f *finding) file(path string, named bool) {
	if named {
		f.looked = append(f.looked, path)
	}
	st, err := os.Stat(path)
	if err != nil || !st.Mode().IsRegular() || slices.Contains(f.likely, path) || slices.Contains(f.named, path) {
		return
	}
	if st.Size() == f.card.Size || f.card.Size == 0 && named {
		f.likely = append(f.likely, path)
	}
	if named {
		f.named = append(f.named, path)
	}
}

// folder takes the files of a folder into account, and of those below it.
func (f *finding) folder(ctx context.Context, dir string, below bool) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error { // what cannot be read is left out
		if f.searched++; ctx.Err() != nil || f.searched > maxSearched {
			return fs.SkipAll
		}
		if err != nil || path == dir {
			return nil //nolint:nilerr // see above
		}
		if d.IsDir() && !below {
			return fs.SkipDir
		}
		if d.Type().IsRegular() && path != f.not {
			f.file(path, filepath.Base(path) == cardFile(f.card))
		}
		return nil
	})
}

func (f *finding) choose(ctx context.Context) (string, error) {
	hashed := 0
	switch {
	case f.card.SHA256 == "" && len(f.likely) > 0:
		// Nothing but the size is known: the one that has the name as well, if there is one.
		for _, p := range f.named {
			if slices.Contains(f.likely, p) {
				return p, nil
			}
		}
		if len(f.likely) == 1 {
			return f.likely[0], nil
		}
	case len(f.likely) == 1 && slices.Contains(f.named, f.likely[0]):
		return f.likely[0], nil // hashing it once, when it is examined, is enough
	default:
		for _, p := range f.likely {
			sum, err := hashFile(ctx, p)
			if ctx.Err() != nil {
				return "", ctx.Err()
			}
			if err == nil && sum == f.card.SHA256 {
				return p, nil
			}
			hashed++
		}
	}
	for _, list := range [][]string{f.likely, f.named} {
		for _, p := range list {
			if slices.Contains(f.named, p) {
				return p, nil
			}
		}
	}
	return "", &NotFoundError{f.card, f.looked, hashed}
}

// hashFile is for choosing only; what is told of a file comes from examining it.
func hashFile(ctx context.Context, path string) (string, error) {
	r, err := os.Open(path) //nolint:gosec // a regular file by now
	if err != nil {
		return "", err
	}
	defer r.Close()
	h := sha256.New()
	for {
		_, err := io.CopyN(h, r, 4<<20)
		if errors.Is(err, io.EOF) {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return "", err
		}
	}
}
