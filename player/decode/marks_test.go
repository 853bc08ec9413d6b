package decode_test

import (
	"context"
	"testing"

	"vedette/player/decode"
)

func x265(params string) []string {
	return []string{"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:" + params}
}

func x264(params string) []string {
	return []string{"-c:v", "libx264", "-preset", "veryfast", "-x264-params", params}
}

func TestPictureHashIsCompared(t *testing.T) {
	opener := children(t)
	for name, args := range map[string][]string{
		"MD5": x265("hash=1:keyint=50:bframes=2"), "checksum": x265("hash=3:keyint=50:bframes=2"),
		"10 bits, MD5":      append(x265("hash=1:keyint=50"), "-pix_fmt", "yuv420p10le"),
		"10 bits, checksum": append(x265("hash=3:keyint=50"), "-pix_fmt", "yuv420p10le"),
	} {
		t.Run(name, func(t *testing.T) { // 180 rows are coded as 184, so that the hash is of more than is shown
			film := studio(t, "hash "+name, append(args, "-t", "2")...)
			clean := play(t, opener, film, evidenceMode)
			for i, s := range clean {
				if s.state != decode.Clean || s.hash != decode.HashMatch || s.h != 180 {
					t.Fatalf("sample %d: %s, hash %d, %d rows", i, s.state, s.hash, s.h)
				}
			}
			f := film.of(0, film.Len())
			i := at10(f)
			from, to := slice(f.samples[i].data)
			flip(f.samples[i].data, 8*(from+(to-from)/2))
			got := play(t, opener, f, evidenceMode)
			if got[i].hash != decode.HashMismatch || got[i].state != decode.Damaged {
				t.Errorf("damaged sample: %s (%s), hash %d", got[i].state, got[i].reason, got[i].hash)
			}
			sound(t, f, got, clean)
		})
	}
}

// at10 is the first P-picture of a film behind its tenth sample.
func at10(f *tape) int {
	i := 10
	for f.Frame(i) <= i+1 && i < 30 {
		i++
	}
	return i
}

func TestDamageOfAPictureNobodyRefersToStaysThere(t *testing.T) {
	opener := children(t)
	for name, args := range map[string][]string{
		"H.264": x264("bframes=2:b-pyramid=none:keyint=50:scenecut=0"), "H.265": x265("bframes=2:b-pyramid=0:keyint=50:scenecut=0:open-gop=0"),
		"H.265 with temporal layers": x265("bframes=3:temporal-layers=1:keyint=50:scenecut=0:open-gop=0"),
	} {
		t.Run(name, func(t *testing.T) {
			film := studio(t, "alone "+name, append(args, "-t", "2")...)
			clean := play(t, opener, film, evidenceMode)
			few, alone := 0, 0
			for i := 2; i < 40; i++ {
				f := film.of(0, film.Len())
				d := f.samples[i].data
				f.samples[i].data = d[:len(d)*2/3]
				got := play(t, opener, f, decode.Config{Threads: 1})
				sound(t, f, got, clean)
				if n := f.Len() - states(got)[decode.Clean]; n == 1 {
					alone++
				} else if n > 1 {
					few++
				}
			}
			if alone < 5 || few < 5 {
				t.Errorf("%d samples affect themselves alone, %d others", alone, few)
			}
		})
	}
}

func TestDecodingStartsWhereTheCodedDataSaySo(t *testing.T) {
	opener := children(t)
	for name, args := range map[string][]string{
		"open groups of H.264":   x264("open-gop=1:bframes=3:keyint=25:scenecut=0"),
		"open groups of H.265":   x265("open-gop=1:bframes=3:keyint=25:scenecut=0"),
		"gradual refresh":        x264("intra-refresh=1:keyint=25:bframes=0:scenecut=0"),
		"closed groups of H.265": x265("open-gop=0:bframes=3:keyint=25:scenecut=0"),
	} {
		t.Run(name, func(t *testing.T) {
			film := studio(t, "start "+name, append(args, "-t", "4")...)
			clean := play(t, opener, film, decode.Config{Threads: 1})
			for i, s := range clean {
				if s.state != decode.Clean {
					t.Fatalf("the film as it is: sample %d is %s (%s)", i, s.state, s.reason)
				}
			}
			for _, from := range []int{7, 25, 26, 33, 50, 51} {
				f := film.of(from, film.Len())
				for i := range f.samples {
					f.samples[i].sync = true // the container lies
				}
				n := sound(t, f, play(t, opener, f, decode.Config{Threads: 1}), clean)
				if right := n.pictures - n.wrong - n.absent - n.falseMarks; right < f.Len()/3 && (name != "gradual refresh" || from < 50) {
					t.Errorf("from sample %d: %+v", from, n)
				}
				seek(t, opener, f, clean)
			}
		})
	}
}

// seek looks up some pictures of a tape on which every sample claims to be a
// place to start.
func seek(t *testing.T, o decode.Opener, f *tape, clean map[int]shown) {
	t.Helper()
	r, err := decode.NewReader(o, f, f.track, decode.Config{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for i := 3; i < f.Len(); i += 13 {
		if err := r.Seek(context.Background(), i); err != nil {
			t.Fatal(err)
		}
		p, err := r.Next(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if p.Index != i || p.State == decode.Clean && summed(p) != clean[f.samples[i].id].sum {
			t.Errorf("sample %d of %d, shown as right: %v", i, f.Len(), p.State == decode.Clean)
		}
		p.Release()
	}
}
