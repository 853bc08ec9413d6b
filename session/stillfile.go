package session

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"unicode"
)

// Limits of the names of stills.
const (
	maxStem  = 80  // runes of the export's name that a still's name begins with
	maxTwins = 999 // stills of one name
)

// StillName is what a still of the picture is called where nobody chose a name:
// the export, the track, the frame and its time, in characters that every system
// takes.
func (c *FrameCard) StillName() string {
	base := filepath.Base(strings.ReplaceAll(c.File, `\`, "/"))
	name := fmt.Sprintf("%s_track%d_frame%d", safeStem(strings.TrimSuffix(base, filepath.Ext(base))), c.Track, c.Frame)
	if c.Corrected != nil {
		name += "_" + c.Corrected.Time().Format("20060102T150405.000Z")
	}
	return name + ".png"
}

// safeStem keeps letters and digits of any script; everything else a name could
// do harm with becomes a line below. There is no point in it, so that no
// system's reserved names (CON, NUL.x) come out.
func safeStem(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n++; n > maxStem || b.Len() > 120 {
			break
		}
		if r != unicode.ReplacementChar && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' && b.Len() > 0) {
			b.WriteRune(r)
		} else {
			b.WriteByte('_')
		}
	}
	if strings.Trim(b.String(), "_") == "" {
		return "still"
	}
	return b.String()
}

// Save writes the still and its card into a folder: NAME.png and NAME.json, or
// NAME-2 where one of them is there already. It returns the path of the PNG.
func (s *Still) Save(dir, name string) (string, error) {
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	for n := 1; n <= maxTwins; n++ {
		try := stem
		if n > 1 {
			try = fmt.Sprintf("%s-%d", stem, n)
		}
		path := filepath.Join(dir, try+".png")
		err := s.SaveAs(path)
		if !errors.Is(err, fs.ErrExist) {
			return path, err
		}
	}
	return "", fmt.Errorf("session: %s holds %d stills called %s already; choose another folder", dir, maxTwins, stem)
}

// CardPath is where the card of a still lies beside it.
func CardPath(still string) string { return strings.TrimSuffix(still, filepath.Ext(still)) + ".json" }

// SaveAs writes the still under exactly this name and the card beside it. Either
// both are there afterwards, whole, or none; what was there before stays, and
// the error is fs.ErrExist.
func (s *Still) SaveAs(path string) error {
	if filepath.Ext(path) == ".json" {
		return fmt.Errorf("session: %s: a still is a PNG file; its card takes the name ending in .json", path)
	}
	picture, err := s.PNG()
	if err != nil {
		return err
	}
	card, err := s.Card.JSON()
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return unsaved(path, err)
	}
	defer root.Close()
	name, beside := filepath.Base(path), filepath.Base(CardPath(path))
	if err := put(root, beside, card); err != nil {
		return unsaved(path, err)
	}
	if err := put(root, name, picture); err != nil {
		return errors.Join(unsaved(path, err), root.Remove(beside))
	}
	return nil
}

// put writes a file whole or not at all, and never over another: the name is
// taken by an empty file, which the finished one replaces. That works on file
// systems without links, where evidence often lies.
func put(root *os.Root, name string, data []byte) error {
	claim, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := claim.Close(); err != nil {
		return errors.Join(err, root.Remove(name))
	}
	part := ".vedette-" + rand.Text()[:10] + ".part"
	if err := write(root, part, data); err != nil {
		return errors.Join(err, gone(root.Remove(part)), root.Remove(name))
	}
	if err := root.Rename(part, name); err != nil {
		return errors.Join(err, gone(root.Remove(part)), root.Remove(name))
	}
	if runtime.GOOS == "windows" { // there a folder cannot be flushed
		return nil
	}
	d, err := root.Open(".")
	if err == nil {
		err = errors.Join(d.Sync(), d.Close())
	}
	return err
}

func write(root *os.Root, name string, data []byte) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// gone leaves out that a part was never made or is renamed already.
func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// unsaved says why a still could not be written and what to do.
func unsaved(path string, err error) error {
	dir, what := filepath.Dir(path), ""
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s or its card is there already and stays as it is; choose another name: %w", path, err)
	case errors.Is(err, syscall.ENOSPC):
		what = "there is no room left on its medium; make room or choose another folder"
	case errors.Is(err, syscall.EROFS):
		what = "its medium is read-only; choose another folder"
	case errors.Is(err, fs.ErrPermission):
		what = "this user may not write there; choose another folder"
	case errors.Is(err, fs.ErrNotExist):
		what = "the folder is not there; choose another one"
	default:
		what = "the file could not be written"
	}
	return fmt.Errorf("nothing was saved in %s: %s: %w", dir, what, err)
}
