package camera

import (
	"crypto"
	"crypto/sha256"
	"time"

	"vedette/media"
)

// Limits of what a validator holds.
const (
	// MaxSegments is the number of segments that a report lists: 18 hours of a
	// document each second. All are counted.
	MaxSegments = 1 << 16
	// maxPending bounds the slices that wait for a document: twice as many as one can count.
	maxPending = 1 << 17
	// maxSeen is the number of documents by which copies are known.
	maxSeen = 1 << 16
	// workPerEntry is how often one entry may be compared; sound streams need
	// four, and some loss a few more.
	workPerEntry = 256
	// maxOrphans is the number of documents kept whose pictures were not found.
	maxOrphans = 16
)

// Validator judges one video track. It is fed in decode order and keeps a
// digest of each slice until a document has spoken of it, never slices.
// It is for one goroutine.
type Validator struct {
	codec media.Codec
	judge Judge
	ring  keyring
	hash  hasher
	order *order

	entries []entry // not yet spoken of
	base    int     // entries before them
	work    int
	pending *document // waits for the next, which tells where it ends
	seen    map[[sha256.Size]byte]bool
	older   map[[sha256.Size]byte]bool // the generation before seen

	prev    *link
	orphans []*document
	mode    mode
	synced  bool // some document was matched
	seam    bool // a session has ended, and none of the next has matched
	floor   time.Time
	latest  time.Time // end of the newest document that counts
	gaps    int
	bareIn  int // unprotected slices between signed ones

	pictures pictures
	queue    []*segment  // settled, in order
	waiting  []*segment  // unsigned: what they say counts once a signed one lists them
	held     int         // marks of those
	alg      crypto.Hash // that was announced last
	unread   int         // documents by whose algorithm the slices before them were not hashed

	r       TrackReport
	notes   map[NoteKind]int
	ordinal int
	ended   bool
	taken   *SignedTime // of the first document that counts
}

// link is what is known of the document before.
type link struct {
	counter uint32
	first   string // the first entry of its list; "" if unknown
	group   string // its gop hash
	segment *segment
}

// mode says which coded slices the signer hashes.
type mode uint8

const (
	modeUnknown mode = iota
	modeUsual        // what the reference signer does
	modeAll          // every coded slice, as the text of the specification says
)

// segment is a Segment on its way.
type segment struct {
	Segment
	decided bool
	vouched bool       // its bytes are what a key signed, by its own signature or another's list
	lists   []*segment // unsigned documents that this one vouches for, once it is decided
	marks   []mark
}

type mark struct {
	au    int
	state PictureState
}

// NewValidator returns a validator for one track. judge may be nil.
func NewValidator(codec media.Codec, judge Judge) *Validator {
	v := &Validator{codec: codec, judge: judge, seen: map[[sha256.Size]byte]bool{}, notes: map[NoteKind]int{}}
	v.hash.uses(crypto.SHA256, 0)
	v.work = maxPending
	return v
}

// Prime shows the validator SEIs that stand later in the stream or came with
// it: the first chain among them that signed its own message counts.
func (v *Validator) Prime(nals ...[]byte) {
	for _, n := range nals {
		if roleOf(v.codec, n) != message {
			continue
		}
		if d := signing(v.codec, trimmed(n)); d != nil && d.fault == "" {
			v.weigh(d)
			if v.Keyed() {
				if v.base+len(v.entries) == 0 { // nothing was hashed by another yet
					v.hash.only(d.hash)
				}
				v.unread = 0
				return
			}
		}
	}
}

// Keyed reports whether a key is known.
func (v *Validator) Keyed() bool { return v.ring.key != nil }

// Push takes the next access unit and returns the segments that are final by now.
func (v *Validator) Push(u Unit) []Segment {
	v.pictures.add(u.Sample)
	v.r.Track = u.Sample.Track
	for i, nal := range u.NALs {
		nal = trimmed(nal)
		kind := roleOf(v.codec, nal)
		if u.Torn && i == len(u.NALs)-1 {
			kind = bare
		}
		switch kind {
		case anchor:
			v.enter(entry{sum: v.hash.begin(nal), role: kind})
		case slice, spare:
			v.enter(entry{sum: v.hash.linked(nal), role: kind})
		case bare:
			v.enter(entry{role: kind})
		case message:
			v.read(nal)
		}
	}
	if u.Torn {
		v.note(NoteTorn, u.Sample.Index, "")
		if len(u.NALs) == 0 {
			v.enter(entry{role: bare})
		}
	}
	if len(v.pictures.list) > 2*maxPending { // units without slices behind one that waits
		v.alone()
		v.drop(len(v.entries))
	}
	v.pictures.flush()
	return v.emit()
}

// Finish ends the stream.
func (v *Validator) Finish() (TrackReport, []Segment) {
	v.ended = true
	v.alone()
	v.rest()
	v.pictures.flush()
	out := v.emit()
	v.conclude()
	return v.r, out
}

// alone settles the document that waits for the next, as there is none.
func (v *Validator) alone() {
	if d := v.pending; d != nil {
		v.pending = nil
		v.settle(d, nil)
	}
}

func (v *Validator) enter(e entry) {
	e.au = v.pictures.last()
	v.entries = append(v.entries, e)
	v.pictures.hold(e.au)
	if e.role != message {
		v.pictures.coded(e.au)
	}
	v.work += workPerEntry
	if len(v.entries) > maxPending {
		v.alone()
		if n := maxPending / 2; len(v.entries) > n {
			v.drop(n)
		}
	}
}

// drop gives up the oldest entries: no document that is still to come can speak
// of so many. Whether they lie in a gap or at the end is known later.
func (v *Validator) drop(n int) {
	v.pictures.undecided = true
	for i := range v.entries[:n] {
		v.release(&v.entries[i], PictureUndecided, nil)
	}
	v.cut(n)
	v.note(NoteLimit, v.pictures.last(), "slices waited for a document in vain")
}

func (v *Validator) cut(n int) {
	clear(v.entries[:n])
	v.entries = v.entries[n:]
	v.base += n
}

// release ends the wait of an entry: its picture gets a state, and an unsigned
// document in it learns what became of it.
func (v *Validator) release(e *entry, state PictureState, by *segment) {
	if e.role != message {
		v.pictures.decide(e.au, state, by)
	} else {
		v.pictures.decide(e.au, PictureUndecided, nil)
	}
	switch x := e.segment; {
	case x == nil:
	case state == PictureAuthentic && by != nil:
		by.lists = append(by.lists, x)
	case state == PictureAltered:
		v.abandon(x, DocumentNotAuthentic, ReasonNotListed)
	case state == PictureUnsignedGap:
		v.abandon(x, DocumentNotAuthentic, ReasonCover)
	default:
		v.abandon(x, DocumentNotVerifiable, ReasonNoCover)
	}
}

func (v *Validator) matcher(d, next *document) (*matcher, bool) {
	from, ok := v.hash.place(d.hash)
	return &matcher{doc: d, next: next, from: from, size: d.hash.Size(), work: &v.work}, ok
}
