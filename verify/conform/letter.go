package conform

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"vedette/media"
)

// Limits that keep a letter on one page of A4.
const (
	maxFiles    = 3  // files of one letter
	letterLines = 66 // lines of text on a page
	letterWidth = 78
)

// language is the letter in one language. "{}" stands for what is filled in.
type language struct {
	months [12]string
	first  string // the first day of a month

	reference, to, unit, subject, subjectOK, salutation, thanks  string
	received, file, footage, noFootage                           string
	levels                                                       map[Level]string
	demands, further, advice, clause, clauses, some, somes, more string
	nothing, enough, notKnown, keep, help, limits                string
	closing, signature, program, dateFormat, thousands, stop     string
	reasons                                                      map[Reason]sentences
}

// sentences are what was found and what is asked; advice has no finding.
type sentences struct{ found, ask string }

var languages = map[string]*language{"en": &english, "fr": &french}

// span is a piece of a line. Foreign ones come from the file.
type span struct {
	Text    string
	Foreign bool
}

// line is one paragraph or item.
type line []span

// text is the line with foreign pieces made inert.
func (l line) text() string {
	var b strings.Builder
	for _, s := range l {
		if s.Foreign {
			b.WriteString(foreign(s.Text))
			continue
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

// fill puts pieces into the places of a sentence; they are foreign.
func fill(sentence string, pieces ...string) line {
	var out line
	for _, p := range pieces {
		before, after, ok := strings.Cut(sentence, "{}")
		if !ok {
			break
		}
		out = append(out, span{Text: before}, span{Text: p, Foreign: true})
		sentence = after
	}
	return append(out, span{Text: sentence})
}

// Sender is who writes a letter, and when: empty texts are left to be filled in
// by hand.
type Sender struct {
	Name      string
	Reference string
	Program   string // name and version of the program
	Date      time.Time
}

// Letter is a letter to the site that made one export or a few, on one page. It
// says what was received, what does not meet the standard and what to change.
type Letter struct {
	Lang      string
	Date      string
	To        []line
	Reference line
	Subject   string
	Opening   []string
	Received  string
	Files     []fileLine
	Sections  []section
	After     []string
	Closing   string
	Signature string
	Sender    string
	Program   line
}

type fileLine struct{ Name, Footage, Digest line }

type section struct {
	Title string
	Items []item
}

type item struct {
	Head string // clauses and files
	Text line
}

// ErrLanguage says that there is no letter in a language.
var ErrLanguage = errors.New("conform: letters are in en or fr")

// Letters writes one letter, or several if the exports come from several units
// or are more than a page can hold.
func Letters(results []*Result, lang string, from Sender) ([]*Letter, error) {
	l, ok := languages[lang]
	if !ok {
		return nil, fmt.Errorf("%w, not in %q", ErrLanguage, lang)
	}
	var out []*Letter
	for _, group := range sites(results) {
		for part := range slices.Chunk(group, maxFiles) {
			out = append(out, l.letter(part, lang, from))
		}
	}
	return out, nil
}

// sites groups results by the unit that made the exports, in the order given.
func sites(results []*Result) [][]*Result {
	at := map[string]int{}
	var out [][]*Result
	for _, r := range results {
		key := ""
		if i := r.Facts.Info; i != nil {
			key = i.UnitName + "\x00" + i.UnitMAC
		}
		k, ok := at[key]
		if !ok {
			k = len(out)
			at[key] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], r)
	}
	return out
}

func (l *language) letter(results []*Result, lang string, from Sender) *Letter {
	t := &Letter{Lang: lang, Subject: l.subject, Opening: []string{l.salutation, l.thanks}, Received: l.received, Closing: l.closing, Signature: l.signature, Sender: from.Name}
	if !from.Date.IsZero() {
		t.Date = l.date(from.Date)
	}
	if from.Reference != "" {
		t.Reference = fill(l.reference, from.Reference)
	}
	if from.Program != "" {
		t.Program = fill(l.program, from.Program)
	}
	t.To = []line{fill(l.to)}
	if i := results[0].Facts.Info; i != nil && i.UnitName != "" {
		t.To = append(t.To, fill(l.unit, i.UnitName))
	}
	best := Level0ME
	for _, r := range results {
		t.Files, best = append(t.Files, l.fileLine(r)), min(best, r.Level)
	}
	t.section(l.demands, l.items(results, Level0V))
	need := len(t.Sections) > 0
	t.section(l.further, l.items(results, Level0ME))
	switch {
	case need:
		t.After = append(t.After, l.keep, l.help)
	case best == LevelNone:
		t.After = append(t.After, l.notKnown, l.keep)
	case len(t.Sections) > 0:
		t.After = append(t.After, l.enough, l.help)
	default:
		t.Subject = l.subjectOK
		t.After = append(t.After, l.nothing)
	}
	t.After = append(t.After, l.limits)
	t.fit(l)
	bare := t.Sections // advice is given where it fits on the page
	if t.section(l.advice, l.advices(results)); len(t.lines()) > letterLines {
		t.Sections = bare
	}
	return t
}

// fit leaves out demands from the end until the letter has room on its page,
// and says how many.
func (t *Letter) fit(l *language) {
	after := t.After
	for left := 1; len(t.lines()) > letterLines && len(t.Sections) > 0; left++ {
		last := &t.Sections[len(t.Sections)-1]
		if last.Items = last.Items[:len(last.Items)-1]; len(last.Items) == 0 {
			t.Sections = t.Sections[:len(t.Sections)-1]
		}
		t.After = append([]string{fill(l.more, strconv.Itoa(left)).plain()}, after...)
	}
}

func (t *Letter) section(title string, items []item) {
	if len(items) > 0 {
		t.Sections = append(t.Sections, section{title, items})
	}
}

func (l *language) fileLine(r *Result) fileLine {
	f := fileLine{Name: fill(l.file, r.Facts.Name, l.grouped(r.Facts.Size), l.levels[r.Level]), Footage: fill(l.noFootage)}
	if r.Facts.From != nil && r.Facts.To != nil {
		f.Footage = fill(l.footage, clock(*r.Facts.From), clock(*r.Facts.To))
	}
	if r.Facts.SHA256 != "" {
		f.Digest = fill("SHA-256"+l.stop+": {}", r.Facts.SHA256)
	}
	return f
}

func clock(u media.UTC) string { return u.Time().Format("2006-01-02 15:04:05") }

// grouped writes a number with its thousands apart.
func (l *language) grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + l.thousands + s[i:]
	}
	return s
}

