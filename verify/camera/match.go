package camera

import "sort"

// entry is one hashed unit in order of the stream.
type entry struct {
	sum     string // its digests, one after the other in order of the algorithms; "" where it has no anchor
	au      int    // sample
	role    role
	segment *segment // of an unsigned document: its own, which whatever lists this entry vouches for
	claimed bool     // an invalid document speaks of it
}

// span is what of a window belongs to one document.
type span struct {
	first int // first entry that is listed; -1 for none
	start int // entries before it do not belong to the document
	end   int // entries from it on do not
	state []PictureState

	matched, altered, missing int
	head                      int // listed entries before the first that was found
}

func (s *span) set(i int, state PictureState) { s.state[i-s.start] = state }

// clean reports whether all that was signed is there and nothing else.
func (s *span) clean() bool { return s.matched > 0 && s.altered == 0 && s.missing == 0 && s.head == 0 }

// matcher compares a window of entries with one document.
type matcher struct {
	doc     *document
	next    *document // the document after it; nil for none
	from    int       // where the digests of the document's algorithm stand in an entry's sums
	size    int
	all     bool // the signer hashes slices of every kind
	direct  bool // the document follows one whose pictures were found, and the window is the rest
	follows bool // by the counter, it is the next
	last    bool // no document follows: whatever stands before it is its own
	work    *int // entries that may still be compared
	stopped bool // work ran out
}

func (m *matcher) takes(e *entry) bool {
	switch e.role {
	case slice, anchor, message:
		return true
	case spare:
		return m.all
	}
	return false
}

func (m *matcher) sum(e *entry) string {
	if len(e.sum) < m.from+m.size {
		return ""
	}
	return e.sum[m.from : m.from+m.size]
}

// spend counts one comparison and reports whether it may be made.
func (m *matcher) spend() bool {
	if *m.work <= 0 {
		m.stopped = true
		return false
	}
	*m.work--
	return true
}

// nexts reports whether the next document lists an entry.
func (m *matcher) nexts(e *entry) bool {
	return m.next != nil && len(m.next.index[m.sum(e)]) > 0 && m.sum(e) != ""
}

// after returns the least of ascending numbers that is above n, or -1.
func after(at []int, n int) int {
	if i := sort.SearchInts(at, n+1); i < len(at) {
		return at[i]
	}
	return -1
}

// list compares a window with the document's list: both in order, what is
// listed and not there is missing, what is there and not listed is altered.
func (m *matcher) list(w []entry) span {
	s := span{first: m.firstListed(w)}
	if s.first < 0 {
		return s
	}
	isAnchor := w[s.first].role == anchor
	for s.first > 0 && w[s.first-1].role == message && m.listed(&w[s.first-1]) {
		s.first--
	}
	// What stands before the anchor of its group cannot be of this document.
	if s.start = s.first; m.direct && !isAnchor {
		s.start = 0
	}
	s.state = make([]PictureState, len(w)-s.start)
	tail, loose, stop := m.walk(&s, w)
	switch {
	case m.stopped:
		return span{first: -1}
	case tail > 0:
		if m.doc.partial && len(loose) > tail {
			loose = loose[:tail]
		}
		s.missing += max(0, tail-m.blame(&s, w, loose))
		switch {
		case stop >= 0:
			s.end = stop
		case len(loose) > 0:
			s.end = loose[len(loose)-1] + 1
		}
	case !m.doc.partial:
		m.extra(&s, w)
	}
	m.trail(&s, w)
	return s
}

func (m *matcher) listed(e *entry) bool { return m.takes(e) && len(m.doc.index[m.sum(e)]) > 0 }

// firstListed returns the first slice that is listed, or -1. SEIs carry no
// anchor: they are found even where the pictures around them cannot be.
func (m *matcher) firstListed(w []entry) int {
	for i := range w {
		if !m.spend() {
			return -1
		}
		if w[i].role != message && m.listed(&w[i]) {
			return i
		}
	}
	return -1
}

// walk goes through list and window side by side until one of them ends, or
// another group begins at stop. It returns how many listed entries were left
// and the entries behind the last that was found.
func (m *matcher) walk(s *span, w []entry) (tail int, loose []int, stop int) {
	n := len(m.doc.list) / len(m.doc.gopHash)
	last, slices := -1, false
	for i := s.start; i < len(w) && last < n-1; i++ {
		e := &w[i]
		if !m.takes(e) {
			continue
		}
		if !m.spend() {
			return 0, nil, -1
		}
		at := after(m.doc.index[m.sum(e)], last)
		switch {
		case at >= 0:
			absent := max(0, at-last-1-m.blame(s, w, loose))
			if s.matched == 0 {
				s.head = absent
			} else {
				s.missing += absent
			}
			loose = loose[:0]
			s.set(i, PictureAuthentic)
			s.matched++
			last, s.end = at, i+1
		case e.role == anchor && slices || m.nexts(e):
			return n - 1 - last, loose, i
		default:
			loose = append(loose, i)
		}
		slices = slices || e.role != message
	}
	return n - 1 - last, loose, -1
}

