package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"vedette/internal/fixture"
	"vedette/internal/town"
)

// recipe is one file of the set.
type recipe struct {
	name  string
	about string
	shoot func(o options) fixture.Shoot
	make  func(x *fixture.Export, w *fixture.World)
	edit  bool                                                                                  // with an edit list that puts the first picture at 0
	harm  bool                                                                                  // one byte of the pictures is changed after sealing
	film  func(video *fixture.Coded, w *fixture.World, begin time.Time) (*fixture.Coded, error) // what the camera and those after it did to the video
}

var exported = time.Date(2026, 3, 2, 9, 14, 22, 0, time.UTC)

// clockError is how far the clock of one recorder is wrong.
const clockError = -192 * time.Second

func recipes() []recipe {
	h264 := func(gop, b int) fixture.Film {
		return fixture.Film{Codec: "libx264", GOP: gop, BFrames: b, Quality: 24}
	}
	h265 := fixture.Film{Codec: "libx265", GOP: 25, BFrames: 3, Quality: 26}
	shoot := func(cam string, from float64, film fixture.Film, audio string) func(o options) fixture.Shoot {
		return func(o options) fixture.Shoot {
			return fixture.Shoot{
				Seed: o.seed, Camera: camera(cam), W: o.width, H: o.height(), From: int(from * town.Rate), Count: o.seconds * town.Rate,
				Film: film, Audio: audio, Every: 2,
			}
		}
	}
	west := shoot("C-101", 4, h264(50, 2), "aac")
	one := func(pick func(*fixture.World) *fixture.Signer) func(x *fixture.Export, w *fixture.World) {
		return func(x *fixture.Export, w *fixture.World) {
			x.Index = true
			x.Seals = []fixture.SealBy{{Signer: pick(w), Starts: x.Starts}}
		}
	}
	sound := one(func(w *fixture.World) *fixture.Signer { return w.Exporter })
	return []recipe{
		{name: "street-west", about: "intact; one seal, H.264 with B-frames, AAC sound, index covered", shoot: west, make: sound},
		{name: "street-east", about: "intact; two seals, H.265, G.711 A-law sound; the camera is covered for a moment", shoot: shoot("C-102", 4, h265, "alaw"),
			make: func(x *fixture.Export, w *fixture.World) {
				sound(x, w)
				x.Seals = append(x.Seals, fixture.SealBy{Signer: w.Court, Note: "Received at the evidence desk, ref. 2026-0147"})
			}},
		{name: "square", about: "intact; a moving camera (PTZ), a sync picture every 250 only", shoot: shoot("C-103", 4, h264(250, 2), ""), make: sound},
		{name: "shop", about: "intact; not fragmented, edit list, G.722 sound, loitering; the camera signed its pictures as well (ONVIF Media Signing)", film: signed("S-001", nil), shoot: shoot("S-001", 26, h264(25, 2), "g722"),
			make: func(x *fixture.Export, w *fixture.World) { sound(x, w); x.Plain, x.Index = true, false }, edit: true},
		{name: "platform-north", about: "intact; 5 s were not recorded in the middle", shoot: func(o options) fixture.Shoot {
			s := shoot("L1-N", 52, h264(25, 2), "")(o)
			s.Skip = fixture.Gap{Before: s.Count / 50 * 25, Seconds: 5}
			return s
		}, make: func(x *fixture.Export, w *fixture.World) { sound(x, w) }},
		{name: "platform-south-1", about: "intact; first of a chain of two files", shoot: shoot("L1-S", 52, h264(50, 2), ""), make: sound},
		{name: "platform-south-2", about: "intact; second of the chain, after a gap of 3 s", shoot: func(o options) fixture.Shoot {
			return shoot("L1-S", 55+float64(o.seconds), h264(50, 2), "")(o)
		}, make: sound},
		{name: "broken", about: "broken; street-west with one byte of a picture changed after sealing", shoot: west, make: sound, harm: true},
		{name: "unsigned", about: "no seal", shoot: west, make: func(x *fixture.Export, _ *fixture.World) { x.Seals = nil }},
		{name: "unknown-signer", about: "seal intact, signer not trusted: the same name, but another key", shoot: west, make: one(func(w *fixture.World) *fixture.Signer { return w.Mallory })},
		{name: "expired-signer", about: "seal intact, signer not trusted: the certificate had expired when the export was made", shoot: west, make: one(func(w *fixture.World) *fixture.Signer { return w.Expired })},
		{name: "revoked-signer", about: "seal intact, signer not trusted: its certificate is on the revocation list of the pack", shoot: west, make: one(func(w *fixture.World) *fixture.Signer { return w.Revoked })},
		{name: "index-later", about: "intact but for the index, which was added after sealing", shoot: west,
			make: func(x *fixture.Export, w *fixture.World) { sound(x, w); x.Index, x.LateMfra = false, true }},
		{name: "clock-error", about: "intact; the recorder's clock was 3 min 12 s behind, and a second seal corrects it", shoot: func(o options) fixture.Shoot {
			s := shoot("C-102", 4, h264(50, 2), "")(o)
			s.Skew = clockError
			return s
		}, make: func(x *fixture.Export, w *fixture.World) {
			right := map[uint32]time.Time{}
			for id, t := range x.Starts {
				right[id], x.Starts[id] = t, t.Add(clockError)
			}
			sound(x, w)
			x.Seals = append(x.Seals, fixture.SealBy{Signer: w.Court, Note: "Clock compared with a reference clock: 192 s behind", Starts: right})
		}},
		{name: "camera-missing", about: "intact, not everything covered: three pictures that the camera signed are absent", shoot: west, make: sound, film: signed("C-101", without(3))},
		{name: "camera-altered", about: "broken; the seal fits, but a picture is not as the camera signed it", shoot: west, make: sound, film: signed("C-101", altered)},
	}
}

