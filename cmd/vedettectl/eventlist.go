package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"vedette/events"
	"vedette/media"
	"vedette/metadata"
	"vedette/session"
	"vedette/verify"
)

// listing writes events or spans one by one, so that a million of them take no
// more memory than one.
type listing struct {
	w      io.Writer
	err    error
	name   string
	d      *session.Events
	opt    eventOptions
	events *events.Selection
	spans  []events.Span
}

func (l *listing) f(format string, args ...any) {
	if l.err == nil {
		_, l.err = fmt.Fprintf(l.w, format, args...)
	}
}

func (l *listing) text() {
	if l.opt.spans {
		for _, p := range l.spans {
			a, b := l.ends(p)
			l.f("%-36s %-36s %-24s %s\n", edge(p.Begin, "before ", a), edge(p.End, "still ", b), verify.Inert(a.Title()), spanDetail(p, a))
		}
		if len(l.spans) == 0 {
			l.f("no spans\n")
		}
		return
	}
	for k := range l.events.Len() {
		x := l.events.Event(k)
		l.f("%-28s %-24s %-12s %s\n", utcText(x.UTC), verify.Inert(x.Title()), verify.Inert(x.Operation), verify.Inert(x.Detail()))
	}
	switch {
	case l.d.Store.Len() == 0:
		l.f("no events\n")
	case l.events.Len() == 0:
		l.f("no event passes the filters; there are %d\n", l.d.Store.Len())
	}
}

// ends returns the first and last event of a span. The data of the first are
// those of the span, but for one whose end alone was told.
func (l *listing) ends(p events.Span) (first, last events.Event) {
	first, last = l.d.Store.Event(p.First), l.d.Store.Event(p.Last)
	if p.State != first.State() {
		first.Data = nil
	}
	return first, last
}

// edge tells an end of a span: outside is the word for one that no event tells.
func edge(e events.Edge, outside string, x events.Event) string {
	when := utcText(x.UTC)
	if x.UTC == nil {
		when = x.At.Duration().String()
	}
	switch e {
	case events.EdgeOutside:
		return outside + when
	case events.EdgeMissed:
		return "by " + when
	}
	return when
}

// spanDetail tells what had the state, and the value where it is none of on and off.
func spanDetail(p events.Span, x events.Event) string {
	parts := []string{flatItems(append(x.Source, x.Key...))}
	if p.State == "" {
		parts = append(parts, flatItems(x.Data))
	}
	return strings.Trim(strings.Join(parts, " | "), " |")
}

func flatItems(items []metadata.Item) string {
	var parts []string
	for _, i := range items {
		parts = append(parts, verify.Inert(i.Name)+"="+verify.Inert(i.Value))
	}
	return strings.Join(parts, " | ")
}

func (l *listing) csv() {
	c := csv.NewWriter(l.w)
	put := func(row ...string) {
		if err := c.Write(row); err != nil && l.err == nil {
			l.err = err
		}
	}
	if l.opt.spans {
		put("from", "begin", "to", "end", "track", "topic", "title", "state", "source", "key", "data", "events")
		for _, p := range l.spans {
			a, b := l.ends(p)
			put(cellTime(a.UTC), p.Begin.String(), cellTime(b.UTC), p.End.String(), fmt.Sprint(a.Track), cell(a.Topic), cell(a.Title()), p.State,
				cell(flatItems(a.Source)), cell(flatItems(a.Key)), cell(flatItems(a.Data)), fmt.Sprint(p.Events))
		}
	} else {
		put("utc", "declared", "track", "sample", "topic", "operation", "title", "detail", "source", "key", "data")
		for k := range l.events.Len() {
			x := l.events.Event(k)
			put(cellTime(x.UTC), cellTime(x.Declared), fmt.Sprint(x.Track), fmt.Sprint(x.Sample), cell(x.Topic), cell(x.Operation), cell(x.Title()), cell(x.Detail()),
				cell(flatItems(x.Source)), cell(flatItems(x.Key)), cell(flatItems(x.Data)))
		}
	}
	c.Flush()
	if l.err == nil {
		l.err = c.Error()
	}
}

func cellTime(u *media.UTC) string {
	if u == nil {
		return ""
	}
	return u.String()
}

