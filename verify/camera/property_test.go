package camera_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"vedette/internal/fixture"
	"vedette/verify/camera"
)

// tamper changes a film at random, as an editor, an attacker or a bad line would.
func tamper(rnd *rand.Rand, f, foreign *film) *film {
	g := f.copied()
	for range 1 + rnd.IntN(3) {
		n := len(g.units)
		if n < 4 {
			break
		}
		i := rnd.IntN(n)
		k := min(n-i, 1+rnd.IntN(8))
		switch rnd.IntN(12) {
		case 0: // drop a stretch
			g.units = slices.Delete(g.units, i, i+k)
		case 1: // move a stretch
			part := slices.Clone(g.units[i : i+k])
			g.units = slices.Delete(g.units, i, i+k)
			g.units = slices.Insert(g.units, rnd.IntN(len(g.units)+1), part...)
		case 2: // repeat a stretch
			g.units = slices.Insert(g.units, rnd.IntN(n+1), slices.Clone(g.units[i:i+k])...)
		case 3: // flip a bit
			if u := g.units[i]; len(u) > 0 {
				nal := bytes.Clone(u[rnd.IntN(len(u))])
				nal[rnd.IntN(len(nal))] ^= 1 << rnd.IntN(8)
				g.units[i] = append(slices.Clone(u[:0]), u...)
				g.units[i][rnd.IntN(len(u))] = nal
			}
		case 4: // put in foreign pictures
			g.units = slices.Insert(g.units, i, foreign.units[rnd.IntN(len(foreign.units)-8):][:k]...)
		case 5: // take documents out
			for j := i; j < i+k; j++ {
				g.silence(j)
			}
		case 6: // move documents
			g.exchange(i, rnd.IntN(n), true)
		case 7: // exchange pictures
			g.exchange(i, rnd.IntN(n), false)
		case 8: // cut
			g.units = g.units[i:]
		case 9:
			g.units = g.units[:i+1]
		case 10: // repeat documents elsewhere
			m, _ := g.split(rnd.IntN(n))
			g.units[i] = append(slices.Clone(m), g.units[i]...)
		case 11: // put in foreign documents
			m, _ := foreign.split(rnd.IntN(len(foreign.units)))
			g.units[i] = append(slices.Clone(m), g.units[i]...)
		}
	}
	return g
}

// TestNothingElseIsEverToldAsAuthentic compares what is told of films that were
// tampered with at random with what is known of them.
func TestNothingElseIsEverToldAsAuthentic(t *testing.T) {
	p := fixture.Pattern{Groups: 7, Length: 6, Size: 24}
	modes := map[string]fixture.Camera{
		"default": {}, "each third signed": {Every: 3}, "partial groups": {Partial: 4, Delay: 2}, "low bitrate": {LowBitrate: true},
		"low bitrate, each second signed, partial": {LowBitrate: true, Every: 2, Partial: 4}, "certificate SEI, twice": {CertificateSEI: true, Twice: true},
		"before the IDR": {Every: 2, Delay: -1}, "opaque": {Opaque: true}, "version 1": {Version1: true},
	}
	for name, c := range modes {
		t.Run(name, func(t *testing.T) {
			f := shot(t, p, c)
			q := p
			q.Seed = 77
			c.By = world(t).Exporter
			foreign := shot(t, q, c)
			// Whoever stands first is whose key counts.
			places := map[string]map[string]int{string(leaf(t).Cert.Raw): placesOf(f), string(c.By.Cert.Raw): placesOf(foreign)}
			rnd := rand.New(rand.NewPCG(uint64(len(name)), 4))
			for n := range 250 {
				g := tamper(rnd, f, foreign)
				if problem := contradiction(judged(t, g), g, places); problem != "" {
					t.Errorf("seed %d, film %d: %s", len(name), n, problem)
					explain(t, judged(t, g))
					t.Log(runs(judged(t, g)))
					return
				}
			}
		})
	}
}

// placesOf returns the place of each picture in a film as it was signed.
func placesOf(f *film) map[string]int {
	out := map[string]int{}
	for i := range f.units {
		if s := shown(f, i); s != "" {
			out[s] = i
		}
	}
	return out
}

