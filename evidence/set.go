package evidence

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strings"

	"vedette/media"
)

// Part is what one export says that tells whether it belongs together with
// others. Nothing in it is judged: it is as the file states it.
type Part struct {
	Name       string // of the file, for display
	Unit       string // name of the export unit
	UnitMAC    string // without separators, in lower case
	Source     string // of the first video track: MAC, address and line; "" if none is stated
	SourceName string
	Exported   media.UTC
	HasExport  bool      // Exported is stated
	From, To   media.UTC // of the first video track, else of the first track with a time
	HasTime    bool      // From and To are known
	Frame      media.Ticks
	Chain      *Chain // nil without legacy segment information
}

// Chain is the place of a file in a chain of segments (legacy sumi).
type Chain struct{ Segment, Predecessor, Successor [16]byte }

// names lists the segments that this one names, itself included: the first of
// a chain names itself as predecessor, the last itself as successor.
func (c Chain) names() [][16]byte {
	out := [][16]byte{c.Segment}
	for _, u := range [][16]byte{c.Predecessor, c.Successor} {
		if u != c.Segment && u != [16]byte{} {
			out = append(out, u)
		}
	}
	return out
}

// Part returns what joins the export with others. Its times are those in use:
// call it after Index, and after the seals were examined.
func (e *Export) Part() Part {
	p := Part{Name: e.file.Name()}
	if info, ok := e.Info(); ok {
		p.Unit, p.UnitMAC = info.UnitName, bareMAC(info.UnitMAC)
		p.Exported, p.HasExport = info.Time, info.HasTime
	}
	tracks := e.Tracks()
	slices.SortStableFunc(tracks, func(a, b media.Track) int { return cmp.Compare(lead(a), lead(b)) })
	for i, t := range tracks {
		if i == 0 && t.Kind == media.KindVideo {
			p.SourceName = t.Name
			if mac := bareMAC(t.MAC); mac != "" || t.URL != "" || t.Line != "" {
				p.Source = strings.Join([]string{mac, t.URL, t.Line}, "\x00")
			}
		}
		table, ok := e.Table(t.ID).(*Table)
		origin := e.Origin(t.ID)
		if !ok || !origin.Known() {
			continue
		}
		if from, to, ok := table.Span(); ok {
			p.From, p.To, p.HasTime = origin.Add(from).UTC, origin.Add(to).UTC, true
			p.Frame = media.T100(p.To.Sub(p.From).To(media.Hundred).Value / int64(table.Len()))
			break
		}
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	if s := e.sumi; s != nil && s.Segment != [16]byte{} {
		p.Chain = &Chain{s.Segment, s.Predecessor, s.Successor}
	}
	return p
}

// lead orders tracks by how well they stand for the whole file.
func lead(t media.Track) int {
	switch t.Kind {
	case media.KindVideo:
		return 0
	case media.KindAudio:
		return 1
	default:
		return 2
	}
}

// bareMAC takes the separators out of a hardware address: three ways of
// writing one are in use.
func bareMAC(s string) string {
	return strings.ToLower(strings.NewReplacer("-", "", ":", "", ".", "", " ", "").Replace(s))
}

// Set is exports that belong together, in order of time. Parts are places in
// the list that was given to JoinSets.
type Set struct {
	Basis  SetBasis
	Parts  []int
	Joints []Joint // between one part with a time and the next; parts without a time stand last
	// Missing are the segments that a chain names and that are not here, in
	// hexadecimal; nil for other sets.
	Missing []string
}

// SetBasis says why exports were taken for a set.
type SetBasis string

// The reasons, as JSON has them.
const (
	BasisChain  SetBasis = "sumi"   // segment numbers name each other
	BasisSource SetBasis = "source" // same unit, same source, exported within a day
)

// Joint is how two neighbours of a set meet.
type Joint struct {
	Kind JointKind
	// From and To are the ends of the gap or of the overlap; where the parts
	// adjoin, the end of the one and the start of the other.
	From, To media.UTC
}

// JointKind is how two neighbours meet.
type JointKind string

// The kinds, as JSON has them.
const (
	Adjoining  JointKind = "adjoining"
	GapBetween JointKind = "gap"
	Overlap    JointKind = "overlap"
)

// joinWithin is how far the export times of one set may lie apart.
const joinWithin = media.UTC(24 * 3600 * media.Hundred)

// JoinSets groups exports into sets of two or more: by the chain of segments
// where there is one, else by unit, source and export time. The order in which
// the parts are given changes nothing but their places. That a set is complete
// is never shown: no seal counts the files.
func JoinSets(parts []Part) []Set {
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return byTime(parts[a], parts[b]) })
	groups := chains(parts, order)
	taken := map[int]bool{}
	for _, g := range groups {
		for _, i := range g.Parts {
			taken[i] = true
		}
	}
	groups = append(groups, bySource(parts, order, taken)...)
	for k := range groups {
		groups[k].measure(parts)
	}
	slices.SortStableFunc(groups, func(a, b Set) int { return byTime(parts[a.Parts[0]], parts[b.Parts[0]]) })
	return groups
}

