package civil

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"vedette/media"
)

func at(s string) media.UTC {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return media.FromTime(t)
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestTimesArePrintedWithOffsetZoneAndPass(t *testing.T) {
	for _, c := range []struct{ zone, utc, want string }{
		{"UTC", "2026-10-25T00:30:00.12Z", "2026-10-25 00:30:00.120 UTC"},
		{"Europe/Paris", "2026-03-01T12:00:07.44Z", "2026-03-01 13:00:07.440 +01:00 (Europe/Paris)"},
		{"Europe/Paris", "2026-10-25T00:30:00.12Z", "2026-10-25 02:30:00.120 +02:00 (Europe/Paris, 1st pass)"},
		{"Europe/Paris", "2026-10-25T01:30:00.12Z", "2026-10-25 02:30:00.120 +01:00 (Europe/Paris, 2nd pass)"},
		{"Europe/Paris", "2026-03-29T00:59:59.9999999Z", "2026-03-29 01:59:59.9999999 +01:00 (Europe/Paris)"},
		{"Europe/Paris", "2026-03-29T01:00:00Z", "2026-03-29 03:00:00.000 +02:00 (Europe/Paris)"},
		{"Europe/London", "2026-01-01T00:00:00Z", "2026-01-01 00:00:00.000 +00:00 (Europe/London)"},
		{"Asia/Kolkata", "2025-12-31T18:30:00Z", "2026-01-01 00:00:00.000 +05:30 (Asia/Kolkata)"},
		{"Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-05 01:45:00.000 +11:00 (Australia/Lord_Howe, 1st pass)"},
		{"Australia/Lord_Howe", "2026-04-04T15:15:00Z", "2026-04-05 01:45:00.000 +10:30 (Australia/Lord_Howe, 2nd pass)"},
		{"Australia/Lord_Howe", "2026-04-04T15:30:00Z", "2026-04-05 02:00:00.000 +10:30 (Australia/Lord_Howe)"},
		{"Europe/Paris", "1890-01-01T00:00:00Z", "1890-01-01 00:09:21.000 +00:09:21 (Europe/Paris)"},
		{"UTC", "2016-12-31T23:59:59.9999999Z", "2016-12-31 23:59:59.9999999 UTC"},
		{"UTC", "0001-01-01T00:00:00Z", "0001-01-01 00:00:00.000 UTC"},
		{"America/New_York", "0001-01-01T00:00:00Z", "0000-12-31 19:03:58.000 -04:56:02 (America/New_York)"},
		{"Pacific/Auckland", "9999-12-31T23:59:59.9999999Z", "10000-01-01 12:59:59.9999999 +13:00 (Pacific/Auckland)"},
	} {
		loc := zone(t, c.zone)
		if got := Exact(at(c.utc), loc); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.utc, c.zone, got, c.want)
		}
		if back, err := ParseTime(c.want, Context{}); err != nil || back != at(c.utc) {
			t.Errorf("%q was read as %v, error %v", c.want, back, err)
		}
	}
	if got := Print(at("2016-12-31T23:59:59.9999999Z"), time.UTC); got != "2016-12-31 23:59:59.999 UTC" {
		t.Errorf("a time was rounded up into the next year: %q", got)
	}
}

// nights are both nights on which clocks are changed, in five zones.
var nights = []struct {
	zone, date      string
	skipped         string // a time that is not shown, or ""
	before, after   string // the nearest there are
	repeated        string // a time that is shown twice, or ""
	first, second   string
	changed         string // the instant of the change
	hoursOfTheNight int    // local day in half hours
}{
	{"Europe/Paris", "2026-03-29", "02:30", "2026-03-29T00:59:59.9999999Z", "2026-03-29T01:00:00Z", "", "", "", "2026-03-29T01:00:00Z", 46},
	{"Europe/Paris", "2026-10-25", "", "", "", "02:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z", 50},
	{"America/New_York", "2026-03-08", "02:59:59.999", "2026-03-08T06:59:59.9999999Z", "2026-03-08T07:00:00Z", "", "", "", "2026-03-08T07:00:00Z", 46},
	{"America/New_York", "2026-11-01", "", "", "", "01:00", "2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z", "2026-11-01T06:00:00Z", 50},
	{"Australia/Lord_Howe", "2026-10-04", "02:00", "2026-10-03T15:29:59.9999999Z", "2026-10-03T15:30:00Z", "", "", "", "2026-10-03T15:30:00Z", 47},
	{"Australia/Lord_Howe", "2026-04-05", "", "", "", "01:59:59", "2026-04-04T14:59:59Z", "2026-04-04T15:29:59Z", "2026-04-04T15:00:00Z", 49},
	{"Australia/Adelaide", "2026-10-04", "02:15", "2026-10-03T16:29:59.9999999Z", "2026-10-03T16:30:00Z", "", "", "", "2026-10-03T16:30:00Z", 46},
	{"Australia/Adelaide", "2026-04-05", "", "", "", "02:15", "2026-04-04T15:45:00Z", "2026-04-04T16:45:00Z", "2026-04-04T16:30:00Z", 50},
	{"America/St_Johns", "2026-03-08", "02:01", "2026-03-08T05:29:59.9999999Z", "2026-03-08T05:30:00Z", "", "", "", "2026-03-08T05:30:00Z", 46},
	{"America/St_Johns", "2026-11-01", "", "", "", "01:01", "2026-11-01T03:31:00Z", "2026-11-01T04:31:00Z", "2026-11-01T04:30:00Z", 50},
}

