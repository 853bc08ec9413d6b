package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"vedette/evidence"
	"vedette/media"
	"vedette/player/decode"
	"vedette/session"
)

const frameHelp = `Usage: vedettectl frame --sample N | --at TIME [--track ID] [--json] FILE -o OUT.png

Decodes exactly one picture, with one thread and nothing skipped, writes it as PNG
and tells its identity: track and sample (counted from 0 in decode order), exact
time, byte range, and the SHA-256 of its pixels. Needs vedette-decoder.

  --sample N   the sample by its number
  --at TIME    the picture shown at a time such as 2026-03-01T12:00:07.440Z
  --track ID   the track; without it the first video track
  -o OUT.png   where to write the picture; it must not exist yet
  --json       print the card as JSON (vedette.frame/1)

Examples:
  vedettectl frame --sample 112 clip.mp4 -o frame.png
  vedettectl frame --at 2026-03-01T12:00:07.440Z --json clip.mp4 -o frame.png
`

func runFrame(ctx context.Context, e env, args []string) int {
	o := newOptions("frame", frameHelp)
	sample := o.Int("sample", -1, "")
	at := o.String("at", "", "")
	track := o.Uint("track", 0, "")
	out := o.String("o", "", "")
	asJSON := o.Bool("json", false, "")
	files, status, ok := o.parse(e, args)
	if !ok {
		return status
	}
	name, ok := one(e, "frame", files)
	if !ok {
		return exitUsage
	}
	if (*sample >= 0) == (*at != "") || *out == "" {
		fmt.Fprintln(e.stderr, "vedettectl frame: give either --sample or --at, and -o; see vedettectl frame --help")
		return exitUsage
	}
	x, done, status := openExport(ctx, e, name)
	if x == nil {
		return status
	}
	defer done()
	report, err := settle(ctx, x)
	if err != nil {
		return failed(e, err)
	}
	t, err := videoTrack(x, uint32(*track)) //nolint:gosec // a wrong number names no track
	if err != nil {
		return failed(e, err)
	}
	if *at != "" {
		if *sample, err = sampleAt(x, t.ID, *at); err != nil {
			return failed(e, err)
		}
	}
	program, err := decode.FindProgram()
	if err != nil {
		return failed(e, err)
	}
	children := decode.NewChildren(program)
	defer children.Close()
	card, picture, err := session.Card(ctx, x, children, t, *sample)
	if err != nil {
		return failed(e, err)
	}
	defer picture.Release()
	card.SHA256, card.Verdict = report.SHA256, report.Verdict.String()
	f, err := create(*out)
	if err != nil {
		return failed(e, err)
	}
	if err := errors.Join(session.WritePNG(f, picture), f.Close()); err != nil {
		return failed(e, err)
	}
	if *asJSON {
		err = writeJSON(e.stdout, card)
	} else {
		err = frameText(e, card)
	}
	if err != nil {
		return exitFailed
	}
	return exitDone
}

func failed(e env, err error) int {
	fmt.Fprintf(e.stderr, "vedettectl frame: %v\n", err)
	return exitFailed
}

func sampleAt(x *evidence.Export, track uint32, at string) (int, error) {
	var u media.UTC
	if err := u.UnmarshalText([]byte(at)); err != nil {
		return -1, fmt.Errorf("--at %q is not a time such as 2026-03-01T12:00:07.440Z", at)
	}
	return session.SampleAt(x, track, u)
}

// videoTrack finds the named track, or the first one with video.
func videoTrack(x *evidence.Export, id uint32) (media.Track, error) {
	var has []string
	for _, t := range x.Tracks() {
		if t.Kind != media.KindVideo {
			continue
		}
		if id == 0 || t.ID == id {
			return t, nil
		}
		has = append(has, fmt.Sprint(t.ID))
	}
	return media.Track{}, fmt.Errorf("no video track %d; the file has video tracks %q", id, strings.Join(has, ", "))
}

func frameText(e env, c *session.FrameCard) error {
	p := &lines{w: e.stdout}
	p.f("Frame      %d (track %d, sample %d, kind %s)", c.Frame, c.Track, c.Sample, c.Kind)
	p.f("Time       %s, declared %s", utcText(c.Corrected), utcText(c.Declared))
	p.f("PTS        %d/%d", c.PTS.Value, c.PTS.Scale)
	for _, r := range c.Bytes {
		p.f("Bytes      %d to %d", r.From, r.To)
	}
	p.f("Picture    %d x %d, %s", c.Width, c.Height, c.State)
	for _, more := range []string{c.Reason, c.Hash, c.Caveat} {
		if more != "" {
			p.f("           %s", more)
		}
	}
	p.f("Pixels     %s (SHA-256 of %s)", c.PixelSHA256, c.PixelFormat)
	p.f("Decoder    %s", c.Decoder)
	p.f("File       %s", c.SHA256)
	p.f("Verdict    %s (see vedettectl verify)", c.Verdict)
	return p.err
}
