package markers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vedette/media"
)

const second = media.UTC(media.Hundred)

var noon = media.FromTime(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))

func mark(id uint64, source string, from, to media.UTC) Marker {
	return Marker{ID: id, Kind: Note, Name: fmt.Sprint("m", id), Source: source, From: noon + from*second, To: noon + to*second}
}

func ids(list []Marker) string {
	var out []string
	for _, m := range list {
		out = append(out, fmt.Sprint(m.ID))
	}
	return strings.Join(out, " ")
}

func TestMarkersAreChosenInTheOrderOfTheAxis(t *testing.T) {
	list := []Marker{mark(1, "A", 10, 10), mark(2, "B", 5, 8), mark(3, "", 5, 6), mark(4, "A", 0, 30), mark(5, "B", 10, 10)}
	list[0].Kind, list[0].Text = Person, "Red JACKET, turns left"
	behind := Axis(func(source string, u media.UTC) media.UTC { // the clock of B is 7 s fast
		if source == "B" {
			return u - 7*second
		}
		return u
	})
	for _, c := range []struct {
		f    Filter
		axis Axis
		want string
	}{
		{Filter{}, nil, "4 3 2 1 5"},
		{Filter{}, behind, "2 4 5 3 1"},
		{Filter{Source: "A"}, nil, "4 1"},
		{Filter{Kind: Person}, nil, "1"},
		{Filter{Text: "red jacket"}, nil, "1"},
		{Filter{Text: "PERSON"}, nil, "1"},
		{Filter{Text: "green"}, nil, ""},
		{Filter{From: noon + 9*second, To: noon + 11*second}, nil, "4 1 5"},
		{Filter{From: noon + 9*second, To: noon + 11*second}, behind, "4 1"},
		{Filter{From: noon + 10*second, To: noon + 10*second}, nil, "4 3 2 1 5"}, // no stretch: any time
		{Filter{From: noon + 30*second, To: noon + 31*second}, nil, "4"},
		{Filter{From: noon - second, To: noon}, nil, ""},
	} {
		if got := ids(Select(list, c.f, c.axis)); got != c.want {
			t.Errorf("%+v: %s, want %s", c.f, got, c.want)
		}
	}
}

func TestJumpingReachesEveryMarkerOnceInBothDirections(t *testing.T) {
	list := []Marker{mark(1, "A", 10, 10), mark(2, "B", 5, 8), mark(3, "", 5, 6), mark(4, "A", 0, 30), mark(5, "B", 10, 10)}
	Sort(list, nil)
	var seen []Marker
	at, id := noon-second, uint64(0)
	for {
		m, ok := Next(list, nil, at, id)
		if !ok {
			break
		}
		seen = append(seen, m)
		at, id = m.From, m.ID
	}
	if ids(seen) != ids(list) {
		t.Errorf("forwards %s, want %s", ids(seen), ids(list))
	}
	var back []Marker
	for at, id = noon+100*second, 0; ; {
		m, ok := Previous(list, nil, at, id)
		if !ok {
			break
		}
		back = append(back, m)
		at, id = m.From, m.ID
	}
	slices.Reverse(back)
	if ids(back) != ids(list) {
		t.Errorf("backwards %s, want %s", ids(back), ids(list))
	}
	// Whoever has moved away from a marker starts from where he is.
	if m, ok := Next(list, nil, noon+7*second, 4); !ok || m.ID != 1 {
		t.Errorf("%+v, %v", m, ok)
	}
	if m, ok := Previous(list, nil, noon+7*second, 5); !ok || m.ID != 2 {
		t.Errorf("%+v, %v", m, ok)
	}
	if _, ok := Next(nil, nil, noon, 0); ok {
		t.Error("a marker came from nowhere")
	}
}

func TestWhatIsNoMarkerIsRefusedWithTheReason(t *testing.T) {
	for why, change := range map[string]func(*Marker){
		"word in lower case": func(m *Marker) { m.Kind = "A Person" },
		"ends before":        func(m *Marker) { m.To = m.From - 1 },
		"up to 200 bytes":    func(m *Marker) { m.Name = strings.Repeat("x", 201) },
		"not UTF-8":          func(m *Marker) { m.Text = "\xff" },
		"years 1 to 9999":    func(m *Marker) { m.To = 1 << 62 },
		"is none":            func(m *Marker) { m.First = Picture{1, -1} },
		"no source":          func(m *Marker) { m.Source, m.First = "", Picture{1, 0} },
	} {
		m := mark(1, "A", 0, 1)
		change(&m)
		if err := m.Check(); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", why, err)
		}
	}
}