// cell makes foreign text harmless to a spreadsheet: what would begin a formula,
// after spaces and quotes too, gets an apostrophe before it. Where lists are
// separated by semicolons a cell begins after each of them as well.
func cell(s string) string {
	parts := strings.Split(verify.Inert(s), ";")
	for i, p := range parts {
		t := strings.TrimLeftFunc(p, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("\"'`", r) })
		if t != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(t)[0]) {
			parts[i] = "'" + p
		}
	}
	return strings.Join(parts, ";")
}

// The document vedette.events/1.
type (
	eventJSON struct {
		UTC       *media.UTC `json:"utc,omitempty"`
		Declared  *media.UTC `json:"declared,omitempty"`
		Track     uint32     `json:"track"`
		Sample    int        `json:"sample"`
		Topic     string     `json:"topic"`
		Raw       string     `json:"raw,omitempty"` // where it is written otherwise
		Operation string     `json:"operation,omitempty"`
		Source    itemsJSON  `json:"source"`
		Key       itemsJSON  `json:"key"`
		Data      itemsJSON  `json:"data"`
		Other     itemsJSON  `json:"other,omitempty"`
	}
	spanJSON struct {
		From   *media.UTC `json:"from,omitempty"`
		Begin  string     `json:"begin"`
		To     *media.UTC `json:"to,omitempty"`
		End    string     `json:"end"`
		Track  uint32     `json:"track"`
		Topic  string     `json:"topic"`
		State  string     `json:"state,omitempty"`
		Source itemsJSON  `json:"source"`
		Key    itemsJSON  `json:"key"`
		Data   itemsJSON  `json:"data"`
		Events int        `json:"events"`
	}
)

// itemsJSON is an object in the order of the items. A name that stands twice
// gets its number, so that no value is lost.
type itemsJSON []metadata.Item

// MarshalJSON writes the object.
func (items itemsJSON) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	seen := map[string]int{}
	b.WriteByte('{')
	for i, it := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		name := it.Name
		if seen[it.Name]++; seen[it.Name] > 1 {
			name += " (" + strconv.Itoa(seen[it.Name]) + ")"
		}
		for _, v := range []struct{ text, after string }{{name, ":"}, {it.Value, ""}} {
			text, err := plainJSON(v.text, "")
			if err != nil {
				return nil, err
			}
			b.Write(text)
			b.WriteString(v.after)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// plainJSON writes a value without escapes for HTML.
func plainJSON(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if indent != "" {
		enc.SetIndent(indent, "  ")
	}
	err := enc.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

func (l *listing) value(v any) {
	b, err := plainJSON(v, "    ")
	if err != nil && l.err == nil {
		l.err = err
	}
	l.f("%s", b)
}

// list writes a member of the document that is a list.
func (l *listing) list(name string, n int, value func(i int) any) {
	l.f("  %q: [", name)
	for i := range n {
		l.f("%s\n    ", map[bool]string{true: "", false: ","}[i == 0])
		l.value(value(i))
	}
	if n > 0 {
		l.f("\n  ")
	}
	l.f("]")
}

func (l *listing) json() {
	name, err := plainJSON(l.name, "")
	if err != nil {
		l.err = err
	}
	l.f("{\n  \"schema\": \"vedette.events/1\",\n  \"file\": %s,\n", name)
	l.list("events", l.events.Len(), func(k int) any {
		x := l.events.Event(k)
		out := eventJSON{x.UTC, x.Declared, x.Track, x.Sample, x.Topic, "", x.Operation, x.Source, x.Key, x.Data, x.Other}
		if x.Raw != x.Topic {
			out.Raw = x.Raw
		}
		return out
	})
	if l.opt.spans {
		l.f(",\n")
		l.list("spans", len(l.spans), func(i int) any {
			p := l.spans[i]
			a, b := l.ends(p)
			return spanJSON{a.UTC, p.Begin.String(), b.UTC, p.End.String(), a.Track, a.Topic, p.State, a.Source, a.Key, a.Data, p.Events}
		})
	}
	l.f(",\n")
	found := verify.Findings(l.d.Findings)
	l.list("findings", len(found), func(i int) any { return found[i] })
	l.f("\n}\n")
}
