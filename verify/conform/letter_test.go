package conform

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vedette/evidence"
)

// silent are reasons that a letter does not tell: nobody at the site can change
// them, or another reason says it.
var silent = []Reason{
	ReasonUnreadable, ReasonSealNotChecked, ReasonPerson, ReasonCapture, ReasonView, ReasonLevel, ReasonAllEvents,
}

// reasons reads the list out of the source, so that none can be forgotten.
func reasons(t testing.TB) []Reason {
	t.Helper()
	src, err := os.ReadFile("words.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []Reason
	for _, m := range regexp.MustCompile(`Reason = "([a-z0-9-]+)"`).FindAllSubmatch(src, -1) {
		out = append(out, Reason(m[1]))
	}
	if len(out) < 40 {
		t.Fatalf("%d reasons", len(out))
	}
	return out
}

func TestEveryReasonHasItsSentencesInBothLanguages(t *testing.T) {
	advice := []Reason{ReasonPlain, ReasonAltitude, ReasonPlan, ReasonClock}
	for name, l := range languages {
		for _, r := range reasons(t) {
			s, told := l.reasons[r]
			switch {
			case slices.Contains(silent, r):
				if told {
					t.Errorf("%s: %s has sentences and is on the list of silent ones", name, r)
				}
			case s.ask == "" || (s.found == "") != slices.Contains(advice, r):
				t.Errorf("%s: %s: %+v", name, r, s)
			case strings.Count(s.found, "{}") != strings.Count(english.reasons[r].found, "{}"):
				t.Errorf("%s: %s names another number of things", name, r)
			}
		}
		v := reflect.ValueOf(*l)
		for i := range v.NumField() {
			if f := v.Field(i); f.Kind() == reflect.String && f.String() == "" && v.Type().Field(i).Name != "stop" {
				t.Errorf("%s: there is no text for %s", name, v.Type().Field(i).Name)
			}
			if f := v.Field(i); f.Kind() == reflect.String && strings.Count(f.String(), "{}") != strings.Count(reflect.ValueOf(english).Field(i).String(), "{}") {
				t.Errorf("%s: %s has another number of places to fill", name, v.Type().Field(i).Name)
			}
		}
	}
}

// sentencesOf lists all texts of a language.
func sentencesOf(l language) []string {
	var out []string
	v := reflect.ValueOf(l)
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.String {
			out = append(out, f.String())
		}
	}
	for _, s := range l.reasons {
		out = append(out, s.found, s.ask)
	}
	return out
}

func TestFrenchIsSetAsFrenchIs(t *testing.T) {
	wrong := regexp.MustCompile(`'|"|[^\x{a0}][;?!»]|« | »|[^\x{a0}:/]:[^/]|\bSVP\b`)
	for _, s := range sentencesOf(french) {
		if m := wrong.FindString(s); m != "" {
			t.Errorf("%q in: %s", m, s)
		}
	}
	for _, s := range french.reasons {
		if !strings.Contains(s.ask, "euillez ") {
			t.Errorf("does not ask politely: %s", s.ask)
		}
	}
}

func TestNoWordPromisesMoreThanTheFormShows(t *testing.T) {
	banned := regexp.MustCompile(`(?i)\b(authenti\w*|genuine|original\w*|proof|preuve|tampered|falsifi\w*|fake|safe|verified|vérifié\w*)\b`)
	for _, l := range []language{english, french} {
		for _, s := range sentencesOf(l) {
			if m := banned.FindString(s); m != "" {
				t.Errorf("%q in: %s", m, s)
			}
		}
	}
	for _, s := range titles {
		if m := banned.FindString(s); m != "" {
			t.Errorf("%q in: %s", m, s)
		}
	}
}

// full is a result in which every demand of the letter is open.
func full(t testing.TB, name string) *Result {
	r := &Result{File: name, Facts: Facts{Name: name, Size: 1 << 40, SHA256: strings.Repeat("0123456789abcdef", 4), Info: &evidence.Info{UnitName: strings.Repeat("Recorder ", 20)}}}
	for i, reason := range reasons(t) {
		r.Rows = append(r.Rows, Row{Clause: fmt.Sprintf("5.2.%d", i), For: Level(1 + i%2), State: NotMet, Reason: reason, Names: []string{"Motion JPEG"}})
	}
	r.conclude(true)
	return r
}

