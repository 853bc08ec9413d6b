package main

import (
	"context"
	"fmt"
	"io"

	"vedette/media"
	"vedette/session"
	"vedette/verify"
)

const inspectHelp = `Usage: vedettectl inspect [--boxes] [--json] FILE

Shows what an export says about itself: who made it, its tracks with their times
and gaps, the declared place, and what was noticed while reading it. The seals are
examined for their start times only; see vedettectl verify for a verdict.

  --boxes  add the tree of boxes with their byte ranges
  --json   one JSON document (vedette.inspect/1) instead of text

Examples:
  vedettectl inspect clip.mp4
  vedettectl inspect --boxes --json clip.mp4 > clip.json
`

func runInspect(ctx context.Context, e env, args []string) int {
	o := newOptions("inspect", inspectHelp)
	boxes := o.Bool("boxes", false, "")
	asJSON := o.Bool("json", false, "")
	files, status, ok := o.parse(e, args)
	if !ok {
		return status
	}
	name, ok := one(e, "inspect", files)
	if !ok {
		return exitUsage
	}
	x, done, status := openExport(ctx, e, name)
	if x == nil {
		return status
	}
	defer done()
	if _, err := settle(ctx, x); err != nil {
		fmt.Fprintf(e.stderr, "vedettectl inspect: %v\n", err)
		return exitFailed
	}
	d, err := session.Inspect(ctx, x, *boxes)
	if err != nil {
		fmt.Fprintf(e.stderr, "vedettectl inspect: %v\n", err)
		return exitFailed
	}
	if *asJSON {
		err = writeJSON(e.stdout, d)
	} else {
		err = inspectText(e.stdout, d)
	}
	if err != nil {
		return exitFailed
	}
	return statusOf(worstReported(d.Findings))
}

func inspectText(w io.Writer, d *session.Inspection) error {
	p := &lines{w: w}
	p.f("%s, %d bytes", d.File, d.Size)
	p.f("Start      %s (%s)", utcText(d.Start), d.TimeBasis)
	p.f("End        %s", utcText(d.End))
	if x := d.Export; x != nil {
		p.f("Unit       %s %s %s", verify.Inert(x.Unit.Name), verify.Inert(x.Unit.URL), verify.Inert(x.Unit.MAC))
		p.f("Exported   %s, operator %q", utcText(x.Time), verify.Inert(x.Operator))
		for _, s := range x.Sources {
			p.f("Source     track %d: %s %s %s %s", s.Track, verify.Inert(s.Name), verify.Inert(s.URL), verify.Inert(s.MAC), verify.Inert(s.Line))
		}
	}
	if l := d.Location; l != nil {
		p.f("Place      %.5f, %.5f, %.1f m %s (declared)", l.Latitude, l.Longitude, l.Altitude, verify.Inert(l.Name))
	}
	for _, t := range d.Tracks {
		p.f("Track %-4d %s, %s (%s), %d samples, %d sync, timescale %d", t.ID, t.Kind, t.Codec, t.Entry, t.Samples, t.Sync, t.Timescale)
		if t.Hidden > 0 {
			p.f("           %d of them are left out by the edit list: frames 1 to %d", t.Hidden, t.Frames)
		}
		if t.Width > 0 {
			p.f("           %d x %d", t.Width, t.Height)
		}
		p.looks(t.Looks)
		p.f("           %s to %s", utcText(t.Start), utcText(t.End))
		for _, g := range t.Gaps {
			if g.From != nil {
				p.f("           gap %s to %s, reason %s", g.From, g.To, g.Reason)
			} else {
				p.f("           gap %s, reason %s", g.Offset, g.Reason)
			}
		}
		for _, g := range t.GapTotals {
			p.f("           in all %d gaps of %s, reason %s", g.Count, media.Ticks{Value: g.Length.Value, Scale: g.Length.Scale}.Duration(), g.Reason)
		}
	}
	for _, f := range d.Findings {
		p.f("%-10s %s [%s]", f.Severity, verify.Inert(f.Message), f.Code)
	}
	p.boxes(d.Boxes, "")
	return p.err
}

// looks prints how pictures are coded and shown.
func (p *lines) looks(l *session.LooksInfo) {
	if l == nil {
		return
	}
	if l.Rotation != 0 || l.Mirror {
		p.f("           shown %s", session.TurnText(l.Rotation, l.Mirror))
	}
	if a := l.PixelAspect; a != nil && a[0] != a[1] {
		p.f("           pixels of %d:%d", a[0], a[1])
	}
	if c := l.Clean; c != nil {
		p.f("           clean aperture %d x %d at %d, %d (all is shown)", c.Width, c.Height, c.X, c.Y)
	}
	for n, c := range l.Codings {
		if c.Profile == "" {
			continue
		}
		how := ""
		if c.Fields {
			how = ", fields"
		}
		p.f("           coded %d: %s %s level %s, %s of %d bits, %d x %d%s", n+1, c.Codec, c.Profile, c.Level, c.Chroma, c.BitDepth, c.Width, c.Height, how)
	}
}

type lines struct {
	w   io.Writer
	err error
}

func (p *lines) f(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *lines) boxes(bs []session.BoxInfo, indent string) {
	for _, b := range bs {
		p.f("%12d %12d  %s%s", b.Offset, b.Size, indent, b.Type)
		p.boxes(b.Children, indent+"  ")
	}
}
