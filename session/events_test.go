package session

import (
	"context"
	"path/filepath"
	"reflect"
	"testing"

	"vedette/evidence"
)

// The window leaves out documents that cannot hold an event; what it lists must
// be what reading everything gives.
func TestLeavingOutDocumentsWithoutEventsLosesNone(t *testing.T) {
	files, err := filepath.Glob("../testdata/export/*.mp4")
	if err != nil || len(files) == 0 {
		t.Fatal("no vectors", err)
	}
	found := 0
	for _, name := range files {
		f, err := evidence.OpenFile(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		x, err := evidence.Open(context.Background(), f)
		if err != nil {
			continue // its refusal is tested elsewhere
		}
		_ = x.Index(context.Background(), nil)
		all, err := ReadEvents(context.Background(), x, nil)
		if err != nil {
			t.Fatal(err)
		}
		some, err := readEvents(context.Background(), x, nil, mayHoldEvent)
		if err != nil || some.Store.Len() != all.Store.Len() {
			t.Fatalf("%s: %d events of %d: %v", name, some.Store.Len(), all.Store.Len(), err)
		}
		for i := range all.Store.Len() {
			if !reflect.DeepEqual(all.Store.Event(i), some.Store.Event(i)) {
				t.Errorf("%s: event %d differs", name, i)
			}
		}
		found += all.Store.Len()
	}
	if found == 0 {
		t.Error("no vector holds an event")
	}
}
