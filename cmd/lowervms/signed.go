package main

import (
	"errors"
	"slices"
	"time"

	"vedette/internal/fixture"
	"vedette/internal/town"
)

// change is what happens to pictures between the camera and the export.
type change func([]fixture.Sample) ([]fixture.Sample, error)

// signed lets a camera sign a video before something happens to it.
func signed(id string, after change) func(*fixture.Coded, *fixture.World, time.Time) (*fixture.Coded, error) {
	return func(video *fixture.Coded, w *fixture.World, begin time.Time) (*fixture.Coded, error) {
		by, err := w.Mint("Camera "+id, nil, w.Intermediate, nil)
		if err != nil {
			return nil, err
		}
		var units [][][]byte
		for _, s := range video.Samples {
			units = append(units, fixture.Unpack(s.Data))
		}
		c := fixture.Camera{By: by, Begin: begin, Rate: town.Rate, Escape: fixture.EscapedAfter}
		out, err := c.Sign(units)
		if err != nil {
			return nil, err
		}
		signed := *video
		signed.Samples = slices.Clone(video.Samples)
		for i := range signed.Samples {
			signed.Samples[i].Data = fixture.Join(out[i])
		}
		if after != nil {
			signed.Samples, err = after(signed.Samples)
		}
		return &signed, err
	}
}

var errFew = errors.New("the film has too few pictures that no other refers to")

// unreferenced reports whether a sample is one slice that no other refers to,
// so that nothing else changes with it.
func unreferenced(s fixture.Sample) bool {
	units := fixture.Unpack(s.Data)
	return len(units) == 1 && units[0][0] == 1
}

// without leaves out pictures in the first half; those before are shown longer.
func without(n int) change {
	return func(s []fixture.Sample) ([]fixture.Sample, error) {
		var out []fixture.Sample
		for i, x := range s {
			if n > 0 && i > len(s)/4 && unreferenced(x) && !unreferenced(s[i-1]) {
				out[len(out)-1].Duration += x.Duration
				n--
				continue
			}
			out = append(out, x)
		}
		if n > 0 {
			return nil, errFew
		}
		return out, nil
	}
}

// altered changes one byte of a picture in the first half.
func altered(s []fixture.Sample) ([]fixture.Sample, error) {
	for i := len(s) / 4; i < len(s); i++ {
		if !unreferenced(s[i]) || len(s[i].Data) < 64 {
			continue
		}
		s[i].Data = slices.Clone(s[i].Data)
		s[i].Data[len(s[i].Data)-9] ^= 0x10
		return s, nil
	}
	return nil, errFew
}
