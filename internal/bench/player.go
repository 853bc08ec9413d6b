package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"vedette/evidence"
	"vedette/media"
	"vedette/player"
	"vedette/player/decode"
)

// stage is a player without a window: it pulls pictures as a window does.
type stage struct {
	e        *player.Engine
	v        *player.View
	table    media.Table
	children *decode.Children
	file     *evidence.File
}

func openStage(file string) (*stage, error) {
	program, err := filepath.Abs("bin/vedette-decoder")
	if err != nil {
		return nil, err
	}
	s := &stage{e: player.New(time.Now), children: decode.NewChildren(program)}
	if s.v, err = s.add(file); err != nil {
		s.close()
		return nil, err
	}
	s.e.Focus(s.v)
	_, err = s.shows(0)
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// add puts a further film on the stage.
func (s *stage) add(file string) (*player.View, error) {
	f, err := evidence.OpenFile(file)
	if err != nil {
		return nil, err
	}
	s.file = f
	x, err := evidence.Open(context.Background(), f)
	if err != nil {
		return nil, err
	}
	if err := x.Index(context.Background(), nil); err != nil {
		return nil, err
	}
	t := x.Tracks()[0]
	s.table = x.Table(t.ID)
	v := player.NewView(player.Config{Source: x, Track: t, Opener: s.children})
	s.e.Add(v)
	return v, nil
}

func (s *stage) close() {
	s.e.Close()
	_ = s.children.Close()
	if s.file != nil {
		_ = s.file.Close()
	}
}

// shows waits until a sample is shown.
func (s *stage) shows(sample int) (time.Duration, error) {
	begin := time.Now()
	for time.Since(begin) < 20*time.Second {
		s.e.Tick()
		if f, _, st := s.v.Pull(); f != nil && f.Sample.Index == sample && !st.Seeking {
			return time.Since(begin), nil
		}
		s.v.Wait(time.Millisecond)
	}
	return 0, fmt.Errorf("sample %d is never shown", sample)
}

// film makes 1080p25 of 8 Mbit/s with sync pictures so far apart.
func film(dir string, gop, seconds int) (string, error) {
	path := filepath.Join(dir, fmt.Sprintf("gop%d.mp4", gop))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	out, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", fmt.Sprintf("testsrc2=size=1920x1080:rate=25:duration=%d", seconds), "-vf", "noise=alls=12:allf=t", //nolint:gosec // our own arguments
		"-c:v", "libx264", "-preset", "veryfast", "-b:v", "8M", "-g", fmt.Sprint(gop), "-keyint_min", fmt.Sprint(gop), "-sc_threshold", "0", "-bf", "2", "-pix_fmt", "yuv420p",
		"-movflags", "frag_keyframe+empty_moov+default_base_moof", "-y", path).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("ffmpeg: %w: %s", err, out)
	}
	return path, nil
}

func median(d []time.Duration) time.Duration {
	d = slices.Clone(d)
	slices.Sort(d)
	return d[len(d)/2]
}

func exact(d time.Duration) string { return fmt.Sprintf("%.1f ms", d.Seconds()*1000) }

// benchSeek compares seeking to the exact picture with mpv, at the same random
// places in turns, and measures steps.
func benchSeek(dir string) func(string) error {
	return func(string) error {
		for _, c := range []struct {
			gop, seconds, seeks int
			bar                 float64
			back                time.Duration
		}{{50, 60, 60, .95, 15 * time.Millisecond}, {250, 40, 30, 1, 40 * time.Millisecond}} {
			path, err := film(dir, c.gop, c.seconds)
			if err != nil {
				return err
			}
			if err := seekFilm(path, c.gop, c.seeks, c.bar, c.back); err != nil {
				return err
			}
		}
		return nil
	}
}

