package camera

import (
	"bytes"
	"crypto"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"vedette/media"
)

// noCount is the count of a document whose list was too long to be written.
const noCount = math.MaxUint16

// maxPEM bounds the text of one chain: eight certificates of 4 KiB.
const maxPEM = 32 << 10

// newerError says that a part is of a version that is not known.
type newerError struct{ what string }

func (e *newerError) Error() string { return e.what }

// readTags reads the values of the tags that are known. What the signature
// needs comes first, so that a document which is of a newer version can still
// be told from one that was altered.
func (d *document) readTags(seen *[tagArbitrary + 1][][]byte) error {
	for _, t := range []struct {
		tag  byte
		read func([]byte) error
	}{
		{tagCrypto, d.readCrypto}, {tagSignature, d.readSignature}, {tagCertificates, d.readCertificates},
		{tagVendor, d.readVendor}, {tagGeneral, d.readGeneral}, {tagHashList, d.readList},
	} {
		for _, v := range seen[t.tag] {
			err := t.read(v)
			var newer *newerError
			switch {
			case errors.As(err, &newer):
				d.newer = newer.what
			case err != nil:
				return fmt.Errorf("tag %d: %w", t.tag, err)
			}
		}
	}
	if len(seen[tagGeneral]) == 0 && !d.cert {
		return errors.New("it has no general tag")
	}
	return nil
}

// versioned checks the version byte of a value and returns the rest.
func versioned(v []byte, least int) ([]byte, error) {
	if len(v) < 1+least {
		return nil, fmt.Errorf("%d bytes, want at least %d", len(v), 1+least)
	}
	if v[0] != 1 {
		return nil, &newerError{fmt.Sprintf("a tag of version %d, known is 1", v[0])}
	}
	return v[1:], nil
}

// Lengths of the fields of the general tag before its two digests.
const (
	generalHead   = 1 + 3 + 1 // versions and the partial flag
	generalTime   = 8
	generalCounts = 4 + 2
)

func (d *document) readGeneral(v []byte) error {
	if len(v) < generalHead {
		return fmt.Errorf("%d bytes", len(v))
	}
	d.version = v[0]
	fixed := generalHead + generalTime + generalCounts
	switch d.version {
	case 1:
	case 2:
		fixed += generalTime
	default:
		return &newerError{fmt.Sprintf("a general tag of version %d, known are 1 and 2", d.version)}
	}
	h := (len(v) - fixed) / 2
	if len(v) < fixed || len(v) != fixed+2*h || hashOfSize(h) == 0 {
		return fmt.Errorf("%d bytes leave no room for two digests", len(v))
	}
	if d.hash != 0 && d.hash.Size() != h {
		return fmt.Errorf("digests of %d bytes, but %s was announced", h, d.hash)
	}
	copy(d.software[:], v[1:])
	d.partial = v[4] != 0
	at := generalHead
	copy(d.times[1][:], v[at:])
	if d.version == 2 {
		copy(d.times[0][:], v[at:])
		at += generalTime
		copy(d.times[1][:], v[at:])
	}
	at += generalTime
	copy(d.count32[:], v[at:])
	d.count = int(binary.BigEndian.Uint16(v[at+4:]))
	at += generalCounts
	d.gopHash, d.link = bytes.Clone(v[at:at+h]), bytes.Clone(v[at+h:])
	return nil
}

func (d *document) readList(v []byte) error {
	list, err := versioned(v, 0)
	if err != nil {
		return err
	}
	if len(d.gopHash) == 0 { // the general tag is of a version that is not known
		return nil
	}
	if len(list)%len(d.gopHash) != 0 {
		return fmt.Errorf("a list of %d bytes for digests of %d", len(list), len(d.gopHash))
	}
	if len(list) > 0 { // an empty list is none: a document covers at least one slice
		d.list, d.hasList = bytes.Clone(list), true
	}
	return nil
}

func (d *document) readSignature(v []byte) error {
	v, err := versioned(v, 2)
	if err != nil {
		return err
	}
	used := int(binary.BigEndian.Uint16(v))
	if used == 0 || used > len(v)-2 {
		return fmt.Errorf("%d bytes used of %d", used, len(v)-2)
	}
	d.signature = bytes.Clone(v[2 : 2+used])
	return nil
}

// DER of the digests' object identifiers.
var digests = []struct {
	der  []byte
	hash crypto.Hash
}{
	{[]byte{6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1}, crypto.SHA256},
	{[]byte{6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2}, crypto.SHA384},
	{[]byte{6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3}, crypto.SHA512},
}

