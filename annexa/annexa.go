// Package annexa reads and writes the cartographic exchange file of IEC
// 62676-2-11 Annex A: a table in which a partner declares plans, cameras and
// navigation links. Reading gives a Catalogue of what was understood, and a
// finding for everything that was assumed or refused.
//
// The annex is informative, and its own examples break its own rules, so the
// reader is tolerant; but it never repairs in silence, and where two readings
// are possible it refuses the row instead of choosing. It opens no file and
// fetches nothing: addresses of plans are judged as text.
//
//	bytes -> text -> lines -> records (own scanner) -> rows (gocsv) -> checks -> Catalogue
package annexa

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"vedette/internal/diag"
)

// Limits of one file. They bound memory and time, not what partners may own.
const (
	MaxFile     = 256 << 20 // bytes
	MaxRows     = 2_000_000
	MaxErrors   = 10_000 // refused rows after which reading stops
	MaxFindings = 1_000  // told in full; the rest is counted by code
	maxRecord   = 1 << 20
	maxQuoted   = 64 << 10 // bytes of one quoted cell
	maxQuotedLn = 20       // lines of one quoted cell
	maxNumbers  = 4096     // numbers of one polygon
	maxPixel    = 1 << 20  // no plan is wider
	maxCells    = 64       // of one record; more is never an Annex A row
)

// Columns are the eleven columns in the order of Annex A.
var Columns = []string{"Partner", "Map", "File", "Type", "ID_Camera", "Name", "Link", "GPS_Pos", "HV_Pos", "Angle", "Icon"}

// Axis is the order of the two numbers of a geographic position.
type Axis uint8

// The orders. AxisUnknown refuses what cannot be told apart.
const (
	AxisUnknown Axis = iota
	LatitudeFirst
	LongitudeFirst
)

// Profile is what someone has decided about the habits of one partner's
// system. The zero value is the letter of the annex.
type Profile struct {
	DecimalComma bool              // 48,80,2,133 is two numbers
	AxisBlank    Axis              // of pairs separated by a blank only
	AxisAll      Axis              // of all pairs; LatitudeFirst and AxisUnknown are the annex
	Maps         map[string]string // alias of a map name -> its name
	Name         string            // the partner's name, where the file has another
}

// Options say how to read. The zero value reads a file as the annex has it.
type Options struct {
	Name      string             // of the file, for messages
	Encoding  string             // "" finds out; else utf-8, windows-1252, iso-8859-15 or macintosh
	Separator byte               // 0 is the semicolon
	Profiles  map[string]Profile // by partner as the file names it
	Known     *Catalogue         // what is known already, for links and plans
	Progress  func(done, total int64)
}

// RefusedError says that a file as a whole was refused. Nothing of it may be
// taken over.
type RefusedError struct{ Finding diag.Finding }

// Error is the message of the finding.
func (e *RefusedError) Error() string { return "annexa: " + e.Finding.Message }

// Read reads a file. The catalogue is never nil; it is empty when the file is
// refused, which is a *RefusedError. Another error is one of r.
func Read(r io.Reader, opt Options) (*Catalogue, []diag.Finding, error) {
	return ReadContext(context.Background(), r, opt)
}

// ReadContext is Read that ends early with the context's error.
func ReadContext(ctx context.Context, r io.Reader, opt Options) (*Catalogue, []diag.Finding, error) {
	log := newLog()
	fail := func(err error) (*Catalogue, []diag.Finding, error) {
		var refused *RefusedError
		if errors.As(err, &refused) {
			log.force(refused.Finding)
		}
		return &Catalogue{Facts: Facts{Name: opt.Name}}, log.list(), err
	}
	raw, digest, err := readAll(r)
	if err != nil {
		return fail(err)
	}
	text, encoding, err := decode(raw, opt.Encoding, log)
	if err != nil {
		return fail(err)
	}
	size := int64(len(raw))
	raw = ""
	rd := newReader(opt, log, encoding)
	if err := rd.run(ctx, text); err != nil {
		return fail(err)
	}
	cat := rd.catalogue()
	cat.Facts.Name, cat.Facts.SHA256, cat.Facts.Size = opt.Name, digest, size
	check(cat, opt.Known, log)
	cat.Facts.Counts = log.counts
	return cat, log.list(), nil
}

// readAll takes the whole file. Rows keep their raw line as evidence of what
// was assumed, as parts of this one text, so nothing is held twice.
func readAll(r io.Reader) (text, digest string, err error) {
	var b strings.Builder
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(&b, sum), io.LimitReader(r, MaxFile+1))
	if err != nil {
		return "", "", fmt.Errorf("annexa: read: %w", err)
	}
	if n > MaxFile {
		return "", "", refuse("ENC-BINARY", "the file is larger than %d MiB, which no Annex A file is", MaxFile>>20)
	}
	return b.String(), hex.EncodeToString(sum.Sum(nil)), nil
}

func refuse(code, format string, args ...any) error {
	return &RefusedError{diag.New(code, diag.Fatal, format, args...)}
}
