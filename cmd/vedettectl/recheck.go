package main

import (
	"context"
	"fmt"
	"time"

	"vedette/player/decode"
	"vedette/session"
	"vedette/verify"
)

const recheckHelp = `Usage: vedettectl recheck [--json] STILL... [--in FILE|DIR]...

Compares saved stills (PNG files with a frame card in them) with their exports. Of
each it decodes the sample of the card again, with one thread and nothing skipped,
and compares: the SHA-256 of the export, the coded bytes of the picture, its decoded
pixels, the pixels in the PNG file, the texts in it, and what the card says of times,
bytes and seals. Signers are not judged. Needs vedette-decoder.

  --in PLACE   an export, or a folder that holds it, folders below it included; may be
               given several times. Without it: the path in the card, then the folder
               of the still. No name is believed: where several files may be meant,
               the SHA-256 decides
  --json       one JSON document (vedette.recheck/1) instead of text

Answers, and the exit status, of several stills the one furthest to the right:
  0  same                the picture is that of the export, and the still shows it
  14 cannot be compared  the export was not found, the file is no still, the still was
                         adjusted for display, or another version of FFmpeg gives
                         other pixels from the same bytes
  12 different           the export was changed, or the picture, the PNG file or the
                         card; which of them is told
2 usage or unreadable path, 1 internal fault.

Examples:
  vedettectl recheck street-west_track1_frame174_20260301T120007.440Z.png
  vedettectl recheck --json stills/*.png --in /media/stick > recheck.json
`

// exits of recheck, in order from best to worst.
var exitOfLikeness = map[session.Likeness]int{session.Same: 0, session.NotCompared: 14, session.Different: 12}

func runRecheck(ctx context.Context, e env, args []string) int {
	o := newOptions("recheck", recheckHelp)
	asJSON := o.Bool("json", false, "")
	var in texts
	o.Var(&in, "in", "")
	files, status, ok := o.parse(e, args)
	if !ok {
		return status
	}
	if len(files) == 0 {
		fmt.Fprintln(e.stderr, "vedettectl recheck: no still given; see vedettectl recheck --help")
		return exitUsage
	}
	program, err := decode.FindProgram()
	if err != nil {
		fmt.Fprintf(e.stderr, "vedettectl recheck: %v\n", err)
		return exitFailed
	}
	children := decode.NewChildren(program)
	defer children.Close()
	k := &session.Rechecker{Opener: children, Program: cardProgram(), Now: time.Now, In: in}
	defer k.Close()
	worst, fault := session.Same, 0
	var answers []*session.StillAnswer
	for i, name := range files {
		a, err := k.Check(ctx, name)
		if ctx.Err() != nil {
			fmt.Fprintln(e.stderr, "vedettectl recheck: stopped")
			return exitFailed
		}
		if err != nil {
			fmt.Fprintf(e.stderr, "vedettectl recheck: %s\n", verify.Inert(err.Error()))
			fault = exitUsage
		}
		if a.Result == session.Different || worst == session.Same {
			worst = a.Result
		}
		answers = append(answers, a)
		if !*asJSON && recheckText(e, a, i > 0) != nil {
			return exitFailed
		}
	}
	if *asJSON && writeJSON(e.stdout, session.NewRecheck(time.Now(), cardProgram(), answers)) != nil {
		return exitFailed
	}
	if fault != 0 {
		return fault
	}
	return exitOfLikeness[worst]
}

func recheckText(e env, a *session.StillAnswer, apart bool) error {
	p := &lines{w: e.stdout}
	if apart {
		p.f("")
	}
	p.f("%s", verify.Inert(a.Still))
	p.f("%s", a.Summary)
	if a.Card != nil {
		p.f("  Still      frame %d, track %d, sample %d, %s", a.Card.Frame, a.Card.Track, a.Card.Sample, utcText(a.Card.Corrected))
	}
	if a.Export != "" {
		p.f("  Export     %s", verify.Inert(a.Export))
		p.f("  SHA-256    %s", a.SHA256)
	}
	if a.Decoder != "" {
		p.f("  Decoder    %s, in the card %s", a.Decoder, verify.Inert(a.Card.Decoder))
	}
	for _, c := range a.Checks {
		p.f("  %-10s %s: %s", c.What, c.State, c.Message)
		if c.State == session.Different && (c.Saved != "" || c.Found != "") {
			p.f("             saved %s", c.Saved)
			p.f("             found %s", c.Found)
		}
	}
	return p.err
}