func TestTimesThatWereSkippedAreRefusedAndRepeatedOnesAskForThePass(t *testing.T) {
	for _, n := range nights {
		loc := zone(t, n.zone)
		// By date and name, and by time of day on the date shown in the zone of the context.
		for _, form := range []struct {
			before, after string
			c             Context
		}{
			{n.date + " ", " " + n.zone, Context{}},
			{"", "", Context{Shown: at(n.changed) + 6*3600*second, Zone: loc}},
		} {
			if n.skipped != "" {
				_, err := ParseTime(form.before+n.skipped+form.after, form.c)
				var s *Skipped
				if !errors.As(err, &s) || s.Before != at(n.before) || s.After != at(n.after) || !strings.Contains(err.Error(), Exact(s.After, loc)) {
					t.Errorf("%s %s in %s: %v", n.date, n.skipped, n.zone, err)
				}
				continue
			}
			_, err := ParseTime(form.before+n.repeated+form.after, form.c)
			var r *Repeated
			if !errors.As(err, &r) || len(r.Passes) != 2 || r.Passes[0] != at(n.first) || r.Passes[1] != at(n.second) {
				t.Errorf("%s %s in %s: %v", n.date, n.repeated, n.zone, err)
			}
			for pass, want := range map[string]string{" 1st pass": n.first, " 2nd pass": n.second} {
				if got, err := ParseTime(form.before+n.repeated+form.after+pass, form.c); err != nil || got != at(want) {
					t.Errorf("%s %s%s in %s: %v, error %v", n.date, n.repeated, pass, n.zone, got, err)
				}
			}
		}
	}
}

func TestWhatIsPrintedIsReadBack(t *testing.T) {
	rnd := rand.New(rand.NewPCG(20, 1))
	zones := []string{"UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca", "Asia/Manila", here}
	check := func(u media.UTC, name string) {
		loc := zone(t, name)
		text := Exact(u, loc)
		if got, err := ParseTime(text, Context{}); err != nil || got != u {
			t.Fatalf("%q was read as %v, error %v, want %v", text, got, err, u)
		}
		if got, err := Parse(text, Context{}); err != nil || got != (Goal{Kind: ToTime, At: u}) {
			t.Fatalf("%q as a goal: %+v, error %v", text, got, err)
		}
	}
	for range 3000 {
		name := zones[rnd.IntN(len(zones))]
		check(Min+media.UTC(rnd.Int64N(int64(Max-Min)+1)), name)
		check(at("1960-01-01T00:00:00Z")+media.UTC(rnd.Int64N(int64(80*365*day))), name)
	}
	for _, n := range nights { // about each change
		for range 300 {
			check(at(n.changed)+media.UTC(rnd.Int64N(int64(3*3600*second)))-3*3600*second/2, n.zone)
		}
	}
}

