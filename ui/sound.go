package ui

import (
	"fmt"
	"math"

	"fyne.io/fyne/v2/widget"

	"vedette/player"
	"vedette/ui/look"
)

// sound is the group of the transport that tells and sets the sound.
type sound struct {
	w      *Window
	button *look.Button
	slider *widget.Slider
	level  *look.Button // the volume as a number; opens the menu
	shown  string
}

func newSound(w *Window) *sound {
	s := &sound{w: w}
	s.button = look.NewButton(w.p, "sound", "", "", w.toggleMuted)
	s.level = look.NewButton(w.p, "", "100 %", "", w.soundMenu)
	s.button.Flat, s.level.Flat = true, true
	s.slider = widget.NewSlider(0, 100)
	s.slider.Step = 5
	s.slider.Value = 100
	s.slider.OnChanged = func(v float64) { w.d.Set.Engine().SetVolume(v / 100) }
	return s
}

// soundText says why nothing is heard, or "" when something is or could be.
func soundText(x player.SoundStatus) string {
	switch x.State {
	case player.SoundNone:
		return "no sound"
	case player.SoundNoOutput:
		if x.Reason != "" {
			return x.Reason
		}
		return "no sound output"
	case player.SoundFailed:
		if x.Reason != "" {
			return x.Reason
		}
		return "the sound cannot be decoded"
	case player.SoundOffSpeed:
		return "silent at this speed"
	case player.SoundMuted:
		return "" // the volume says so
	}
	if x.Missing != "" && x.Reason == "" {
		return x.Missing + " not connected: system's output"
	}
	return x.Reason
}

// show takes over the state of the sound.
func (s *sound) show(x player.SoundStatus) {
	text := soundText(x)
	key := fmt.Sprint(text, x.Muted, x.Volume)
	if key == s.shown {
		return
	}
	s.shown = key
	icon := "sound"
	if x.Muted || x.Volume == 0 || x.State == player.SoundNone || x.State == player.SoundNoOutput || x.State == player.SoundFailed {
		icon = "silent"
	}
	s.button.SetIcon(icon)
	v := math.Round(x.Volume * 100)
	if v != s.slider.Value {
		s.slider.Value = v
		s.slider.Refresh()
	}
	s.level.Label = fmt.Sprintf("%.0f %%", v)
	if x.Muted {
		s.level.Label = "muted"
	}
	s.level.Refresh()
	s.w.d.Trace("sound %d %s", x.State, text)
}

// place lays the group out to the left of a place, and returns where it begins.
func (s *sound) place(right, height float32) float32 {
	look.At(s.level, right-62, 8, 58, 28)
	look.At(s.slider, right-158, 4, 92, height-8)
	look.At(s.button, right-192, 8, 32, 28)
	return right - 196
}

func (w *Window) toggleMuted() {
	e := w.d.Set.Engine()
	e.SetMuted(!e.Tick().Sound.Muted)
}

// louder changes the volume by steps of a tenth.
func (w *Window) louder(by float64) {
	e := w.d.Set.Engine()
	e.SetVolume(min(max(e.Tick().Sound.Volume+by/10, 0), 1))
}
