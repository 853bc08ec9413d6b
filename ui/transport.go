package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"vedette/player"
)

// speeds are those of the menu, and the steps of J and L.
var speeds = []float64{.1, .25, .5, 1, 2, 4, 8, 16}

// shuttle returns the rate after L (toward 1) or J (toward -1): from rest normal
// speed, then doubled with each press; the other key goes back down through the
// speeds and turns round at normal speed.
func shuttle(rate float64, playing bool, toward float64) float64 {
	size := math.Abs(rate)
	switch {
	case !playing:
		return toward
	case rate*toward > 0:
		return toward * next(size)
	case size > 1:
		return -toward * before(size)
	}
	return toward
}

// crawl returns the rate after Shift+L or Shift+J: half speed at first, then
// slower with each press.
func crawl(rate float64, playing bool, toward float64) float64 {
	if size := math.Abs(rate); playing && rate*toward > 0 && size <= 1 {
		return toward * before(size)
	}
	return toward * .5
}

// next returns the speed above one, or the greatest.
func next(r float64) float64 {
	for _, s := range speeds {
		if s > r {
			return s
		}
	}
	return speeds[len(speeds)-1]
}

// before returns the speed below one, or the least.
func before(r float64) float64 {
	for i := len(speeds) - 1; i >= 0; i-- {
		if speeds[i] < r {
			return speeds[i]
		}
	}
	return speeds[0]
}

// speedText prints a rate: "1.0x", "0.25x", "reverse 2.0x".
func speedText(rate float64) string {
	s := strconv.FormatFloat(math.Abs(rate), 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	if rate < 0 {
		s = "reverse " + s
	}
	return s + "x"
}

// stateWords tells what is out of the ordinary while playing: what is skipped,
// what came too late, and why nothing is heard.
func stateWords(s player.Status, skipped string, late int) string {
	var words []string
	if s.Playing && skipped != "" {
		words = append(words, skipped)
	}
	if s.Playing && late > 0 {
		words = append(words, fmt.Sprintf("late: %d", late))
	}
	if text := soundText(s.Sound); text != "" {
		switch {
		case len(words) > 0:
			text = "no sound" // the reason stands in the menu of the sound
			if s.Sound.State == player.SoundOn {
				text = ""
			}
		case s.Sound.State == player.SoundOffSpeed && s.Rate < 0:
			text = "no sound in reverse"
		case s.Sound.State == player.SoundOffSpeed:
			text = "no sound at this speed"
		}
		if text == "" {
			return strings.Join(words, ", ")
		}
		words = append(words, text)
	}
	return strings.Join(words, ", ")
}

// run plays at a rate.
func (w *Window) run(rate float64) {
	e := w.d.Set.Engine()
	w.d.Trace("rate %g", rate)
	e.SetRate(rate)
	e.Play()
}

func (w *Window) shuttle(toward float64) {
	s := w.d.Set.Engine().Tick()
	if w.shifted() {
		w.run(crawl(s.Rate, s.Playing, toward))
		return
	}
	w.run(shuttle(s.Rate, s.Playing, toward))
}

// playPause pauses, or plays on; it never plays backwards.
func (w *Window) playPause() {
	e := w.d.Set.Engine()
	if s := e.Tick(); !s.Playing && s.Rate < 0 {
		e.SetRate(1)
	}
	e.Toggle()
}

// playReverse plays backwards at the present speed, or pauses that.
func (w *Window) playReverse() {
	e := w.d.Set.Engine()
	s := e.Tick()
	if s.Playing && s.Rate < 0 {
		e.Pause()
		return
	}
	w.run(-math.Abs(s.Rate))
}

// setSpeed changes how fast is played, not whether.
func (w *Window) setSpeed(rate float64) {
	w.d.Trace("rate %g", rate)
	w.d.Set.Engine().SetRate(rate)
}

// speedItems is the menu of speeds.
func (w *Window) speedItems() []*fyne.MenuItem {
	s := w.d.Set.Engine().Tick()
	sign := 1.0
	if s.Rate < 0 {
		sign = -1
	}
	var items []*fyne.MenuItem
	for _, r := range speeds {
		i := fyne.NewMenuItem(speedText(r), func() { w.setSpeed(sign * r) })
		i.Checked = r == math.Abs(s.Rate)
		items = append(items, i)
	}
	back := keyed("Backwards", "J", func() { w.setSpeed(-w.d.Set.Engine().Tick().Rate) })
	back.Checked = s.Rate < 0
	return append(items, fyne.NewMenuItemSeparator(), back)
}

// toggleLoop switches repeating on or off; the points stay.
func (w *Window) toggleLoop() {
	e := w.d.Set.Engine()
	s := e.Tick()
	if s.Out <= s.In {
		w.tools.say("Set the stretch to repeat first: I and O.")
		return
	}
	e.SetLoop(s.In, s.Out, !s.Loop)
	w.refreshAll()
}

// jog steps frames by the wheel.
type jog struct {
	widget.BaseWidget
	step func(int)
}

var _ fyne.Scrollable = (*jog)(nil)

func newJog(step func(int)) *jog {
	j := &jog{step: step}
	j.ExtendBaseWidget(j)
	return j
}

// Scrolled implements fyne.Scrollable: away from oneself is forward.
func (j *jog) Scrolled(e *fyne.ScrollEvent) {
	switch {
	case e.Scrolled.DY > 0:
		j.step(1)
	case e.Scrolled.DY < 0:
		j.step(-1)
	}
}

// CreateRenderer implements fyne.Widget.
func (j *jog) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(canvas.NewRectangle(nil))
}
