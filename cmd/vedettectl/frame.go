package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"vedette/evidence"
	"vedette/media"
	"vedette/player/decode"
	"vedette/session"
	"vedette/verify"
)

const frameHelp = `Usage: vedettectl frame --sample N | --at TIME [--track ID] [--trust PACK]... [--json] FILE -o OUT.png

Decodes exactly one picture, with one thread and nothing skipped, and writes it as
PNG with its frame card in it, and the same card beside it as OUT.json. The card
tells where the picture lies, when it was taken by the clock of the export, in which
state it is, the SHA-256 of its pixels, and what examining the export gave. The still
stands upright, at its own size; the pixels are those of the coded picture. Image
viewers show the important part of it. vedettectl recheck compares a still with its
export later. Needs vedette-decoder.

  --sample N   the sample by its number; one that the edit list leaves out is frame 0
  --at TIME    the picture shown at a time such as 2026-03-01T12:00:07.440Z
  --track ID   the track, as inspect lists them; without it the first video track
  --trust PACK what vouches for signers, as for vedettectl verify; without it the
               installed packs
  -o OUT.png   where to write the picture; neither it nor OUT.json may exist yet
  --json       print the card as JSON (vedette.frame/1)

Exit status: 0 done, also where the picture is damaged, which is told and written in
the card; 1 nothing was written, with the reason; 2 usage or unreadable path.

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
	var packs texts
	o.Var(&packs, "trust", "")
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
	policy, _, ok := policyOf(e, packs, "", "") // where packs cannot be read it says so, and signers are not judged
	if !ok {
		return exitUsage
	}
	x, done, status := openExport(ctx, e, name)
	if x == nil {
		return status
	}
	defer done()
	report, err := verify.Check(ctx, x, policy, nil) // so that times are those of seals that verify
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
	still, err := session.TakeStill(ctx, x, children, t, *sample, session.StillOptions{Report: report, Program: cardProgram(), Now: time.Now()})
	if err != nil {
		return failed(e, err)
	}
	if err := still.SaveAs(*out); err != nil {
		return failed(e, err)
	}
	if still.Card.Damaged() {
		fmt.Fprintf(e.stderr, "vedettectl frame: the picture is %s; the card says so\n", still.Card.State)
	}
	if *asJSON {
		err = writeJSON(e.stdout, still.Card)
	} else {
		_, err = io.WriteString(e.stdout, still.Card.Text())
	}
	if err != nil {
		return exitFailed
	}
	return exitDone
}

// cardProgram is the program by which cards are written, here and in the window.
func cardProgram() string { return "Vedette " + version }

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
		has = append(has, strings.TrimSpace(fmt.Sprintf("%d %s", t.ID, verify.Inert(t.Name))))
	}
	if len(has) == 0 {
		return media.Track{}, errors.New("the file has no pictures; vedettectl inspect lists what it has")
	}
	return media.Track{}, fmt.Errorf("no video track %d; the file has %s", id, strings.Join(has, ", "))
}
