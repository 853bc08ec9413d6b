package player

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vedette/media"
	"vedette/player/decode"
)

const (
	// preroll is what is decoded and thrown away before the position: codings
	// lean on the packets before.
	preroll = media.UTC(media.Hundred / 10)
	// looseness is how far packets may lie beside their time before silence is
	// put in or sound is left out: decoders hold a little back.
	looseness = soundRate / 100
	// maxSilent is how many packets in a row may give no sound at all.
	maxSilent = 50
	// maxCrashes is how often a stream starts a fresh decoder.
	maxCrashes = 3
)

// feeder decodes one stream. It is used by the goroutine of the sound alone,
// and keeps its decoder for the next stream of the same view.
type feeder struct {
	view *View
	dec  decode.AudioDecoder
	buf  []byte
}

func (f *feeder) close() {
	if f.dec != nil {
		_ = f.dec.Close() // it is of no more use either way
	}
	f.dec, f.view = nil, nil
}

// ready opens the decoder, or makes it forget what was before.
func (f *feeder) ready(s *stream) error {
	if f.dec != nil && f.view == s.view {
		if f.dec.Flush(s.ctx) == nil {
			return nil
		}
	}
	f.close()
	t := s.track
	d, err := s.view.cfg.Opener.OpenAudio(s.ctx, decode.Config{Codec: t.Codec, Config: t.Config, SampleRate: t.SampleRate, Channels: t.Channels})
	if err != nil {
		return err
	}
	f.dec, f.view = d, s.view
	return nil
}

// fill writes the stream until it ends or cannot go on. tell is called for
// each packet that is damaged.
func (f *feeder) fill(s *stream, tell func(sample int, why string)) error {
	table := s.view.cfg.Source.Table(s.track.ID)
	if table == nil {
		return fmt.Errorf("track %d is not known", s.track.ID)
	}
	if err := f.ready(s); err != nil {
		return err
	}
	w := writing{s: s, fresh: true, tell: tell}
	for i := begin(s, table); ; {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		if i >= table.Len() {
			if !table.Complete() {
				wait(s.ctx, 20*time.Millisecond)
				continue
			}
			return f.finish(s, &w)
		}
		sample := table.At(i)
		pcm, why, err := f.decode(s, sample)
		if err != nil {
			if why, err = f.revive(s, &w, err); err != nil {
				return err
			}
		}
		if sample.Hidden {
			i++ // decoded for those behind it, and not to be heard
			continue
		}
		if err := w.packet(sample, pcm, why); err != nil {
			return err
		}
		i++
	}
}

// revive starts a fresh decoder in place of one that died, a few times. It
// returns why that one did.
func (f *feeder) revive(s *stream, w *writing, cause error) (why string, err error) {
	var crash *decode.CrashError
	if !errors.As(cause, &crash) || w.crashes == maxCrashes {
		return "", cause
	}
	w.crashes++
	w.fresh = true
	f.close()
	return crash.Error(), f.ready(s)
}

// writing is how far a stream is written.
type writing struct {
	s       *stream
	at      int64 // place of the next frame
	fresh   bool  // the decoder gave nothing yet that says where it is
	silent  int   // packets in a row without sound
	crashes int
	tell    func(sample int, why string)
}

// packet puts the sound of one packet in its place.
func (w *writing) packet(sample media.Sample, pcm []float32, why string) error {
	if why != "" {
		w.tell(sample.Index, why)
	}
	if len(pcm) == 0 {
		if w.silent++; w.silent > maxSilent {
			return fmt.Errorf("no sound can be decoded: %s", otherwise(why, "the packets are empty"))
		}
		return nil
	}
	w.silent = 0
	if want := w.s.place(sample.PTS); w.fresh || want > w.at+looseness || want < w.at-looseness {
		w.at, w.fresh = want, false
	}
	err := w.s.write(w.at, pcm)
	w.at += int64(len(pcm) / 2)
	return err
}

// begin returns the sample from which decoding has to start.
func begin(s *stream, table media.Table) int {
	i, ok := table.AtPTS((s.base - preroll).Sub(s.zero))
	if !ok {
		return 0
	}
	return i
}

// decode returns the sound of a packet, or why there is none.
func (f *feeder) decode(s *stream, sample media.Sample) (pcm []float32, why string, err error) {
	data, err := s.view.cfg.Source.ReadSample(sample, f.buf)
	if err != nil {
		return nil, err.Error(), nil
	}
	f.buf = data
	sound, err := f.dec.Decode(s.ctx, sample.Index, data)
	if err != nil {
		return nil, "", err
	}
	if r, ok := f.dec.(interface{ Reports() []decode.Report }); ok {
		for _, x := range r.Reports() {
			why = otherwise(x.Text, "refused by the decoder")
		}
	}
	return sound.PCM, why, nil
}

func otherwise(text, none string) string {
	if text == "" {
		return none
	}
	return text
}

// finish writes what the decoder held back.
func (f *feeder) finish(s *stream, w *writing) error {
	if !w.fresh {
		sound, err := f.dec.Drain(s.ctx)
		if err != nil {
			f.close()
			return err
		}
		if err := s.write(w.at, sound.PCM); err != nil {
			return err
		}
	}
	s.written.Store(true)
	return nil
}

// write puts sound in its place, waiting for room.
func (s *stream) write(place int64, pcm []float32) error {
	for {
		done := s.ring.put(place, pcm)
		if pcm = pcm[2*done:]; len(pcm) == 0 {
			return nil
		}
		place += done
		select {
		case <-s.ring.room:
		case <-s.ctx.Done():
			return s.ctx.Err()
		}
	}
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
