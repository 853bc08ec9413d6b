package timeline

import (
	"testing"

	"vedette/media"
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
