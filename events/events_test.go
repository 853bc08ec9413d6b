package events

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"vedette/media"
	"vedette/metadata"
)

const begin = media.UTC(1_772_366_400) * media.Hundred // 2026-03-01T12:00:00Z

func after(seconds float64) *media.UTC {
	u := begin + media.UTC(seconds*media.Hundred)
	return &u
}

// at returns an event, written "seconds topic operation source data".
func at(text string) Event {
	var seconds float64
	var topic, operation, source, data string
	if _, err := fmt.Sscan(text, &seconds, &topic, &operation, &source, &data); err != nil {
		panic(err)
	}
	e := Event{At: media.T100(int64(*after(seconds) - begin)), UTC: after(seconds), Declared: after(seconds), Track: 3, Sample: int(seconds), Topic: topic, Raw: topic}
	if operation != "-" {
		e.Operation = operation
	}
	name, value, _ := strings.Cut(data, "=")
	e.Source, e.Data = []metadata.Item{{Name: "Source", Value: source}}, []metadata.Item{{Name: name, Value: value}}
	return e
}

func of(lines ...string) *Store {
	var b Builder
	for _, l := range lines {
		b.Add(at(l))
	}
	return b.Store()
}

const (
	motion  = "tns1:VideoSource/MotionAlarm"
	crossed = "tns1:RuleEngine/LineDetector/Crossed"
)

var mixed = []string{
	"5 " + motion + " Changed C-1 State=true",
	"1 " + motion + " Initialized C-1 State=false",
	"7 " + crossed + " - C-2 ObjectId=4",
	"9 " + motion + " Changed C-1 State=false",
	"3 " + crossed + " - C-1 ObjectId=40",
}

func TestWhatIsStoredIsGivenBackInOrderOfTime(t *testing.T) {
	s := of(mixed...)
	for i, line := range []int{1, 4, 0, 2, 3} {
		if got, want := s.Event(i), at(mixed[line]); !reflect.DeepEqual(got, want) {
			t.Errorf("event %d is %+v, want %+v", i, got, want)
		}
	}
	var b Builder
	b.Add(Event{At: media.T100(5), Topic: "b"})
	b.Add(Event{At: media.T100(2), Topic: "a", UTC: after(9)})
	s = b.Store()
	if s.Event(0).Topic != "a" || s.Event(1).UTC != nil || s.Time(0) != 2 {
		t.Error("events without UTC are not in order of their place")
	}
}

func TestFiltersFindWhatPassesAll(t *testing.T) {
	s := of(mixed...)
	for _, c := range []struct {
		f    Filter
		want string
	}{
		{Filter{}, "[0 1 2 3 4]"},
		{Filter{Topic: crossed}, "[1 3]"},
		{Filter{Topic: "RuleEngine"}, "[1 3]"},
		{Filter{Topic: "ruleengine/linedetector/"}, "[1 3]"},
		{Filter{Topic: "RuleEngine/Line"}, "[]"},
		{Filter{Topic: "Line crossed"}, "[1 3]"},
		{Filter{Source: "c-1"}, "[0 1 2 4]"},
		{Filter{State: "on"}, "[2]"},
		{Filter{State: "off"}, "[0 4]"},
		{Filter{Object: "4"}, "[3]"},
		{Filter{Text: "object 4"}, "[1 3]"},
		{Filter{Text: "CROSSED c-2"}, "[3]"},
		{Filter{Text: "line"}, "[1 3]"},
		{Filter{Text: "changed off"}, "[4]"},
		{Filter{Text: "nothing"}, "[]"},
		{Filter{Text: "c-1c-2"}, "[]"},
		{Filter{From: after(3), To: after(7)}, "[1 2]"},
		{Filter{From: after(3), Text: "motion", State: "off"}, "[4]"},
	} {
		x := s.Select(c.f)
		got := []int{}
		for k := range x.Len() {
			got = append(got, x.Index(k))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%+v gives %v, want %s", c.f, got, c.want)
		}
	}
	var empty *Store
	if empty.Select(Filter{Text: "x"}).Len() != 0 || (&Builder{}).Store().Select(Filter{State: "on"}).Len() != 0 {
		t.Error("events from nowhere")
	}
}

