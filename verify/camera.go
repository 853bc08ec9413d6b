package verify

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"vedette/internal/diag"
	"vedette/media"
	"vedette/verify/camera"
)

// CameraReport is the answer about camera signing: signatures of the camera
// inside the video, independent of the seals.
type CameraReport struct {
	Present    bool             `json:"present"`
	State      camera.State     `json:"state"`
	Provenance camera.Ownership `json:"provenance"`
	Documents  camera.Documents `json:"documents"`
	Ranges     []CameraRange    `json:"ranges"`

	Axis   bool          `json:"-"` // Axis Signed Video, the predecessor, is there and was not judged
	Tracks []CameraTrack `json:"-"` // those that hold documents
}

// CameraRange is a run of pictures of one state.
type CameraRange struct {
	Track      uint32              `json:"track"`
	FromSample int                 `json:"fromSample"` // both included
	ToSample   int                 `json:"toSample"`
	From       *media.UTC          `json:"from,omitempty"` // absent without an absolute time
	To         *media.UTC          `json:"to,omitempty"`   // end of the last picture
	State      camera.PictureState `json:"state"`

	Begin, End                  media.Ticks       `json:"-"` // on the presentation time line
	FirstDocument, LastDocument int               `json:"-"` // numbers of those that speak of it, from 1; 0 for none
	Signed                      camera.SignedTime `json:"-"` // from the first document to the last
	Signer                      *Signer           `json:"-"` // whose key signed; nil where no document counts
}

// CameraTrack is the answer about one video track.
type CameraTrack struct {
	camera.TrackReport
	Signer *Signer // whose key signed; nil where none could be used
	Trust  SignerTrust
	Chain  []Signer // leaf to anchor when a path was found
}

// finder looks for the mark of camera signing in what is read of the file
// anyway: where it is nowhere, there is no document to look for. It is for
// reads in order of the file by one goroutine.
type finder struct {
	io.ReaderAt
	mark  []byte
	end   int64 // of the read before
	tail  []byte
	found atomic.Bool
}

// ReadAt implements io.ReaderAt.
func (f *finder) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.ReaderAt.ReadAt(p, off)
	if f.found.Load() {
		return n, err
	}
	got, keep := p[:n], len(f.mark)-1
	if off != f.end {
		f.tail = nil
	}
	border := append(f.tail, got[:min(n, keep)]...)
	if bytes.Contains(border, f.mark) || bytes.Contains(got, f.mark) {
		f.found.Store(true)
	}
	if n >= keep {
		border = append(border[:0], got[n-keep:]...)
	}
	f.tail, f.end = border[max(0, len(border)-keep):], off+int64(n)
	return n, err
}

// examineCamera judges camera signing. All bytes have been read by now.
func (c *checker) examineCamera(ctx context.Context, tell func(done, total int64)) error {
	r := &CameraReport{State: camera.NotSigned, Ranges: []CameraRange{}}
	if !c.mark.found.Load() {
		for _, t := range c.e.Tracks() {
			p, err := camera.Present(c.e, t)
			if err != nil {
				return fmt.Errorf("verify: %w", err)
			}
			r.Axis = r.Axis || p.Axis
		}
		c.r.Camera = r
		return nil
	}
	o := camera.Options{Judge: c.judgeCamera, Progress: tell}
	o.Pause, _ = ctx.Value(paceKey{}).(func())
	got, err := camera.Check(ctx, c.e, o)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	r.Present, r.State, r.Provenance, r.Documents, r.Axis = got.Present, got.State, got.Provenance, got.Documents, got.Axis
	for _, t := range got.Tracks {
		if t.State == camera.NotSigned {
			continue
		}
		one := CameraTrack{TrackReport: t}
		if t.Leaf == nil && len(c.policy.Packs) > 0 { // whose key it is cannot be told
			one.Provenance.State, r.Provenance = camera.OwnerUntrusted, camera.OwnerUntrusted
		}
		if t.Leaf != nil {
			s := signerOf(t.Leaf)
			one.Signer = &s
			if j, ok := c.cameraTrust[string(t.Leaf.Raw)]; ok {
				one.Trust, one.Chain = j.trust, j.chain
			}
		}
		r.Tracks = append(r.Tracks, one)
	}
	c.r.Camera = r
	return nil
}

// cameraTrust is the judgement about one camera's key.
type cameraTrust struct {
	trust SignerTrust
	chain []Signer
}

