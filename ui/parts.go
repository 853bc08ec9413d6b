package ui

import (
	"fmt"
	"strings"

	"vedette/evidence"
	"vedette/evidence/bmff"
	"vedette/internal/diag"
	"vedette/ui/verdict"
)

// partsOf names the runs of top-level boxes of a file, with the seals apart.
func partsOf(x *evidence.Export) []verdict.Part {
	return parts(x.Boxes(), x.Protection(), x.File().Size())
}

func parts(boxes []*bmff.Box, prot evidence.Protection, size int64) []verdict.Part {
	var out []verdict.Part
	var names []string
	from, fragments, footage := int64(0), 0, false
	flush := func(to int64) {
		if to <= from {
			return
		}
		name := strings.Join(names, " ")
		if footage {
			name = "footage"
			if fragments > 0 {
				name = fmt.Sprintf("moof + mdat, %d fragments: pictures, sound, metadata", fragments)
			}
		}
		out = append(out, verdict.Part{Name: name, Bytes: diag.Range{From: from, To: to}})
		from, fragments, footage, names = to, 0, false, nil
	}
	for _, b := range boxes {
		media := b.Type == "moof" || b.Type == "mdat"
		if media != footage || b.Type == "meta" || b.Type == "mfra" {
			flush(b.Offset)
		}
		footage = media
		switch b.Type {
		case "moof":
			fragments++
		case "mdat":
		case "meta":
			names = append(names, "meta")
			for _, s := range prot.Seals {
				if s.Range.From >= b.Offset && s.Range.To <= b.End() {
					flush(s.Range.From)
					names = append(names, fmt.Sprintf("seal %d", s.Number))
					flush(s.Range.To)
				}
			}
			names = append(names, "meta")
			flush(b.End())
			names = nil
		default:
			if len(names) < 4 {
				names = append(names, b.Type)
			}
		}
	}
	if len(names) == 0 && !footage {
		names = append(names, "rest")
	}
	flush(size)
	return out
}
