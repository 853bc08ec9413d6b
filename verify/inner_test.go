package verify

import (
	"bytes"
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"vedette/evidence"
	"vedette/internal/diag"
)

// A file of which more was hashed ahead than its inputs have in common goes on
// from the state kept nearest to where they part.
func TestWhatWasHashedTooFarAheadIsTakenBack(t *testing.T) {
	data := make([]byte, 2*checkpointEvery+readSize+7)
	rnd := rand.New(rand.NewPCG(5, 6))
	for i := 0; i < len(data); i += 1009 {
		data[i] = byte(rnd.Uint32())
	}
	size := int64(len(data))
	done, err := ahead(context.Background(), bytes.NewReader(data), size, make(chan struct{}), func(_, _ int64) {})
	if err != nil || done.at != size || len(done.points) != 2 {
		t.Fatalf("hashed up to %d, %d states kept, %v", done.at, len(done.points), err)
	}
	for _, at := range []int64{10, checkpointEvery - 1, checkpointEvery, checkpointEvery + 1, 2*checkpointEvery + 5, size} {
		from, state := done.before(at)
		if from > at || at >= checkpointEvery && (state == nil || at-from >= checkpointEvery+readSize+7) {
			t.Errorf("before %d: state at %d", at, from)
		}
	}
	at := int64(checkpointEvery + 12345)
	views := []*view{{end: size, hash: crypto.SHA256}, {end: size, hash: crypto.SHA256, edits: []edit{{at, at + 9, []byte("x")}}}}
	var read int64
	err = pass(context.Background(), readerFunc(func(p []byte, off int64) (int, error) {
		read += int64(len(p))
		return copy(p, data[off:]), nil
	}), size, views, done, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range views {
		h := v.hash.New()
		h.Write(apply(data, v))
		if !bytes.Equal(h.Sum(nil), v.digest) {
			t.Errorf("%d edits: other digest", len(v.edits))
		}
	}
	if want := size - checkpointEvery; read != want {
		t.Errorf("%d bytes read again, want %d", read, want)
	}
}

func TestFaultsOfReadingEndTheCheck(t *testing.T) {
	bad := errors.New("bad sector")
	r := readerFunc(func([]byte, int64) (int, error) { return 0, bad })
	if _, err := ahead(context.Background(), r, 100, make(chan struct{}), func(_, _ int64) {}); !errors.Is(err, bad) {
		t.Errorf("ahead: %v", err)
	}
	v := &view{end: 100, hash: crypto.SHA256}
	if err := pass(context.Background(), r, 100, []*view{v}, nil, nil); !errors.Is(err, bad) || v.digest != nil {
		t.Errorf("pass: %v, digest %x", err, v.digest)
	}
	if m, err := v.message(context.Background(), r, func(int64) {}); !errors.Is(err, bad) || m != nil {
		t.Errorf("message: %d bytes, %v", len(m), err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ahead(ctx, r, 100, make(chan struct{}), func(_, _ int64) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("ahead, cancelled: %v", err)
	}
	if _, err := v.message(ctx, r, func(int64) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("message, cancelled: %v", err)
	}
}

func TestPacedCheckAsksBeforeEachPiece(t *testing.T) {
	asked := 0
	ctx := Paced(context.Background(), func() { asked++ })
	data := make([]byte, 3*readSize)
	if err := pass(ctx, bytes.NewReader(data), int64(len(data)), []*view{{end: int64(len(data)), hash: crypto.SHA256}}, nil, nil); err != nil || asked != 3 {
		t.Errorf("asked %d times, %v", asked, err)
	}
}

func TestMessageIsTheInputOfTheView(t *testing.T) {
	data := []byte("0123456789abcdefghij")
	for _, v := range []*view{
		{end: 20}, {end: 5}, {end: 20, edits: []edit{{3, 5, nil}, {5, 9, []byte("xx")}}}, {end: 12, edits: []edit{{0, 1, []byte("ab")}, {10, 12, nil}}},
	} {
		got, err := v.message(context.Background(), bytes.NewReader(data), func(int64) {})
		if want := apply(data, v); err != nil || !bytes.Equal(got, want) || v.length() != int64(len(want)) {
			t.Errorf("%q of %d, want %q: %v", got, v.length(), want, err)
		}
	}
}

func TestSealsThatAreNoRunAtTheEndHaveNoInput(t *testing.T) {
	p := evidence.Protection{Ipro: diag.Range{From: 0, To: 100}, Seals: []evidence.Seal{
		{Number: 1, Range: diag.Range{From: 10, To: 40}}, {Number: 2, Range: diag.Range{From: 50, To: 100}},
	}}
	if _, err := sealView(p, 0, 200, crypto.SHA256); err == nil {
		t.Error("a gap between seals was passed over")
	}
	p.Seals[1].Range.From = 40
	if _, err := sealView(p, 0, 200, crypto.SHA256); err != nil {
		t.Error(err)
	}
}

func TestCheckWithoutATimeOrAnIndexIsUnfinished(t *testing.T) {
	data := append([]byte{0, 0, 0, 16}, "ftypisom0000"...)
	open := func(ctx context.Context, index bool) *evidence.Export {
		e, err := evidence.Open(context.Background(), evidence.NewFile(bytes.NewReader(data), int64(len(data)), "x"))
		if err != nil {
			t.Fatal(err)
		}
		if index {
			_ = e.Index(ctx, nil)
		}
		return e
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	now := Policy{Now: time.Unix(1e9, 0)}
	for name, check := range map[string]func() (*Report, error){
		"no time": func() (*Report, error) {
			return Check(context.Background(), open(context.Background(), true), Policy{}, nil)
		},
		"cancelled":       func() (*Report, error) { return Check(gone, open(context.Background(), false), now, nil) },
		"index cancelled": func() (*Report, error) { return Check(context.Background(), open(gone, true), now, nil) },
		"cancelled while the index is awaited": func() (*Report, error) {
			ctx, cancel := context.WithCancel(context.Background())
			return Check(ctx, open(context.Background(), false), now, func(Progress) { cancel() })
		},
	} {
		r, err := check()
		if err == nil || r.Verdict != CannotCheck || !r.Partial || len(r.NotChecked) == 0 || r.SHA256 != "" {
			t.Errorf("%s: %s, %v", name, r.Verdict, err)
		}
	}
}

func TestEveryVerdictHasItsSentenceAndSaysWhatItDoesNotShow(t *testing.T) {
	seen := map[string]bool{}
	for v := VerdictUnchecked; v <= Broken+1; v++ {
		for _, trust := range []FileTrust{TrustUnchecked, Untrusted} {
			r := &Report{Verdict: v, Trust: trust}
			h := r.Headline()
			seen[h] = true
			if h == "" || r.Limits() == "" {
				t.Errorf("%s says nothing", v)
			}
			if good := strings.Contains(h, "intact"); good != (v == Intact || v == IntactIncomplete || v == IntactUntrusted) {
				t.Errorf("%s says %q", v, h)
			}
		}
	}
	if len(seen) != 7 {
		t.Errorf("%d sentences: %v", len(seen), seen)
	}
	withdrawn := &Report{Integrity: FileWithdrawn}
	if !strings.Contains(withdrawn.Limits(), "changed") {
		t.Errorf("withdrawn says %q", withdrawn.Limits())
	}
}

func TestDocumentHoldsWordsAndNoNumbersOfStates(t *testing.T) {
	r := Refused("x.mp4", 7, diag.At("FILE-NOT-EXPORT", diag.Fatal, 0, 7, "x"))
	r.Seals = []SealReport{{Index: 1, Integrity: SealIntact, Scope: ScopeFullMinusIndex, Trust: SignerTrust{State: SignerPinned}}}
	out, err := json.Marshal(&Document{Files: []*Report{r}, CheckedAt: time.Unix(0, 0).UTC()})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"schema":"vedette.verify/1"`, `"verdict":"cannot-check"`, `"integrity":"malformed"`, `"trust":"unchecked"`, `"coverage":"none"`,
		`"integrity":"intact"`, `"scope":"full-minus-index"`, `"state":"pinned"`, `"offset":0`, `"packs":[]`} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("%s is missing in %s", want, out)
		}
	}
}

func TestReportThatCannotBeWrittenSaysSo(t *testing.T) {
	r := Refused("x.mp4", 7, diag.New("FILE-NOT-EXPORT", diag.Fatal, "x"))
	full := errors.New("the disk is full")
	if err := r.WriteText(writerFunc(func([]byte) (int, error) { return 0, full })); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
	var b strings.Builder
	r.Packs = []PackRef{{Name: "agency"}}
	if err := r.WriteText(&b); err != nil || !strings.Contains(b.String(), "agency") || !strings.Contains(b.String(), "FILE-NOT-EXPORT") {
		t.Errorf("%v: %s", err, b.String())
	}
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestSchemeWithoutAKindOfKeyIsRefused(t *testing.T) {
	for _, s := range []scheme{defaultScheme, {family: ecdsaDER, hash: crypto.SHA256, stated: true}} {
		if _, err := s.check("no key", make([]byte, 32), make([]byte, 256)); err == nil {
			t.Errorf("%v accepts a text as a key", s)
		}
	}
	var u *unusable
	if _, err := pssKey([]byte("no key")); !errors.As(err, &u) || u.state != SealUnsupported {
		t.Errorf("%v", err)
	}
	if _, err := (scheme{family: pss}).within([]byte("no key")); !errors.As(err, &u) || u.Error() == "" {
		t.Errorf("%v", err)
	}
	if sentence("") != "" || sentence("x") != "X." || sentence("Y.") != "Y." {
		t.Error("sentences are not made")
	}
	if ExitStatus(77) != 14 || WorstExitStatus(99, 98) != 14 {
		t.Error("a verdict or status that is not known is not the one of cannot-check")
	}
	if s := fmt.Sprint(exits); slices.Contains(exitOrder, 1) {
		t.Error(s)
	}
}
