package ui

import (
	"fmt"
	"strings"
	"testing"

	"vedette/internal/diag"
	"vedette/metadata"
	"vedette/session"
)

func TestObjectsAreToldInWords(t *testing.T) {
	speed := 1.5
	o := &session.Overlay{Objects: []metadata.Object{
		{ID: "4", Classes: []metadata.Likely{{Text: "Human", Likelihood: .9}}, Box: &metadata.Rect{}, Speed: &speed, Other: []metadata.Item{{Name: "Mood", Value: "calm\u202e"}}},
		{ID: "5"},
	}}
	got := fmt.Sprint(objectRows(o))
	if want := "[[Object 4 Human (90 %), Speed: 1.5 m/s, Mood: calm<U+202E>] [Object 5 no box]]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	o.Facts = append(make([]metadata.Item, maxFactRows), metadata.Item{Name: "Sensor 1", Value: "21"}, metadata.Item{})
	if rows := factRows(o); len(rows) != maxFactRows+1 || rows[maxFactRows][1] != "and 2 more" {
		t.Errorf("%d rows", len(rows))
	}
	o.Objects = make([]metadata.Object, maxObjectRows+7)
	if rows := objectRows(o); len(rows) != maxObjectRows+1 || rows[maxObjectRows][1] != "and 7 more" {
		t.Errorf("%d rows", len(rows))
	}
}

func TestWhatWasNoticedInTheMetadataIsListed(t *testing.T) {
	if metadataRows(nil) != nil || worst(nil) != nil {
		t.Error("nothing was noticed, and rows are there")
	}
	found := []diag.Finding{diag.New("METADATA-BOX", diag.Warning, "a box\n"), diag.New("METADATA-ENCODING", diag.Error, "exi")}
	rows := metadataRows(found)
	if len(rows) != 3 || rows[1][1] != "a box<U+000A> [METADATA-BOX]" || worst(found) != &found[1] {
		t.Errorf("%v", rows)
	}
	for range 50 {
		found = append(found, found[0])
	}
	if rows := metadataRows(found); len(rows) != maxNoticed+2 || !strings.Contains(rows[maxNoticed+1][1], "40 more") {
		t.Errorf("%d rows end with %v", len(rows), rows[len(rows)-1])
	}
}
