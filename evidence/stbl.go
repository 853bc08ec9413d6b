package evidence

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"

	"vedette/evidence/bmff"
	"vedette/internal/diag"
	"vedette/media"
)

// column reads the entries of one table box in order, through a small buffer.
type column struct {
	box   *bmff.Box
	r     *bufio.Reader
	left  uint32 // entries not yet read
	width int
	buf   [16]byte
}

// openColumn opens a table whose header is version and flags, skip further
// bytes and a count. A missing box has no entries.
func (e *Export) openColumn(stbl *bmff.Box, kind string, skip, width int) (*column, []byte, error) {
	b := stbl.Find(kind)
	if b == nil {
		return &column{}, nil, nil
	}
	body := b.Body()
	c := &column{box: b, r: bufio.NewReaderSize(io.NewSectionReader(e.in, body.From, body.Len()), 32<<10), width: width}
	head := make([]byte, 8+skip)
	if _, err := io.ReadFull(c.r, head); err != nil {
		return nil, nil, tableFault(b, err)
	}
	c.left = binary.BigEndian.Uint32(head[4+skip:])
	if width > 0 && int64(c.left)*int64(width) > body.Len()-int64(len(head)) {
		return nil, nil, bmff.Faultf(bmff.Malformed, *b, "%d entries of %d bytes, but %d bytes are left", c.left, width, body.Len()-int64(len(head)))
	}
	return c, head, nil
}

func tableFault(b *bmff.Box, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return bmff.Faultf(bmff.Malformed, *b, "the table is shorter than its header")
	}
	return err
}

func (c *column) next() ([]byte, bool, error) {
	if c.left == 0 {
		return nil, false, nil
	}
	c.left--
	if _, err := io.ReadFull(c.r, c.buf[:c.width]); err != nil {
		return nil, false, tableFault(c.box, err)
	}
	return c.buf[:c.width], true, nil
}

// plain walks the sample tables of a plain file side by side (ISO/IEC
// 14496-12, 8.6 and 8.7).
type plain struct {
	size                   *column
	fixed                  uint32
	times, offsets, chunks *column
	places, syncs          *column
	wide                   bool // 64-bit chunk offsets
	signed                 bool // composition offsets

	run, runDelta      uint32
	offRun             uint32
	off                int64
	perChunk           uint32
	nextChunk, nextPer uint32
	chunkMore          bool
	chunk, inChunk     uint32
	desc, nextDesc     uint32 // sample description of the chunks, from 1
	place              int64
	sync               uint32
	hasSync            bool
	index              uint32
	dts                int64
}

func (e *Export) readPlainTable(t media.Track, table *Table, stbl *bmff.Box) error {
	p, count, err := e.openPlain(stbl)
	if err != nil || count == 0 {
		return err
	}
	run := pendingRun{table: table, kind: t.Kind}
	for range count {
		r, ok, err := p.record()
		if err != nil {
			return err
		}
		if !ok {
			e.note("", diag.At("SAMPLE-TABLE", diag.Error, stbl.Offset, stbl.End(), "the tables of track %d end after %d of %d samples", t.ID, p.index, count))
			break
		}
		if e.samples >= MaxSamples || !e.claim(int64(r.size&sizeMask)) {
			e.note("samples", diag.At("SAMPLE-LIMIT", diag.Error, stbl.Offset, stbl.End(), tooMany, MaxSamples))
			break
		}
		if r.size > maxSize && r.size&^syncBit > maxSize {
			if e.said("sample-size") {
				continue
			}
			e.note("sample-size", diag.At("SAMPLE-SIZE", diag.Error, stbl.Offset, stbl.End(), "a sample of %d bytes is larger than %d and is left out", r.size&^uint32(syncBit), maxSize))
			continue
		}
		if len(run.recs) > 0 && join(&run, r) {
			continue
		}
		e.samples++
		e.describe(&run, p.desc, stbl)
		run.recs = append(run.recs, r)
	}
	e.pending = append(e.pending, run)
	return nil
}

