package ui

import (
	"fmt"
	"path/filepath"
	"strings"

	"vedette/session"
	"vedette/verify"
)

// compared tells what became of the stills.
func (w *Window) compared(answers []*session.StillAnswer) {
	if len(answers) == 0 {
		w.notice.close()
		return
	}
	count := map[session.Likeness]int{}
	worst := answers[0]
	for _, a := range answers {
		count[a.Result]++
		if a.Result == session.Different && worst.Result != session.Different || a.Result == session.NotCompared && worst.Result == session.Same {
			worst = a
		}
		w.d.Trace("still %s %s", filepath.Base(a.Still), a.Result)
	}
	n := noticed{tone: toneOf(worst.Result), text: worst.Summary + "  " + filepath.Base(worst.Still)}
	if len(answers) > 1 {
		n.text = fmt.Sprintf("%d stills: %d the same, %d different, %d could not be compared", len(answers), count[session.Same], count[session.Different], count[session.NotCompared])
	}
	n.orders = []order{{"Details", func() { w.say("Stills and their exports", answersText(answers)) }}}
	w.notice.say(n)
}

func toneOf(l session.Likeness) tone {
	switch l {
	case session.Same:
		return good
	case session.Different:
		return bad
	}
	return open
}

// answersText is what Details shows.
func answersText(answers []*session.StillAnswer) string {
	var b strings.Builder
	for k, a := range answers {
		if k > 0 {
			b.WriteString("\n\n")
		}
		fmt.Fprintf(&b, "%s\n%s\n", verify.Inert(a.Still), a.Summary)
		if a.Export != "" {
			fmt.Fprintf(&b, "\nExport  %s\nSHA-256  %s\n", verify.Inert(a.Export), a.SHA256)
		}
		for _, c := range a.Checks {
			fmt.Fprintf(&b, "\n%s  %s: %s.", markOf(c.State), titleOf(c.What), c.Message)
			if c.State == session.Different && c.Saved != "" && c.Found != "" {
				fmt.Fprintf(&b, "\n     in the still: %s\n     now: %s", c.Saved, c.Found)
			}
		}
		if a.Decoder != "" {
			fmt.Fprintf(&b, "\n\nDecoded by %s, in the card %s.", a.Decoder, verify.Inert(a.Card.Decoder))
		}
	}
	return b.String()
}

func markOf(l session.Likeness) string {
	return map[session.Likeness]string{session.Same: "Same", session.Different: "Different", session.NotCompared: "Not compared"}[l]
}

func titleOf(what string) string {
	return map[string]string{
		"export": "export", "coded": "coded picture", "picture": "decoded picture", "png": "PNG file", "text": "texts in the PNG file", "card": "frame card", "beside": "card beside the still",
	}[what]
}
