// Package conform judges one opened export by the clauses of IEC 62676-2-11
// that speak of files: 4.2.1, 4.2.2, 4.3, 5.2, 5.3 and Table 1. For each demand
// it says whether it is met, not met, not to be told from the file, or not
// applicable, with what was seen and where; from these it derives the level
// that the file reaches. It writes the table of answers and a letter to the
// site that made the export.
//
// It judges the form of the file and nothing else: not the signer, whom trust
// packs judge, and not the scene. It takes the word of verify for the seals. A
// demand that no file can answer, such as that all events are in it, is always
// "cannot tell" and does not stand in the way of a level; any other demand that
// could not be examined does.
package conform

import (
	"context"
	"errors"
	"fmt"

	"vedette/evidence"
	"vedette/evidence/bmff"
	"vedette/internal/diag"
	"vedette/media"
	"vedette/verify"
)

// State is the answer to one demand. The zero value is "cannot tell".
type State uint8

// The states.
const (
	CannotTell State = iota
	Met
	NotMet
	NotApplicable
)

var stateWords = [...]string{"cannot-tell", "met", "not-met", "not-applicable"}

// String returns the word of the JSON form.
func (s State) String() string {
	if int(s) >= len(stateWords) {
		return stateWords[CannotTell]
	}
	return stateWords[s]
}

// MarshalText returns the word of the JSON form.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Level is a level of Table 1. The zero value is none.
type Level uint8

// The levels that a file can reach. No clause separates 0M from 0E.
const (
	LevelNone Level = iota
	Level0V
	Level0ME
)

var levelWords = [...]string{"none", "0V", "0M/0E"}

// String returns the word of the JSON form.
func (l Level) String() string {
	if int(l) >= len(levelWords) {
		return levelWords[LevelNone]
	}
	return levelWords[l]
}

// MarshalText returns the word of the JSON form.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Row is the answer to one demand.
type Row struct {
	Clause   string `json:"clause"`
	Item     string `json:"item"` // stable name of the demand within its clause
	Title    string `json:"title"`
	For      Level  `json:"for"` // the level that asks it; none for advice and context
	State    State  `json:"state"`
	Reason   Reason `json:"reason,omitempty"` // why it is not met or cannot be told
	Evidence string `json:"evidence"`         // what was seen; foreign text in it is inert
	Offset   *int64 `json:"offset,omitempty"` // of the first byte where it was seen

	// Open says that no file can answer the demand: it has no bearing on the level.
	Open bool `json:"open,omitempty"`
	// Names are the foreign or technical words that a letter has to name, as stored.
	Names []string `json:"-"`
}

// fulfilled reports whether the row does not stand in the way of its level.
func (r Row) fulfilled() bool {
	return r.State == Met || r.State == NotApplicable || r.State == CannotTell && r.Open
}

// Result is the whole answer about one file: the document vedette.conform/1.
type Result struct {
	Schema  string `json:"schema"`
	File    string `json:"file"`
	Level   Level  `json:"level"`
	Missing []Gap  `json:"missing"` // what stands between the file and the levels above
	Rows    []Row  `json:"clauses"`
	Facts   Facts  `json:"-"`
}

// Gap is what one level lacks.
type Gap struct {
	Level Level    `json:"level"`
	Items []string `json:"items"` // clause and item, such as "5.2.6 seal"
}

// Facts are what a letter names of the file. Texts are as stored.
type Facts struct {
	Name     string
	Size     int64
	SHA256   string
	Info     *evidence.Info
	From, To *media.UTC // of the pictures
	Tracks   []media.Track
}

// Schema is the name and version of Result.
const Schema = "vedette.conform/1"

// Errors of a question that cannot be answered.
var (
	ErrNotIndexed = errors.New("conform: the export has not been indexed to its end")
	ErrOtherFile  = errors.New("conform: the report is about another file than the export")
)

// Judge judges one export, which must be indexed. report is that of verify
// about it; without one, nil, every demand on seals is "cannot tell". Bytes of
// metadata are read until both a scene description and an event were seen, up
// to a limit. An error means that no judgement was possible: ctx ended, the
// file could not be read or changed, or report is of another file.
func Judge(ctx context.Context, e *evidence.Export, report *verify.Report) (*Result, error) {
	select {
	case <-e.Indexed():
	default:
		return nil, ErrNotIndexed
	}
	if err := e.Index(ctx, nil); err != nil {
		return nil, err
	}
	if err := e.File().Withdrawn(); err != nil {
		return nil, fmt.Errorf("conform: %w", err)
	}
	if report == nil {
		report = &verify.Report{Size: e.File().Size(), Partial: true}
	}
	j := &judge{ctx: ctx, e: e, report: report, prot: e.Protection(), tracks: e.Tracks(), tree: e.Boxes()}
	if report.Size != e.File().Size() || !report.Partial && len(report.Seals) != len(j.prot.Seals) {
		return nil, ErrOtherFile
	}
	if err := j.all(); err != nil {
		return nil, err
	}
	return j.result(), nil
}

