package evidence

// places puts the samples of a track in order of presentation. As long as they
// are shown in the order in which they are stored, nothing is kept but their
// number.
type places struct {
	n     int      // samples, while the order is plain
	order []uint32 // samples in order of presentation, without those left out
	rank  []uint32 // its inverse, or hidden; nil while the order is plain
}

func (p *places) plain() bool { return p.rank == nil }

// frames is how many samples are shown.
func (p *places) frames() int {
	if p.plain() {
		return p.n
	}
	return len(p.order)
}

// sample returns the sample at place k, from 0.
func (p *places) sample(k int) uint32 {
	if p.plain() {
		return uint32(k) //nolint:gosec // MaxSamples fits
	}
	return p.order[k]
}

// rankOf returns the place of sample i, or hidden.
func (p *places) rankOf(i int) uint32 {
	if p.plain() {
		return uint32(i) //nolint:gosec // MaxSamples fits
	}
	return p.rank[i]
}

// spread writes the order down, so that it can be changed.
func (p *places) spread() {
	if !p.plain() {
		return
	}
	p.order, p.rank = make([]uint32, 0, p.n+1), make([]uint32, 0, p.n+1)
	for i := range uint32(p.n) { //nolint:gosec // MaxSamples fits
		p.order, p.rank = append(p.order, i), append(p.rank, i)
	}
}
