package camera

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"vedette/media"
)

// uuid marks the SEI of Media Signing, axisUUID that of its predecessor.
var (
	uuid     = []byte{0x00, 0x5b, 0xc9, 0x3f, 0x2d, 0x71, 0x5e, 0x95, 0xad, 0xa4, 0x79, 0x6f, 0x90, 0x87, 0x7a, 0x6f}
	axisUUID = []byte("Signed Video...0")
)

// UUID returns the 16 bytes that stand in every SEI of Media Signing. They hold
// nothing that is ever escaped, so a file without them has none.
func UUID() []byte { return bytes.Clone(uuid) }

// Limits of one SEI.
const (
	maxSEI  = 128 << 10 // payloads of up to 64 KiB are normal
	maxTLVs = 64        // seven tags are defined
)

// userData is the payload type of user_data_unregistered.
const userData = 5

// Tags of the TLVs.
const (
	tagGeneral      = 1
	tagHashList     = 2
	tagSignature    = 3
	tagCrypto       = 4
	tagVendor       = 5
	tagCertificates = 6
	tagArbitrary    = 7
)

// Bits of the reserved byte.
const (
	bitCertificate = 0x80
	bitEscaped     = 0x40 // emulation prevention was there before it was hashed
	bitMore        = 0x01 // not defined: what follows cannot be read
)

// document is one SEI of Media Signing. Everything it holds is its own copy.
type document struct {
	fault     string // why it cannot be read; "" if it can
	newer     string // what in it is of a version that is not known; "" for nothing
	cert      bool   // a certificate SEI: no document of pictures
	signed    bool
	arbitrary bool // holds opaque data alone: hashed, no document
	unknown   int  // tags passed over
	hash      crypto.Hash
	odd       bool // announces a digest that is not known

	version  uint8
	software [3]byte
	partial  bool
	times    [2][8]byte // start, end; version 1 has the end alone
	count32  [4]byte    // counter
	count    int        // entries behind gopHash; 65535 is no count
	gopHash  []byte
	link     []byte
	list     []byte // entries, each as long as gopHash; nil where there is none
	hasList  bool

	signature []byte
	chains    []pemChain
	vendor    *Vendor
	body      []byte // what the signature is over; of the unit, only during the call
	whole     []byte // what an entry of a list is over; of the unit, only during the call

	digest   []byte // of body, by hash
	standing standing
	index    map[string][]int // where each entry stands in the list
	at       int              // sample
	place    int              // entries of the stream before it
	print    [sha256.Size]byte
	late     bool // after a change of keys
	repeated bool // seen before, and so were the pictures it lists
	segment  *segment
}

// pemChain is the text of a certificate TLV.
type pemChain struct {
	user bool
	text string
}

// payloadAt returns the offset of a user_data_unregistered payload that is the
// first message of an SEI, and its length; false if the unit is something else.
func payloadAt(codec media.Codec, nal []byte) (at, size int, ok bool) {
	at = headerSize(codec)
	if len(nal) <= at || nal[at] != userData {
		return 0, 0, false
	}
	for at++; at < len(nal); at++ {
		if size > maxSEI {
			return 0, 0, false
		}
		size += int(nal[at])
		if nal[at] != 0xff {
			return at + 1, size, true
		}
	}
	return 0, 0, false
}

// signing returns the document in an SEI, or nil where the SEI is not of Media
// Signing. nal is trimmed. What cannot be read is a document with a fault.
func signing(codec media.Codec, nal []byte) *document {
	at, size, ok := payloadAt(codec, nal)
	if !ok || !bytes.HasPrefix(nal[at:], uuid) {
		return nil
	}
	d := &document{whole: nal}
	if err := d.read(nal, at, size); err != nil {
		d.fault = err.Error()
	}
	return d
}

func (d *document) read(nal []byte, at, size int) error {
	stop := 0
	if nal[len(nal)-1] == 0x80 {
		stop = 1
	}
	extra := len(nal) - at - size - stop
	switch {
	case len(nal) > maxSEI:
		return fmt.Errorf("it has %d bytes, more than %d", len(nal), maxSEI)
	case size < len(uuid)+1:
		return fmt.Errorf("its payload has %d bytes", size)
	case extra < 0:
		return fmt.Errorf("it ends %d bytes early", -extra)
	}
	view := nal // raw: escapes would be found in it that are none
	if extra > 0 {
		view = unescaped(nal)
		if len(view) < at+size {
			return fmt.Errorf("it ends %d bytes early", at+size-len(view))
		}
	}
	reserved := view[at+len(uuid)]
	d.cert = reserved&bitCertificate != 0
	if reserved&bitMore != 0 {
		return fmt.Errorf("its reserved byte %#02x is not defined", reserved)
	}
	end, err := d.walk(view, at+len(uuid)+1, at+size)
	if err != nil {
		return err
	}
	switch {
	case reserved&bitEscaped != 0 && extra > 0: // escaped, then hashed
		d.body = nal[:escapedOffset(nal, end)]
	default: // raw, or hashed and then escaped
		d.body, d.whole = view[:end], view
	}
	return nil
}

// unescaped returns a NAL unit without emulation prevention.
func unescaped(nal []byte) []byte {
	out := make([]byte, 0, len(nal))
	zeros := 0
	for _, b := range nal {
		if zeros >= 2 && b == 3 {
			zeros = 0
			continue
		}
		out = append(out, b)
		if zeros++; b != 0 {
			zeros = 0
		}
	}
	return out
}

// escapedOffset returns where in a NAL unit the byte stands that has the given
// offset without emulation prevention.
func escapedOffset(nal []byte, want int) int {
	zeros, n := 0, 0
	for i, b := range nal {
		if zeros >= 2 && b == 3 {
			zeros = 0
			continue
		}
		if n == want {
			return i
		}
		n++
		if zeros++; b != 0 {
			zeros = 0
		}
	}
	return len(nal)
}

// walk reads the TLVs in p[from:to] and returns where the signed bytes end.
func (d *document) walk(p []byte, from, to int) (int, error) {
	var seen [tagArbitrary + 1][][]byte
	end, n := to, 0
	for at := from; at < to; n++ {
		if n == maxTLVs {
			return 0, fmt.Errorf("it holds more than %d tags", maxTLVs)
		}
		if to-at < 3 {
			return 0, fmt.Errorf("a tag is cut off after %d bytes", to-at)
		}
		tag, size := p[at], int(binary.BigEndian.Uint16(p[at+1:]))
		if size > to-at-3 {
			return 0, fmt.Errorf("tag %d claims %d bytes of %d", tag, size, to-at-3)
		}
		if d.signed {
			return 0, fmt.Errorf("tag %d stands behind the signature", tag)
		}
		switch {
		case tag == 0 || tag > tagArbitrary:
			d.unknown++
		case len(seen[tag]) > 0 && (tag != tagCertificates || len(seen[tag]) > 1):
			return 0, fmt.Errorf("tag %d stands twice", tag)
		default:
			seen[tag] = append(seen[tag], p[at+3:at+3+size])
		}
		if tag == tagSignature {
			d.signed, end = true, at
		}
		at += 3 + size
	}
	if len(seen[tagArbitrary]) > 0 {
		if n != 1 {
			return 0, errors.New("arbitrary data stands beside other tags")
		}
		d.arbitrary = true
		return end, nil
	}
	return end, d.readTags(&seen)
}
