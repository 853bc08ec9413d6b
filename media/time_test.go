package media

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"
)

func TestTicksCompareExactlyAcrossScales(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		a := Ticks{rnd.Int64() - rnd.Int64(), 1 + rnd.Uint32()%200_000}
		b := Ticks{rnd.Int64() - rnd.Int64(), 1 + rnd.Uint32()%200_000}
		want := big.NewRat(a.Value, int64(a.Scale)).Cmp(big.NewRat(b.Value, int64(b.Scale)))
		if got := a.Cmp(b); got != want {
			t.Fatalf("%v compared with %v: %d, want %d", a, b, got, want)
		}
	}
}

func TestTicksConvertRoundsDownAndClamps(t *testing.T) {
	cases := []struct {
		in    Ticks
		scale uint32
		want  int64
	}{
		{Ticks{1, 3}, Hundred, 3_333_333},
		{Ticks{-1, 3}, Hundred, -3_333_334},
		{Ticks{90_000, 90_000}, 25, 25},
		{Ticks{math.MaxInt64, 1}, Hundred, math.MaxInt64},
		{Ticks{math.MinInt64, 1}, Hundred, math.MinInt64},
		{Ticks{math.MinInt64, Hundred}, Hundred, math.MinInt64},
		{Ticks{7, 0}, 10, 70},
	}
	for _, c := range cases {
		if got := c.in.To(c.scale).Value; got != c.want {
			t.Errorf("%v to scale %d: %d, want %d", c.in, c.scale, got, c.want)
		}
	}
}

func TestUTCSurvivesTheRoundTripThroughText(t *testing.T) {
	for _, s := range []string{"2026-03-01T12:00:00Z", "1904-01-01T00:00:00Z", "2026-10-25T00:30:00.1234567Z", "1969-12-31T23:59:59.9999999Z"} {
		var u UTC
		if err := u.UnmarshalText([]byte(s)); err != nil {
			t.Fatal(err)
		}
		if u.String() != s {
			t.Errorf("%s came back as %s", s, u)
		}
	}
}

func TestUTCClampsAbsurdInstants(t *testing.T) {
	if got := FromTime(time.Unix(math.MaxInt64/2, 0)); got != math.MaxInt64 {
		t.Errorf("far future is %d", got)
	}
	if got := UTC(math.MaxInt64).Add(T100(5)); got != math.MaxInt64 {
		t.Errorf("addition wrapped to %d", got)
	}
}

func TestUnknownWallTimeStaysUnknown(t *testing.T) {
	if (Wall{}).Add(T100(5)).Known() {
		t.Error("a time appeared from nowhere")
	}
}
