package ui

import (
	"fmt"
	"strings"

	"vedette/internal/diag"
	"vedette/session"
	"vedette/verify"
)

// maxObjectRows bounds the objects that are told in words.
const maxObjectRows = 20

// objectRows tells what the metadata knows of each object in the picture.
func objectRows(o *session.Overlay) [][2]string {
	var out [][2]string
	for n, x := range o.Objects {
		if n == maxObjectRows {
			return append(out, [2]string{"…", fmt.Sprintf("and %d more", len(o.Objects)-n)})
		}
		var parts []string
		for _, f := range x.Facts() {
			if f.Name == "Class" {
				parts = append(parts, verify.Inert(f.Value))
				continue
			}
			parts = append(parts, verify.Inert(f.Name+": "+f.Value))
		}
		if x.Box == nil {
			parts = append(parts, "no box")
		}
		out = append(out, [2]string{"Object " + verify.Inert(x.ID), strings.Join(parts, ", ")})
	}
	return out
}

// maxFactRows bounds the rows of what else a document holds.
const maxFactRows = 20

// factRows tells what the metadata hold beside objects.
func factRows(o *session.Overlay) [][2]string {
	var out [][2]string
	for n, f := range o.Facts {
		if n == maxFactRows {
			return append(out, [2]string{"…", fmt.Sprintf("and %d more", len(o.Facts)-n)})
		}
		out = append(out, [2]string{verify.Inert(f.Name), verify.Inert(f.Value)})
	}
	return out
}

// worst returns the first of the findings that cost something, or nil.
func worst(found []diag.Finding) *diag.Finding {
	for i, f := range found {
		if f.Severity >= diag.Error {
			return &found[i]
		}
	}
	return nil
}

// maxNoticed bounds the findings about metadata that are listed.
const maxNoticed = 12

// metadataRows lists what was found in the metadata while events were read.
func metadataRows(found []diag.Finding) [][2]string {
	if len(found) == 0 {
		return nil
	}
	out := [][2]string{{"", "Noticed in the metadata"}}
	for i, f := range found {
		if i == maxNoticed {
			return append(out, [2]string{"…", fmt.Sprintf("and %d more; vedettectl events lists all", len(found)-i)})
		}
		out = append(out, [2]string{f.Severity.String(), verify.Inert(f.Message) + " [" + f.Code + "]"})
	}
	return out
}
