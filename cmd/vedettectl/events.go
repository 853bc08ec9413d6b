package main

import (
	"bufio"
	"context"
	"fmt"
	"time"

	"vedette/events"
	"vedette/evidence"
	"vedette/internal/diag"
	"vedette/media"
	"vedette/session"
	"vedette/verify"
)

const eventsHelp = `Usage: vedettectl events [--json|--csv] [--spans] [FILTER]... FILE

Lists the events of an export's metadata with their UTC, after the corrections of
the clock by seals that verify, and the time that the document itself states.

  --json          one JSON document (vedette.events/1)
  --csv           a table with a header; cells that a spreadsheet would run as a
                  formula begin with an apostrophe
  --spans         from when to when each property was on, or had one value, instead
                  of single events (with --json both). "before" means that it was so
                  at its first word already, "still" that nothing tells its end, "by"
                  that the change itself was not told.

Filters; what is listed passes all:
  --topic TOPIC   a topic or its begin in whole parts (RuleEngine), prefixes may be
                  left out; or its words ("Line crossed")
  --source TEXT   part of a value that names the source, such as a camera or a rule
  --object ID     events of one object
  --state STATE   on or off
  --text WORDS    words that all stand somewhere in the event
  --from TIME     not before TIME, as RFC 3339: 2026-03-01T12:00:00Z
  --to TIME       before TIME

At most 2,000,000 events of a file are held; that more were left out is told as a
finding (METADATA-EVENTS).

Examples:
  vedettectl events clip.mp4
  vedettectl events --spans --topic "Motion" clip.mp4
  vedettectl events --csv --text "crossed kerb" --from 2026-03-01T12:00:00Z clip.mp4 > events.csv
`

// eventOptions are what runEvents is asked for.
type eventOptions struct {
	json, csv, spans bool
	filter           events.Filter
}

func parseEvents(e env, args []string) (opt eventOptions, name string, status int, ok bool) {
	o := newOptions("events", eventsHelp)
	o.BoolVar(&opt.json, "json", false, "")
	o.BoolVar(&opt.csv, "csv", false, "")
	o.BoolVar(&opt.spans, "spans", false, "")
	o.StringVar(&opt.filter.Topic, "topic", "", "")
	o.StringVar(&opt.filter.Source, "source", "", "")
	o.StringVar(&opt.filter.Object, "object", "", "")
	o.StringVar(&opt.filter.State, "state", "", "")
	o.StringVar(&opt.filter.Text, "text", "", "")
	for name, to := range map[string]**media.UTC{"from": &opt.filter.From, "to": &opt.filter.To} {
		o.Func(name, "", func(s string) error {
			t, err := time.Parse(time.RFC3339Nano, s)
			if err != nil {
				return fmt.Errorf("got %q, want RFC 3339 such as 2026-03-01T12:00:00Z", s)
			}
			u := media.FromTime(t)
			*to = &u
			return nil
		})
	}
	files, status, ok := o.parse(e, args)
	if !ok {
		return opt, "", status, false
	}
	if name, ok = one(e, "events", files); !ok {
		return opt, "", exitUsage, false
	}
	wrong := ""
	switch s := opt.filter.State; {
	case opt.json && opt.csv:
		wrong = "--json and --csv exclude each other"
	case s != "" && s != "on" && s != "off":
		wrong = fmt.Sprintf("--state %q, want on or off", s)
	case s == "off" && opt.spans:
		wrong = "--spans tells from when to when something was on; leave --state off out"
	}
	if wrong != "" {
		fmt.Fprintf(e.stderr, "vedettectl events: %s\n", wrong)
		return opt, "", exitUsage, false
	}
	return opt, name, exitDone, true
}

func runEvents(ctx context.Context, e env, args []string) int {
	opt, name, status, ok := parseEvents(e, args)
	if !ok {
		return status
	}
	d, status, err := readEvents(ctx, name)
	if err != nil {
		fmt.Fprintf(e.stderr, "vedettectl events: %v\n", err)
	}
	for _, f := range d.Findings {
		if err == nil {
			fmt.Fprintf(e.stderr, "%s: %s [%s]\n", f.Severity, verify.Inert(f.Message), f.Code)
		}
	}
	if err == nil && (opt.filter.From != nil || opt.filter.To != nil) && d.Store.Len() > 0 && !d.Store.Absolute() {
		fmt.Fprintln(e.stderr, "vedettectl events: --from and --to need events with an absolute time; this export states none")
		return exitUsage
	}
	if err != nil && !opt.json {
		return status
	}
	w := bufio.NewWriterSize(e.stdout, 1<<16)
	l := listing{w: w, name: name, d: d, opt: opt, events: d.Store.Select(opt.filter)}
	if opt.spans {
		l.spans = spansOf(d.Store, opt.filter)
	}
	switch {
	case opt.json:
		l.json()
	case opt.csv:
		l.csv()
	default:
		l.text()
	}
	if l.err != nil || w.Flush() != nil {
		return exitFailed
	}
	if status == exitDone {
		status = statusOf(diag.Worst(d.Findings))
	}
	return status
}

// readEvents always returns a document: of a file that is refused it says why.
func readEvents(ctx context.Context, name string) (*session.Events, int, error) {
	refused := func(status int, err error) (*session.Events, int, error) {
		return &session.Events{Findings: []diag.Finding{diag.New("FILE-UNREADABLE", diag.Fatal, "%v", err)}}, status, err
	}
	f, err := evidence.OpenFile(name)
	if err != nil {
		return refused(exitUsage, err)
	}
	defer f.Close()
	x, err := evidence.Open(ctx, f)
	if err == nil {
		err = x.Index(ctx, nil)
	}
	if err == nil {
		_, err = settle(ctx, x)
	}
	if err != nil {
		return refused(exitFailed, err)
	}
	d, err := session.ReadEvents(ctx, x, nil)
	if err != nil {
		return refused(exitFailed, err)
	}
	return d, exitDone, nil
}

// spansOf returns the spans that overlap the time asked for. Their ends are
// looked for among all events of their properties, whatever their state.
func spansOf(s *events.Store, f events.Filter) []events.Span {
	wide := f
	wide.From, wide.To, wide.State, wide.Text, wide.Object = nil, nil, "", "", ""
	exact := events.Filter{Text: f.Text, Object: f.Object}
	named := map[int]bool{}
	if x := s.Select(exact); exact != (events.Filter{}) {
		for k := range x.Len() {
			named[x.Index(k)] = true
		}
	}
	var out []events.Span
	for _, p := range s.Select(wide).Spans() {
		switch {
		case f.State != "" && p.State != f.State:
		case f.From != nil && p.End != events.EdgeOutside && s.Time(p.Last) < *f.From:
		case f.To != nil && p.Begin != events.EdgeOutside && s.Time(p.First) >= *f.To:
		case exact != (events.Filter{}) && !named[p.First]:
		default:
			out = append(out, p)
		}
	}
	return out
}
