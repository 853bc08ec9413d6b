package camera

import (
	"crypto"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// read takes an SEI.
func (v *Validator) read(nal []byte) {
	d := signing(v.codec, nal)
	if d == nil {
		return
	}
	d.at, d.place, d.print = v.pictures.last(), v.base+len(v.entries), sha256.Sum256(nal)
	v.remark(d)
	switch {
	case d.arbitrary && d.fault == "":
		v.enter(entry{sum: string(v.hash.plain(d.whole)), role: message})
		return
	case d.cert && d.fault == "":
		v.weigh(d)
		return
	}
	d.indexed()
	if d.fault == "" {
		v.name(d)
		if v.copied(d) {
			return
		}
		v.remember(d.print)
		v.weigh(d)
		if v.order == nil {
			o := orderOf(d)
			v.order = &o
		}
		if v.order.ByteOrder == binary.ByteOrder(binary.LittleEndian) {
			v.note(NoteLittleEndian, d.at, "")
		}
	}
	v.ordinal++
	d.segment = &segment{Segment: Segment{Track: v.r.Track, Document: v.ordinal, At: d.at, FromSample: d.at, ToSample: d.at - 1}}
	if d.fault == "" && !d.signed {
		v.enter(entry{sum: string(v.hash.plain(d.whole)), role: message, segment: d.segment})
	}
	d.body, d.whole = nil, nil
	before := v.pending
	v.pending = d
	if before != nil {
		v.settle(before, d)
	}
}

// name chooses the digest of a document that announces none which is known.
func (v *Validator) name(d *document) {
	switch k := hashOfSize(len(d.gopHash)); {
	case d.hash != 0:
	case v.alg != 0 && (k == 0 || v.alg.Size() == k.Size()):
		d.hash = v.alg
	case k != 0:
		d.hash = k
	default:
		d.hash = crypto.SHA256
	}
}

// weigh checks the signature while the bytes are there.
func (v *Validator) weigh(d *document) {
	v.name(d)
	d.digest = digest(d.hash, d.body)
	changed := v.ring.changed
	d.standing = v.ring.weigh(d, d.hash, d.digest)
	d.late = changed
	if d.standing == wrong && d.odd && v.alg == 0 {
		d.standing = unknownHash
	}
	if v.ring.changed && !changed {
		v.note(NoteKeyChange, d.at, "")
	}
	if d.standing != signed {
		return
	}
	v.alg = d.hash
	if _, ok := v.hash.place(d.hash); !ok {
		v.hash.uses(d.hash, v.base+len(v.entries))
		v.unread++
	}
	if d.vendor != nil && v.r.Vendor == (Vendor{}) {
		v.r.Vendor = *d.vendor
	}
}

// copied reports whether a document is the copy of one that was read, as sent
// for safety. Where its pictures come again as well, material was repeated.
func (v *Validator) copied(d *document) bool {
	if !v.seen[d.print] && !v.older[d.print] {
		return false
	}
	from, least := 0, 1
	if p := v.pending; p != nil && p.print == d.print {
		from, least = p.place-v.base, max(1, len(d.list)/max(1, len(d.gopHash)))
	}
	if from < 0 {
		from = 0
	}
	m, ok := v.matcher(d, nil)
	if !ok {
		return true
	}
	s := m.fit(v.entries[from:], v.mode)
	d.repeated = s.first >= 0 && s.matched >= least
	return !d.repeated
}

func (v *Validator) remember(print [sha256.Size]byte) {
	if len(v.seen) >= maxSeen {
		v.older, v.seen = v.seen, map[[sha256.Size]byte]bool{}
	}
	v.seen[print] = true
}

// knownVersion is the year of the specification that this package was written by.
const knownVersion = 26

// remark notes what is unusual about a message.
func (v *Validator) remark(d *document) {
	switch {
	case d.fault != "":
		v.note(NoteUnreadable, d.at, d.fault)
	case d.newer != "":
		v.note(NoteNewer, d.at, d.newer)
	case d.software[0] > knownVersion:
		v.note(NoteNewer, d.at, fmt.Sprintf("software version %d.%d.%d", d.software[0], d.software[1], d.software[2]))
	}
	if d.unknown > 0 {
		v.note(NoteUnknownTag, d.at, "")
	}
}