// shown is what a decoder makes a picture of.
func shown(f *film, unit int) string {
	var b []byte
	for _, n := range f.units[unit] {
		if k := n[0] & 31; k == 1 || k == 5 {
			b = append(b, n...)
		}
	}
	return string(b)
}

// contradiction returns what a report says of a film that is not so.
func contradiction(r *camera.Report, g *film, places map[string]map[string]int) string {
	if len(r.Tracks[0].Ranges) == 0 || r.Tracks[0].Leaf == nil {
		return ""
	}
	place := places[string(r.Tracks[0].Leaf.Raw)]
	whole := r.State == camera.Authentic
	before := -1 // picture that was authentic last
	jumped := false
	for _, x := range r.Tracks[0].Ranges {
		for i := x.FromSample; i <= x.ToSample; i++ {
			if x.State == camera.PictureIgnored {
				continue
			}
			if x.State != camera.PictureAuthentic {
				jumped = true
				continue
			}
			at, known := place[shown(g, i)]
			switch {
			case !known:
				return fmt.Sprintf("picture %d is authentic, and was never signed", i)
			case at <= before && r.State != camera.NotAuthentic:
				return fmt.Sprintf("picture %d is authentic behind %d, and was signed before it, as %d", i, before, at)
			case whole && before >= 0 && at != before+1 && !jumped:
				return fmt.Sprintf("nothing is said to be missing between the pictures signed as %d and %d", before, at)
			}
			before, jumped = at, false
		}
	}
	return ""
}

// TestClipsAreNeverAccused cuts films in every way: nothing is wrong with a clip.
func TestClipsAreNeverAccused(t *testing.T) {
	p := fixture.Pattern{Groups: 4, Length: 6, Size: 24}
	for name, c := range map[string]fixture.Camera{
		"default": {}, "each third signed": {Every: 3}, "partial groups": {Partial: 4, Delay: 2}, "low bitrate": {LowBitrate: true},
		"low bitrate, each second signed, partial": {LowBitrate: true, Every: 2, Partial: 4}, "twice": {Twice: true}, "late": {Delay: 4},
		"before the IDR": {Every: 2, Delay: -1}, "at the IDR": {Delay: -1}, "opaque": {Opaque: true}, "version 1": {Version1: true},
		"partial, before the IDR": {Partial: 3, Delay: -1, Every: 3}, "long lists": {MaxList: 3}, "long lists, partial": {MaxList: 3, Partial: 4},
	} {
		t.Run(name, func(t *testing.T) {
			f := shot(t, p, c)
			for from := range f.units {
				for to := from + 1; to <= len(f.units); to++ {
					g := f.copied().cut(from, to)
					r := judged(t, g)
					good := r.State == camera.Authentic || r.State == camera.NotVerifiable || r.State == camera.NotSigned
					if !good || notes(r, camera.NoteTime) || notes(r, camera.NoteClock) {
						t.Errorf("units %d to %d: %s, %s, %s", from, to, r.State, counts(r), runs(r))
						explain(t, r)
						return
					}
					if n, want := authentic(r), within(f, c, from, to); want >= 0 && n != want {
						t.Errorf("units %d to %d: %d pictures are authentic, want %d", from, to, n, want)
					}
				}
			}
		})
	}
}

func authentic(r *camera.Report) (n int) {
	for _, g := range r.Tracks[0].Ranges {
		if g.State == camera.PictureAuthentic {
			n += g.ToSample - g.FromSample + 1
		}
	}
	return n
}

// within returns how many pictures of a clip a document within it covers, where
// each whole group has one and all are signed; else -1.
func within(f *film, c fixture.Camera, from, to int) (n int) {
	if c.Every > 0 || c.Partial > 0 || c.LowBitrate || c.MaxList > 0 || c.Opaque {
		return -1
	}
	late := max(c.Delay, 0)
	if c.Delay == 0 {
		late = 1
	}
	for g := 0; g < 4; g++ {
		at := min(6*(g+1)+late, len(f.units)-1)
		if g == 3 {
			at = len(f.units) - 1
		}
		if 6*g >= from && at < to {
			n += 6
		}
	}
	return n
}
