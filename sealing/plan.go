package sealing

import (
	"context"
	"fmt"
	"math"

	"vedette/evidence"
	"vedette/evidence/bmff"
	"vedette/internal/diag"
	"vedette/media"
	"vedette/verify"
)

// plan finds the place of the new seal and returns the copy as it will be.
func (j *job) plan(ctx context.Context) (*image, error) {
	if err := j.checkAgainstFile(); err != nil {
		return nil, err
	}
	a, err := j.opt.Signer.algorithm()
	if err != nil {
		return nil, err
	}
	seal, sibo := sinf(j.opt, a)
	p := j.x.Protection()
	s := site{at: p.Ipro.To, put: seal, grow: []evidence.SizeField{p.MetaS, p.IproS}}
	if p.Ipro.Len() == 0 {
		s.put = ipro(seal)
		if _, has := j.x.Info(); !has {
			s.put = append(suep(j.opt.Unit, j.opt.Now, j.x.Tracks()), s.put...)
		}
		s.at, s.grow = p.Meta.To, s.grow[:1]
		if p.Meta.Len() == 0 {
			s.put, s.grow = meta(s.put), nil
			if s.at, err = endOf(j.x); err != nil {
				return nil, err
			}
		}
	}
	sibo += s.at + int64(len(s.put)-len(seal))
	img, err := j.lay(ctx, s, p)
	if err != nil {
		return nil, err
	}
	img.sibo, img.room = sibo, a.room
	j.foresee(len(p.Seals) == 0)
	return img, nil
}

// site is where a seal goes in: bytes at an offset of the file, and the sizes
// of the boxes around it.
type site struct {
	at   int64
	put  []byte
	grow []evidence.SizeField
}

// endOf returns where a meta box may stand in a file that has none: at the end,
// but before an index, which is to remain the last box.
func endOf(x *evidence.Export) (int64, error) {
	boxes := x.Boxes()
	last := boxes[len(boxes)-1]
	switch {
	case last.ToEnd:
		return 0, refuse("SEALING-MOVES", "the last box, %s at %d, extends to the end of the file whatever follows it (size 0), so there is no place for a seal", bmff.Printable(last.Type), last.Offset)
	case last.Type == "mfra":
		return last.Offset, nil
	}
	return last.End(), nil
}

// changes are the sizes that grow, which stand before what is put in, and that.
func (s site) changes() ([]change, error) {
	by := int64(len(s.put))
	out := make([]change, 0, len(s.grow)+1)
	for _, f := range s.grow {
		switch f.Width {
		case 4:
			if f.Value+by > math.MaxUint32 {
				return nil, refuse("SEALING-MOVES", "the box at %d has %d bytes; with a seal its 32-bit size would overflow", f.Offset, f.Value)
			}
			out = append(out, change{f.Offset, 4, u32(uint32(f.Value + by))}) //nolint:gosec // just compared
		case 8:
			out = append(out, change{f.Offset, 8, u64(uint64(f.Value + by))}) //nolint:gosec // lengths of a file
		}
	}
	return append(out, change{at: s.at, put: s.put}), nil
}

// lay makes the copy in mind and refuses it when places that the file states
// would no longer be true, unless an empty box behind meta can give the room.
func (j *job) lay(ctx context.Context, s site, p evidence.Protection) (*image, error) {
	size := j.file.Size()
	changes, err := s.changes()
	if err != nil {
		return nil, err
	}
	img := newImage(j.file.Afresh(), size, changes)
	if s.at == size {
		return img, nil
	}
	why, err := j.moved(ctx, img, s.at)
	if err != nil || why == "" {
		return img, err
	}
	if len(p.Seals) == 0 { // older seals cover the size of the empty box
		roomy, err := j.useRoom(s, changes)
		if err != nil || roomy != nil {
			return roomy, err
		}
	}
	return nil, refuse("SEALING-MOVES", "meta stands before footage, and a seal in it would move what follows while %s. Ask the exporter for a file with meta at its end", why)
}

// moved returns what would no longer be true when the bytes from at on move,
// or "".
func (j *job) moved(ctx context.Context, img *image, at int64) (string, error) {
	if why := unreadPlaces(j.x.Boxes(), at); why != "" {
		return why, nil
	}
	then, err := open(ctx, evidence.NewFile(img, img.size, j.file.Name()))
	if err != nil {
		return "", err
	}
	for _, t := range j.x.Tracks() {
		a, b := j.x.Table(t.ID), then.Table(t.ID)
		if b == nil || a.Len() != b.Len() {
			return fmt.Sprintf("track %d would lose samples", t.ID), nil
		}
		for i := range a.Len() {
			if x, y := a.At(i), b.At(i); y.Size != x.Size || y.Offset != img.where(x.Offset) {
				return fmt.Sprintf("sample %d of track %d is stated at a fixed place (byte %d)", i, t.ID, x.Offset), nil
			}
			if i%4096 == 0 && ctx.Err() != nil {
				return "", fmt.Errorf("sealing: %w", ctx.Err())
			}
		}
	}
	return "", nil
}