func TestTextIsFoundWhateverItsCaseAndLetters(t *testing.T) {
	s := of("1 m - ÜBERGANG a=x", "2 m - Übergang a=x", "3 m - İstanbul a=x", "4 m - KELVINK a=x")
	for text, want := range map[string]int{"übergang": 2, "ÜBER": 2, "stanbul": 1, "vink": 1, "kelvin": 1} {
		if n := s.Select(Filter{Text: text}).Len(); n != want {
			t.Errorf("%q is found %d times, want %d", text, n, want)
		}
	}
}

func TestNeighboursInTimeAreFound(t *testing.T) {
	x := of(mixed...).Select(Filter{Topic: motion}) // at 1, 5 and 9
	if k, ok := x.Next(*after(1)); !ok || k != 1 {
		t.Errorf("after 1 comes %d, %v", k, ok)
	}
	if k, ok := x.Previous(*after(5)); !ok || k != 0 {
		t.Errorf("before 5 comes %d, %v", k, ok)
	}
	if _, ok := x.Next(*after(9)); ok {
		t.Error("something comes after the last")
	}
	if _, ok := x.Previous(*after(1)); ok {
		t.Error("something comes before the first")
	}
}

func TestBinsCountEveryEventOnce(t *testing.T) {
	s := large(20_000)
	for _, f := range []Filter{{}, {State: "on"}, {Topic: crossed}} {
		x := s.Select(f)
		for _, n := range []int{1, 7, 100, 3000} {
			from, to := *after(1000), *after(90_000)
			want := make([][]int, len(s.Classes()))
			for c := range want {
				want[c] = make([]int, n)
			}
			edges := make([]media.UTC, n+1)
			for i := range edges {
				edges[i] = from + media.UTC(int64(to-from)/int64(n)*int64(i)+int64(to-from)%int64(n)*int64(i)/int64(n))
			}
			for k := range x.Len() {
				if u := s.Time(x.Index(k)); u >= from && u < to {
					i, found := slices.BinarySearch(edges, u)
					if !found {
						i--
					}
					want[s.shapes[s.shape[x.Index(k)]].class][i]++
				}
			}
			if got := x.Bins(from, to, n); !reflect.DeepEqual(got, want) {
				t.Errorf("%+v in %d stretches is counted wrongly", f, n)
			}
		}
	}
	if got := s.Select(Filter{}).Bins(*after(5), *after(5), 3); len(got[0]) != 3 || got[0][0] != 0 {
		t.Errorf("no time holds %v", got)
	}
}

func TestMoreKindsThanAreToldApartAreOne(t *testing.T) {
	var b Builder
	for i := range 100 {
		b.Add(Event{At: media.T100(int64(i)), Topic: fmt.Sprint("mine:Kind", i)})
	}
	s := b.Store()
	bins := s.Select(Filter{}).Bins(0, 100, 1)
	if len(bins) != MaxClasses || bins[0][0] != 1 || bins[MaxClasses-1][0] != 100-MaxClasses+1 || s.Classes()[MaxClasses-1] != "Other events" || len(s.Titles()) != 100 {
		t.Errorf("%d classes, %v", len(bins), s.Classes())
	}
}

// large returns a store as of a day of a site with eight cameras.
func large(n int) *Store {
	rnd := rand.New(rand.NewPCG(1, 2))
	topics := []string{motion, crossed, "tns1:RuleEngine/LoiteringDetector/ObjectIsLoitering", "tns1:RuleEngine/FieldDetector/ObjectsInside", "tns1:VideoSource/ImageTooDark/ImagingService",
		"tns1:RuleEngine/CountAggregation/Counter", "tns1:Device/Trigger/DigitalInput", "tnsaxis:CameraApplicationPlatform/FenceGuard/Camera1Profile1"}
	var b Builder
	for i := range n {
		u := begin + media.UTC(i)*media.Hundred*86400/media.UTC(n)
		k := rnd.IntN(len(topics))
		e := Event{
			At: media.T100(int64(u - begin)), UTC: &u, Declared: &u, Track: 3, Sample: i, Topic: topics[k], Raw: topics[k],
			Source: []metadata.Item{{Name: "VideoSourceConfigurationToken", Value: fmt.Sprint("C-", rnd.IntN(8))}, {Name: "Rule", Value: fmt.Sprint("Rule ", k)}},
		}
		if k%2 == 0 {
			e.Operation, e.Data = "Changed", []metadata.Item{{Name: "State", Value: []string{"true", "false"}[rnd.IntN(2)]}}
		} else {
			e.Data = []metadata.Item{{Name: "ObjectId", Value: fmt.Sprint(i / 4)}}
		}
		b.Add(e)
	}
	return b.Store()
}