func camera(id string) town.Camera {
	for _, c := range town.Cameras() {
		if c.ID == id {
			return c
		}
	}
	panic("no camera " + id)
}

// reel is a recording that several files of the set share.
type reel struct {
	once               sync.Once
	video, meta, audio *fixture.Coded
	err                error
}

// writeSet makes the whole set; false means that it was there already.
func writeSet(ctx context.Context, o options, say func(string, ...any)) (bool, error) {
	if o.present() {
		return false, nil
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil { //nolint:gosec // sample data for everybody
		return false, err
	}
	world, err := fixture.NewWorld(town.Start)
	if err != nil {
		return false, err
	}
	list := recipes()
	if o.size > 0 {
		o.only = list[0].name
	}
	m := &maker{o: o, world: world, say: say, reels: map[string]*reel{}}
	if err := m.all(ctx, list); err != nil {
		return false, err
	}
	if err := m.around(list); err != nil {
		return false, err
	}
	return true, os.WriteFile(filepath.Join(o.out, stampFile), []byte(o.key()), 0o644) //nolint:gosec // sample data for everybody
}

type maker struct {
	o     options
	world *fixture.World
	say   func(string, ...any)
	mu    sync.Mutex
	reels map[string]*reel
}

// all makes the files, two at a time: drawing takes one core, encoding another.
func (m *maker) all(ctx context.Context, list []recipe) error {
	var wanted []recipe
	for _, r := range list {
		if m.o.only == "" || m.o.only == r.name {
			wanted = append(wanted, r)
		}
	}
	if len(wanted) == 0 {
		return fmt.Errorf("there is no export %q in the set", m.o.only)
	}
	queue := make(chan recipe)
	errs := make([]error, 2)
	var wg sync.WaitGroup
	done := 0
	for i := range errs {
		wg.Go(func() {
			for r := range queue {
				if errs[i] != nil || ctx.Err() != nil {
					continue
				}
				if errs[i] = m.one(r); errs[i] == nil {
					m.mu.Lock()
					done++
					m.say("%2d of %d  %-18s %s", done, len(wanted), r.name, r.about)
					m.mu.Unlock()
				}
			}
		})
	}
	for _, r := range wanted {
		queue <- r
	}
	close(queue)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (m *maker) reel(s fixture.Shoot) *reel {
	key := fmt.Sprintf("%s %d %d %+v %s %s %+v", s.Camera.ID, s.From, s.Count, s.Film, s.Audio, s.Skew, s.Skip)
	m.mu.Lock()
	r := m.reels[key]
	if r == nil {
		r = &reel{}
		m.reels[key] = r
	}
	m.mu.Unlock()
	r.once.Do(func() { r.video, r.meta, r.audio, r.err = s.Record() })
	return r
}

func (m *maker) one(r recipe) error {
	s := r.shoot(m.o)
	if m.o.size > 0 {
		s.Film.Quality = 8 // about as many bits as a real camera spends
	}
	film := m.reel(s)
	var err error
	if film.err != nil {
		return fmt.Errorf("%s: %w", r.name, film.err)
	}
	lat, lon, alt := s.Camera.Geo()
	start := fixture.Time(s.From)
	x := &fixture.Export{
		Side: fixture.Side{
			UnitName: "Sandhaven VMS (demonstration)", UnitURL: "https://vms.sandhaven.example", UnitMAC: "02-00-5E-00-53-01",
			Operator: "Operator 7", Time: exported, Sources: sources(s.Camera, film.audio != nil),
		},
		Place: town.Name + ", " + s.Camera.Name, Lat: lat, Lon: lon, Alt: alt,
		W: s.W, H: s.H, Video: film.video, Meta: film.meta, Audio: film.audio, Gap: s.Skip, Size: m.o.size,
		Starts: map[uint32]time.Time{fixture.VideoTrack: start, fixture.MetaTrack: start},
	}
	if film.audio != nil {
		x.Starts[fixture.AudioTrack] = start
	}
	if m.o.size > 0 {
		x.Side.Operator += ". Pictures repeat to reach the size asked for"
	}
	if !r.edit {
		// Pictures are shown some places after they are stored; the time line begins that much earlier.
		early := time.Duration(film.video.Samples[0].Offset) * time.Second / time.Duration(film.video.Scale)
		x.Starts[fixture.VideoTrack] = start.Add(-early)
	}
	if r.film != nil {
		if x.Video, err = r.film(film.video, m.world, start); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	x.Edit = r.edit
	r.make(x, m.world)
	path := filepath.Join(m.o.out, r.name+".mp4")
	if err := write(path, x); err != nil {
		return fmt.Errorf("%s: %w", r.name, err)
	}
	if r.harm {
		return harm(path)
	}
	return nil
}

func sources(c town.Camera, sound bool) []fixture.Source {
	mac := fmt.Sprintf("02-00-5E-00-53-%02X", 16+len(c.Name))
	out := []fixture.Source{
		{Track: fixture.VideoTrack, Name: c.Name, URL: "rtsps://vms.sandhaven.example/" + c.ID, MAC: mac, Line: "video1"},
		{Track: fixture.MetaTrack, Name: c.Name + " analytics", URL: "rtsps://vms.sandhaven.example/" + c.ID, MAC: mac, Line: "analytics1"},
	}
	if sound {
		out = append(out, fixture.Source{Track: fixture.AudioTrack, Name: c.Name + " microphone", URL: "rtsps://vms.sandhaven.example/" + c.ID, MAC: mac, Line: "audio1"})
	}
	return out
}

func write(path string, x *fixture.Export) (err error) {
	f, err := os.Create(path) //nolint:gosec // the user names the folder
	if err != nil {
		return err
	}
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	return x.Write(f)
}

// harm changes one byte in the middle of the file, which is picture data.
func harm(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0) //nolint:gosec // the file just made
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	var b [1]byte
	at := st.Size() / 2
	if _, err := f.ReadAt(b[:], at); err != nil {
		return err
	}
	b[0] ^= 0x10
	_, err = f.WriteAt(b[:], at)
	return err
}
