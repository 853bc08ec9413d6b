package main

import (
	"bufio"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"vedette/media"
	"vedette/player"
)

// bits is the length of the number that is drawn into each picture.
const bits = 12

// numbered makes 720p25 whose pictures carry their number as black and white
// fields, so that what is shown can be read from the picture itself.
func numbered(dir string, n, seconds int) (string, error) {
	path := filepath.Join(dir, fmt.Sprintf("tile%d.mp4", n))
	filter := []string{"noise=alls=8:allf=t"}
	for i := range bits {
		filter = append(filter, fmt.Sprintf("drawbox=x=%d:y=600:w=100:h=100:t=fill:color=black", 20+i*100),
			fmt.Sprintf("drawbox=x=%d:y=600:w=100:h=100:t=fill:color=white:enable='mod(floor(n/%d)\\,2)'", 20+i*100, 1<<i))
	}
	out, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", fmt.Sprintf("testsrc2=size=1280x720:rate=25:duration=%d", seconds), "-vf", strings.Join(filter, ","), //nolint:gosec // our own arguments
		"-c:v", "libx264", "-preset", "veryfast", "-b:v", "3M", "-g", "50", "-bf", "2", "-pix_fmt", "yuv420p", "-movflags", "frag_keyframe+empty_moov+default_base_moof", "-y", path).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("ffmpeg: %w: %s", err, out)
	}
	return path, nil
}

// number reads what numbered drew.
func number(m *image.RGBA) int {
	n := 0
	w, h := m.Rect.Dx(), m.Rect.Dy()
	for i := range bits {
		if m.RGBAAt((70+i*100)*w/1280, 650*h/720).G > 128 {
			n |= 1 << i
		}
	}
	return n
}

// benchTiles plays many films at once and reads from the pictures how far each
// is from the common instant.
func benchTiles(dir string) func(string) error {
	return func(string) error {
		const seconds = 30
		path, err := numbered(dir, 1, seconds)
		if err != nil {
			return err
		}
		for _, c := range []struct{ tiles, width, height int }{{9, 426, 240}, {16, 320, 180}} {
			best, err := tiles(path, c.tiles, c.width, c.height)
			if err == nil && best.dropped > 0 { // somebody else's work may have come between
				var again played
				if again, err = tiles(path, c.tiles, c.width, c.height); again.dropped < best.dropped {
					best = again
				}
			}
			if err != nil {
				return err
			}
			best.tell(c.tiles)
		}
		return nil
	}
}

func tiles(path string, count, width, height int) (p played, err error) {
	s, err := openStage(path)
	if err != nil {
		return p, err
	}
	defer s.close()
	views := []*player.View{s.v}
	for range count - 1 {
		v, err := s.add(path)
		if err != nil {
			return p, err
		}
		views = append(views, v)
	}
	for _, v := range views {
		v.SetSize(width, height)
	}
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		waiting := 0
		s.e.Tick()
		for _, v := range views {
			if f, _, _ := v.Pull(); f == nil {
				waiting++
			}
		}
		if waiting == 0 {
			break
		}
		if time.Since(begin) > 20*time.Second {
			return p, fmt.Errorf("%d of %d tiles show nothing", waiting, count)
		}
	}
	first := media.UTC(0).Add(s.table.At(s.table.ByFrame(1)).PTS)
	s.e.Play()
	begin := time.Now()
	shown := 0
	for time.Since(begin) < 15*time.Second {
		st := s.e.Tick()
		for _, v := range views {
			f, changed, _ := v.Pull()
			if changed {
				shown++
			}
			if f == nil || f.Picture == nil || st.Axis < first+media.Hundred {
				continue
			}
			// The picture of number n is due from n/25 s for 40 ms; half a frame
			// off is more than 20 ms outside.
			from := first + media.UTC(number(f.Picture))*media.Hundred/25
			away := time.Duration(0)
			if st.Axis < from {
				away = (from - st.Axis).Sub(0).Duration()
			} else if end := from + media.Hundred/25; st.Axis >= end {
				away = (st.Axis - end).Sub(0).Duration()
			}
			p.worst = max(p.worst, away)
			p.looked++
			if away > 20*time.Millisecond {
				p.off++
			}
		}
		time.Sleep(time.Second / 60)
	}
	seen := time.Since(begin).Seconds()
	for _, v := range views {
		_, _, st := v.Pull()
		p.dropped += st.Dropped
	}
	p.each = float64(shown) / seen / float64(count)
	return p, nil
}

