package clock

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"vedette/media"
)

func TestOffsetsAreReadAsTheyAreTyped(t *testing.T) {
	for in, want := range map[string]Model{
		"+4:12 fast +-5 s":     {Offset: 252 * Second, Within: 5 * Second},
		"-0:07":                {Offset: -7 * Second},
		"4 min 12 s slow":      {Offset: -252 * Second},
		"252 s fast ± 2 s":     {Offset: 252 * Second, Within: 2 * Second},
		"252s ahead +/- 0,5 s": {Offset: 252 * Second, Within: Second / 2},
		"+1:00:00.25":          {Offset: 3600*Second + Second/4},
		"−0:07 slow ± 100 ms":  {Offset: -7 * Second, Within: Second / 10},
		"0:00 ± 1 s":           {Within: Second},
		"right ± 0.0000001 s":  {Within: 1},
		"right":                {},
		"  2 h  behind  ":      {Offset: -7200 * Second},
		"+56 days 3 h":         {Offset: (56*86_400 + 3*3600) * Second},
	} {
		got, err := ParseModel(in)
		if err != nil || got != want {
			t.Errorf("%q: %v, error %v, want %v", in, got, err, want)
		}
	}
	for in, why := range map[string]string{
		"":                          "no length of time",
		"4:12":                      "fast or slow",
		"252":                       "no length of time",
		"-4:12 fast":                "opposite",
		"+4:12 slow":                "opposite",
		"4:12 fast slow":            "no length of time",
		"+4:12 fast ± 0 s":          "read exactly",
		"+4:12 fast ± 5":            "no length of time",
		"+4:12 fast ±":              "uncertainty",
		"0:00 fast":                 "off by nothing",
		"+1:60":                     "no length of time",
		"+1:60:00":                  "minute 59",
		"+300000 days":              "200 years",
		"+99999999 h 99999999999 d": "200 years",
		"+4:12 ± 5 s; drift +40 ppm at 2026-03-01T12:00:00Z":                "no drift such as",
		"+4:12; drift +40 ppm ± 3 ppm at 2026-03-01T12:00:00Z":              "not how exact the offset is",
		"+4:12 ± 5 s; drift +40 ppm ± 0 ppm at 2026-03-01T12:00:00Z":        "never known exactly",
		"+4:12 ± 5 s; drift +200000 ppm ± 3 ppm at 2026-03-01T12:00:00Z":    "drifts by up to",
		"+4:12 ± 5 s; drift +1.1234567 ppm ± 3 ppm at 2026-03-01T12:00:00Z": "at most 6 decimals",
		"+4:12 ± 5 s; drift +40 ppm ± 3 ppm at noon":                        "noon",
		"+" + strings.Repeat("1", 400):                                      "at most 300",
	} {
		if got, err := ParseModel(in); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v, error %v, want %q", in, got, err, why)
		}
	}
}

func anyModel(rnd *rand.Rand) Model {
	size := func(most int64) int64 { return rnd.Int64N(most>>rnd.IntN(50) + 1) }
	m := Model{Offset: Span(size(int64(maxSpan)))}
	if rnd.IntN(2) == 0 {
		m.Offset = -m.Offset
	}
	if rnd.IntN(4) > 0 {
		m.Within = 1 + Span(size(int64(maxSpan)-1))
		if rnd.IntN(2) == 0 {
			m.DriftWithin = 1 + Rate(size(int64(maxDrift)-1))
			m.Drift = Rate(size(int64(maxDrift))) * Rate(1-2*rnd.IntN(2))
			m.At = noon + media.UTC(rnd.Int64N(int64(2000*365*day))) - 1000*365*day
			m.Assumed = rnd.IntN(2) == 0
		}
	}
	return m
}