func TestWhatIsTypedIsRead(t *testing.T) {
	c := Context{Shown: at("2026-03-01T23:30:00Z")}
	paris := Context{Shown: c.Shown, Zone: zone(t, "Europe/Paris")}
	for _, x := range []struct {
		in   string
		c    Context
		want string
	}{
		{"12:00:07.44", c, "2026-03-01T12:00:07.44Z"},
		{"12:00:07,44", c, "2026-03-01T12:00:07.44Z"},
		{" 9:05 ", c, "2026-03-01T09:05:00Z"},
		{"9:05", paris, "2026-03-02T08:05:00Z"}, // there it is Monday already
		{"9:05 UTC", paris, "2026-03-01T09:05:00Z"},
		{"13:00 Europe/Paris", c, "2026-03-02T12:00:00Z"},
		{"00:30:00+01:00", c, "2026-03-01T23:30:00Z"},
		{"00:30:00 +0100", c, "2026-03-01T23:30:00Z"},
		{"00:30 +01", c, "2026-03-01T23:30:00Z"},
		{"2026-03-01T12:00:07Z", c, "2026-03-01T12:00:07Z"},
		{"2026-03-01 13:00:07 +01:00", c, "2026-03-01T12:00:07Z"},
		{"2026-03-01 13:00:07 +01:00 (Europe/Paris)", c, "2026-03-01T12:00:07Z"},
		{"2026-03-01 06:30:07 −05:30", c, "2026-03-01T12:00:07Z"},
		{"2026-03-01 24:00", c, "2026-03-02T00:00:00Z"},
		{"2026-12-31 24:00:00.000 Europe/Paris", c, "2026-12-31T23:00:00Z"},
		{"2026-03-01", c, "2026-03-01T00:00:00Z"},
		{"2026-03-01 Europe/Paris", c, "2026-02-28T23:00:00Z"},
		{"2018-11-04 America/Sao_Paulo", c, "2018-11-04T03:00:00Z"},                  // a day without midnight begins at 01:00
		{"2007-11-04 00:00:30 America/St_Johns 2nd pass", c, "2007-11-04T03:30:30Z"}, // clocks went back from 00:01 to 23:01
		{"2016-12-31 23:59:59.9999999", c, "2016-12-31T23:59:59.9999999Z"},
		{"2017-01-01 00:00", c, "2017-01-01T00:00:00Z"},
		{"0001-01-01 00:00", c, "0001-01-01T00:00:00Z"},
		{"9999-12-31 23:59:59.9999999", c, "9999-12-31T23:59:59.9999999Z"},
		{"02:30 +02:00 1st pass", Context{Shown: at("2026-10-25T12:00:00Z"), Zone: paris.Zone}, "2026-10-25T00:30:00Z"},
	} {
		if got, err := ParseTime(x.in, x.c); err != nil || got != at(x.want) {
			t.Errorf("%q: %v, error %v, want %s", x.in, got, err, x.want)
		}
	}
}

func TestWhatIsNoTimeIsRefusedWithTheReason(t *testing.T) {
	c := Context{Shown: at("2026-03-01T23:30:00Z")}
	for in, why := range map[string]string{
		"":                                       "is no time",
		"noon":                                   "is no time",
		"25:00":                                  "from 00:00 to 24:00",
		"24:01":                                  "from 00:00 to 24:00",
		"12:60":                                  "minute 59",
		"12:00:61":                               "second 59",
		"2016-12-31 23:59:60":                    "leap second",
		"2026-02-29":                             "no day 2026-02-29",
		"2026-13-01 00:00":                       "no day",
		"12:00:07 Paris":                         `no time zone "Paris"`,
		"12:00 ../../etc/passwd":                 "no time zone",
		"12:00 +25:00":                           "no offset",
		"12:00 +01:60":                           "no offset",
		"2026-07-01 12:00 +01:00 Europe/Paris":   "at that instant its offset is +02:00",
		"2026-03-29 02:30 +02:00 Europe/Paris":   "does not show this time",
		"2026-07-01 12:00 Europe/Paris 2nd pass": "occurs once",
		"2026-10-25 02:30 +02:00 (Europe/Paris, 2nd pass)":        "it is the 1st pass",
		"2026-10-25 02:30 (Europe/Paris":                          "not closed",
		"2011-12-30 12:00 Pacific/Apia":                           "2011-12-31 00:00:00.000 +14:00",
		"2011-12-30 Pacific/Apia":                                 "2011-12-29 23:59:59.9999999 -10:00",
		"2018-11-04 00:00 America/Sao_Paulo":                      "2018-11-04 01:00:00.000 -02:00",
		"9999-12-31 23:00 -05:00":                                 "0001 to 9999",
		"0001-01-01 00:00 +05:00":                                 "0001 to 9999",
		"12345-01-01":                                             "0001 to 9999",
		"2026-03-01 12:00 " + strings.Repeat("Europe/Paris ", 20): "at most 200",
	} {
		if got, err := ParseTime(in, c); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, error %v, want %q", in, got, err, why)
		}
	}
}