// blame marks entries that are not as signed and returns how many of them are
// slices. An unsigned document among them answers for itself.
func (m *matcher) blame(s *span, w []entry, loose []int) (slices int) {
	for _, i := range loose {
		s.set(i, PictureAltered)
		if w[i].role != message {
			slices++
		}
		if w[i].segment == nil {
			s.altered++
		}
	}
	return slices
}

// extra takes slices that stand behind a complete group and before the next:
// they were put in.
func (m *matcher) extra(s *span, w []entry) {
	var found []int
	for i := s.end; i < len(w); i++ {
		e := &w[i]
		if !m.takes(e) {
			continue
		}
		if e.role == anchor || m.nexts(e) {
			m.blame(s, w, found)
			s.end = i
			return
		}
		if e.role == message {
			return
		}
		found = append(found, i)
	}
	if m.last && len(found) > 0 {
		m.blame(s, w, found)
		s.end = len(w)
	}
}

// trail takes the slices which the signer does not hash up to the next anchor,
// and marks them within the span.
func (m *matcher) trail(s *span, w []entry) {
	for i := s.end; i < len(w) && !m.takes(&w[i]); i++ {
		if i+1 == len(w) || w[i+1].role == anchor {
			s.end = i + 1
		}
	}
	for i := s.start; i < s.end; i++ {
		if s.state[i-s.start] == PictureUndecided {
			s.set(i, PictureUnprotected)
		}
	}
}

// maxStarts is how many groups back a document without a list is looked for:
// so many lost in a row are found again by the next that has lost none.
const maxStarts = 64

// group looks for the entries whose common digest a document without a list
// states.
func (m *matcher) group(w []entry) span {
	for _, start := range m.starts(w) {
		if end, n := m.digest(w, start); n > 0 {
			s := span{first: start, start: start, end: end, matched: n, state: make([]PictureState, len(w)-start)}
			for i := start; i < end; i++ {
				if m.takes(&w[i]) {
					s.set(i, PictureAuthentic)
				}
			}
			m.trail(&s, w)
			return s
		}
	}
	return span{first: -1}
}

// starts are the entries at which a group can begin, the likeliest first.
func (m *matcher) starts(w []entry) []int {
	var out []int
	if m.direct {
		for i := range w {
			if m.takes(&w[i]) {
				out = append(out, i)
				break
			}
		}
	}
	for i := len(w) - 1; i >= 0 && len(out) < maxStarts; i-- {
		if w[i].role != anchor {
			continue
		}
		out = append(out, i)
		if i > 0 && w[i-1].role == message { // an unsigned document may lead the group
			out = append(out, i-1)
		}
	}
	return out
}

// digest compares the common digest of the entries from start on: of as many as
// the document counts, and of all up to the next anchor.
func (m *matcher) digest(w []entry, start int) (end, n int) {
	h := m.doc.hash.New()
	slices := false
	fits := func() bool { return string(h.Sum(nil)) == string(m.doc.gopHash) }
	every := m.doc.partial && m.doc.count == noCount // no border is known
	i := start
	for ; i < len(w); i++ {
		e := &w[i]
		if !m.takes(e) {
			continue
		}
		if e.role == anchor && slices {
			break
		}
		if m.sum(e) == "" || !m.spend() {
			return 0, 0
		}
		h.Write([]byte(m.sum(e)))
		n++
		slices = slices || e.role != message
		if (n == m.doc.count || every) && fits() {
			return i + 1, n
		}
	}
	if n > 0 && fits() {
		return i, n
	}
	return 0, 0
}

// fit compares a window with the document, by its list where it has one.
func (m *matcher) fit(w []entry, as mode) span {
	m.all = as == modeAll
	if m.doc.hasList {
		return m.list(w)
	}
	return m.group(w)
}

// choose compares a window with the document, and where that fails and it is
// not known yet which slices the signer hashes, once more with all of them.
func (m *matcher) choose(w []entry, as mode) (span, mode) {
	s := m.fit(w, as)
	if as != modeUnknown {
		return s, as
	}
	spares := false
	for i := range w {
		spares = spares || w[i].role == spare && w[i].sum != ""
	}
	switch {
	case !spares:
		return s, modeUnknown
	case s.clean():
		return s, modeUsual
	}
	if t := m.fit(w, modeAll); t.first >= 0 && t.matched > s.matched && t.altered <= s.altered && t.missing+t.head < max(1, s.missing+s.head+s.altered) {
		return t, modeAll
	}
	m.all = false
	return s, modeUnknown
}