func TestModelsComeBackFromTextAndJSON(t *testing.T) {
	rnd := rand.New(rand.NewPCG(20, 6))
	for range 5000 {
		m := anyModel(rnd)
		if got, err := ParseModel(m.String()); err != nil || got != m {
			t.Fatalf("%q was read as %v, error %v", m, got, err)
		}
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var got Model
		if err := json.Unmarshal(b, &got); err != nil || got != m {
			t.Fatalf("%s was read as %+v, error %v, want %+v", b, got, err, m)
		}
		if err := m.Check(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestModelsAreRoundedForDisplayOnly(t *testing.T) {
	m := Model{Offset: 252_048_3921, Within: 288_7513 * 10, Drift: 40_123_456, DriftWithin: 3_141_592, At: noon}
	m.Offset = 2_520_483_921
	if got := m.Round().String(); got != "+4:12 fast ± 2.9 s; drift +40.1 ppm ± 3.2 ppm at 2026-03-01T12:00:00Z" {
		t.Error(got)
	}
	if got := (Model{Offset: -70_000_001, Within: 991}).Round(); got.Within != 1000 || got.Offset != -70_000_000 {
		t.Error(got)
	}
}

func TestDriftIsExactOverCenturies(t *testing.T) {
	for _, c := range []struct {
		r Rate
		d media.UTC
		w Span
	}{
		{40 * PPM, day, 3_456 * Second / 1000}, {-40 * PPM, day, -3_456 * Second / 1000}, {40 * PPM, -day, -3_456 * Second / 1000},
		{1, 500_000_000_000, 1}, {1, 499_999_999_999, 0}, {maxDrift, math.MaxInt64, 922_337_203_685_477_581}, {maxDrift, math.MinInt64, -922_337_203_685_477_581},
	} {
		if got := c.r.over(c.d); got != c.w {
			t.Errorf("%v over %d: %d, want %d", c.r, c.d, got, c.w)
		}
	}
}

func TestObservationsComeBackFromTheirFile(t *testing.T) {
	list := []Observation{
		{Kind: ClockPicture, Source: "Cam 7, \"Nordtür\"", Declared: noon + 1, True: 0, Within: 5 * Second, Note: "wall clock\nof the station"},
		{Kind: SameEvent, Source: "A", Declared: noon, Other: "B", OtherDeclared: noon - 12_345, Within: 1, SetAside: "not the same flash"},
		Model{Offset: 252 * Second, Within: 5 * Second}.Observation("C", noon),
	}
	b, err := Encode(list)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(b)
	if err != nil || !reflect.DeepEqual(got, list) {
		t.Fatalf("%+v, error %v\n%s", got, err, b)
	}
	text := string(b)
	for why, changed := range map[string]string{
		"newer program":      strings.Replace(text, "observations/1", "observations/2", 1),
		"unknown field":      strings.Replace(text, `"note"`, `"remark"`, 1),
		"after top-level":    text + "{}",
		"a time is missing":  strings.Replace(text, `"otherDeclared"`, `"true"`, 1),
		"at most 7 decimals": strings.Replace(text, `"within": "5"`, `"within": "5.00000001"`, 1),
		"how exact":          strings.Replace(text, `"within": "5"`, `"within": "0"`, 1),
		"unexpected end":     text[:len(text)/2],
	} {
		if got, err := Decode([]byte(changed)); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %+v, error %v", why, got, err)
		}
	}
	if b, err := Encode(nil); err != nil || !strings.Contains(string(b), `"observations": []`) {
		t.Errorf("%s, %v", b, err)
	}
}

func FuzzParseModel(f *testing.F) {
	for _, s := range []string{"+4:12 fast +-5 s", "-0:07", "4 min 12 s slow", "252 s fast ± 2 s", "+4:12 fast ± 5 s; drift +40 ppm ± 3 ppm assumed at 2026-03-01T12:00:00Z", "right"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseModel(s)
		if err != nil {
			return
		}
		if back, err := ParseModel(m.String()); err != nil || back != m {
			t.Errorf("%q is %q, which was read as %v, error %v", s, m, back, err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	b, _ := Encode([]Observation{{Kind: SameEvent, Source: "A", Declared: noon, Other: "B", OtherDeclared: noon, Within: 1}, {Kind: RadioTime, Source: "A", Declared: noon, True: noon, Within: 1}})
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := Decode(b)
		if err != nil {
			return
		}
		again, err := Encode(list)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := Decode(again); err != nil || !reflect.DeepEqual(back, list) {
			t.Fatalf("%+v came back as %+v, error %v", list, back, err)
		}
		if s, err := Solve(list); err == nil {
			for _, c := range s.Clocks {
				if c.Against == "" && (c.Model.Within == 0 || c.Model.DriftWithin == 0) {
					t.Fatalf("%+v is exact", c)
				}
			}
		}
	})
}
