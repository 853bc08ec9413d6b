package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"vedette/evidence"
	"vedette/verify"
	"vedette/verify/conform"
)

const conformHelp = `Usage: vedettectl conform [--json | --letter en|fr [--html] [--from TEXT] [--ref TEXT]] FILE...

Judges each export by the clauses of IEC 62676-2-11 that speak of files (4.2, 4.3,
5.2, 5.3): met, not met, cannot be told from the file, or not applicable, each with
what was seen and the byte at which it was seen, and the level reached: none, 0V, or
0M/0E. The form of the file is judged, and whether its seals fit; who signed is the
matter of vedettectl verify.

  --json        one JSON document (vedette.conform/1); for several files one with
                "files", each in the form of a single one
  --letter LANG a letter to the site that made the exports, on one page, in English
                (en) or French (fr): what was received, what does not meet the
                standard, and what to change. Of several files those of one unit
                share a letter, up to three
  --html        the letter as HTML that prints on A4, instead of text
  --from TEXT   who signs the letter; without it a line is left to fill in
  --ref TEXT    the reference of the letter

Exit status: 0 done, 3 done but a file reaches no level, 2 usage or unreadable path,
1 failed. A demand that no file can show, such as that all events are in it, does not
stand in the way of a level.

Examples:
  vedettectl conform sample/street-west.mp4
  vedettectl conform --json sample/*.mp4 > conform.json
  vedettectl conform --letter en sample/unsigned.mp4
  vedettectl conform --letter fr --html --from "Evidence desk 4" sample/unsigned.mp4 > letter.html
`

func runConform(ctx context.Context, e env, args []string) int {
	o := newOptions("conform", conformHelp)
	asJSON := o.Bool("json", false, "")
	letter := o.String("letter", "", "")
	asHTML := o.Bool("html", false, "")
	from := o.String("from", "", "")
	ref := o.String("ref", "", "")
	files, status, ok := o.parse(e, args)
	if !ok {
		return status
	}
	fault := ""
	switch {
	case len(files) == 0:
		fault = "no file given"
	case *asJSON && *letter != "":
		fault = "--json and --letter exclude each other"
	case *letter == "" && (*asHTML || *from != "" || *ref != ""):
		fault = "--html, --from and --ref belong to --letter"
	case *letter != "" && *letter != "en" && *letter != "fr":
		fault = fmt.Sprintf("--letter %q, want en or fr", *letter)
	}
	if fault != "" {
		fmt.Fprintf(e.stderr, "vedettectl conform: %s; see vedettectl conform --help\n", fault)
		return exitUsage
	}
	var results []*conform.Result
	worst := exitDone
	for _, name := range files {
		r, err := conformFile(ctx, name)
		if err != nil {
			fmt.Fprintf(e.stderr, "vedettectl conform: %v\n", err)
			worst = worseOf(worst, faultOf(err))
		}
		if r == nil || *letter != "" && err != nil { // no site is to blame for a slip of the pen
			continue
		}
		if r.Level == conform.LevelNone {
			worst = worseOf(worst, exitFindings)
		}
		results = append(results, r)
	}
	var err error
	switch {
	case *asJSON:
		err = conformJSON(e.stdout, files, results)
	case *letter != "":
		s := conform.Sender{Name: *from, Reference: *ref, Program: "vedettectl " + version, Date: time.Now()}
		err = lettersTo(e.stdout, results, *letter, *asHTML, s)
	default:
		err = conformText(e.stdout, results)
	}
	if err != nil {
		fmt.Fprintf(e.stderr, "vedettectl conform: %v\n", err)
		return exitFailed
	}
	return worst
}

// worseOf returns the worse exit status: failed, usage, findings, done.
func worseOf(a, b int) int {
	for _, s := range []int{exitFailed, exitUsage, exitFindings} {
		if a == s || b == s {
			return s
		}
	}
	return exitDone
}

// conformFile judges one file. There is a result also about a file that is
// refused or cannot be opened; there is none when the file was not judged to
// the end.
func conformFile(ctx context.Context, name string) (*conform.Result, error) {
	f, err := evidence.OpenFile(name)
	if err != nil {
		return conform.Refused(name, 0, err), pathError{err}
	}
	defer f.Close()
	x, err := evidence.Open(ctx, f)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return conform.Refused(name, f.Size(), err), nil
	}
	if err := x.Index(ctx, nil); err != nil {
		return nil, err
	}
	report, err := verify.Check(ctx, x, verify.Policy{Now: time.Now()}, nil)
	if err != nil {
		return nil, err
	}
	return conform.Judge(ctx, x, report)
}

func conformJSON(w io.Writer, files []string, results []*conform.Result) error {
	if len(files) == 1 && len(results) == 1 {
		return writeJSON(w, results[0])
	}
	if results == nil {
		results = []*conform.Result{}
	}
	return writeJSON(w, struct {
		Schema string            `json:"schema"`
		Files  []*conform.Result `json:"files"`
	}{conform.Schema, results})
}

func conformText(w io.Writer, results []*conform.Result) error {
	for i, r := range results {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := r.WriteText(w); err != nil {
			return err
		}
	}
	return nil
}

func lettersTo(w io.Writer, results []*conform.Result, lang string, asHTML bool, s conform.Sender) error {
	letters, err := conform.Letters(results, lang, s)
	if err != nil {
		return err
	}
	if asHTML {
		return conform.WriteHTML(w, letters)
	}
	for i, l := range letters {
		if i > 0 {
			fmt.Fprint(w, "\f")
		}
		if err := l.WriteText(w); err != nil {
			return err
		}
	}
	return nil
}
