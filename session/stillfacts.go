package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"slices"
	"strings"

	"vedette/media"
	"vedette/player/decode"
	"vedette/verify"
)

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
	fresh := opaque(m.p.track, pic)
	found := pixelSum(fresh)
	by, ok := apart(img, fresh)
	switch {
	case !ok:
		m.say("png", Different, fmt.Sprintf("the PNG file has %d x %d pixels, the picture of the export %d x %d", img.Rect.Dx(), img.Rect.Dy(), fresh.Rect.Dx(), fresh.Rect.Dy()), sum, found)
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
