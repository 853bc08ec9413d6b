package verify

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"vedette/evidence"
	"vedette/media"
)

// SetReport is the answer about exports that belong together. Each file keeps
// its own report; the set is only as good as its worst file.
type SetReport struct {
	Basis      evidence.SetBasis `json:"basis"`
	Unit       string            `json:"unit,omitempty"`   // name of the export unit, as the first file states it
	Source     string            `json:"source,omitempty"` // name of the camera, likewise
	Files      []SetFile         `json:"files"`            // in order of time; those without a time last
	Verdict    Verdict           `json:"verdict"`
	Worst      string            `json:"worst"` // the file whose verdict it is
	Start      *media.UTC        `json:"start,omitempty"`
	End        *media.UTC        `json:"end,omitempty"`
	Joints     []SetJoint        `json:"joints"`
	Missing    []string          `json:"missing,omitempty"` // segments that a chain names and that are not here
	NotChecked []string          `json:"notChecked"`
}

// SetFile is one file of a set.
type SetFile struct {
	File    string     `json:"file"`
	Verdict Verdict    `json:"verdict"`
	Start   *media.UTC `json:"start,omitempty"`
	End     *media.UTC `json:"end,omitempty"`
	SameAs  string     `json:"sameAs,omitempty"` // an earlier file of the set with the very same bytes
}

// SetJoint is how a file meets those before it.
type SetJoint struct {
	Before string             `json:"before"` // the file that follows
	Kind   evidence.JointKind `json:"kind"`
	From   media.UTC          `json:"from"`
	To     media.UTC          `json:"to"`
}

// Sets joins what was examined into sets; parts and reports are of the same
// files, in the same order, and a part without a name stands for a file that
// could not be opened. Files that belong to no set are in none of the answers.
func Sets(parts []evidence.Part, reports []*Report) []SetReport {
	var out []SetReport
	for _, s := range evidence.JoinSets(parts) {
		out = append(out, setReport(s, parts, reports))
	}
	return out
}

func setReport(s evidence.Set, parts []evidence.Part, reports []*Report) SetReport {
	first := parts[s.Parts[0]]
	r := SetReport{Basis: s.Basis, Unit: first.Unit, Source: first.SourceName, Missing: s.Missing, Joints: []SetJoint{}, NotChecked: []string{
		"completeness of the set is not shown by the seals: none of them counts the files",
		"whether the clocks of the files were right; gaps and overlaps are by what the files state",
	}}
	for n, i := range s.Parts {
		p, f := parts[i], SetFile{File: reports[i].File, Verdict: reports[i].Verdict}
		if n == 0 || worse(f.Verdict, r.Verdict) {
			r.Verdict, r.Worst = f.Verdict, f.File
		}
		if p.HasTime {
			f.Start, f.End = &p.From, &p.To
			if r.Start == nil {
				r.Start = f.Start
			}
			if r.End == nil || p.To > *r.End {
				r.End = f.End
			}
			if n > 0 {
				j := s.Joints[n-1]
				r.Joints = append(r.Joints, SetJoint{f.File, j.Kind, j.From, j.To})
			}
		}
		if k := slices.IndexFunc(s.Parts[:n], func(k int) bool { return reports[k].SHA256 != "" && reports[k].SHA256 == reports[i].SHA256 }); k >= 0 {
			f.SameAs = reports[s.Parts[k]].File
		}
		r.Files = append(r.Files, f)
	}
	return r
}

// worse reports whether a is a worse headline than b.
func worse(a, b Verdict) bool {
	return slices.Index(exitOrder, ExitStatus(a)) > slices.Index(exitOrder, ExitStatus(b))
}

var basisWords = map[evidence.SetBasis]string{
	evidence.BasisChain:  "their segment numbers name each other",
	evidence.BasisSource: "same unit, same source, exported within a day",
}

// WriteText writes the paragraph about one set.
func (r *SetReport) WriteText(w io.Writer) error {
	p := &printer{w: w}
	p.line("Set of %d files (%s)", len(r.Files), basisWords[r.Basis])
	if r.Unit != "" || r.Source != "" {
		p.line("  From       %s, source %s", quote(r.Unit), quote(r.Source))
	}
	p.line("  Verdict    %s, that of its worst file, %s", r.Verdict, Inert(r.Worst))
	joint := 0
	for n, f := range r.Files {
		if n > 0 && f.Start != nil {
			p.line("     %s", r.Joints[joint])
			joint++
		}
		p.line("  %d  %s, %s", n+1, Inert(f.File), f.Verdict)
		if f.Start != nil {
			p.line("     %s to %s", f.Start, f.End)
		} else {
			p.line("     has no absolute time that counts: where it belongs is not known")
		}
		if f.SameAs != "" {
			p.line("     has the very same bytes as %s", Inert(f.SameAs))
		}
	}
	if len(r.Missing) > 0 {
		p.line("  %s of the chain not here: %s", plural(len(r.Missing), "segment", "segments"), strings.Join(r.Missing, ", "))
	}
	for _, s := range r.NotChecked {
		p.line("  Not checked: %s", s)
	}
	return p.err
}

// String tells the joint in one line.
func (j SetJoint) String() string {
	switch j.Kind {
	case evidence.GapBetween:
		return fmt.Sprintf("gap of %s, %s to %s", j.To.Sub(j.From).Duration(), j.From, j.To)
	case evidence.Overlap:
		return fmt.Sprintf("overlap of %s, %s to %s", j.To.Sub(j.From).Duration(), j.From, j.To)
	default:
		return "follows without a gap"
	}
}

// quote shows a foreign name, or that there is none.
func quote(s string) string {
	if s == "" {
		return "not named"
	}
	return `"` + Inert(s) + `"`
}
