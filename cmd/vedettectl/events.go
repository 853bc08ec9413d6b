package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"vedette/internal/diag"
	"vedette/media"
	"vedette/session"
	"vedette/verify"
)

const eventsHelp = `Usage: vedettectl events [--json|--csv] FILE

Lists the events of an export's metadata with their UTC, after the corrections of
the clock by seals that verify, and the time that the document itself states.

  --json  one JSON document (vedette.events/1)
  --csv   a table with a header; cells that a spreadsheet would run as a formula
          begin with an apostrophe

Examples:
  vedettectl events clip.mp4
  vedettectl events --csv clip.mp4 > events.csv
`

func runEvents(ctx context.Context, e env, args []string) int {
	o := newOptions("events", eventsHelp)
	asJSON := o.Bool("json", false, "")
	asCSV := o.Bool("csv", false, "")
	files, status, ok := o.parse(e, args)
	if !ok {
		return status
	}
	name, ok := one(e, "events", files)
	if !ok {
		return exitUsage
	}
	if *asJSON && *asCSV {
		fmt.Fprintln(e.stderr, "vedettectl events: --json and --csv exclude each other")
		return exitUsage
	}
	x, done, status := openExport(ctx, e, name)
	if x == nil {
		return status
	}
	defer done()
	if _, err := settle(ctx, x); err != nil {
		fmt.Fprintf(e.stderr, "vedettectl events: %v\n", err)
		return exitFailed
	}
	d, err := session.ReadEvents(ctx, x, nil)
	if err != nil {
		fmt.Fprintf(e.stderr, "vedettectl events: %v\n", err)
		return exitFailed
	}
	for _, f := range d.Findings {
		fmt.Fprintf(e.stderr, "%s: %s [%s]\n", f.Severity, verify.Inert(f.Message), f.Code)
	}
	switch {
	case *asJSON:
		err = writeJSON(e.stdout, d)
	case *asCSV:
		err = eventsCSV(e.stdout, d)
	default:
		err = eventsText(e.stdout, d)
	}
	if err != nil {
		return exitFailed
	}
	return statusOf(diag.Worst(d.Findings))
}

func eventsText(w io.Writer, d *session.Events) error {
	p := &lines{w: w}
	for _, x := range d.Events {
		p.f("%-28s %-24s %-12s %s", utcText(x.UTC), verify.Inert(x.Title), x.Operation, verify.Inert(x.Detail))
	}
	if len(d.Events) == 0 {
		p.f("no events")
	}
	return p.err
}

func eventsCSV(w io.Writer, d *session.Events) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"utc", "declared", "track", "sample", "topic", "operation", "title", "detail"}}
	for _, x := range d.Events {
		rows = append(rows, []string{
			cellTime(x.UTC), cellTime(x.Declared), fmt.Sprint(x.Track), fmt.Sprint(x.Sample),
			cell(x.Topic), cell(x.Operation), cell(x.Title), cell(x.Detail),
		})
	}
	return c.WriteAll(rows)
}

func cellTime(u *media.UTC) string {
	if u == nil {
		return ""
	}
	return u.String()
}

// cell makes foreign text harmless to a spreadsheet.
func cell(s string) string {
	s = verify.Inert(s)
	if strings.HasPrefix(strings.TrimLeft(s, " \"'"), "=") || strings.ContainsAny(firstRune(s), "+-@\t\r") {
		return "'" + s
	}
	return s
}

func firstRune(s string) string {
	for _, r := range strings.TrimLeft(s, " \"'") {
		return string(r)
	}
	return ""
}