func TestAMillionEventsTakeLessThanAHundredMegabytes(t *testing.T) {
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	s := large(1_000_000)
	runtime.GC()
	runtime.ReadMemStats(&now)
	took := int64(now.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d MB for %d events", took>>20, s.Len())
	if s.Len() != 1_000_000 || took > 100<<20 {
		t.Errorf("%d events take %d MB", s.Len(), took>>20)
	}
	runtime.KeepAlive(s)
}

func TestEventsThatDoNotRepeatAreBounded(t *testing.T) {
	var b Builder
	long := strings.Repeat("x", 1<<20)
	for i := range 200 {
		if !b.Add(Event{Data: []metadata.Item{{Name: "x", Value: fmt.Sprint(long, i)}}}) {
			if i < 100 {
				t.Errorf("there was room for %d events only", i)
			}
			return
		}
	}
	t.Error("200 MB of text were taken")
}

func BenchmarkSelect(b *testing.B) {
	s := large(1_000_000)
	b.ResetTimer()
	for name, f := range map[string]Filter{
		"text": {Text: "object 4711 crossed"}, "topic": {Topic: "Line crossed"}, "state": {State: "on"}, "source": {Source: "C-3"}, "object": {Object: "4711"},
		"all": {Topic: "RuleEngine", Source: "C-3", Text: "rule", From: after(1000), To: after(80_000)},
	} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				s.Select(f)
			}
		})
	}
}

func BenchmarkBins(b *testing.B) {
	s := large(1_000_000)
	b.ResetTimer()
	for name, f := range map[string]Filter{"everything": {}, "filtered": {Source: "C-3"}} {
		x := s.Select(f)
		x.Bins(begin, *after(1), 1)
		for zoom, to := range map[string]media.UTC{"day": *after(86400), "hour": *after(3600), "second": *after(1)} {
			b.Run(name+"/"+zoom, func(b *testing.B) {
				for range b.N {
					x.Bins(begin, to, 2000)
				}
			})
		}
	}
}

func BenchmarkNext(b *testing.B) {
	x := large(1_000_000).Select(Filter{Source: "C-3"})
	b.ResetTimer()
	for i := range b.N {
		x.Next(begin + media.UTC(i%86400)*media.Hundred)
	}
}

func BenchmarkSpans(b *testing.B) {
	x := large(1_000_000).Select(Filter{})
	b.ResetTimer()
	for range b.N {
		x.Spans()
	}
}

// Searching all texts as one must find what searching each does.
func FuzzText(f *testing.F) {
	f.Add("Kerb", "kerbstone", "KER")
	f.Add("ab", "ba", "bb")
	f.Add("Über\u212A", "İ", "i")
	f.Add("", "\xff", "\xff")
	f.Fuzz(func(t *testing.T, a, b, part string) {
		var x Builder
		for _, s := range []string{a, b, a + b} {
			x.Add(Event{Data: []metadata.Item{{Name: "v", Value: s}}})
		}
		s := x.Store()
		got := s.textsWith(part)
		for i := range s.ends {
			if want := part != "" && strings.Contains(strings.ToLower(s.string(uint32(i))), strings.ToLower(part)); got[i] != want {
				t.Errorf("%q in %q: %v", part, s.string(uint32(i)), got[i])
			}
		}
		s.Select(Filter{Text: part, Topic: a, Source: b}).Bins(0, 10, 3)
	})
}
