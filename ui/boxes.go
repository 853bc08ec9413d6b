package ui

import (
	"fmt"
	"strings"

	"vedette/evidence/bmff"
	"vedette/verify"
)

// maxBoxRows bounds the rows of the tree of boxes.
const maxBoxRows = 200

// boxRows prints the tree of boxes: offset and size of each. Fragments follow
// each other by the thousand, so equal runs of them are one row.
func boxRows(boxes []*bmff.Box) [][2]string {
	out := [][2]string{{"", "Boxes"}}
	var walk func(list []*bmff.Box, depth int)
	walk = func(list []*bmff.Box, depth int) {
		for i := 0; i < len(list); i++ {
			if len(out) == maxBoxRows {
				out = append(out, [2]string{"…", "more than are listed; vedettectl inspect --boxes lists all"})
			}
			if len(out) > maxBoxRows {
				return
			}
			b := list[i]
			n := 0
			for i+2*n+1 < len(list) && list[i+2*n].Type == "moof" && list[i+2*n+1].Type == "mdat" {
				n++
			}
			if n > 2 {
				last := list[i+2*n-1]
				out = append(out, [2]string{strings.Repeat("  ", depth) + "moof, mdat", fmt.Sprintf("%d times, %d to %d", n, b.Offset, last.End())})
				i += 2*n - 1
				continue
			}
			out = append(out, [2]string{strings.Repeat("  ", depth) + verify.Inert(b.Type), fmt.Sprintf("%d to %d, %d bytes", b.Offset, b.End(), b.Size)})
			walk(b.Children, depth+1)
		}
	}
	walk(boxes, 0)
	return out
}
