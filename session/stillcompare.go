package session

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
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

// picture decodes the sample again and compares everything that follows from it.
func (m *matching) picture(ctx context.Context) error {
	c := m.card
	now, err := Identify(m.p.x, m.p.track, c.Sample, m.r)
	if err != nil {
		m.say("card", Different, err.Error(), fmt.Sprintf("sample %d", c.Sample), "")
		return nil
	}
	codedSame := false
	coded, err := m.p.x.ReadSample(m.p.x.Table(m.p.track.ID).At(c.Sample), nil)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(coded)
	now.CodedSHA256 = hex.EncodeToString(sum[:])
	switch {
	case c.CodedSHA256 == "":
		m.say("coded", NotCompared, "the card has no SHA-256 of the coded picture", "", now.CodedSHA256)
	case c.CodedSHA256 == now.CodedSHA256:
		codedSame = true
		m.say("coded", Same, "the coded bytes of this picture are the same", c.CodedSHA256, now.CodedSHA256)
	default:
		m.say("coded", Different, "the coded bytes of this picture are others", c.CodedSHA256, now.CodedSHA256)
	}
	pic, err := m.p.Picture(ctx, c.Sample, nil)
	if err != nil {
		if ctx.Err() != nil || decode.Permanent(err) {
			return err
		}
		m.say("picture", Different, "the export gives no picture there: "+err.Error(), c.PixelSHA256, "")
		return nil
	}
	defer pic.Release()
	now.show(pic, m.p.Decoder())
	m.a.Decoder = now.Decoder
	others := c.Decoder != now.Decoder
	m.pixels(c, now, others, codedSame)
	m.png(c, pic, others)
	m.facts(c, now, others)
	return nil
}

// pixels compares the decoded picture with that of the card.
func (m *matching) pixels(c, now *FrameCard, others, codedSame bool) {
	switch {
	case now.PixelSHA256 == "":
		m.say("picture", NotCompared, "the export gives no picture there now: "+reasonOf(now), c.PixelSHA256, "")
	case c.PixelSHA256 == "":
		m.say("picture", NotCompared, "the card has no SHA-256 of the decoded picture", "", now.PixelSHA256)
	case c.PixelFormat != now.PixelFormat:
		m.say("picture", NotCompared, fmt.Sprintf("the decoded pictures are of different forms (%s, now %s)", c.PixelFormat, now.PixelFormat), c.PixelSHA256, now.PixelSHA256)
	case c.PixelSHA256 == now.PixelSHA256:
		m.say("picture", Same, "the picture decodes to the same pixels", c.PixelSHA256, now.PixelSHA256)
	case others && codedSame:
		why := "H.264 and H.265 define every pixel, so versions should not differ"
		if c.Damaged() || now.State != decode.Clean.String() {
			why = "what stands in place of damage is not defined by the codec"
		}
		m.say("picture", NotCompared, fmt.Sprintf("the still was decoded by %s, now it is decoded by %s, which gives other pixels from the same bytes; %s. Compare with the version of the card", verify.Inert(c.Decoder), now.Decoder, why), c.PixelSHA256, now.PixelSHA256)
	default:
		m.say("picture", Different, "the picture of the export is not that of the card", c.PixelSHA256, now.PixelSHA256)
	}
}

// rounding is by how much of 255 the colours of one picture may differ where
// another version or processor turned luma and chroma into red, green and blue.
const rounding = 4

// png compares the pixels in the still's file with its card and with the export.
func (m *matching) png(c *FrameCard, pic *decode.Picture, others bool) {
	img, err := m.s.Image()
	if err != nil {
		m.say("png", Different, err.Error(), "", "")
		return
	}
	sum := pixelSum(img)
	if c.StillSHA256 != "" && c.StillSHA256 != sum {
		m.say("png", Different, "the pixels in the PNG file are not those that were saved", c.StillSHA256, sum)
		return
	}
	if len(c.Adjustments) > 0 {
		m.say("png", NotCompared, "the PNG file shows the picture as it was adjusted ("+verify.Inert(strings.Join(c.Adjustments, ", "))+"); adjustments are not applied again, so it is compared with its card alone", c.StillSHA256, sum)
		return
	}
	if len(pic.RGBA) == 0 {
		m.say("png", NotCompared, "the export gives no picture to compare the PNG file with: "+pic.State.String(), sum, "")
		return
	}
	fresh := opaque(pic)
	found := pixelSum(fresh)
	by, ok := apart(img, fresh)
	switch {
	case !ok:
		m.say("png", Different, fmt.Sprintf("the PNG file has %d x %d pixels, the picture of the export %d x %d", img.Rect.Dx(), img.Rect.Dy(), pic.Width, pic.Height), sum, found)
	case by == 0:
		m.say("png", Same, "the PNG file shows exactly the picture of the export", sum, found)
	case by <= rounding:
		m.say("png", Same, fmt.Sprintf("the PNG file shows the picture of the export; its colours were rounded otherwise, by at most %d of 255", by), sum, found)
	case others && c.Damaged():
		m.say("png", NotCompared, "the picture is damaged, and another version of the decoder fills damage in otherwise", sum, found)
	default:
		m.say("png", Different, fmt.Sprintf("the PNG file does not show the picture of the export; colours differ by up to %d of 255", by), sum, found)
	}
}

