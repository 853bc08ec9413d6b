package ui

import (
	"fmt"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"vedette/player"
	"vedette/ui/look"
)

// sound is the group of the transport that tells and sets the sound of the
// focused source.
type sound struct {
	w      *Window
	button *look.Button
	slider *widget.Slider
	said   *canvas.Text
	shown  string
}

func newSound(w *Window) *sound {
	s := &sound{w: w, said: look.Text("", look.SizeSecond, w.p.Text2)}
	s.button = look.NewButton(w.p, "sound", "", "", w.toggleMuted)
	s.button.Flat = true
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
	if v := math.Round(x.Volume * 100); v != s.slider.Value {
		s.slider.Value = v
		s.slider.Refresh()
	}
	s.said.Text = text
	s.said.Refresh()
	s.w.bar.root.Refresh()
	s.w.d.Trace("sound %d %s", x.State, text)
}

// place lays the group out and returns where it ends.
func (s *sound) place(x, height, limit float32) float32 {
	look.At(s.button, x, 8, 32, 28)
	look.At(s.slider, x+34, 4, 92, height-8)
	x += 134
	room := limit - x
	fits := s.said.Text != "" && room > 60
	look.Show(fits, s.said)
	if fits {
		s.said.Text = look.Fit(soundTextOf(s), look.SizeSecond, fyne.TextStyle{}, room, false)
		look.Line(s.said, x, 0, height)
		x += s.said.MinSize().Width
	}
	return x
}

func soundTextOf(s *sound) string { return soundText(s.w.d.Set.Engine().Tick().Sound) }

func (w *Window) toggleMuted() {
	e := w.d.Set.Engine()
	e.SetMuted(!e.Tick().Sound.Muted)
}

// louder changes the volume by steps of a tenth.
func (w *Window) louder(by float64) {
	e := w.d.Set.Engine()
	e.SetVolume(min(max(e.Tick().Sound.Volume+by/10, 0), 1))
}