// played is what playing side by side gave.
type played struct {
	looked, off, dropped int
	worst                time.Duration
	each                 float64 // pictures a second of each tile
}

func (p played) tell(count int) {
	if count == 9 {
		row("9 x 720p25, more than half a frame off", fmt.Sprintf("%d of %d", p.off, p.looked), fmt.Sprintf("worst %d ms", p.worst.Milliseconds()), float64(p.off)/float64(max(p.looked, 1)), "<= 0.001", p.off*1000 <= p.looked)
		row("9 x 720p25, pictures dropped", fmt.Sprint(p.dropped), fmt.Sprintf("%.1f/s each", p.each), float64(p.dropped), "0", p.dropped == 0)
		return
	}
	row(fmt.Sprintf("%d x 720p25 at the size of tiles, each", count), fmt.Sprintf("%.1f pictures/s", p.each), fmt.Sprintf("20, %d dropped", p.dropped), p.each/20, ">= 1.00", p.each >= 20)
}

// benchWall plays nine and sixteen films in the real window, which draws on the
// same cores, and counts the pictures that its tiles were given.
func benchWall(dir string) func(string) error {
	return func(string) error {
		path, err := numbered(dir, 1, 30)
		if err != nil {
			return err
		}
		d, err := startDisplay("1300x800")
		if err != nil {
			return err
		}
		defer d.stop()
		for _, c := range []struct {
			tiles int
			least float64
		}{{9, 24.5}, {16, 20}} {
			var files []string
			for n := range c.tiles { // each a file of its own, that is not read twice from memory
				name := filepath.Join(dir, fmt.Sprintf("camera%02d.mp4", n+1))
				if _, err := os.Stat(name); err != nil {
					if out, err := exec.Command("cp", path, name).CombinedOutput(); err != nil { //nolint:gosec // our own arguments
						return fmt.Errorf("cp: %w: %s", err, out)
					}
				}
				files = append(files, name)
			}
			each, late, err := d.wall(files)
			if err != nil {
				return err
			}
			row(fmt.Sprintf("%d x 720p25 in a window of 1280x720, each", c.tiles), fmt.Sprintf("%.1f pictures/s", each), fmt.Sprintf("%.1f, %d late", c.least, late), each/c.least, ">= 1.00", each >= c.least)
		}
		return nil
	}
}

// wall plays files side by side and returns the pictures a second of each tile,
// the median over the seconds, and how many came too late.
func (d *display) wall(files []string) (each float64, late int, err error) {
	cmd := exec.Command("bin/vedette", append([]string{"--trace", "--play", "--size", "1280x720"}, files...)...) //nolint:gosec // our own arguments
	cmd.Env = d.env
	pipe, err := cmd.StderrPipe()
	if err != nil {
		return 0, 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	timer := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	var all []float64
	settled := false
	first := 0
	for text := bufio.NewScanner(pipe); text.Scan(); {
		_, said, _ := strings.Cut(text.Text(), " ")
		_, said, _ = strings.Cut(said, " ")
		if said == "settled" {
			settled = true
			timer.Reset(15 * time.Second) // it plays on, and is ended
		}
		var n, ms, tiles, l int
		if _, err := fmt.Sscanf(said, "flow %d pictures in %d ms on %d tiles, late %d", &n, &ms, &tiles, &l); err != nil || !settled || tiles != len(files) {
			continue
		}
		if len(all) == 0 {
			first = l
		}
		late = l - first
		all = append(all, float64(n)*1000/float64(ms)/float64(tiles))
	}
	_ = cmd.Wait() // it was ended by us
	if len(all) < 5 {
		return 0, 0, fmt.Errorf("the window told of %d seconds of playing", len(all))
	}
	slices.Sort(all)
	return all[len(all)/2], late, nil
}