// apart is the greatest difference of one colour; false where the sizes differ.
func apart(a, b *image.RGBA) (int, bool) {
	if a.Rect.Dx() != b.Rect.Dx() || a.Rect.Dy() != b.Rect.Dy() {
		return 0, false
	}
	most := 0
	for y := range a.Rect.Dy() {
		p, q := a.Pix[y*a.Stride:][:4*a.Rect.Dx()], b.Pix[y*b.Stride:][:4*b.Rect.Dx()]
		for i := range p {
			if i%4 == 3 {
				continue
			}
			d := int(p[i]) - int(q[i])
			most = max(most, d, -d)
		}
	}
	return most, true
}

// facts compares what the card says with what the export says.
func (m *matching) facts(c, now *FrameCard, others bool) {
	lies := []string{}
	differ := func(name, saved, found string) {
		if saved != found {
			lies = append(lies, name+" is "+orNone(verify.Inert(found))+", by the card "+orNone(verify.Inert(saved)))
		}
	}
	differ("the frame", fmt.Sprint(c.Frame), fmt.Sprint(now.Frame))
	differ("the PTS", fmt.Sprint(c.PTS), fmt.Sprint(now.PTS))
	differ("the byte range", fmt.Sprint(c.Bytes), fmt.Sprint(now.Bytes))
	differ("the size of the picture", fmt.Sprintf("%d x %d", c.Width, c.Height), fmt.Sprintf("%d x %d", now.Width, now.Height))
	differ("the name of the source", c.Source, now.Source)
	if !others {
		differ("the state", reasonOf(c), reasonOf(now))
		differ("the kind", c.Kind, now.Kind)
	}
	sameFile := c.SHA256 == m.r.SHA256
	if sameFile || c.Declared != nil && now.Declared != nil { // a seal that no longer holds states no time
		differ("the declared time", timeOf(c.Declared), timeOf(now.Declared))
	}
	if sameFile { // it was examined when the still was saved: a seal could have corrected the clock
		differ("the size of the file", fmt.Sprint(c.Size), fmt.Sprint(now.Size))
		differ("the corrected time", timeOf(c.Corrected), timeOf(now.Corrected))
		differ("the integrity", c.Integrity, now.Integrity)
		differ("the coverage", c.Coverage, now.Coverage)
		differ("the seals over the picture", fmt.Sprint(c.SealedBy), fmt.Sprint(now.SealedBy))
		differ("camera signing of the picture", cameraOf(c), cameraOf(now))
		if !reconcilable(c.Verdict, now.Verdict) {
			differ("the verdict", c.Verdict, now.Verdict)
		}
	}
	switch text := strings.Join(lies, "; "); {
	case text == "":
		m.say("card", Same, "what the card says is what the export says", "", "")
	case sameFile:
		m.say("card", Different, "the card was changed, for it contradicts the export that it names: "+text, "", "")
	default:
		m.say("card", Different, "the card does not fit this export: "+text, "", "")
	}
}

// reconcilable reports whether two headlines can both be right: signers are not
// judged here, so every headline of seals that hold can.
func reconcilable(saved, now string) bool {
	holds := []string{verify.Intact.String(), verify.IntactIncomplete.String(), verify.IntactUntrusted.String()}
	return saved == now || slices.Contains(holds, saved) && slices.Contains(holds, now)
}

func cameraOf(c *FrameCard) string {
	if c.Camera == nil {
		return ""
	}
	return c.Camera.State
}

func timeOf(u *media.UTC) string {
	if u == nil {
		return ""
	}
	return u.String()
}

func orNone(s string) string {
	if s == "" {
		return "absent"
	}
	return s
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
