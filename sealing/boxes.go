package sealing

import (
	"encoding/binary"
	"sort"
	"time"

	"vedette/evidence"
	"vedette/media"
)

// The boxes of a seal, as the export file format has them.

func u16(v uint16) []byte { return binary.BigEndian.AppendUint16(nil, v) }
func u32(v uint32) []byte { return binary.BigEndian.AppendUint32(nil, v) }
func u64(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }

// text is a string with the zero byte that ends it.
func text(s string) []byte { return append([]byte(s), 0) }

// box makes a box with a 32-bit size. What goes in was bounded before, far below that.
func box(kind string, parts ...[]byte) []byte {
	out := append(make([]byte, 4, 64), kind...)
	for _, p := range parts {
		out = append(out, p...)
	}
	binary.BigEndian.PutUint32(out, uint32(len(out))) //nolint:gosec // see above
	return out
}

// full is a box with a version and no flags.
func full(kind string, version byte, parts ...[]byte) []byte {
	return box(kind, append([][]byte{{version, 0, 0, 0}}, parts...)...)
}

// sinf makes a seal whose signature is still zero, and tells where in it the
// room for the signature begins.
func sinf(o Options, a algorithm) (seal []byte, sibo int64) {
	var starts []byte
	if len(o.Starts) > 0 {
		starts = cstb(o.Starts)
	}
	inside := [][]byte{box("sibo", make([]byte, a.room)), box("cert", o.Signer.certificates())}
	if a.sigC != nil {
		inside = append(inside, box("sigC", a.sigC))
	}
	if o.Note != "" {
		inside = append(inside, box("auib", text(o.Note)))
	}
	schm := full("schm", 0, []byte("oeff"), u32(0x00010000))
	return box("sinf", starts, schm, box("schi", inside...)), int64(8 + len(starts) + len(schm) + 8 + 8)
}

func cstb(starts map[uint32]media.UTC) []byte {
	ids := make([]uint32, 0, len(starts))
	for id := range starts {
		ids = append(ids, id)
	}
	sort.Slice(ids, func(i, j int) bool { return ids[i] < ids[j] })
	parts := [][]byte{u32(uint32(len(ids)))} //nolint:gosec // as many as the file has tracks
	for _, id := range ids {
		parts = append(parts, u32(id), u64(evidence.To1601(starts[id])))
	}
	return box("cstb", parts...)
}

// ipro holds the seals. Its count is 1 whatever their number.
func ipro(seal []byte) []byte { return full("ipro", 0, u16(1), seal) }

// suep states what is known of an export that is made here: by whom, when, and
// of which tracks. Where these come from is left empty.
func suep(unit string, now time.Time, tracks []media.Track) []byte {
	parts := [][]byte{
		text(unit), text(""), text(""), u64(evidence.To1904(media.FromTime(now))), text(""),
		u32(uint32(len(tracks))), //nolint:gosec // far fewer
	}
	for _, t := range tracks {
		parts = append(parts, u16(uint16(t.ID)), text(""), text(""), text(""), text("")) //nolint:gosec // the caller refused larger ones
	}
	return full("suep", 1, parts...)
}

// meta is a new file-level meta box; its handler says that it is a container only.
func meta(parts ...[]byte) []byte {
	hdlr := full("hdlr", 0, u32(0), []byte("null"), make([]byte, 12), text(""))
	return full("meta", 0, append([][]byte{hdlr}, parts...)...)
}
