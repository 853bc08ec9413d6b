package ui

import (
	"fmt"

	"vedette/media"
	"vedette/media/civil"
)

// goTo goes where a typed text says. Times without a zone are UTC, times of day
// are on the date of the playhead.
func (w *Window) goTo(text string) error {
	g, err := civil.Parse(text, civil.Context{Shown: w.axis})
	if err != nil {
		return err
	}
	e := w.d.Set.Engine()
	switch g.Kind {
	case civil.ToFrame, civil.ByFrames:
		t, ok := w.focus.Video()
		if !ok {
			return fmt.Errorf("%q is no place in %s: the export has no pictures", text, title(w.focus))
		}
		sample, err := sampleOf(g, w.focus.Export().Table(t.ID), w.axis.Sub(w.focus.Zero()))
		if err != nil {
			return err
		}
		e.SeekSample(w.focus.View, sample)
	case civil.ByTime:
		e.Seek(w.axis.Add(g.By))
	default:
		e.Seek(g.At)
	}
	return nil
}

// sampleOf finds the sample of a frame that is named by its number, or by its
// distance from the one that is shown.
func sampleOf(g civil.Goal, table media.Table, shown media.Ticks) (int, error) {
	frame := g.Frame
	if g.Kind == civil.ByFrames {
		if i, ok := table.AtPTS(shown); ok {
			frame += table.Frame(i)
		}
	}
	sample := table.ByFrame(frame)
	if sample < 0 {
		return 0, fmt.Errorf("there is no frame %d; the export has frames 1 to %d", frame, media.Frames(table))
	}
	return sample, nil
}