func TestLetterKeepsToOnePage(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		for n := 1; n <= 3; n++ {
			var rs []*Result
			for i := range n {
				rs = append(rs, full(t, fmt.Sprintf("%d %s.mp4", i, strings.Repeat("name ", 30))))
			}
			ls, err := Letters(rs, lang, Sender{Name: "Evidence desk", Reference: "2026-0147", Program: "vedettectl 1", Date: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)})
			if err != nil || len(ls) != 1 {
				t.Fatalf("%v, %d letters", err, len(ls))
			}
			lines := ls[0].lines()
			if len(lines) > letterLines || len(lines) < letterLines-8 {
				t.Errorf("%s, %d files: %d lines", lang, n, len(lines))
			}
			for _, l := range lines {
				if k := len([]rune(strings.NewReplacer(isolate, "", release, "").Replace(l))); k > letterWidth {
					t.Errorf("%s: %d columns: %s", lang, k, l)
				}
			}
			if all := strings.Join(lines, " "); !strings.Contains(all, "Further points (") && !strings.Contains(all, "D’autres points (") {
				t.Errorf("%s: what is left out is not counted", lang)
			}
		}
	}
}

func TestOneLetterIsForOneUnit(t *testing.T) {
	by := func(name, unit string) *Result {
		r := full(t, name)
		r.Facts.Info = &evidence.Info{UnitName: unit}
		return r
	}
	nameless := full(t, "e")
	nameless.Facts.Info = nil
	ls, err := Letters([]*Result{by("a", "U"), by("b", "V"), by("c", "U"), nameless, by("d", "U"), by("f", "U")}, "en", Sender{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range ls {
		s := ""
		for _, f := range l.Files {
			s += f.Name[1].Text
		}
		got = append(got, s)
	}
	if want := []string{"acd", "f", "b", "e"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if _, err := Letters(nil, "de", Sender{}); !errors.Is(err, ErrLanguage) {
		t.Error(err)
	}
}

func TestFileThatCouldNotBeExaminedIsAskedForAgain(t *testing.T) {
	r := &Result{Rows: []Row{{Clause: "5.2.2", For: Level0V, Reason: ReasonUnreadable}}}
	r.conclude(true)
	ls, err := Letters([]*Result{r}, "en", Sender{})
	if err != nil || len(ls[0].Sections) != 0 || !slices.Contains(ls[0].After, english.notKnown) {
		t.Errorf("%v, %+v", err, ls[0])
	}
}

func TestForeignTextInALetterIsInert(t *testing.T) {
	evil := "x\u202egpj\n\x1b[2J<script>alert(1)</script>{}&amp;\u05d0\" onload=\""
	r := full(t, evil)
	r.Facts.Info.UnitName, r.Rows[0].Names = evil, []string{evil}
	for i := range r.Rows {
		r.Rows[i].Names = []string{evil}
	}
	ls, err := Letters([]*Result{r}, "fr", Sender{Name: evil, Reference: evil, Program: evil})
	if err != nil {
		t.Fatal(err)
	}
	var text, html bytes.Buffer
	if err := errors.Join(ls[0].WriteText(&text), WriteHTML(&html, ls)); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{text.String(), html.String()} {
		if strings.ContainsAny(s, "\u202e\x1b") {
			t.Errorf("a control character is left in:\n%s", s)
		}
	}
	if n, m := strings.Count(text.String(), isolate), strings.Count(text.String(), release); n == 0 || n != m {
		t.Errorf("%d isolates begin, %d end", n, m)
	}
	if h := html.String(); strings.Contains(h, "<script") || strings.Contains(h, "\" onload=\"") || !strings.Contains(h, "<bdi>x&lt;U") ||
		!strings.Contains(h, `content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`) || strings.Contains(h, "http") && strings.Contains(h, "src=") {
		t.Errorf("%s", h)
	}
}

func TestDatesAreWrittenAsTheLanguageHasThem(t *testing.T) {
	first, later := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 12, 25, 0, 0, 0, 0, time.UTC)
	for want, got := range map[string]string{
		"1 August 2026": english.date(first), "25 December 2026": english.date(later), "1er août 2026": french.date(first), "25 décembre 2026": french.date(later),
		"1,234,567": english.grouped(1234567), "1\u00a0234": french.grouped(1234), "999": english.grouped(999), "1,000": english.grouped(1000),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestLongWordsHaveALineOfTheirOwn(t *testing.T) {
	if got := wrap("a bbbbbbbb c d", 4, "> "); got != "a\n> bbbbbbbb\n> c d" {
		t.Errorf("%q", got)
	}
}

func TestSentencesLeaveNamesAsTheyAre(t *testing.T) {
	for in, want := range map[string]string{
		"a second meta stands": "A second meta stands.", "suep at 9: cut": "suep at 9: cut.", isolate + "é.mp4" + release + ": is empty.": isolate + "é.mp4" + release + ": is empty.", "": ".",
	} {
		if got := sentence(in); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
