package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"vedette/evidence"
	"vedette/media"
	"vedette/player/decode"
	"vedette/verify"
)

// Likeness is the answer about a still or one thing of it. The zero value is
// that it could not be compared.
type Likeness uint8

// The answers.
const (
	NotCompared Likeness = iota
	Same
	Different
)

var likenessWords = [...]string{"cannot-be-compared", "same", "different"}

// String returns the word of the JSON form.
func (l Likeness) String() string {
	if int(l) >= len(likenessWords) {
		return likenessWords[0]
	}
	return likenessWords[l]
}

// MarshalText returns the word of the JSON form.
func (l Likeness) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// RecheckDocument is the document vedette.recheck/1.
type RecheckDocument struct {
	Schema    string         `json:"schema"`
	CheckedAt time.Time      `json:"checkedAt"`
	Program   string         `json:"program"`
	Stills    []*StillAnswer `json:"stills"`
}

// NewRecheck returns the document about these stills.
func NewRecheck(at time.Time, program string, stills []*StillAnswer) *RecheckDocument {
	return &RecheckDocument{"vedette.recheck/1", at.UTC(), program, stills}
}

// StillAnswer is the answer about one still.
type StillAnswer struct {
	Still   string       `json:"still"`
	Result  Likeness     `json:"result"`
	Summary string       `json:"summary"`          // one or two sentences
	Export  string       `json:"export,omitempty"` // path of the file it was compared with
	SHA256  string       `json:"sha256,omitempty"` // of that file, now
	Decoder string       `json:"decoder,omitempty"`
	Checks  []StillCheck `json:"checks"`
	Card    *FrameCard   `json:"card,omitempty"` // as it stands in the still
}

// StillCheck is one thing that was compared.
type StillCheck struct {
	What    string   `json:"what"` // export, coded, picture, png, text, card, beside
	State   Likeness `json:"state"`
	Message string   `json:"message"`
	Saved   string   `json:"saved,omitempty"` // as the still has it
	Found   string   `json:"found,omitempty"` // as the export has it now
}

// Uncompared is the answer about a file that could not be compared.
func Uncompared(path string, card *FrameCard, err error) *StillAnswer {
	return &StillAnswer{Still: path, Summary: "Cannot be compared: " + harmless(err.Error()) + ".", Checks: []StillCheck{}, Card: card}
}

// Compare compares a still with an export that was examined to its end. An
// error means that it could not be done; what differs is in the answer.
func Compare(ctx context.Context, s *SavedStill, p *Pass, r *verify.Report, program string) (*StillAnswer, error) {
	if r == nil || r.Partial || r.SHA256 == "" {
		return nil, errors.New("the export was not examined to its end")
	}
	m := &matching{s: s, card: s.Card, p: p, r: r, a: &StillAnswer{Still: s.Path, Export: p.x.File().Path(), SHA256: r.SHA256, Card: s.Card, Checks: []StillCheck{}}}
	m.export()
	m.written(program)
	if p.track.ID != s.Card.Track {
		return nil, fmt.Errorf("session: the still is of track %d, not %d", s.Card.Track, p.track.ID)
	}
	if err := m.picture(ctx); err != nil {
		return nil, err
	}
	m.conclude()
	return m.a, nil
}

// CompareIn finds the video track of the still and compares with that.
func CompareIn(ctx context.Context, s *SavedStill, x *evidence.Export, o decode.Opener, r *verify.Report, program string) (*StillAnswer, error) {
	i := slices.IndexFunc(x.Tracks(), func(t media.Track) bool { return t.ID == s.Card.Track && t.Kind == media.KindVideo })
	if i < 0 {
		if r != nil && r.SHA256 != "" && !r.Partial {
			m := &matching{s: s, card: s.Card, r: r, a: &StillAnswer{Still: s.Path, Export: x.File().Path(), SHA256: r.SHA256, Card: s.Card}}
			m.export()
			m.say("card", Different, "the export has no video track of this number", fmt.Sprintf("track %d", s.Card.Track), "")
			m.conclude()
			return m.a, nil
		}
		return nil, fmt.Errorf("the export has no video track %d", s.Card.Track)
	}
	p, err := NewPass(x, o, x.Tracks()[i])
	if err != nil {
		return nil, err
	}
	a, err := Compare(ctx, s, p, r, program)
	return a, errors.Join(err, p.Close())
}