func seekFilm(path string, gop, seeks int, bar float64, back time.Duration) error {
	s, err := openStage(path)
	if err != nil {
		return err
	}
	defer s.close()
	p, err := startPeer(path)
	if err != nil {
		return err
	}
	defer p.stop()
	rnd := rand.New(rand.NewPCG(1, uint64(gop))) //nolint:gosec // places to seek to
	var ours, theirs []time.Duration
	for range seeks {
		n := 1 + rnd.IntN(s.table.Len()-1)
		sample := s.table.At(s.table.ByFrame(n))
		s.e.SeekSample(s.v, sample.Index)
		d, err := s.shows(sample.Index)
		if err != nil {
			return err
		}
		ours = append(ours, d)
		// mpv is asked for the middle of the picture, so that rounding decides nothing.
		if d, err = p.seek(float64(sample.PTS.Value)/float64(sample.PTS.Scale) + .02); err != nil {
			return err
		}
		theirs = append(theirs, d)
	}
	a, b := median(ours), median(theirs)
	row(fmt.Sprintf("seek to the exact picture, 1080p, GOP %d, p50", gop), exact(a), "mpv "+exact(b), a.Seconds()/b.Seconds(), fmt.Sprintf("<= %.2f", bar), a.Seconds() <= bar*b.Seconds())
	return s.steps(gop, back)
}

// steps measures single steps both ways within a stretch that was decoded.
func (s *stage) steps(gop int, bar time.Duration) error {
	n := min(s.table.Len()-30, 3*gop/2)
	s.e.SeekSample(s.v, s.table.ByFrame(n))
	if _, err := s.shows(s.table.ByFrame(n)); err != nil {
		return err
	}
	for _, way := range []int{-1, 1} {
		var all []time.Duration
		for range 25 {
			n += way
			begin := time.Now()
			s.e.Step(way)
			if _, err := s.shows(s.table.ByFrame(n)); err != nil {
				return err
			}
			all = append(all, time.Since(begin))
		}
		most, name := bar, "back"
		if way > 0 {
			most, name = 15*time.Millisecond, "forward"
		}
		d := median(all)
		row(fmt.Sprintf("step %s, 1080p, GOP %d, p50", name, gop), exact(d), ms(most)+", longest "+ms(slices.Max(all)), d.Seconds()/most.Seconds(), "<= 1.00", d <= most)
	}
	return nil
}

// benchReverse plays backwards and measures the pauses between pictures.
func benchReverse(dir string) func(string) error {
	return func(string) error {
		for _, c := range []struct {
			gop, seconds int
			stall        time.Duration
		}{{50, 60, 100 * time.Millisecond}, {250, 40, 500 * time.Millisecond}} {
			path, err := film(dir, c.gop, c.seconds)
			if err != nil {
				return err
			}
			s, err := openStage(path)
			if err != nil {
				return err
			}
			n := s.table.Len() - 30
			s.e.SeekSample(s.v, s.table.ByFrame(n))
			_, err = s.shows(s.table.ByFrame(n))
			rate, worst, dropped := 0.0, time.Duration(0), 0
			if err == nil {
				rate, worst, dropped, err = s.playBack(20 * time.Second)
			}
			s.close()
			if err != nil {
				return err
			}
			flow := fmt.Sprintf("%.1f pictures/s", rate)
			if c.gop == 50 {
				row(fmt.Sprintf("play backwards, 1080p25, GOP %d", c.gop), flow, fmt.Sprintf("25, %d dropped", dropped), rate/25, ">= 0.99", rate >= .99*25)
			}
			row(fmt.Sprintf("longest pause, backwards, GOP %d", c.gop), ms(worst), ms(c.stall)+", "+flow, worst.Seconds()/c.stall.Seconds(), "<= 1.00", worst <= c.stall)
		}
		return nil
	}
}

func (s *stage) playBack(d time.Duration) (rate float64, worst time.Duration, dropped int, err error) {
	s.e.SetRate(-1)
	s.e.Play()
	begin := time.Now()
	last, shown, number := begin, 0, 0
	for time.Since(begin) < d {
		st := s.e.Tick()
		f, changed, state := s.v.Pull()
		if changed {
			if number > 0 && f.Number >= number {
				return 0, 0, 0, errors.New("pictures come in the wrong order")
			}
			number = f.Number
			worst = max(worst, time.Since(last))
			last = time.Now()
			shown++
		}
		dropped = state.Dropped
		if !st.Playing {
			break
		}
		time.Sleep(time.Second / 60)
	}
	s.e.Pause()
	return float64(shown) / time.Since(begin).Seconds(), worst, dropped, nil
}