func (e *Export) openPlain(stbl *bmff.Box) (*plain, uint32, error) {
	p := &plain{}
	var err error
	var head []byte
	if p.size, head, err = e.openColumn(stbl, "stsz", 4, 0); err != nil || head == nil {
		return nil, 0, err
	}
	count := p.size.left
	p.fixed = binary.BigEndian.Uint32(head[4:])
	if count == 0 {
		return nil, 0, nil
	}
	if p.fixed == 0 {
		if p.size.width = 4; int64(count)*4 > p.size.box.Body().Len()-12 {
			return nil, 0, bmff.Faultf(bmff.Malformed, *p.size.box, "%d entries, but %d bytes", count, p.size.box.Body().Len()-12)
		}
	} else if int64(count)*int64(p.fixed) > e.file.Size() {
		return nil, 0, bmff.Faultf(bmff.Malformed, *p.size.box, "%d samples of %d bytes are more than the file", count, p.fixed)
	}
	if p.times, _, err = e.openColumn(stbl, "stts", 0, 8); err != nil {
		return nil, 0, err
	}
	if p.offsets, head, err = e.openColumn(stbl, "ctts", 0, 8); err != nil {
		return nil, 0, err
	}
	p.signed = head != nil && head[0] != 0
	if p.chunks, _, err = e.openColumn(stbl, "stsc", 0, 12); err != nil {
		return nil, 0, err
	}
	if p.places, head, err = e.openColumn(stbl, "stco", 0, 4); err != nil {
		return nil, 0, err
	}
	if head == nil {
		p.wide = true
		if p.places, _, err = e.openColumn(stbl, "co64", 0, 8); err != nil {
			return nil, 0, err
		}
	}
	if p.syncs, head, err = e.openColumn(stbl, "stss", 0, 4); err != nil {
		return nil, 0, err
	}
	p.hasSync = head != nil
	return p, count, p.firstSync()
}

func (p *plain) firstSync() error {
	if !p.hasSync {
		return nil
	}
	b, ok, err := p.syncs.next()
	if ok {
		p.sync = binary.BigEndian.Uint32(b)
	}
	return err
}

// record returns the next sample; false when some table has run out.
func (p *plain) record() (record, bool, error) {
	var r record
	if ok, err := p.nextPlace(); !ok || err != nil {
		return r, false, err
	}
	r.size, r.offset = p.fixed, p.place
	if p.fixed == 0 {
		b, ok, err := p.size.next()
		if !ok || err != nil {
			return r, false, err
		}
		r.size = min(binary.BigEndian.Uint32(b), sizeMask) // far too large either way
	}
	p.place += int64(r.size)
	if ok, err := p.nextTime(&r); !ok || err != nil {
		return r, false, err
	}
	p.index++
	if !p.hasSync || p.index == p.sync {
		r.size |= syncBit
		if p.hasSync {
			b, ok, err := p.syncs.next()
			if err != nil {
				return r, false, err
			}
			if ok {
				p.sync = binary.BigEndian.Uint32(b)
			}
		}
	}
	return r, true, nil
}

func (p *plain) nextTime(r *record) (bool, error) {
	for p.run == 0 {
		b, ok, err := p.times.next()
		if !ok || err != nil {
			return false, err
		}
		p.run, p.runDelta = binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	}
	p.run--
	r.dts, r.dur = p.dts, p.runDelta
	p.dts += int64(p.runDelta)
	for p.offRun == 0 {
		b, ok, err := p.offsets.next()
		if err != nil {
			return false, err
		}
		if !ok {
			p.offRun, p.off = 1<<31, 0
			break
		}
		p.offRun = binary.BigEndian.Uint32(b)
		raw := binary.BigEndian.Uint32(b[4:])
		if p.off = int64(raw); p.signed {
			p.off = int64(int32(raw)) //nolint:gosec // the field is signed in version 1
		}
	}
	p.offRun--
	r.cts = p.off
	return true, nil
}

// nextPlace moves on to the chunk of the next sample.
func (p *plain) nextPlace() (bool, error) {
	for p.inChunk == 0 {
		p.chunk++
		if !p.chunkMore && p.nextChunk == 0 {
			if ok, err := p.chunkRun(); !ok || err != nil {
				return false, err
			}
		}
		if p.chunkMore && p.chunk >= p.nextChunk {
			p.perChunk, p.desc = p.nextPer, p.nextDesc
			if _, err := p.chunkRun(); err != nil {
				return false, err
			}
		}
		b, ok, err := p.places.next()
		if !ok || err != nil {
			return false, err
		}
		if p.wide {
			v := binary.BigEndian.Uint64(b)
			p.place = clampInt(v)
		} else {
			p.place = int64(binary.BigEndian.Uint32(b))
		}
		p.inChunk = p.perChunk
	}
	p.inChunk--
	return true, nil
}

// chunkRun reads the next entry of stsc ahead of its first chunk.
func (p *plain) chunkRun() (bool, error) {
	b, ok, err := p.chunks.next()
	p.chunkMore = ok
	if !ok || err != nil {
		return false, err
	}
	p.nextChunk, p.nextPer, p.nextDesc = binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	return true, nil
}
