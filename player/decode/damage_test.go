package decode_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"vedette/media"
	"vedette/player/decode"
)

// films of the suite: 150 pictures of 320x180 in groups of 50 with two B-pictures.
var filmArgs = []struct {
	name string
	args []string
}{
	{"H.264 CABAC", []string{"-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0"}},
	{"H.264 CAVLC, 4 slices", []string{"-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-x264-params", "cabac=0:slices=4"}},
	{"H.265", []string{"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:keyint=50:min-keyint=50:scenecut=0:bframes=2:open-gop=0"}},
	{"H.265 with hash", []string{"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:keyint=50:min-keyint=50:scenecut=0:bframes=2:open-gop=0:hash=1"}},
}

// tally counts what became of the pictures of a case.
type tally struct {
	pictures, wrong, unmarked, falseMarks, absent int
}

func (a *tally) add(b tally) {
	a.pictures += b.pictures
	a.wrong += b.wrong
	a.unmarked += b.unmarked
	a.falseMarks += b.falseMarks
	a.absent += b.absent
}

// judge compares what was delivered with the clean decode.
func judge(damaged *tape, got, clean map[int]shown) (n tally) {
	for i, s := range got {
		n.pictures++
		right := s.sum == clean[damaged.samples[i].id].sum
		switch {
		case !s.picture():
			n.absent++
		case !right && s.state == decode.Clean:
			n.wrong++
			n.unmarked++
		case !right:
			n.wrong++
		case s.state != decode.Clean:
			n.falseMarks++
		}
	}
	return n
}

// harm is one way to damage a tape. Runs says how often it is done in the full
// suite; a film for which it makes no sense gives nil.
type harm struct {
	name string
	runs int
	do   func(rnd *rand.Rand, film *tape) *tape
}

// at is the unit that single cases damage: a P-picture, ten after a sync sample.
func at(f *tape) int {
	for i := 60; ; i++ {
		if f.Frame(i) > i+1 { // shown later than it is decoded: others refer to it
			return i
		}
	}
}

func flip(data []byte, bit int) { data[bit/8] ^= 0x80 >> (bit % 8) }

func one(do func(rnd *rand.Rand, data []byte) []byte) func(*rand.Rand, *tape) *tape {
	return func(rnd *rand.Rand, film *tape) *tape {
		f := film.of(0, film.Len())
		i := at(f)
		f.samples[i].data = do(rnd, f.samples[i].data)
		return f
	}
}

var harms = []harm{
	{"unit cut, container size kept", 8, one(func(rnd *rand.Rand, d []byte) []byte { return d[:len(d)/4+rnd.IntN(len(d)/2)] })},
	{"slice cut, length corrected", 8, one(func(rnd *rand.Rand, d []byte) []byte {
		from, to := slice(d)
		n := (to - from) / 4
		n += rnd.IntN(2 * n)
		out := append(append([]byte{}, d[:from+n]...), d[to:]...)
		out[from-4], out[from-3], out[from-2], out[from-1] = byte(n>>24), byte(n>>16), byte(n>>8), byte(n)
		return out
	})},
	{"40 bytes changed in a row", 8, one(func(rnd *rand.Rand, d []byte) []byte {
		from, to := slice(d)
		from += (to-from)/4 + rnd.IntN((to-from)/4)
		for i := range 40 {
			d[from+i] ^= byte(1 + rnd.IntN(255))
		}
		return d
	})},
	{"1 bit flipped in the middle", 8, one(func(rnd *rand.Rand, d []byte) []byte {
		from, to := slice(d)
		flip(d, 8*(from+(to-from)/2)+rnd.IntN(64))
		return d
	})},
	{"1 bit flipped near the end", 8, one(func(rnd *rand.Rand, d []byte) []byte {
		_, to := slice(d)
		flip(d, 8*(to-20)+rnd.IntN(128))
		return d
	})},
	{"one unit dropped", 8, func(rnd *rand.Rand, film *tape) *tape {
		f := film.of(0, film.Len())
		i := at(f) - rnd.IntN(12)
		f.samples = append(f.samples[:i], f.samples[i+1:]...)
		return f.sorted()
	}},
	{"a unit that cannot be read", 4, one(func(*rand.Rand, []byte) []byte { return nil })},
	{"start where it cannot", 4, func(rnd *rand.Rand, film *tape) *tape {
		f := film.of(20+rnd.IntN(20), film.Len())
		f.samples[0].sync = true // the container lies
		return f
	}},
	{"no extradata", 1, config(func(c []byte) []byte { return nil })},
	{"cut extradata", 1, config(func(c []byte) []byte { return c[:len(c)/2] })},
	{"garbage extradata", 1, config(func(c []byte) []byte {
		for i := 8; i < len(c); i++ {
			c[i] = byte(i * 37)
		}
		return c
	})},
	{"extradata of another stream", 2, func(rnd *rand.Rand, film *tape) *tape {
		f := film.of(0, film.Len())
		f.track.Config = foreign[film.track.Codec]
		return f
	}},
	{"random damage", 60, func(rnd *rand.Rand, film *tape) *tape {
		from := rnd.IntN(50)
		for !film.samples[from].sync {
			from--
		}
		f := film.of(from, min(from+100, film.Len()))
		for range 4 {
			d := f.samples[1+rnd.IntN(f.Len()-1)].data
			for range 1 + rnd.IntN(6) {
				flip(d, rnd.IntN(8*len(d)))
			}
		}
		return f
	}},
}

