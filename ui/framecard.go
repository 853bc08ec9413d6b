package ui

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"vedette/player"
	"vedette/player/decode"
	"vedette/session"
	"vedette/ui/look"
)

// hashed is the card of one picture whose pixels were hashed on demand.
type hashed struct {
	item   *session.Item
	sample int
	card   *session.FrameCard // nil while it is being decoded
	err    error
}

// frameFoot is the row of orders below the frame card.
func (s *side) frameFoot() fyne.CanvasObject {
	p := s.w.p
	save := look.NewButton(p, "still", "Save still", "S", s.w.saveStill)
	save.Filled = true
	copyText := look.NewButton(p, "copy", "Copy", "", s.copyCard)
	sum := look.NewButton(p, "", "Hash pixels", "", s.hashPixels)
	return look.Place(fyne.NewSize(sideWidth, 48), func(z fyne.Size, _ []fyne.CanvasObject) {
		x := float32(16)
		for _, b := range []*look.Button{save, copyText, sum} {
			look.At(b, x, 10, b.MinSize().Width, 28)
			x += b.MinSize().Width + 8
		}
	}, save, copyText, sum)
}

// showFrame shows the card of the picture on the stage.
func (s *side) showFrame() {
	rows := s.rows(s.frameRows())
	if _, _, ok := s.frame(); !ok {
		s.body.Objects = []fyne.CanvasObject{rows}
		return
	}
	if s.orders == nil { // kept, so that a button keeps the focus while frames go by
		s.orders = s.frameFoot()
	}
	s.body.Objects = []fyne.CanvasObject{container.NewBorder(nil, s.orders, nil, nil, rows)}
}

// frame is the picture that the card is about.
func (s *side) frame() (*session.Item, *player.Frame, bool) {
	i := s.w.focus
	if i == nil || i.View == nil || i.View.Current() == nil {
		return nil, nil, false
	}
	return i, i.View.Current(), true
}

// card is everything known of the frame shown, without decoding it anew.
func (s *side) card(i *session.Item, f *player.Frame) *session.FrameCard {
	t, _ := i.Video()
	n := i.Snapshot()
	r := n.Report
	if n.Checking {
		r = nil
	}
	c, err := session.Identify(i.Export(), t, f.Sample.Index, r)
	if err != nil {
		return nil
	}
	if r == nil {
		c.Headline = "The check has not ended."
	}
	c.State, c.Reason = f.State.String(), strings.TrimSpace(f.Reason)
	c.Caveat = decode.Caveat(t.Codec, &decode.Picture{State: f.State})
	if h := s.hashed; h.card != nil && h.item == i && h.sample == f.Sample.Index {
		c.PixelSHA256, c.PixelFormat, c.CodedSHA256 = h.card.PixelSHA256, h.card.PixelFormat, h.card.CodedSHA256
	}
	if f.Kind != 0 {
		c.Kind = string(rune(f.Kind))
	}
	if v := s.w.d.Set.Opener().Isolation().FFmpeg; v != "" {
		c.Decoder = "FFmpeg " + v
	}
	return c
}

func (s *side) frameRows() [][2]string {
	i, f, ok := s.frame()
	if !ok {
		return [][2]string{{"", "No frame"}}
	}
	c := s.card(i, f)
	if c == nil {
		return [][2]string{{"", "No frame"}}
	}
	out := c.Rows()
	m := f.Sample
	out = append(out, [][2]string{{"", "As stored"}, {"Decode time", m.DTS.String() + " s"}, {"Duration", m.Duration.String() + " s"}}...)
	if h := s.hashed; h.item == i && h.sample == m.Index && h.card == nil {
		text := "decoding the picture once more"
		if h.err != nil {
			text = h.err.Error()
		}
		out = append(out, [2]string{"Pixels", text})
	}
	if o, ok := f.Extra.(*session.Overlay); ok && o != nil {
		out = append(out, [2]string{"", "Metadata"}, [2]string{"Sample", fmt.Sprint(o.Sample)}, [2]string{"Age", o.Age.String()}, [2]string{"Objects", fmt.Sprint(len(o.Objects))})
		if z := o.PTZ; z != nil && z.Pan != nil && z.Tilt != nil {
			out = append(out, [2]string{"Pan, tilt", fmt.Sprintf("%.3f, %.3f %s", *z.Pan, *z.Tilt, z.Moving)})
		}
	}
	if text := s.w.cameraOf(i, f); text != "" {
		out = append(out, [2]string{"", "Camera signing"}, [2]string{"Picture", text})
	}
	return out
}

// copyCard puts the card on the clipboard as text.
func (s *side) copyCard() {
	i, f, ok := s.frame()
	if !ok {
		return
	}
	if c := s.card(i, f); c != nil {
		s.w.d.App.Clipboard().SetContent(c.Text())
		s.copied("Frame card")
	}
}

// hashPixels decodes the picture once more for evidence, and shows what came of it.
func (s *side) hashPixels() {
	i, f, ok := s.frame()
	if !ok || s.hashed.item == i && s.hashed.sample == f.Sample.Index && s.hashed.err == nil {
		return
	}
	t, _ := i.Video()
	s.hashed = hashed{item: i, sample: f.Sample.Index}
	s.show()
	want, opener := s.hashed, s.w.d.Set.Opener()
	go func() {
		made, err := session.TakeStill(context.Background(), i.Export(), opener, t, want.sample, session.StillOptions{})
		fyne.Do(func() {
			if s.hashed.item != want.item || s.hashed.sample != want.sample {
				return // another picture was asked for meanwhile
			}
			if made != nil {
				s.hashed.card = made.Card
			} else {
				s.hashed.err = err
			}
			s.w.d.Trace("pixels hashed %v", err == nil)
			s.show()
		})
	}()
}
