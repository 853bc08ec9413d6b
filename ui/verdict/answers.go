// Package verdict shows what examining an export has answered: the strip under
// the picture and the panel with everything behind it. It derives marks and
// sentences from a report and never says anything better than the report does.
package verdict

import (
	"fmt"
	"strings"

	"vedette/ui/look"
	"vedette/verify"
	"vedette/verify/camera"
)

// MarkOf returns the mark of a headline. Everything that is not explicitly
// known is the mark of "cannot be checked".
func MarkOf(r *verify.Report) look.Mark {
	if r == nil || r.Partial {
		return look.MarkUnknown
	}
	switch r.Verdict {
	case verify.Intact:
		return look.MarkIntact
	case verify.IntactUntrusted:
		return look.MarkUntrusted
	case verify.IntactIncomplete:
		return look.MarkIncomplete
	case verify.Broken:
		return look.MarkBroken
	case verify.Unsigned:
		return look.MarkUnsigned
	}
	return look.MarkUnknown
}

// Answer is one of the four questions behind a verdict.
type Answer struct {
	Name, Said string
	Lines      []string
	Mark       look.Mark
}

// Answers are Content, Signer, Coverage and Time, in this order.
func Answers(r *verify.Report) [4]Answer {
	if r == nil || r.Partial {
		var out [4]Answer
		for i, n := range []string{"Content", "Signer", "Coverage", "Time"} {
			out[i] = Answer{Name: n, Said: "Not checked.", Mark: look.MarkUnknown}
		}
		return out
	}
	return [4]Answer{content(r), signer(r), coverage(r), clock(r)}
}

func content(r *verify.Report) Answer {
	a := Answer{Name: "Content", Mark: look.MarkUnknown, Said: "Cannot be checked."}
	good := 0
	for _, s := range r.Seals {
		if s.Integrity == verify.SealIntact {
			good++
		}
	}
	switch r.Integrity {
	case verify.FileIntact, verify.FileIncomplete:
		a.Mark, a.Said = look.MarkIntact, "Matches its seal."
		if len(r.Seals) > 1 {
			a.Said = fmt.Sprintf("Matches all %d seals.", len(r.Seals))
		}
	case verify.FileBroken:
		a.Mark, a.Said = look.MarkBroken, "Does not match."
	case verify.FileUnsigned:
		a.Mark, a.Said = look.MarkUnsigned, "No seal to compare with."
	case verify.FileWithdrawn:
		a.Said = "The file changed."
	case verify.FileWeak:
		a.Said = "Seal too weak to count."
	case verify.FileUnsupported:
		a.Said = "Seal of an unknown kind."
	case verify.FileMalformed:
		a.Said = "Structure damaged."
	}
	if n := len(r.Seals); n > 0 {
		a.Lines = append(a.Lines, fmt.Sprintf("%d of %d seals verify.", good, n))
	}
	if c := r.Camera; c != nil && c.Present {
		if c.State == camera.NotAuthentic {
			a.Mark, a.Said = look.MarkBroken, "Camera signing does not match."
		}
		a.Lines = append(a.Lines, "Camera signing: "+c.State.String()+", key "+owners[c.Provenance]+".")
	}
	if r.SHA256 != "" {
		line := fmt.Sprintf("%s read", Bytes(r.Size))
		if s := r.Elapsed.Seconds(); s > 0.1 {
			line += fmt.Sprintf(" in %.1f s, %s/s.", s, Bytes(int64(float64(r.Size)/s)))
		}
		a.Lines = append(a.Lines, line)
	}
	return a
}

func signer(r *verify.Report) Answer {
	a := Answer{Name: "Signer", Mark: look.MarkUnknown, Said: "Not checked."}
	if len(r.Seals) == 0 {
		return Answer{Name: "Signer", Mark: look.MarkUnsigned, Said: "Nobody signed.", Lines: []string{"Without a seal there is no signer."}}
	}
	switch r.Trust {
	case verify.Trusted:
		a.Mark, a.Said = look.MarkIntact, "Trusted."
	case verify.Untrusted:
		a.Mark, a.Said = look.MarkUntrusted, "Not trusted."
	case verify.Rejected:
		a.Mark, a.Said = look.MarkUntrusted, "Rejected."
	}
	worst := r.Seals[len(r.Seals)-1]
	for _, s := range r.Seals {
		if s.Trust.State == verify.SignerRejected || s.Trust.State == verify.SignerUnknown || s.Trust.State == verify.SignerUndecidable {
			worst = s
		}
	}
	a.Lines = append(a.Lines, capital(worst.Trust.Line())+".", verify.Explanation(worst.Trust.Reason))
	if worst.Trust.JudgedAt != nil {
		a.Lines = append(a.Lines, "Judged by the "+map[bool]string{true: "time of this check.", false: worst.Trust.TimeSource + "."}[worst.Trust.TimeSource == "now"])
	}
	return a
}

func coverage(r *verify.Report) Answer {
	a := Answer{Name: "Coverage", Mark: look.MarkUnknown, Said: "Not known."}
	switch r.Coverage {
	case verify.CoverageAll:
		a.Mark, a.Said, a.Lines = look.MarkIntact, "All bytes.", []string{"Pictures, sound, metadata and side information are inside the newest seal."}
	case verify.CoverageAllButIndex:
		a.Mark, a.Said = look.MarkIncomplete, "All but the index."
		a.Lines = []string{"An index was added after sealing. It is not used. Pictures, sound and metadata are inside."}
	case verify.CoveragePartial:
		a.Mark, a.Said = look.MarkBroken, "An older state only."
		a.Lines = []string{"An earlier seal still fits the content as it was then."}
	case verify.CoverageNone:
		a.Said = "Nothing."
		switch r.Integrity {
		case verify.FileUnsigned:
			a.Mark, a.Lines = look.MarkUnsigned, []string{"No seal covers any byte."}
		case verify.FileBroken:
			a.Mark, a.Lines = look.MarkBroken, []string{"No seal fits, so none covers anything."}
		}
	}
	if c := r.Camera; c != nil && c.Present {
		if said, ok := uncovered[c.State]; ok && a.Mark == look.MarkIntact {
			a.Mark, a.Said = look.MarkIncomplete, said
		}
		for _, t := range c.Tracks {
			a.Lines = append(a.Lines, fmt.Sprintf("Camera signing covers %s of %s.", seconds(t.Authentic), seconds(t.Total)))
		}
	}
	return a
}

// uncovered says what camera signing leaves open although the seal covers all bytes.
var uncovered = map[camera.State]string{
	camera.AuthenticMissing: "Signed pictures are absent.", camera.AuthenticPartial: "Not all pictures are signed.",
	camera.NotVerifiable: "Camera signing not verifiable.",
}

func clock(r *verify.Report) Answer {
	a := Answer{Name: "Time", Mark: look.MarkUnknown, Said: "Clock not checked."}
	if r.Start == nil {
		a.Said = "No absolute time."
		a.Lines = []string{"The file states no time that can be used."}
		return a
	}
	a.Lines = []string{"Declared " + r.Start.Time().Format("2006-01-02 15:04:05.000") + " UTC"}
	if r.End != nil {
		a.Lines[0] += " to " + r.End.Time().Format("15:04:05.000") + "."
	}
	a.Lines = append(a.Lines, "A seal does not show that the clock was right.")
	return a
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// Bytes prints an amount as people compare it.
func Bytes(n int64) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d bytes", n)
	case n < 10_000_000:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	case n < 10_000_000_000:
		return fmt.Sprintf("%.0f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// Group prints a number with spaces between thousands.
func Group(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}
