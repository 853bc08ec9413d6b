package camera

import "vedette/media"

// picture is one access unit whose state is not final.
type picture struct {
	pts, dur int64
	state    PictureState
	open     int32 // entries that wait for an answer
	by       *segment
}

// pictures holds the pictures from the first that is not final, and the ranges
// of those before it.
type pictures struct {
	base      int // samples before
	list      []picture
	scale     uint32
	ranges    []Range
	last1     *segment // whose picture ended the last range
	undecided bool     // ranges hold some that are

	authentic, total int64
	unprotected      int
}

// maxRanges bounds the ranges of a report. Beyond, pictures only keep the worse
// of their state and that of the last range, which is told.
const maxRanges = 1 << 17

func (p *pictures) add(s media.Sample) {
	if len(p.list) == 0 && len(p.ranges) == 0 {
		p.base = s.Index
	}
	p.scale = max(s.PTS.Scale, 1)
	p.list = append(p.list, picture{pts: s.PTS.Value, dur: s.Duration.Value, state: PictureIgnored})
}

// last returns the sample of the newest picture.
func (p *pictures) last() int { return p.base + len(p.list) - 1 }

func (p *pictures) at(sample int) *picture { return &p.list[sample-p.base] }

// hold keeps a picture from becoming final.
func (p *pictures) hold(sample int) { p.at(sample).open++ }

// coded marks that a picture has a coded slice.
func (p *pictures) coded(sample int) {
	if x := p.at(sample); x.state == PictureIgnored {
		x.state = PictureUndecided
	}
}

// decide gives one entry of a picture its answer; the worst counts.
func (p *pictures) decide(sample int, state PictureState, by *segment) {
	x := p.at(sample)
	x.open--
	x.state = max(x.state, state)
	if by != nil {
		x.by = by
	}
}

// length returns the sum of the durations of pictures, both ends included.
func (p *pictures) length(from, to int) (n int64) {
	for s := max(from, p.base); s <= to && s <= p.last(); s++ {
		n += p.at(s).dur
	}
	return n
}

// flush moves the pictures that are final into ranges. The newest must have all
// its entries by now.
func (p *pictures) flush() {
	n := 0
	for n < len(p.list) && p.list[n].open == 0 {
		p.put(p.base+n, &p.list[n])
		n++
	}
	if n > 0 {
		p.list = append(p.list[:0], p.list[n:]...)
		p.base += n
	}
}

func (p *pictures) put(sample int, x *picture) {
	p.total += x.dur
	switch x.state {
	case PictureAuthentic:
		p.authentic += x.dur
	case PictureUnprotected:
		p.unprotected++
	}
	from, to := media.Ticks{Value: x.pts, Scale: p.scale}, media.Ticks{Value: x.pts + x.dur, Scale: p.scale}
	if n := len(p.ranges); n > 0 {
		r := &p.ranges[n-1]
		if r.State == x.state && !p.breaks(x.by) || n >= maxRanges {
			r.State = max(r.State, x.state)
			r.ToSample = sample
			if from.Before(r.From) {
				r.From = from
			}
			if r.To.Before(to) {
				r.To = to
			}
			p.sign(r, x.by)
			return
		}
	}
	r := Range{FromSample: sample, ToSample: sample, From: from, To: to, State: x.state}
	p.sign(&r, x.by)
	p.ranges = append(p.ranges, r)
}

// breaks reports whether a range ends before the pictures of a document: at a
// seam and where documents are lost, time jumps.
func (p *pictures) breaks(by *segment) bool {
	return by != nil && by != p.last1 && (by.Seam || by.Lost > 0)
}

func (p *pictures) sign(r *Range, by *segment) {
	if by == nil || by.Document == 0 {
		return
	}
	p.last1 = by
	if r.FirstDocument == 0 {
		r.FirstDocument, r.Signed = by.Document, by.Signed
	}
	r.LastDocument = by.Document
	r.Signed.To, r.Signed.UTC = by.Signed.To, r.Signed.UTC && by.Signed.UTC
}

// resolve gives the ranges that were left undecided their state.
func (p *pictures) resolve(state PictureState) {
	if !p.undecided {
		return
	}
	p.undecided = false
	for i := len(p.ranges) - 1; i >= 0; i-- {
		if p.ranges[i].State == PictureUndecided {
			p.ranges[i].State = state
		}
	}
}
