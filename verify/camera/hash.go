package camera

import (
	"crypto"
	"hash"
	"slices"
)

// hasher makes the digests of entries, by every algorithm that the documents of
// a stream announce. There is one in practice.
type hasher struct {
	algs   []crypto.Hash
	since  []int // entries of the stream that have no digest by each
	states []hash.Hash
	anchor []byte // plain digests of the anchor; nil before the first
	buf    []byte
}

// uses adds an algorithm for the entries from a number of entries on.
func (h *hasher) uses(a crypto.Hash, from int) {
	if !slices.Contains(h.algs, a) {
		h.algs = append(h.algs, a)
		h.since = append(h.since, from)
		h.states = append(h.states, a.New())
		h.anchor = nil // it has no digest by the new algorithm
	}
}

// only makes an algorithm the only one; to be called before the first entry.
func (h *hasher) only(a crypto.Hash) {
	h.algs, h.since, h.states, h.anchor = nil, nil, nil, nil
	h.uses(a, 0)
}

// begun returns how many entries of the stream have no digest by an algorithm.
func (h *hasher) begun(a crypto.Hash) int {
	if i := slices.Index(h.algs, a); i >= 0 {
		return h.since[i]
	}
	return 0
}

// place returns where the digests of an algorithm stand; false if none were made.
func (h *hasher) place(a crypto.Hash) (from int, ok bool) {
	for _, k := range h.algs {
		if k == a {
			return from, true
		}
		from += k.Size()
	}
	return 0, false
}

// digest returns the digest of some bytes by one algorithm.
func digest(a crypto.Hash, p []byte) []byte {
	s := a.New()
	s.Write(p)
	return s.Sum(nil)
}

// plain returns the digests of some bytes.
func (h *hasher) plain(p []byte) []byte {
	h.buf = h.buf[:0]
	for _, s := range h.states {
		s.Reset()
		s.Write(p)
		h.buf = s.Sum(h.buf)
	}
	return h.buf
}

// begin makes the entry of an anchor, to which those after it are linked.
func (h *hasher) begin(p []byte) string {
	h.anchor = append(h.anchor[:0:0], h.plain(p)...)
	return string(h.anchor)
}

// linked makes the entry of a slice; "" where no anchor came before it.
func (h *hasher) linked(p []byte) string {
	if h.anchor == nil {
		return ""
	}
	sums := h.plain(p)
	from := 0
	for i, s := range h.states {
		n := h.algs[i].Size()
		s.Reset()
		s.Write(h.anchor[from : from+n])
		s.Write(sums[from : from+n])
		s.Sum(sums[from:from]) // in place: the digest was read before
		from += n
	}
	return string(sums)
}
