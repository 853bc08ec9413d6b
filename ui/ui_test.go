package ui

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"vedette/player"
	"vedette/player/decode"
	"vedette/session"
	"vedette/trust"
	"vedette/verify"
)

func TestWhyNothingIsHeardIsSaidOnce(t *testing.T) {
	for want, x := range map[string]player.SoundStatus{
		"no sound":                   {State: player.SoundNone},
		"no sound output: no device": {State: player.SoundNoOutput, Reason: "no sound output: no device"},
		"silent at this speed":       {State: player.SoundOffSpeed},
		"":                           {State: player.SoundOn},
	} {
		if got := soundText(x); got != want {
			t.Errorf("%v: %q, want %q", x, got, want)
		}
	}
}

// noPacks is a computer without trust packs.
type noPacks struct{}

var errNoPack = errors.New("no pack")

func (noPacks) Pools() []verify.Pack                        { return nil }
func (noPacks) Named() []string                             { return nil }
func (noPacks) List() ([]trust.Entry, []*trust.Pack, error) { return nil, nil, nil }
func (noPacks) Preview(string) (*trust.Preview, error)      { return nil, errNoPack }
func (noPacks) Install(*trust.Preview, []string) error      { return errNoPack }
func (noPacks) Remove(string) error                         { return errNoPack }

// window returns a window without a decoder, and what its trace said.
func window(t *testing.T) (*Window, *queueDriver) {
	t.Helper()
	a := newApp(t)
	set := session.NewSet(decode.NewChildren("/nonexistent/vedette-decoder"), session.Options{Now: time.Now, Policy: func() verify.Policy { return verify.Policy{Now: time.Now()} }})
	t.Cleanup(func() { _ = set.Close() })
	w := New(Deps{
		App: a, Set: set, Version: "test", Now: time.Now, Trust: noPacks{}, Sample: func() []string { return nil },
		Trace: func(string, ...any) {},
	})
	t.Cleanup(w.probe.stop)
	return w, a.driver
}

func TestFoldersGiveTheirExportsAndCatalogues(t *testing.T) {
	dir := t.TempDir()
	if _, err := exportsIn(dir); err == nil {
		t.Error("an empty folder holds something")
	}
	for _, n := range []string{"b.mp4", "a.MP4", "town.csv", "note.txt"} {
		if err := os.WriteFile(filepath.Join(dir, n), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := exportsIn(dir)
	if err != nil || len(got) != 3 {
		t.Errorf("%v, error %v", got, err)
	}
}

func TestACatalogueStandsOnTheMap(t *testing.T) {
	w, _ := window(t)
	path := filepath.Join(t.TempDir(), "town.csv")
	text := "Partner;Map;File;Type;ID_Camera;Name;Link;GPS_Pos;HV_Pos;Angle;Icon\nCity;Out;;Camera;C-1;Gate;;POINT(54.5,3.5);;90;\nCity;Out;;Place;;Hall;Level 1;POINT(54.6,3.6);;;\nCity;Out;;Camera;C-2;Hidden;;;POINT(1,2);;\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := session.OpenCatalogue(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	w.catalogues = append(w.catalogues, c)
	w.refreshAll()
	if n := len(w.maps.big.Markers()); n != 2 {
		t.Errorf("%d markers, want the camera and the place", n)
	}
	m := w.maps.model()
	if len(m.Partners) != 1 || m.Partners[0].Cameras != 1 || m.Partners[0].Elsewhere != 1 {
		t.Errorf("partners %+v", m.Partners)
	}
	w.maps.big.Select(w.maps.big.Markers()[0].ID)
	rows := w.maps.rows()
	if rows[0][1] != "Gate" {
		t.Errorf("rows %v", rows)
	}
	w.maps.off["City"] = true
	w.refreshAll()
	if n := len(w.maps.big.Markers()); n != 0 {
		t.Errorf("%d markers of a partner that is switched off", n)
	}
}

func TestTheWindowShowsEveryScreenWithoutSources(t *testing.T) {
	w, driver := window(t)
	for range 2 {
		w.maps.toggle()
		for tab := range w.side.tabs {
			w.side.choose(tab)
		}
		w.otherTheme()
		driver.turn()
	}
	if RememberedTheme(w.d.App) == "" {
		t.Error("the theme was forgotten")
	}
}

func TestRecentFilesAreThoseThatAreStillThere(t *testing.T) {
	w, _ := window(t)
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.mp4"), filepath.Join(dir, "b.mp4")
	for _, p := range []string{a, b} {
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.remember(a)
	w.remember(b, filepath.Join(dir, "gone.mp4"))
	w.remember(a)
	if got := w.recent(); len(got) != 2 || got[0] != a || got[1] != b {
		t.Errorf("recent files %v", got)
	}
}
