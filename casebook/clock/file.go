package clock

import (
	"bytes"
	"encoding/json"
	"fmt"

	"vedette/media"
)

// Schema names the form of the file.
const Schema = "vedette.clock-observations/1"

// MaxFile bounds what is read: 2,000 observations with long notes.
const MaxFile = 16 << 20

// file is the document.
type file struct {
	Schema       string `json:"schema"`
	Observations []row  `json:"observations"`
}

// row is one observation. Times that an observation has not are absent.
type row struct {
	Kind          Kind       `json:"kind"`
	Source        string     `json:"source"`
	Declared      *media.UTC `json:"declared"`
	True          *media.UTC `json:"true,omitempty"`
	Other         string     `json:"other,omitempty"`
	OtherDeclared *media.UTC `json:"otherDeclared,omitempty"`
	Within        Span       `json:"within"`
	Note          string     `json:"note,omitempty"`
	SetAside      string     `json:"setAside,omitempty"`
}

// Encode writes observations down. The models are not stored: they follow from
// the observations, and would only be able to contradict them.
func Encode(list []Observation) ([]byte, error) {
	f := file{Schema: Schema, Observations: []row{}}
	for i, o := range list {
		if err := o.Check(); err != nil {
			return nil, fmt.Errorf("clock: number %d: %w", i+1, err)
		}
		r := row{Kind: o.Kind, Source: o.Source, Declared: &o.Declared, Within: o.Within, Note: o.Note, SetAside: o.SetAside}
		if o.Kind == SameEvent {
			r.Other, r.OtherDeclared = o.Other, &o.OtherDeclared
		} else {
			r.True = &o.True
		}
		f.Observations = append(f.Observations, r)
	}
	out, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("clock: %w", err)
	}
	return append(out, '\n'), nil
}

// Decode reads what Encode wrote. A key or a version that is not known is
// refused: writing the file again would lose what it says.
func Decode(b []byte) ([]Observation, error) {
	if len(b) > MaxFile {
		return nil, fmt.Errorf("clock: %d bytes of observations; at most %d are read", len(b), MaxFile)
	}
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("clock: observations: %w", err)
	}
	if head.Schema != Schema {
		return nil, fmt.Errorf("clock: observations of form %.40q, want %q; a newer program may have written them", head.Schema, Schema)
	}
	var f file
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return nil, fmt.Errorf("clock: observations: %w", err)
	}
	if len(f.Observations) > MaxObservations {
		return nil, fmt.Errorf("clock: %d observations; at most %d are read", len(f.Observations), MaxObservations)
	}
	var out []Observation
	for i, r := range f.Observations {
		o, err := r.observation()
		if err == nil {
			err = o.Check()
		}
		if err != nil {
			return nil, fmt.Errorf("clock: number %d: %w", i+1, err)
		}
		out = append(out, o)
	}
	return out, nil
}

func (r row) observation() (Observation, error) {
	o := Observation{Kind: r.Kind, Source: r.Source, Other: r.Other, Within: r.Within, Note: r.Note, SetAside: r.SetAside}
	pair := r.Kind == SameEvent
	if r.Declared == nil || pair != (r.OtherDeclared != nil) || pair == (r.True != nil) {
		return o, fmt.Errorf("observation of %.60q (%s): a time is missing, or one too many is given", r.Source, r.Kind)
	}
	o.Declared = *r.Declared
	if pair {
		o.OtherDeclared = *r.OtherDeclared
	} else {
		o.True = *r.True
	}
	return o, nil
}