// foreign holds the configurations of streams of another size and other tools.
var foreign = map[media.Codec][]byte{}

func config(change func([]byte) []byte) func(*rand.Rand, *tape) *tape {
	return func(_ *rand.Rand, film *tape) *tape {
		f := film.of(0, film.Len())
		f.track.Config = change(append([]byte{}, f.track.Config...))
		return f
	}
}

// TestDamageIsMarked runs the suite. VEDETTE_DAMAGE=full runs all of it and
// prints the tables of docs/benchmarks.md.
func TestDamageIsMarked(t *testing.T) {
	full := os.Getenv("VEDETTE_DAMAGE") == "full"
	opener := children(t)
	modes := []struct {
		name string
		c    decode.Config
	}{
		{"1 thread", decode.Config{Mode: decode.Evidence, Threads: 1, RGBA: true}},
		{"2 threads", decode.Config{Mode: decode.Play, Threads: 2}},
	}
	var text strings.Builder
	var avc tally // H.264 with one thread, over all films
	films := map[string]*tape{}
	clean := map[string]map[int]shown{}
	for _, a := range filmArgs {
		films[a.name] = studio(t, a.name, a.args...)
		clean[a.name] = play(t, opener, films[a.name], decode.Config{Threads: 1})
	}
	for _, args := range [][]string{
		{"-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-x264-params", "cabac=0:ref=4", "-vf", "scale=352:288"},
		{"-c:v", "libx265", "-preset", "medium", "-x265-params", "log-level=error:ctu=32", "-vf", "scale=352:288"},
	} {
		track := studio(t, "foreign "+args[1], args...).track
		foreign[track.Codec] = track.Config
	}
	for _, m := range modes {
		for _, a := range filmArgs {
			if !full && m.c.Mode == decode.Play && a.name != filmArgs[0].name {
				continue
			}
			film := films[a.name]
			if n := judge(film, play(t, opener, film, m.c), clean[a.name]); n.wrong+n.falseMarks+n.absent != 0 {
				t.Fatalf("%s, %s: the film as it is: %+v", a.name, m.name, n)
			}
			fmt.Fprintf(&text, "\n%s, %s\n\n| case | pictures | wrong | of them unmarked | right but marked | told to have no picture |\n|---|---|---|---|---|---|\n", a.name, m.name)
			var sum tally
			row := func(name string, n tally) {
				fmt.Fprintf(&text, "| %s | %d | %d | %d | %d | %d |\n", name, n.pictures, n.wrong, n.unmarked, n.falseMarks, n.absent)
			}
			for k, h := range harms {
				runs := h.runs
				if !full {
					runs = (runs + 9) / 10
				}
				var n tally
				for run := range runs {
					damaged := h.do(rand.New(rand.NewPCG(uint64(k), uint64(run))), film)
					got := map[int]shown{}
					if err := playing(opener, damaged, m.c, got); err != nil {
						if len(got) > 0 || !strings.Contains(h.name, "extradata") {
							t.Fatalf("%s, %s, %s, run %d: %v", a.name, m.name, h.name, run, err)
						}
						continue // the decoder says that it cannot be opened
					}
					n.add(judge(damaged, got, clean[a.name]))
				}
				row(h.name, n)
				sum.add(n)
			}
			row("all", sum)
			if m.c.Threads == 1 && film.track.Codec == media.CodecH264 {
				avc.add(sum)
			}
		}
	}
	if avc.unmarked*50 > avc.wrong {
		t.Errorf("H.264 with one thread: %d of %d wrong pictures are unmarked, above 2 %%", avc.unmarked, avc.wrong)
	}
	if full {
		fmt.Printf("%s\nH.264 with one thread: %d of %d wrong pictures unmarked (%.1f %%)\n", text.String(), avc.unmarked, avc.wrong, 100*float64(avc.unmarked)/float64(max(avc.wrong, 1)))
		v, _ := exec.Command("ffmpeg", "-version").Output()
		fmt.Printf("%s; decoder child with FFmpeg %s; %d processors, %s\n", strings.SplitN(string(v), " Copy", 2)[0], opener.Isolation().FFmpeg, runtime.NumCPU(), runtime.GOARCH)
	}
}