func TestGoalsAreReadAndPrinted(t *testing.T) {
	c := Context{Shown: at("2026-03-01T23:30:00Z")}
	for in, want := range map[string]Goal{
		"12:00":           {Kind: ToTime, At: at("2026-03-01T12:00:00Z")},
		"#123":            {Kind: ToFrame, Frame: 123},
		"+1:30":           {Kind: ByTime, By: media.T100(90 * media.Hundred)},
		"-1:02:03.5":      {Kind: ByTime, By: media.T100(-37_235 * media.Hundred / 10)},
		"-10 s":           {Kind: ByTime, By: media.T100(-10 * media.Hundred)},
		"- 10s":           {Kind: ByTime, By: media.T100(-10 * media.Hundred)},
		"+1.5":            {Kind: ByTime, By: media.T100(3 * media.Hundred / 2)},
		"-90":             {Kind: ByTime, By: media.T100(-90 * media.Hundred)},
		"+.04":            {Kind: ByTime, By: media.T100(400_000)},
		"+250 ms":         {Kind: ByTime, By: media.T100(media.Hundred / 4)},
		"+1 h 5 min":      {Kind: ByTime, By: media.T100(3900 * media.Hundred)},
		"+2m30":           {Kind: ByTime, By: media.T100(150 * media.Hundred)},
		"−2 days":         {Kind: ByTime, By: media.T100(-2 * 86_400 * media.Hundred)},
		"+5 frames":       {Kind: ByFrames, Frame: 5},
		"-1 frame":        {Kind: ByFrames, Frame: -1},
		"+0.0000001 s":    {Kind: ByTime, By: media.T100(1)},
		"-0.0000001 s":    {Kind: ByTime, By: media.T100(-1)},
		"+999999:59:59.5": {Kind: ByTime, By: media.T100(3_599_999_999*media.Hundred + media.Hundred*6/10 - media.Hundred/10)},
	} {
		got, err := Parse(in, c)
		if err != nil || got != want {
			t.Errorf("%q: %+v, error %v, want %+v", in, got, err, want)
			continue
		}
		if back, err := Parse(got.String(), Context{}); err != nil || back != got {
			t.Errorf("%q printed %q, which was read as %+v, error %v", in, got, back, err)
		}
	}
	for _, in := range []string{"+", "-", "+ ", "#", "#0", "#-3", "#x", "+1:60", "+1:99:00", "+5 furlongs", "+-5 s", "- -5 frames", "+1.5 frames", "++", "+999999999 d", "+999999999 d 999999999 d"} {
		if got, err := Parse(in, c); err == nil {
			t.Errorf("%q was read as %+v", in, got)
		}
	}
}

func TestTheZoneOfThisComputerIsCalledSo(t *testing.T) {
	was := time.Local
	defer func() { time.Local = was }()
	time.Local = zone(t, "Europe/Paris")
	for utc, want := range map[string]string{
		"2026-03-01T12:00:07.44Z": "13:00:07.440 +01:00 (CET, this computer)",
		"2026-10-25T00:30:00Z":    "02:30:00.000 +02:00 (CEST, this computer, 1st pass)",
	} {
		if got := Clock(at(utc), time.Local); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if got, err := ParseTime(want, Context{Shown: at(utc)}); err != nil || got != at(utc) {
			t.Errorf("%q was read as %v, error %v", want, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"12:00", "2026-10-25 02:30 Europe/Paris", "2026-10-25 02:30:00.120 +02:00 (Europe/Paris, 1st pass)", "+1:30", "-10 s", "+5 frames", "#123", "2018-11-04 America/Sao_Paulo", "0000-12-31 19:03:58.000 -04:56:02 (America/New_York)"} {
		f.Add(s)
	}
	c := Context{Shown: at("2026-03-01T23:30:00Z")}
	f.Fuzz(func(t *testing.T, s string) {
		g, err := Parse(s, c)
		if err != nil {
			return
		}
		if back, err := Parse(g.String(), Context{}); err != nil || back != g {
			t.Errorf("%q is %q, which was read as %+v, error %v", s, g, back, err)
		}
	})
}
