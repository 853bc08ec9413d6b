package civil

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"vedette/media"
)

func labels(ticks []Tick) string {
	var out []string
	for _, t := range ticks {
		s := t.Label
		if t.Major {
			s = "*" + s
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func TestRulersTellTheNightsOfChange(t *testing.T) {
	for _, c := range []struct {
		zone, from, to string
		most           int
		want           string
	}{
		{"UTC", "2026-03-01T23:00:00Z", "2026-03-02T02:00:00Z", 4, "23:00, *2026-03-02, 01:00, 02:00"},
		{"Europe/Paris", "2026-10-24T22:00:00Z", "2026-10-25T03:00:00Z", 6, "*2026-10-25, 01:00, 02:00 1st pass, 02:00 +01:00 2nd pass, 03:00, 04:00"},
		{"Europe/Paris", "2026-03-28T23:00:00Z", "2026-03-29T02:00:00Z", 4, "*2026-03-29, 01:00, 03:00 +02:00, 04:00"},
		{"Europe/Paris", "2026-03-28T23:00:00Z", "2026-03-29T10:00:00Z", 6, "*2026-03-29, 03:00 +02:00, 04:00, 06:00, 08:00, 10:00, 12:00"},
		{"Australia/Lord_Howe", "2026-04-04T13:00:00Z", "2026-04-04T17:30:00Z", 6, "*2026-04-05, 01:00, 01:30 +10:30 2nd pass, 02:00, 03:00, 04:00"},
		{"Australia/Lord_Howe", "2026-10-03T13:30:00Z", "2026-10-03T17:30:00Z", 6, "*2026-10-04, 01:00, 02:30 +11:00, 03:00, 04:00"},
		{"America/Sao_Paulo", "2018-11-04T01:00:00Z", "2018-11-04T04:00:00Z", 4, "22:00, 23:00, *2018-11-04 01:00 -02:00, 02:00"},
		{"America/Sao_Paulo", "2018-11-03T03:00:00Z", "2018-11-05T03:00:00Z", 2, "2018-11-03, 2018-11-04, 2018-11-05"},
		{"Pacific/Apia", "2011-12-28T10:00:00Z", "2012-01-01T10:00:00Z", 4, "2011-12-28, 2011-12-29, 2011-12-31, *2012-01-01, 2012-01-02"},
		{"America/St_Johns", "2007-11-03T02:30:00Z", "2007-11-05T03:30:00Z", 3, "2007-11-03, 2007-11-04 1st pass, 2007-11-04 2nd pass, 2007-11-05"},
		{"Asia/Kathmandu", "2026-03-01T18:00:00Z", "2026-03-01T19:00:00Z", 4, "23:45, *2026-03-02, 00:15, 00:30, 00:45"},
		{"Europe/Paris", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z", 4, "2026-02, 2026-03, 2026-04"},
		{"UTC", "1995-01-01T00:00:00Z", "2010-01-01T00:00:00Z", 4, "1995, *2000, 2005, 2010"},
		{"UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.004Z", 5, "*2026-01-01, 00:00:00.001, 00:00:00.002, 00:00:00.003, 00:00:00.004"},
		{"UTC", "2016-12-31T23:59:58Z", "2017-01-01T00:00:01Z", 4, "23:59:58, 23:59:59, *2017-01-01, 00:00:01"},
	} {
		ticks := Ruler(at(c.from), at(c.to), zone(t, c.zone), c.most)
		if got := labels(ticks); got != c.want {
			t.Errorf("%s from %s: %s, want %s", c.zone, c.from, got, c.want)
		}
	}
}

// A label is true when it is read back to the instant at which its mark stands.
func TestEveryMarkStandsWhereItsLabelSays(t *testing.T) {
	rnd := rand.New(rand.NewPCG(20, 2))
	check := func(from, to media.UTC, loc *time.Location, most int) {
		ticks := Ruler(from, to, loc, most)
		seen := map[string]bool{}
		for i, k := range ticks {
			if k.At < from || k.At > to || i > 0 && k.At <= ticks[i-1].At {
				t.Fatalf("%v is out of order or out of range", k)
			}
			text := k.Label
			switch strings.Count(strings.SplitN(text, " ", 2)[0], "-") {
			case 0:
				if !strings.Contains(text, ":") {
					text += "-01-01"
				}
			case 1:
				text += "-01"
			}
			got, err := ParseTime(text, Context{Shown: k.At, Zone: loc})
			if err != nil || got != k.At {
				t.Fatalf("in %s the mark %q stands at %v, but reads as %v, error %v", loc, k.Label, k.At, got, err)
			}
			full := date(k.At, loc) + k.Label
			if seen[full] {
				t.Fatalf("in %s %q stands twice", loc, k.Label)
			}
			seen[full] = true
		}
		if len(ticks) > most+4 {
			t.Fatalf("%d marks between %v and %v, wanted about %d", len(ticks), from, to, most)
		}
	}
	for _, n := range nights {
		for range 200 {
			span := media.UTC(1) << (14 + rnd.IntN(30))
			from := at(n.changed) - media.UTC(rnd.Int64N(int64(span)))
			check(from, from+span, zone(t, n.zone), 1+rnd.IntN(30))
		}
	}
	for _, name := range []string{"UTC", "Europe/Paris", "Pacific/Apia", "America/St_Johns", "America/Sao_Paulo", "Asia/Kathmandu"} {
		for range 100 {
			from := at("1900-01-01T00:00:00Z") + media.UTC(rnd.Int64N(int64(150*365*day)))
			check(from, min(from+media.UTC(1)<<(14+rnd.IntN(44)), at("2400-01-01T00:00:00Z")), zone(t, name), 1+rnd.IntN(30))
		}
	}
}

// Every full hour that clocks show has its mark, and nothing else but changes.
func TestNoHourOfANightOfChangeIsLeftOut(t *testing.T) {
	for _, n := range nights {
		loc := zone(t, n.zone)
		from := at(n.changed) - 8*3600*second
		to := from + 16*3600*second
		ticks := Ruler(from, to, loc, 18)
		var want []media.UTC
		for u := from; u <= to; u += 60 * second {
			if u.Time().In(loc).Minute() == 0 || u == at(n.changed) {
				want = append(want, u)
			}
		}
		var got []media.UTC
		for _, k := range ticks {
			got = append(got, k.At)
			if k.Change != (k.At == at(n.changed)) {
				t.Errorf("%s: %q is or is no change", n.zone, k.Label)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s %s: %s", n.zone, n.date, labels(ticks))
		}
		a, _ := ParseTime(n.date, Context{Zone: loc})
		b, _ := ParseTime(n.date+" 24:00", Context{Zone: loc})
		if half := int((b - a) / (1800 * second)); half != n.hoursOfTheNight {
			t.Errorf("%s %s has %d half hours", n.zone, n.date, half)
		}
	}
}

func TestRulersKeepToTheLimits(t *testing.T) {
	for _, c := range []struct{ from, to media.UTC }{{minUTC, maxUTC}, {Min, Max}, {Max, Max}, {Min, Min}, {0, -1}, {Max, maxUTC}} {
		for _, name := range []string{"UTC", "Pacific/Auckland", "America/New_York"} {
			for _, most := range []int{-1, 1, 10, 1 << 30} {
				for _, k := range Ruler(c.from, c.to, zone(t, name), most) {
					if k.At < Min || k.At > Max {
						t.Errorf("a mark at %v", k.At)
					}
				}
			}
		}
	}
	if got := labels(Ruler(Min, Max, time.UTC, 10)); got != "*2000, *4000, *6000, *8000" {
		t.Error(got)
	}
}

func BenchmarkRuler(b *testing.B) {
	loc := zone(b, "Europe/Paris")
	from := at("2026-10-25T00:00:00Z")
	for range b.N {
		Ruler(from, from+6*3600*second, loc, 24)
	}
}

func ExampleRuler() {
	loc, _ := Zone("Europe/Paris")
	from := media.FromTime(time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC))
	for _, t := range Ruler(from, from+2*3600*media.Hundred, loc, 3) {
		fmt.Println(t.Label)
	}
	// Output:
	// 02:00 1st pass
	// 02:00 +01:00 2nd pass
	// 03:00
}
