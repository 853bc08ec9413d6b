package decode_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vedette/internal/fixture"
	"vedette/media"
	"vedette/player/decode"
)

func sum(p *decode.Picture) string {
	h := sha256.Sum256(p.AppendPlanes(nil))
	return hex.EncodeToString(h[:])
}

func TestPicturesOfOddFilesAreThoseOfFFmpegBitForBit(t *testing.T) {
	ctx := context.Background()
	odd, err := fixture.Odds()
	if err != nil {
		t.Fatal(err)
	}
	c := children(t)
	for name, data := range odd {
		path := filepath.Join(t.TempDir(), "odd.mp4")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data[:200], []byte("soun")) || strings.Contains(name, "only") || strings.HasPrefix(name, "sound") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			e, track := opened(t, path)
			table := e.Table(track.ID)
			want, err := fixture.OddHashes(name, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if len(want) != media.Frames(table) {
				t.Fatalf("ffmpeg shows %d pictures, the table has %d frames", len(want), media.Frames(table))
			}
			r, err := decode.NewReader(c, e, track, decode.Config{})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			same := func(p *decode.Picture, n int, how string) {
				t.Helper()
				if table.Frame(p.Index) != n || p.State != decode.Clean || want[n-1] != "" && sum(p) != want[n-1] {
					t.Fatalf("%s: frame %d gave frame %d, %s (%s), %d x %d %s, same %v", how, n, table.Frame(p.Index), p.State, p.Reason, p.Width, p.Height, p.Format, sum(p) == want[n-1])
				}
				p.Release()
			}
			for n := 1; n <= len(want); n++ {
				p, err := r.Next(ctx)
				if err != nil {
					t.Fatalf("frame %d: %v", n, err)
				}
				same(p, n, "forwards")
			}
			if _, err := r.Next(ctx); !errors.Is(err, io.EOF) {
				t.Fatalf("after the end: %v", err)
			}
			for n := len(want); n > 0; n -= 7 {
				if err := r.Seek(ctx, table.ByFrame(n)); err != nil {
					t.Fatal(err)
				}
				p, err := r.Next(ctx)
				if err != nil {
					t.Fatal(err)
				}
				same(p, n, "sought")
			}
		})
	}
}

func TestSamplesThatAreNoFramesCanBeLookedAt(t *testing.T) {
	odd, err := fixture.Odds()
	if err != nil {
		t.Fatal(err)
	}
	c := children(t)
	for _, name := range []string{"edit inside a group and before the end", "edits with gaps", "edits in another order", "fragments with an edit inside a group"} {
		path := filepath.Join(t.TempDir(), "odd.mp4")
		if err := os.WriteFile(path, odd[name], 0o600); err != nil {
			t.Fatal(err)
		}
		e, track := opened(t, path)
		table := e.Table(track.ID)
		all, err := fixture.FrameHashes(path, "-ignore_editlist", "1")
		if err != nil {
			t.Fatal(err)
		}
		first, step := table.At(0).CTS.Value, int64(track.Timescale)/25
		for i := range table.Len() {
			s := table.At(i)
			if i%9 != 0 && (!s.Hidden || i%4 != 0) {
				continue
			}
			p, err := decode.Still(context.Background(), c, e, track, i)
			if err != nil {
				t.Fatalf("%s: sample %d: %v", name, i, err)
			}
			if p.Index != i || sum(p) != all[(s.CTS.Value-first)/step] {
				t.Errorf("%s: sample %d, left out %v, is another picture", name, i, s.Hidden)
			}
			p.Release()
		}
	}
}

// Two samples for the two fields of one picture are outside the rules: the decoder
// makes one picture of both. No frame is passed over in silence.
func TestFramesWithoutAPictureAreNamedInTheirPlace(t *testing.T) {
	whole := fixture.FieldPictures(10)
	halves := &fixture.Coded{Scale: whole.Scale, Entry: whole.Entry}
	for _, s := range whole.Samples {
		n := 4 + int(binary.BigEndian.Uint32(s.Data))
		halves.Samples = append(halves.Samples, fixture.Sample{Data: s.Data[:n], Duration: 20, Sync: true}, fixture.Sample{Data: s.Data[n:], Duration: 20})
	}
	path := filepath.Join(t.TempDir(), "halves.mp4")
	x := fixture.Movie{Tracks: []fixture.MovieTrack{{Kind: "vide", W: 48, H: 64, Coded: halves}}}
	if err := os.WriteFile(path, x.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	want, err := fixture.FrameHashes(path)
	if err != nil {
		t.Fatal(err)
	}
	e, track := opened(t, path)
	r, err := decode.NewReader(children(t), e, track, decode.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, from := range []int{1, 6, 19} {
		if err := r.Seek(context.Background(), from-1); err != nil {
			t.Fatal(err)
		}
		pictures := 0
		for n := from; n <= 20; n++ {
			p, err := r.Next(context.Background())
			if err != nil {
				t.Fatalf("from %d, frame %d: %v", from, n, err)
			}
			switch {
			case p.Index != n-1:
				t.Fatalf("from %d: frame %d is sample %d", from, n, p.Index)
			case p.State == decode.Withheld && p.Planes[0] == nil && p.Reason != "":
			case p.Planes[0] != nil && sum(p) == want[(n-1)/2]:
				pictures++
			default:
				t.Errorf("from %d: frame %d is %s, %s", from, n, p.State, p.Reason)
			}
			p.Release()
		}
		if _, err := r.Next(context.Background()); !errors.Is(err, io.EOF) {
			t.Errorf("after the end: %v", err)
		}
		if pictures != (21-from)/2 {
			t.Errorf("from %d: %d pictures", from, pictures)
		}
	}
}
