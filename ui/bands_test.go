package ui

import (
	"testing"

	"vedette/ui/look"
	"vedette/ui/timeline"
)

func TestAbsentPicturesAreShownOverWhatMatchesOnly(t *testing.T) {
	list := []timeline.Band{
		{Span: timeline.Span{From: 0, To: 10}, State: look.StretchMatches},
		{Span: timeline.Span{From: 10, To: 20}, State: look.StretchAltered},
		{Span: timeline.Span{From: 20, To: 30}, State: look.StretchMatches},
	}
	for name, c := range map[string]struct {
		over timeline.Span
		want []timeline.Span
		at   int // which of them is the missing one, -1 for none
	}{
		"inside":         {timeline.Span{From: 2, To: 5}, []timeline.Span{{From: 0, To: 2}, {From: 2, To: 5}, {From: 5, To: 10}, {From: 10, To: 20}, {From: 20, To: 30}}, 1},
		"over altered":   {timeline.Span{From: 10, To: 20}, []timeline.Span{{From: 0, To: 10}, {From: 10, To: 20}, {From: 20, To: 30}}, -1},
		"at the begin":   {timeline.Span{From: 20, To: 22}, []timeline.Span{{From: 0, To: 10}, {From: 10, To: 20}, {From: 20, To: 22}, {From: 22, To: 30}}, 2},
		"beyond the end": {timeline.Span{From: 28, To: 99}, []timeline.Span{{From: 0, To: 10}, {From: 10, To: 20}, {From: 20, To: 28}, {From: 28, To: 30}}, 3},
	} {
		got := laid(list, timeline.Band{Span: c.over, State: look.StretchMissing})
		if len(got) != len(c.want) {
			t.Errorf("%s: %v", name, got)
			continue
		}
		for i, b := range got {
			if b.Span != c.want[i] || (b.State == look.StretchMissing) != (i == c.at) {
				t.Errorf("%s: band %d is %v", name, i, b)
			}
		}
	}
}