// judgeCamera says whose key a camera's is, under the packs of the policy. The
// time is that at which the camera says it took the pictures.
func (c *checker) judgeCamera(leaf *x509.Certificate, helpers []*x509.Certificate, at time.Time, claimed bool) camera.Provenance {
	if len(c.policy.Packs) == 0 {
		return camera.Provenance{}
	}
	j := &judging{c: c, leaf: leaf, others: helpers, t: c.timesOfPictures(at, claimed), camera: true}
	said := len(c.extra)
	t, chain := j.ask("camera signing")
	if _, known := c.cameraTrust[string(leaf.Raw)]; known {
		c.extra = c.extra[:said] // a key is asked for more than once, and told once
	}
	if c.cameraTrust == nil {
		c.cameraTrust = map[string]cameraTrust{}
	}
	c.cameraTrust[string(leaf.Raw)] = cameraTrust{t, chain}
	p := camera.Provenance{State: camera.OwnerUntrusted, Reason: t.Reason, Anchor: t.Anchor, JudgedAt: j.t.at, Claimed: j.t.believed}
	if vouched(t.State) {
		p.State = camera.OwnerTrusted
	}
	return p
}

// placeCamera puts what camera signing says of pictures on the clock, once that
// is chosen, and compares the clocks.
func (c *checker) placeCamera() {
	r := c.r.Camera
	if r == nil {
		return
	}
	for i := range r.Tracks {
		t := &r.Tracks[i]
		origin := c.e.Origin(t.Track)
		for _, g := range t.Ranges {
			x := CameraRange{
				Track: t.Track, FromSample: g.FromSample, ToSample: g.ToSample, State: g.State, Begin: g.From, End: g.To,
				FirstDocument: g.FirstDocument, LastDocument: g.LastDocument, Signed: g.Signed,
			}
			if g.State == camera.PictureAuthentic {
				x.Signer = t.Signer
			}
			if origin.Known() {
				from, to := origin.Add(g.From).UTC, origin.Add(g.To).UTC
				x.From, x.To = &from, &to
			}
			r.Ranges = append(r.Ranges, x)
		}
		c.compareClocks(t)
		c.tellCamera(t)
	}
	if r.Axis {
		c.extra = append(c.extra, diag.New("CAMERA-AXIS", diag.Note, "the video holds Axis Signed Video, the predecessor of Media Signing, which this program names but does not verify"))
		c.r.NotChecked = append(c.r.NotChecked, "Axis Signed Video inside the video")
	}
	if r.Present {
		if len(c.policy.Packs) == 0 {
			c.r.NotChecked = append(c.r.NotChecked, "the camera's key: no trust pack was given")
		}
		c.r.NotChecked = append(c.r.NotChecked, "by camera signing: sound, metadata, how long and in which frame pictures are shown; only a seal covers those")
	}
}

// clockTolerance is how far two clocks of one picture may differ unsaid: the
// same as between metadata and its sample.
const clockTolerance = 2 * time.Second

// compareClocks compares the camera's signed clock with that of the export.
func (c *checker) compareClocks(t *CameraTrack) {
	origin := c.e.Origin(t.Track)
	for _, g := range t.Ranges {
		if g.State != camera.PictureAuthentic || !g.Signed.UTC || g.Signed.From.IsZero() {
			continue
		}
		if !origin.Known() {
			return
		}
		stated := origin.Add(g.From).UTC.Time()
		if d := stated.Sub(g.Signed.From); d.Abs() > clockTolerance {
			c.extra = append(c.extra, diag.New("CAMERA-TIME-DIFFERS", diag.Warning,
				"track %d: the export puts its first signed picture at %s, the camera signed %s: %s apart", t.Track,
				media.FromTime(stated), media.FromTime(g.Signed.From), d.Abs().Round(time.Millisecond)))
		}
		return
	}
}

// withCamera is the headline once camera signing is known: it can only make it
// worse, and heads and tails that it cannot cover do not count. A headline that
// would be good waits for it.
func withCamera(v Verdict, integrity FileIntegrity, r *CameraReport) Verdict {
	switch {
	case integrity != FileIntact && integrity != FileIncomplete:
		return v
	case r == nil:
		return CannotCheck
	case r.State == camera.NotAuthentic:
		return Broken
	case v == Intact && slices.Contains([]camera.State{camera.AuthenticMissing, camera.AuthenticPartial, camera.NotVerifiable}, r.State):
		return IntactIncomplete
	case v == Intact && r.State != camera.Authentic && r.State != camera.NotSigned:
		return CannotCheck
	}
	return v
}