// byTime orders by start, then end and name; without a time, last.
func byTime(a, b Part) int {
	if a.HasTime != b.HasTime {
		if a.HasTime {
			return -1
		}
		return 1
	}
	if a.HasTime {
		if c := cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)); c != 0 {
			return c
		}
	}
	return cmp.Compare(a.Name, b.Name)
}

// chains joins files that name a segment in common: one another, or one
// between them that is not here.
func chains(parts []Part, order []int) []Set {
	naming := map[[16]byte][]int{}
	here := map[[16]byte]bool{}
	for _, i := range order {
		if c := parts[i].Chain; c != nil {
			here[c.Segment] = true
			for _, u := range c.names() {
				naming[u] = append(naming[u], i)
			}
		}
	}
	seen := map[int]bool{}
	var out []Set
	for _, i := range order {
		if parts[i].Chain == nil || seen[i] {
			continue
		}
		s := Set{Basis: BasisChain}
		seen[i] = true
		for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
			s.Parts = append(s.Parts, queue[0])
			for _, u := range parts[queue[0]].Chain.names() {
				if id := hex.EncodeToString(u[:]); !here[u] && !slices.Contains(s.Missing, id) {
					s.Missing = append(s.Missing, id)
				}
				for _, k := range naming[u] {
					if !seen[k] {
						seen[k] = true
						queue = append(queue, k)
					}
				}
			}
		}
		if len(s.Parts) > 1 {
			slices.Sort(s.Missing)
			out = append(out, s)
		}
	}
	return out
}

// bySource joins what one unit exported of one source within a day.
func bySource(parts []Part, order []int, taken map[int]bool) []Set {
	exported := slices.Clone(order)
	slices.SortStableFunc(exported, func(a, b int) int { return cmp.Compare(parts[a].Exported, parts[b].Exported) })
	var out []Set
	for _, i := range exported {
		p := parts[i]
		if taken[i] || !p.HasExport || p.Source == "" || p.Unit == "" && p.UnitMAC == "" {
			continue
		}
		k := slices.IndexFunc(out, func(s Set) bool {
			first := parts[s.Parts[0]]
			return first.Source == p.Source && sameUnit(first, p) && p.Exported-first.Exported <= joinWithin
		})
		if k < 0 {
			out = append(out, Set{Basis: BasisSource, Parts: []int{i}})
			continue
		}
		out[k].Parts = append(out[k].Parts, i)
	}
	return slices.DeleteFunc(out, func(s Set) bool { return len(s.Parts) < 2 })
}

func sameUnit(a, b Part) bool {
	if a.UnitMAC != "" && b.UnitMAC != "" {
		return a.UnitMAC == b.UnitMAC
	}
	return a.Unit != "" && a.Unit == b.Unit
}

// measure puts the parts in order of time and compares neighbours. What lies
// within a part that began earlier counts for the overlap.
func (s *Set) measure(parts []Part) {
	slices.SortStableFunc(s.Parts, func(a, b int) int { return byTime(parts[a], parts[b]) })
	var end media.UTC
	for n, i := range s.Parts {
		p := parts[i]
		if !p.HasTime {
			break // nor has any after it
		}
		if n > 0 {
			s.Joints = append(s.Joints, meet(end, p))
		}
		if n == 0 || p.To > end {
			end = p.To
		}
	}
}

// meet compares the end of what is there with the start of the next part. A
// gap is told by the measure within a file: more than a second and two frames.
func meet(end media.UTC, p Part) Joint {
	two := media.UTC(2 * p.Frame.To(media.Hundred).Value)
	switch {
	case p.From-end > max(media.Hundred, two):
		return Joint{GapBetween, end, p.From}
	case end-p.From > two:
		return Joint{Overlap, p.From, min(end, p.To)}
	default:
		return Joint{Adjoining, end, p.From}
	}
}