// matching is one comparison on its way.
type matching struct {
	s    *SavedStill
	card *FrameCard
	p    *Pass
	r    *verify.Report
	a    *StillAnswer
}

func (m *matching) say(what string, state Likeness, message, saved, found string) {
	m.a.Checks = append(m.a.Checks, StillCheck{what, state, harmless(message), verify.Inert(saved), verify.Inert(found)})
}

// harmless is verify.Inert for a message of ours that quotes foreign text: it
// may be longer.
func harmless(s string) string {
	const piece, pieces = 200, 10
	var b strings.Builder
	r := []rune(s)
	for range pieces {
		n := min(len(r), piece)
		b.WriteString(verify.Inert(string(r[:n])))
		r = r[n:]
	}
	return b.String()
}

func (m *matching) export() {
	switch {
	case m.card.SHA256 == m.r.SHA256:
		m.say("export", Same, "the export is the file that the still was taken from, bit for bit", m.card.SHA256, m.r.SHA256)
	case m.card.SHA256 != "":
		m.say("export", Different, "the export is not the file that the still was taken from: its SHA-256 is another", m.card.SHA256, m.r.SHA256)
	case m.card.Size != 0 && m.card.Size != m.r.Size:
		m.say("export", Different, "the export is not the file that the still was taken from: its size is another", fmt.Sprint(m.card.Size), fmt.Sprint(m.r.Size))
	default:
		m.say("export", NotCompared, "the card has no SHA-256 of the export, which was not examined yet when the still was saved", "", m.r.SHA256)
	}
}

// written compares what stands in the still's file with its card: the texts
// that a viewer shows, the form of the card, and the card beside it.
func (m *matching) written(program string) {
	if m.s.file.trailing || len(m.s.file.foreign) > 0 {
		parts := strings.Join(m.s.file.foreign, ", ")
		if m.s.file.trailing {
			parts = strings.TrimPrefix(parts+", bytes behind its end", ", ")
		}
		m.say("png", Different, "the PNG file has parts that no still has, and that can change what a viewer shows", "", parts)
	}
	again, err := m.card.JSON()
	switch {
	case m.card.Program != program:
		m.say("text", NotCompared, "another version of the program wrote the texts of the still, so they are not compared", m.card.Program, program)
	case err != nil || string(again) != m.s.json:
		m.say("text", Different, "the card is not written as this version writes it", "", "")
	case !slices.Equal(m.card.words(), m.s.texts):
		m.say("text", Different, "the texts that an image viewer shows are not those of the card", "", "")
	default:
		m.say("text", Same, "the texts that an image viewer shows are those of the card", "", "")
	}
	path := CardPath(m.s.Path)
	if st, err := os.Stat(path); err == nil && st.Mode().IsRegular() && st.Size() <= maxCard {
		if beside, err := os.ReadFile(path); err == nil && bytes.Contains(beside, []byte(`"`+cardSchema+`"`)) { //nolint:gosec // beside the still
			state, message := Same, "the card beside the still is the one in it"
			if string(beside) != m.s.json {
				state, message = Different, "the card beside the still is not the one in it"
			}
			m.say("beside", state, message, "", path)
		}
	}
}

// conclude derives the answer: one difference is enough, and without the picture
// nothing is the same.
func (m *matching) conclude() {
	states := map[string]Likeness{}
	var differ, open []string
	for _, c := range m.a.Checks {
		states[c.What] = max(states[c.What], c.State)
		switch {
		case c.State == Different:
			differ = append(differ, c.Message)
		case c.State == NotCompared && (c.What == "picture" || c.What == "png"):
			open = append(open, c.Message)
		}
	}
	switch {
	case len(differ) > 0:
		m.a.Result = Different
		m.a.Summary = "Different: " + strings.Join(differ, "; ") + "."
		if states["picture"] == Same && states["png"] == Same {
			m.a.Summary += " The picture itself is the same."
		}
	case len(open) > 0 || states["picture"] != Same || states["png"] != Same:
		m.a.Summary = "Cannot be compared: " + strings.Join(open, "; ") + "."
	default:
		m.a.Result = Same
		m.a.Summary = "The same: the still shows the picture of the export."
		if states["export"] == NotCompared {
			m.a.Summary += " It was saved before the export was examined, so its card does not say which file it was."
		}
	}
}
