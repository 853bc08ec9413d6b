package conform

import (
	"fmt"

	"vedette/evidence/bmff"
	"vedette/media"
)

// maxLooked bounds the coded picture that is looked into: 16 MiB is far above
// one of the largest size that is decoded.
const maxLooked = 16 << 20

// video answers for the track of pictures. Further ones may be there.
func (j *judge) video() error {
	tracks := j.tracksOf(media.KindVideo)
	r := Row{Clause: "5.2.3", Item: "video-track", For: Level0V}
	coding := Row{Clause: "5.2.3", Item: "video-coding", For: Level0V}
	if len(tracks) == 0 {
		r.State, r.Reason, r.Evidence = NotMet, ReasonNoVideo, "There is no video track."
		if len(j.tracks) == 0 {
			r.State, r.Reason, r.Evidence = CannotTell, ReasonUnreadable, "The tracks of the file are not known."
		}
		coding.State, coding.Evidence = NotApplicable, "There is no video track."
		j.add(r)
		j.add(coding)
		return nil
	}
	// The best track counts: one is asked for, more are allowed.
	for i, t := range tracks {
		n := j.e.Table(t.ID).Len()
		if r.State != Met {
			r.Offset = at(j.trak(t.ID))
			r.State, r.Reason, r.Evidence = Met, "", fmt.Sprintf("Track %d has %d pictures.", t.ID, n)
			if n == 0 {
				r.State, r.Reason, r.Evidence = NotMet, ReasonVideoEmpty, fmt.Sprintf("Track %d has no picture.", t.ID)
			}
		}
		c, err := j.coding(t)
		if err != nil {
			return err
		}
		if i == 0 || coding.State != Met && c.State == Met {
			coding = c
		}
	}
	if len(tracks) > 1 {
		r.Evidence += fmt.Sprintf(" There are %d video tracks, as is allowed.", len(tracks))
	}
	j.add(r)
	j.add(coding)
	return nil
}

// coding looks at the sample entry, the configuration and the first picture of
// one track: what the entry says is not believed before the bytes agree.
func (j *judge) coding(t media.Track) (Row, error) {
	r := Row{Clause: "5.2.3", Item: "video-coding", For: Level0V, Offset: at(j.trak(t.ID)), Names: []string{bmff.Printable(t.Entry)}}
	h265 := t.Codec == media.CodecH265
	if t.Codec != media.CodecH264 && !h265 {
		r.State, r.Reason, r.Evidence = NotMet, ReasonVideoCoding, fmt.Sprintf("Track %d is coded as %q.", t.ID, bmff.Printable(t.Entry))
		return r, nil
	}
	r.Names = []string{t.Codec.String()}
	c, ok := parseVideoConfig(t.Config, h265)
	if !ok {
		r.State, r.Reason, r.Evidence = NotMet, ReasonVideoBytes, fmt.Sprintf("Track %d says %s (%s), but has no decoder configuration that can be read.", t.ID, t.Codec, t.Entry)
		return r, nil
	}
	name, scale := profilesH264[c.profile], 10.0
	if h265 {
		name, scale = profilesH265[c.profile], 30.0
	}
	if name == "" {
		name = fmt.Sprintf("of number %d", c.profile)
	}
	r.Evidence = fmt.Sprintf("Track %d is %s (%s), profile %s, level %.1f, %d x %d.", t.ID, t.Codec, t.Entry, name, float64(c.level)/scale, t.Width, t.Height)
	table := j.e.Table(t.ID)
	if table.Len() == 0 {
		r.Reason = ReasonVideoEmpty
		r.Evidence += " There is no picture to look at."
		return r, nil
	}
	s := table.At(0)
	if s.Size > maxLooked {
		r.Reason = ReasonUnreadable
		r.Evidence += fmt.Sprintf(" Its first picture has %d bytes and was not looked into.", s.Size)
		return r, nil
	}
	data, err := j.sample(s)
	switch {
	case err != nil:
		return r, err
	case !holdsPicture(data, c.prefix, h265):
		r.State, r.Reason = NotMet, ReasonVideoBytes
		r.Evidence += fmt.Sprintf(" The bytes of its first picture, at %d, are no %s.", s.Offset, t.Codec)
	default:
		r.State = Met
		r.Evidence += " The bytes of its first picture agree; the others were not looked into."
	}
	return r, nil
}

// sample reads one sample; nil bytes where they are refused as no media data.
func (j *judge) sample(s media.Sample) ([]byte, error) {
	data, err := j.e.ReadSample(s, nil)
	if err == nil {
		return data, nil
	}
	if err := j.ctx.Err(); err != nil {
		return nil, err
	}
	if w := j.e.File().Withdrawn(); w != nil {
		return nil, fmt.Errorf("conform: %w", w)
	}
	return nil, nil
}

func (j *judge) audio() {
	tracks := j.tracksOf(media.KindAudio)
	own := Row{Clause: "5.2.4", Item: "audio-track", For: Level0V}
	coding := Row{Clause: "5.2.4", Item: "audio-coding", For: Level0V}
	if len(tracks) == 0 {
		own.State, own.Evidence = NotApplicable, "There is no audio track."
		coding.State, coding.Evidence = NotApplicable, "There is no audio track."
		j.add(own)
		j.add(coding)
		return
	}
	own.State, own.Offset, own.Evidence = Met, at(j.trak(tracks[0].ID)), fmt.Sprintf("Track %d is sound alone.", tracks[0].ID)
	j.add(own)
	for i, t := range tracks {
		c := j.sound(t)
		if i == 0 || coding.State == Met && c.State != Met { // any one that is wrong is told
			coding = c
		}
	}
	j.add(coding)
}

func (j *judge) sound(t media.Track) Row {
	r := Row{Clause: "5.2.4", Item: "audio-coding", For: Level0V, Offset: at(j.trak(t.ID)), State: NotMet, Reason: ReasonAudioCoding}
	name := t.Codec.String()
	switch t.Codec {
	case media.CodecG711A, media.CodecG722:
		r.State, r.Reason, r.Evidence = Met, "", fmt.Sprintf("Track %d is %s (%s).", t.ID, name, t.Entry)
		return r
	case media.CodecAAC:
		c, ok := parseSoundConfig(t.Config)
		switch {
		case ok && c.object == objectLC && !c.extended:
			r.State, r.Reason, r.Evidence = Met, "", fmt.Sprintf("Track %d is AAC-LC (%s).", t.ID, t.Entry)
			return r
		case !ok:
			name = "mp4a"
			r.Evidence = fmt.Sprintf("Track %d is of the kind mp4a without an audio configuration that says AAC-LC.", t.ID)
		case c.extended:
			name = "HE-AAC"
			r.Evidence = fmt.Sprintf("Track %d is AAC with spectral band replication (HE-AAC).", t.ID)
		default:
			name = fmt.Sprintf("MPEG-4 audio %d", c.object)
			r.Evidence = fmt.Sprintf("Track %d is MPEG-4 audio of object type %d, where AAC-LC is 2.", t.ID, c.object)
		}
	case media.CodecUnknown:
		name = bmff.Printable(t.Entry)
		r.Evidence = fmt.Sprintf("Track %d is coded as %q.", t.ID, bmff.Printable(t.Entry))
	default:
		r.Evidence = fmt.Sprintf("Track %d is %s.", t.ID, name)
	}
	r.Names = []string{name}
	return r
}