func (l *language) date(t time.Time) string {
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = l.first
	}
	return fill(l.dateFormat, day, l.months[t.Month()-1], strconv.Itoa(t.Year())).plain()
}

// plain is a line of our own words alone.
func (l line) plain() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}

// wish is one demand with the clauses and files it is about.
type wish struct {
	reason  Reason
	clauses []string
	files   []string
	names   []string
}

// items are the demands of one level that are not met, each reason once.
func (l *language) items(results []*Result, level Level) []item {
	var wishes []*wish
	for k, r := range results {
		for _, row := range r.Rows {
			if row.For != level || row.fulfilled() || l.reasons[row.Reason].found == "" {
				continue
			}
			i := slices.IndexFunc(wishes, func(w *wish) bool { return w.reason == row.Reason })
			if i < 0 {
				i = len(wishes)
				wishes = append(wishes, &wish{reason: row.Reason})
			}
			w := wishes[i]
			w.clauses, w.files = with(w.clauses, row.Clause), with(w.files, strconv.Itoa(k+1))
			for _, n := range row.Names {
				w.names = with(w.names, n)
			}
		}
	}
	var out []item
	for _, w := range wishes {
		head := fill(l.clause, strings.Join(w.clauses, ", "))
		if len(w.clauses) > 1 {
			head = fill(l.clauses, strings.Join(w.clauses, ", "))
		}
		if len(results) > 1 && len(w.files) < len(results) {
			files := l.some
			if len(w.files) > 1 {
				files = l.somes
			}
			head = append(head, fill(files, strings.Join(w.files, ", "))...)
		}
		s := l.reasons[w.reason]
		text := append(fill(s.found, strings.Join(w.names, ", ")), span{Text: " "})
		out = append(out, item{Head: head.plain() + l.stop + ":", Text: append(text, fill(s.ask)...)})
	}
	return out
}

func with(in []string, s string) []string {
	if slices.Contains(in, s) {
		return in
	}
	return append(in, s)
}

// advices is what the standard recommends, or what no file can show.
func (l *language) advices(results []*Result) []item {
	var out []item
	for _, reason := range []Reason{ReasonClock, ReasonAltitude, ReasonPlan, ReasonPlain} {
		said := func(r *Result) bool {
			return slices.ContainsFunc(r.Rows, func(row Row) bool { return row.Reason == reason })
		}
		if slices.ContainsFunc(results, said) {
			out = append(out, item{Text: fill(l.reasons[reason].ask)})
		}
	}
	return out
}