// Refused is the answer about an input that could not be opened as an export:
// that it is none, or that nothing could be read of it.
func Refused(name string, size int64, why error) *Result {
	r := &Result{Schema: Schema, File: name, Facts: Facts{Name: name, Size: size}}
	row := Row{Clause: "5.2.2", Item: "base-format", Title: titles["base-format"], For: Level0V, Reason: ReasonUnreadable, Evidence: sentence(foreign(why.Error()))}
	var none *evidence.NotExportError
	if errors.As(why, &none) {
		row.State, row.Reason, r.Facts.Name = NotMet, ReasonNotISO, none.Name
	}
	r.Rows = []Row{row}
	r.conclude(true)
	return r
}

// judge collects the rows.
type judge struct {
	ctx    context.Context //nolint:containedctx // lives for one call
	e      *evidence.Export
	report *verify.Report
	prot   evidence.Protection
	tracks []media.Track
	tree   []*bmff.Box
	rows   []Row
}

// all asks every demand, in the order of the standard.
func (j *judge) all() error {
	j.locationForm()
	j.sitePlan()
	j.sealWords()
	j.captureTime()
	j.baseFormat()
	if err := j.video(); err != nil {
		return err
	}
	j.audio()
	if err := j.exportBox(); err != nil {
		return err
	}
	j.startTime()
	j.exportTime()
	j.location()
	j.seals()
	if err := j.timed(); err != nil {
		return err
	}
	j.context()
	return nil
}

// add notes one answer.
func (j *judge) add(r Row) {
	r.Title = titles[r.Item]
	j.rows = append(j.rows, r)
}

func (j *judge) result() *Result {
	r := &Result{Schema: Schema, File: j.report.File, Rows: j.rows, Facts: Facts{
		Name: j.e.File().Name(), Size: j.e.File().Size(), SHA256: j.report.SHA256, Tracks: j.tracks,
	}}
	if r.File == "" {
		r.File = j.e.File().Name()
	}
	if info, ok := j.e.Info(); ok {
		r.Facts.Info = &info
	}
	if p := j.e.Part(); p.HasTime {
		r.Facts.From, r.Facts.To = &p.From, &p.To
	}
	sound := !j.report.Partial && (j.report.Integrity == verify.FileIntact || j.report.Integrity == verify.FileIncomplete)
	r.conclude(!sound)
	return r
}

// conclude derives the level. Without a sound seal there is none, whatever the rows say.
func (r *Result) conclude(unsound bool) {
	r.Missing = []Gap{}
	for _, l := range []Level{Level0V, Level0ME} {
		g := Gap{Level: l}
		for _, row := range r.Rows {
			if row.For == l && !row.fulfilled() {
				g.Items = append(g.Items, row.Clause+" "+row.Item)
			}
		}
		if unsound || len(g.Items) > 0 {
			if g.Items == nil { // nothing was found lacking, but nothing was found sound
				g.Items = []string{map[Level]string{Level0V: "5.2.6 seal", Level0ME: "5.3.1 level-0v"}[l]}
			}
			r.Missing, unsound = append(r.Missing, g), true
			continue
		}
		r.Level = l
	}
}

// find returns the boxes of a type within a box of the tree and below it.
func find(in []*bmff.Box, kind string) []*bmff.Box {
	var out []*bmff.Box
	for _, b := range in {
		if b.Type == kind {
			out = append(out, b)
		}
		out = append(out, find(b.Children, kind)...)
	}
	return out
}

// trak returns the box of a track, whose tracks and boxes are in the same order.
func (j *judge) trak(id uint32) *bmff.Box {
	for _, top := range j.tree {
		if top.Type != "moov" {
			continue
		}
		n := 0
		for _, b := range top.Children {
			if b.Type != "trak" {
				continue
			}
			if n < len(j.tracks) && j.tracks[n].ID == id {
				return b
			}
			n++
		}
		return nil
	}
	return nil
}

// at points at the begin of a box; nil for none.
func at(b *bmff.Box) *int64 {
	if b == nil {
		return nil
	}
	off := b.Offset
	return &off
}

// from points at the begin of a finding; nil where it has no place.
func from(f diag.Finding) *int64 {
	if f.Bytes == nil {
		return nil
	}
	off := f.Bytes.From
	return &off
}

// tracksOf returns the tracks of one kind.
func (j *judge) tracksOf(k media.Kind) []media.Track {
	var out []media.Track
	for _, t := range j.tracks {
		if t.Kind == k {
			out = append(out, t)
		}
	}
	return out
}
