package bmff

// Defaults are the values of trex, overridden by tfhd.
type Defaults struct {
	Track       uint32
	Description uint32 // index of the sample entry, from 1
	Duration    uint32
	Size        uint32
	Flags       uint32
}

// ParseTrex reads a trex body.
func ParseTrex(b Box, p []byte) (Defaults, error) {
	c := &cursor{box: b, p: p}
	c.full()
	d := Defaults{Track: c.u32("track_ID"), Description: c.u32("default_sample_description_index")}
	d.Duration, d.Size, d.Flags = c.u32("default_sample_duration"), c.u32("default_sample_size"), c.u32("default_sample_flags")
	return d, c.fault()
}

// FragmentHeader is a tfhd box.
type FragmentHeader struct {
	Defaults
	HasBase    bool
	Base       uint64 // base_data_offset
	BaseIsMoof bool
	NoSamples  bool // duration-is-empty
}

// TrackOf reads the track_ID of a tfhd body.
func TrackOf(b Box, p []byte) (uint32, error) {
	c := &cursor{box: b, p: p}
	c.full()
	id := c.u32("track_ID")
	return id, c.fault()
}

// ParseTfhd reads a tfhd body over the defaults of its track.
func ParseTfhd(b Box, p []byte, d Defaults) (FragmentHeader, error) {
	c := &cursor{box: b, p: p}
	_, f := c.full()
	h := FragmentHeader{Defaults: d}
	h.Track = c.u32("track_ID")
	if f&0x1 != 0 {
		h.HasBase, h.Base = true, c.u64("base_data_offset")
	}
	if f&0x2 != 0 {
		h.Description = c.u32("sample_description_index")
	}
	if f&0x8 != 0 {
		h.Duration = c.u32("default_sample_duration")
	}
	if f&0x10 != 0 {
		h.Size = c.u32("default_sample_size")
	}
	if f&0x20 != 0 {
		h.Flags = c.u32("default_sample_flags")
	}
	h.NoSamples, h.BaseIsMoof = f&0x10000 != 0, f&0x20000 != 0
	return h, c.fault()
}

// ParseTfdt reads a tfdt body.
func ParseTfdt(b Box, p []byte) (uint64, error) {
	c := &cursor{box: b, p: p}
	v, _ := c.full()
	if v == 1 {
		t := c.u64("baseMediaDecodeTime")
		return t, c.fault()
	}
	t := c.u32("baseMediaDecodeTime")
	return uint64(t), c.fault()
}

// RunSample is one sample of a trun box.
type RunSample struct {
	Duration    uint32
	Size        uint32
	Sync        bool
	Composition int64 // composition offset, in the track's timescale
}

// nonSync is the flag sample_is_non_sync_sample of ISO/IEC 14496-12, 8.8.3.1.
const nonSync = 0x10000

// ParseTrun reads a trun body and calls add for each sample in order until it
// returns false. Where the run has an own data offset it is returned.
func ParseTrun(b Box, p []byte, d Defaults, add func(RunSample) bool) (offset int32, hasOffset bool, err error) {
	c := &cursor{box: b, p: p}
	v, f := c.full()
	count := c.u32("sample_count")
	if f&0x1 != 0 {
		hasOffset, offset = true, int32(c.u32("data_offset"))
	}
	first, hasFirst := d.Flags, f&0x4 != 0
	if hasFirst {
		first = c.u32("first_sample_flags")
	}
	width := 0
	for _, bit := range []uint32{0x100, 0x200, 0x400, 0x800} {
		if f&bit != 0 {
			width += 4
		}
	}
	if width == 0 && count > maxImplied {
		return 0, false, Faultf(TooMuch, b, "%d samples without any field, want at most %d", count, maxImplied)
	}
	n := c.count(count, width, "sample_count")
	if c.err != nil {
		return 0, false, c.err
	}
	for i := range n {
		s := RunSample{Duration: d.Duration, Size: d.Size}
		flags := d.Flags
		if i == 0 && hasFirst {
			flags = first
		}
		if f&0x100 != 0 {
			s.Duration = c.u32("sample_duration")
		}
		if f&0x200 != 0 {
			s.Size = c.u32("sample_size")
		}
		if f&0x400 != 0 {
			flags = c.u32("sample_flags")
		}
		if f&0x800 != 0 {
			raw := c.u32("sample_composition_time_offset")
			s.Composition = int64(raw)
			if v != 0 {
				s.Composition = int64(int32(raw))
			}
		}
		s.Sync = flags&nonSync == 0
		if c.err != nil || !add(s) {
			break
		}
	}
	return offset, hasOffset, c.fault()
}

// maxImplied bounds the samples of a run that has no field per sample, whose
// count no length of the file bounds. An hour of 8 kHz audio in one run fits.
const maxImplied = 32 << 20

// ParseMfro reads the size that an mfro body repeats.
func ParseMfro(b Box, p []byte) (uint32, error) {
	c := &cursor{box: b, p: p}
	c.full()
	n := c.u32("size")
	return n, c.fault()
}
