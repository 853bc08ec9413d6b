package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"vedette/annexa"
	"vedette/internal/diag"
)

// Catalogue is an opened Annex A file: what a partner declares about maps,
// cameras and places. Nothing of it comes from evidence.
type Catalogue struct {
	*annexa.Catalogue
	Path     string
	Name     string
	Findings []diag.Finding
}

// IsCatalogue tells by its name whether a file is for OpenCatalogue.
func IsCatalogue(path string) bool { return strings.EqualFold(filepath.Ext(path), ".csv") }

// OpenCatalogue reads an Annex A file. A file that is none is an error that
// says why; rows that cannot be read are findings.
func OpenCatalogue(ctx context.Context, path string) (*Catalogue, error) {
	f, err := os.Open(path) //nolint:gosec // the user chose it
	if err != nil {
		return nil, fmt.Errorf("session: %w", err)
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || !st.Mode().IsRegular() {
		return nil, errors.Join(fmt.Errorf("session: %s is no file", path), err)
	}
	name := filepath.Base(path)
	c, fs, err := annexa.ReadContext(ctx, f, annexa.Options{Name: name})
	if err != nil {
		return nil, err
	}
	return &Catalogue{Catalogue: c, Path: path, Name: name, Findings: fs}, nil
}

// Summary says in a line what was read.
func (c *Catalogue) Summary() string {
	s := fmt.Sprintf("%d of %d rows read", c.Facts.Accepted, c.Facts.Rows)
	warnings := 0
	for _, f := range c.Findings {
		if f.Severity == diag.Warning {
			warnings++
		}
	}
	if warnings == 1 {
		s += ", 1 warning"
	} else if warnings > 1 {
		s += fmt.Sprintf(", %d warnings", warnings)
	}
	return s
}
