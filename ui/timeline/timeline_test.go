package timeline

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"vedette/media"
	"vedette/ui/look"
)

func TestClustersCountEveryEventOnce(t *testing.T) {
	var events []media.UTC
	for i := range 5000 {
		events = append(events, media.UTC(i*i%700_000_000))
	}
	for i := 1; i < len(events); i++ {
		for k := i; k > 0 && events[k] < events[k-1]; k-- {
			events[k], events[k-1] = events[k-1], events[k]
		}
	}
	total := 0
	last := float32(-100)
	for _, c := range clusters(events, 0, 700_000_000, 1200, clusterRoom) {
		total += c.count
		if c.x-last < clusterRoom-1 {
			t.Errorf("marks at %g and %g touch", last, c.x)
		}
		last = c.x
	}
	if total != len(events) {
		t.Errorf("%d of %d events are counted", total, len(events))
	}
}

func TestRulerMarksLieOnWholeSteps(t *testing.T) {
	for _, c := range []struct{ u, step, want media.UTC }{{0, 10, 0}, {1, 10, 10}, {-5, 10, 0}, {-15, 10, -10}, {20, 10, 20}} {
		if got := ceil(c.u, c.step); got != c.want {
			t.Errorf("after %d in steps of %d: %d, want %d", c.u, c.step, got, c.want)
		}
	}
}

func BenchmarkClustersOfAMillionEvents(b *testing.B) {
	events := make([]media.UTC, 1_000_000)
	for i := range events {
		events[i] = media.UTC(i) * 1000
	}
	for b.Loop() {
		clusters(events, 0, 1_000_000_000, 1920, clusterRoom)
	}
}

func TestDraggingThePlayheadScrubsAndLettingGoSeeks(t *testing.T) {
	test.NewApp()
	var scrubbed, sought []media.UTC
	l := New(&look.Dark, 0, func(u media.UTC) { sought = append(sought, u) })
	l.OnScrub = func(u media.UTC) { scrubbed = append(scrubbed, u) }
	l.Resize(fyne.NewSize(1000, 200))
	l.Set(Model{Rows: []Row{{Footage: Span{0, 100 * media.Hundred}}}})
	drag := func(x float32) {
		e := &fyne.DragEvent{}
		e.Position = fyne.NewPos(x, 100)
		l.Dragged(e)
	}
	press := func(x float32) {
		e := &desktop.MouseEvent{}
		e.Position = fyne.NewPos(x, 100)
		l.MouseDown(e)
	}
	press(l.X(0))
	drag(300)
	drag(600)
	if len(scrubbed) != 2 || len(sought) != 0 || scrubbed[1] != l.Time(600) {
		t.Errorf("while dragging: scrubbed to %v, sought %v", scrubbed, sought)
	}
	l.DragEnd()
	if len(sought) != 1 || sought[0] != l.Time(600) {
		t.Errorf("let go: sought %v", sought)
	}
	press(500) // not on the playhead: the line is moved
	drag(520)
	l.DragEnd()
	if len(scrubbed) != 2 || len(sought) != 1 {
		t.Errorf("moving the line: scrubbed to %v, sought %v", scrubbed, sought)
	}
}
