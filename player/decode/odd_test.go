package decode_test

import (
	"bytes"
	"context"
	"crypto/sha256"
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