// unreadPlaces looks for places that this program does not follow, but others
// may: of an index, of segments, of auxiliary data and of items.
func unreadPlaces(top []*bmff.Box, at int64) string {
	fragments := false
	for _, b := range top {
		fragments = fragments || b.Type == "moof" && b.Offset >= at
	}
	for _, b := range top {
		if b.Type == "mfra" && fragments || b.Type == "sidx" && b.Offset < at {
			return fmt.Sprintf("%s at %d states where fragments stand", b.Type, b.Offset)
		}
		if b.Type == "moov" || b.Type == "meta" {
			if f := findPlace(b); f != nil {
				return fmt.Sprintf("%s at %d states places in the file", f.Type, f.Offset)
			}
		}
	}
	return ""
}

func findPlace(b *bmff.Box) *bmff.Box {
	if b.Type == "saio" || b.Type == "iloc" {
		return b
	}
	for _, c := range b.Children {
		if f := findPlace(c); f != nil {
			return f
		}
	}
	return nil
}

// useRoom takes the bytes that come in from an empty box right behind meta. All
// of them must be zero, so that nothing is lost. nil: there is no such room.
func (j *job) useRoom(s site, changes []change) (*image, error) {
	by := int64(len(s.put))
	for _, b := range j.x.Boxes() {
		if b.Offset != s.at || b.Type != "free" && b.Type != "skip" || b.Header != 8 || b.ToEnd {
			continue
		}
		left := b.Size - by
		if left != 0 && left < 8 {
			return nil, nil //nolint:nilnil // no room is no error
		}
		gone := make([]byte, min(by, b.Size-8))
		if _, err := j.file.ReadAt(gone, b.Offset+8); err != nil {
			return nil, fmt.Errorf("sealing: room at %d: %w", b.Offset, err)
		}
		for _, c := range gone {
			if c != 0 {
				return nil, nil //nolint:nilnil // no room is no error
			}
		}
		last := &changes[len(changes)-1]
		if last.drop = by; left > 0 {
			last.drop += 8
			last.put = append(append([]byte(nil), s.put...), append(u32(uint32(left)), b.Type...)...) //nolint:gosec // smaller than a 32-bit size
		}
		return newImage(j.file.Afresh(), j.file.Size(), changes), nil
	}
	return nil, nil //nolint:nilnil // no room is no error
}

// checkAgainstFile refuses statements that do not fit the file.
func (j *job) checkAgainstFile() error {
	_, has := j.x.Info()
	open := j.x.Protection().Ipro.Len() == 0 // nothing of the file is sealed
	switch {
	case j.opt.Unit != "" && (has || !open):
		return refuse("SEALING-SUEP", "the file is an export already; who made it is not restated. Leave the name of the unit out")
	case j.opt.Unit == "" && !has && open:
		return refuse("SEALING-SUEP", "the file does not say who exported it (no suep), and that is not made up: state in whose name it becomes an export")
	}
	known := map[uint32]bool{}
	for _, t := range j.x.Tracks() {
		known[t.ID] = true
		if j.opt.Unit != "" && t.ID > math.MaxUint16 {
			return refuse("SEALING-SUEP", "track %d cannot be named: the export information has 16 bits for it", t.ID)
		}
	}
	for id := range j.opt.Starts {
		if !known[id] {
			return refuse("SEALING-START", "a start time is given for track %d, which the file does not have", id)
		}
	}
	return nil
}

// foresee tells what whoever examines the copy will make of the signer's dates.
// No box carries the time of a seal: the first is judged at the export time.
func (j *job) foresee(first bool) {
	leaf := j.opt.Signer.Leaf
	if i := j.x.Protection().Index; i != nil && j.r.Before.Coverage == verify.CoverageAllButIndex {
		j.add("SEALING-INDEX", diag.Warning, "the index at %d was written after the older seals, by whom is not known; the new seal covers it", i.From)
	}
	if !first {
		j.add("SEALING-TIME", diag.Note, "no part of a further seal states when it was made: its signer is judged at the time of examining, and can be trusted until %s", media.FromTime(leaf.NotAfter))
	} else if info, ok := j.x.Info(); ok && info.HasTime {
		if t := info.Time.Time(); t.Before(leaf.NotBefore) || t.After(leaf.NotAfter) {
			j.add("SEALING-TIME", diag.Warning, "a first seal is judged at the export time %s, when the signer's certificate (%s to %s) was not valid: the signer will be rejected",
				info.Time, media.FromTime(leaf.NotBefore), media.FromTime(leaf.NotAfter))
		}
	}
	j.r.Findings = append(j.r.Findings, j.opt.Signer.remarks()...)
}
