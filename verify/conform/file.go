package conform

import (
	"fmt"
	"strings"

	"vedette/evidence/bmff"
	"vedette/internal/diag"
)

// area is the part of the format that a damage of the structure belongs to.
type area uint8

const (
	areaBase area = iota // boxes of ISO/IEC 14496-12
	areaSuep
	areaSeal
	areaStart
)

// areas are the boxes that the export file format adds.
var areas = map[string]area{
	"suep": areaSuep, "cstb": areaStart, "sumi": areaStart,
	"ipro": areaSeal, "sinf": areaSeal, "schm": areaSeal, "schi": areaSeal, "sibo": areaSeal, "cert": areaSeal, "sigC": areaSeal, "auib": areaSeal,
}

// damage returns the first damage of an area, or nil.
func (j *judge) damage(a area) *diag.Finding {
	for i, f := range j.prot.Malformed {
		if j.areaOf(f) == a {
			return &j.prot.Malformed[i]
		}
	}
	return nil
}

func (j *judge) areaOf(f diag.Finding) area {
	switch f.Code {
	case "SEAL-FOREIGN-BOX", "SEAL-LIMIT", "SEAL-AMBIGUOUS", "SEAL-UNREADABLE":
		return areaSeal
	}
	if f.Bytes == nil {
		return areaBase
	}
	if b := boxAt(j.tree, f.Bytes.From); b != nil {
		return areas[b.Type]
	}
	return areaBase
}

// boxAt returns the box that begins at an offset, the innermost one.
func boxAt(in []*bmff.Box, off int64) *bmff.Box {
	for _, b := range in {
		if off < b.Offset || off >= b.End() {
			continue
		}
		if c := boxAt(b.Children, off); c != nil {
			return c
		}
		if b.Offset == off {
			return b
		}
	}
	return nil
}

// faulty are findings beside a damage that say that the base format is not kept.
var faulty = map[string]bool{
	"MEDIA-RANGE": true, "FRAGMENT-BEFORE-MOOV": true, "FRAGMENT-TRACK": true, "SAMPLE-TABLE": true, "MOOV-NO-HEADER": true,
}

func (j *judge) baseFormat() {
	r := Row{Clause: "5.2.2", Item: "base-format", For: Level0V}
	f := j.damage(areaBase)
	if f == nil {
		for _, x := range j.e.Findings() {
			if faulty[x.Code] {
				f = &x
				break
			}
		}
	}
	switch {
	case f == nil && (len(j.tree) == 0 || j.tree[0].Type != "ftyp"):
		r.State, r.Reason, r.Evidence = NotMet, ReasonMalformed, "The file does not begin with its type (ftyp)."
	case f == nil:
		r.State, r.Offset, r.Evidence = Met, at(j.tree[0]), fmt.Sprintf("The %d boxes of the top level follow each other to the end of the file.", len(j.tree))
	default:
		r.State, r.Reason, r.Offset, r.Evidence = NotMet, ReasonMalformed, from(*f), sentence(f.Message)
		switch f.Code {
		case "FILE-TRUNCATED":
			r.Reason = ReasonTruncated
		case "MEDIA-ELSEWHERE":
			r.Reason = ReasonElsewhere
		case "BOX-LIMIT", "BOX-UNSUPPORTED":
			r.State, r.Reason = CannotTell, ReasonUnreadable
		}
	}
	j.add(r)
	j.fragments()
}

func (j *judge) fragments() {
	r := Row{Clause: "5.2.2", Item: "fragments"}
	n := 0
	for _, b := range j.tree {
		if b.Type == "moof" {
			if n == 0 {
				r.Offset = at(b)
			}
			n++
		}
	}
	r.State, r.Evidence = Met, fmt.Sprintf("There are %d fragments.", n)
	if n == 0 {
		r.State, r.Reason, r.Evidence = NotMet, ReasonPlain, "The file is not fragmented: damage at one place may cost all of it."
	}
	j.add(r)
}

// sentence makes one of a clause. Names that begin it stay as they are.
func sentence(s string) string {
	for _, word := range []string{"a ", "an ", "the ", "track ", "sample "} {
		if strings.HasPrefix(s, word) {
			s = strings.ToUpper(s[:1]) + s[1:]
			break
		}
	}
	return strings.TrimSuffix(s, ".") + "."
}
