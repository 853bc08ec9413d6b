package camera

import (
	"bytes"
	"errors"
	"fmt"
	"math"

	"vedette/media"
)

// Presence is what Present finds.
type Presence struct {
	Signing bool // there are documents; nothing is said about what they are worth
	Axis    bool // Axis Signed Video, the predecessor
}

// How far Present looks: a document of each group stands near the begin of the
// next, so two groups would do; a signature takes a camera some pictures' time.
const (
	presentSyncs = 3
	presentMore  = 60
	presentHead  = 288 // header, type and the 258 bytes that state 64 KiB, and the UUID
)

// partReader is a source that can read a part of a sample.
type partReader interface {
	ReadPart(s media.Sample, at int, p []byte) (int, error)
}

// Present tells in milliseconds whether a track holds documents, by its first
// three groups of pictures and its last sample. Presence says nothing about
// validity, and absence nothing about the pictures between.
func Present(src media.Source, t media.Track) (Presence, error) {
	var p Presence
	table := src.Table(t.ID)
	if table == nil || t.Codec != media.CodecH264 && t.Codec != media.CodecH265 {
		return p, nil
	}
	syncs, until := 0, math.MaxInt
	n := table.Len()
	look := func(i int) error { return p.look(src, t, table.At(i)) }
	for i := 0; i < n && i <= until && !p.Signing && !p.Axis; i++ {
		if err := look(i); err != nil {
			return p, err
		}
		if table.At(i).Sync {
			if syncs++; syncs == presentSyncs {
				until = i + presentMore
			}
		}
	}
	if n > 0 && !p.Signing && !p.Axis {
		return p, look(n - 1)
	}
	return p, nil
}

// look hops over the units of one sample.
func (p *Presence) look(src media.Source, t media.Track, s media.Sample) error {
	read := func(at int, b []byte) (int, error) {
		all, err := src.ReadSample(s, nil)
		if err != nil || at >= len(all) {
			return 0, err
		}
		return copy(b, all[at:]), nil
	}
	if r, ok := src.(partReader); ok {
		read = func(at int, b []byte) (int, error) { return r.ReadPart(s, at, b) }
	}
	prefix := prefixSize(t)
	head := make([]byte, prefix+presentHead)
	for at, n := 0, 0; at < s.Size && n < maxNALs; n++ {
		got, err := read(at, head)
		if errors.Is(err, media.ErrNoSample) || err == nil && got < prefix {
			return nil
		}
		if err != nil {
			return fmt.Errorf("camera: %w", err)
		}
		size := 0
		for _, b := range head[:prefix] {
			size = size<<8 | int(b)
		}
		nal := head[prefix:min(got, prefix+size)]
		if roleOf(t.Codec, nal) == message {
			if k, _, ok := payloadAt(t.Codec, nal); ok {
				p.Signing = p.Signing || bytes.HasPrefix(nal[k:], uuid)
				p.Axis = p.Axis || bytes.HasPrefix(nal[k:], axisUUID)
			}
		}
		at += prefix + size
	}
	return nil
}