// readCrypto takes the digest alone: the algorithm of the signature is left
// empty in every file seen, and comes from the certificate's key.
func (d *document) readCrypto(v []byte) error {
	v, err := versioned(v, 1)
	if err != nil {
		return err
	}
	n := int(v[0])
	if n > len(v)-1 {
		return fmt.Errorf("a digest's name of %d bytes in %d", n, len(v)-1)
	}
	for _, k := range digests {
		if bytes.Equal(v[1:1+n], k.der) {
			d.hash = k.hash
			return nil
		}
	}
	d.odd = true
	return &newerError{fmt.Sprintf("the digest %x, which is not known", v[1:1+n])}
}

func hashOfSize(n int) crypto.Hash {
	for _, k := range digests {
		if k.hash.Size() == n {
			return k.hash
		}
	}
	return 0
}

func (d *document) readVendor(v []byte) error {
	v, err := versioned(v, 0)
	if err != nil {
		return err
	}
	var t [3]string
	for i := range t {
		if len(v) == 0 || int(v[0]) > len(v)-1 {
			return fmt.Errorf("text %d is cut off", i+1)
		}
		t[i], v = string(v[1:1+v[0]]), v[1+v[0]:]
	}
	d.vendor = &Vendor{Firmware: t[0], Serial: t[1], Manufacturer: t[2]}
	return nil
}

// readCertificates takes one chain; where the camera's user provided a key of
// their own, a second tag holds that one's.
func (d *document) readCertificates(v []byte) error {
	v, err := versioned(v, 1)
	if err != nil {
		return err
	}
	if len(v)-1 > maxPEM {
		return fmt.Errorf("%d bytes of certificates, more than %d", len(v)-1, maxPEM)
	}
	d.chains = append(d.chains, pemChain{v[0] != 0, string(v[1:])})
	return nil
}

// indexed makes the index of the list.
func (d *document) indexed() {
	if !d.hasList {
		return
	}
	d.index = map[string][]int{}
	i := 0
	for p := range slices.Chunk(d.list, len(d.gopHash)) {
		d.index[string(p)] = append(d.index[string(p)], i)
		i++
	}
}

// first returns the first entry of the list, to which the next document links;
// "" where there is none.
func (d *document) first() string {
	if !d.hasList {
		return ""
	}
	return string(d.list[:len(d.gopHash)])
}

// freshSession reports whether nothing was signed before this document.
func (d *document) freshSession() bool {
	return len(d.link) > 0 && !slices.ContainsFunc(d.link, func(b byte) bool { return b != 0 })
}

// order reads the numbers of a document.
type order struct{ binary.ByteOrder }

func (o order) counter(d *document) uint32 { return o.Uint32(d.count32[:]) }

// since1601 is 1970-01-01 in the signed clock's seconds.
const since1601 = 11_644_473_600

// earliest is the first time that is taken for UTC: no signer is older.
var earliest = time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC)

func (o order) clock(p [8]byte) (time.Time, bool) {
	t := o.Uint64(p[:])
	if t > math.MaxInt64 {
		t = math.MaxInt64
	}
	s := int64(t/media.Hundred) - since1601
	at := time.Unix(s, int64(t%media.Hundred)*100).UTC()
	return at, !at.Before(earliest) && at.Year() < 2100
}

func (o order) signed(d *document) SignedTime {
	to, utc := o.clock(d.times[1])
	s := SignedTime{To: to, UTC: utc}
	if d.version == 2 {
		from, ok := o.clock(d.times[0])
		s.From, s.UTC = from, utc && ok
	}
	return s
}

// sane reports whether a time lies where clocks of this kind can stand.
func (o order) sane(p [8]byte) bool {
	at, _ := o.clock(p)
	return at.Year() >= 1990 && at.Year() <= 2100
}

// orderOf tells in which order a signer writes its numbers: big endian, unless
// that gives an absurd time and the other a sensible one; where both are absurd
// (clocks that count from their begin), by the counter.
func orderOf(d *document) order {
	be, le := order{binary.BigEndian}, order{binary.LittleEndian}
	switch b, l := be.sane(d.times[1]), le.sane(d.times[1]); {
	case b:
		return be
	case l:
		return le
	}
	const absurd = 1 << 24 // half a year of documents each second
	if be.counter(d) >= absurd && le.counter(d) < absurd {
		return le
	}
	return be
}
