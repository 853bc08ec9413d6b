package sealing

import (
	"errors"
	"io"
)

// change is what differs between a file and its sealed copy at one place of
// the file: bytes that go, and bytes that come instead.
type change struct {
	at   int64
	drop int64
	put  []byte
}

// image is the copy as it will be, before it is written: the file, read
// through, with the changes in place.
type image struct {
	in    io.ReaderAt
	size  int64
	parts []part
	sibo  int64 // of the payload of the new seal's sibo
	room  int   // its length
}

// part is a run of bytes of the image: of the file, or put in.
type part struct {
	at, n int64 // in the image
	from  int64 // in the file
	put   []byte
}

// newImage lays changes, in order and apart from each other, over a file.
func newImage(in io.ReaderAt, size int64, changes []change) *image {
	img := &image{in: in}
	var from int64
	keep := func(to int64) {
		if to > from {
			img.parts = append(img.parts, part{at: img.size, n: to - from, from: from})
			img.size += to - from
		}
		from = max(from, to)
	}
	for _, c := range changes {
		keep(c.at)
		if n := int64(len(c.put)); n > 0 {
			img.parts = append(img.parts, part{at: img.size, n: n, from: c.at, put: c.put})
			img.size += n
		}
		from += c.drop
	}
	keep(size)
	return img
}

// ReadAt implements io.ReaderAt.
func (m *image) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("sealing: negative offset")
	}
	done := 0
	for _, part := range m.parts {
		at := off + int64(done)
		if done == len(p) || at >= part.at+part.n {
			continue
		}
		in := at - part.at
		q := p[done:min(len(p), done+int(min(part.n-in, int64(len(p)-done))))]
		if part.put != nil {
			done += copy(q, part.put[in:])
			continue
		}
		n, err := m.in.ReadAt(q, part.from+in)
		done += n
		if n < len(q) {
			if err == nil {
				err = io.ErrUnexpectedEOF
			}
			return done, err
		}
	}
	if done < len(p) {
		return done, io.EOF
	}
	return done, nil
}

// where returns the place in the image of a byte of the file that was kept,
// or -1.
func (m *image) where(off int64) int64 {
	for _, p := range m.parts {
		if p.put == nil && off >= p.from && off < p.from+p.n {
			return p.at + off - p.from
		}
	}
	return -1
}
