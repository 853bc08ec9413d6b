package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"vedette/casebook/clock"
	"vedette/media"
	"vedette/media/civil"
	"vedette/verify"
)

const clockHelp = `Usage: vedettectl clock [--json] [--is SOURCE=OFFSET@TIME]... [--correct SOURCE@TIME]...
                        [--order SOURCE@TIME --order SOURCE@TIME] [FILE]

Works out how far the clocks of sources are off and how fast they drift, from
observations, by least squares weighted with their uncertainties; corrects times; and
tells which of two moments came first, or that it cannot be decided. All uncertainties
are for a probability of 95 %. Files of evidence are not touched.

FILE holds observations (vedette.clock-observations/1). A TIME is what the source's own clock shows:
2026-03-01T12:00:07Z, "2026-03-01 13:00:07 +01:00" or "2026-03-01 13:00:07 Europe/Paris".

  --is S=OFFSET@TIME   one more observation: at TIME the clock of S is off by OFFSET, such
                       as "+4:12 fast +-5 s", "-0:07 +-1 s" or "4 min 12 s slow +-2 s"
  --correct S@TIME     prints the true time
  --order S@TIME       given twice: which of the two moments came first
  --write FILE         writes all observations to a new file
  --json               one JSON document (vedette.clock/1)

Examples:
  vedettectl clock --is "Cam 7=+4:12 fast +-5 s@2026-03-01T12:04:12Z" --correct "Cam 7@2026-03-01T18:00:00Z"
  vedettectl clock --order "Cam 7@2026-03-01T12:00:07Z" --order "Gate@2026-03-01T12:00:19Z" clocks.json
`

// clockDocument is vedette.clock/1.
type clockDocument struct {
	Schema       string             `json:"schema"`
	Clocks       []clockOf          `json:"clocks"`
	Observations []clockObservation `json:"observations"`
	Corrected    []clockCorrected   `json:"corrected,omitempty"`
	Order        *clockOrder        `json:"order,omitempty"`
	Error        string             `json:"error,omitempty"` // why nothing was worked out
}

type clockOf struct {
	Source  string       `json:"source"`
	Model   *clock.Model `json:"model,omitempty"`
	Against string       `json:"against,omitempty"` // the source that stands in for true time
	Counted int          `json:"observations"`
	Widened float64      `json:"widened"`
}

type clockObservation struct {
	Source   string     `json:"source"`
	Kind     clock.Kind `json:"kind"`
	Residual clock.Span `json:"residual"`
	Ratio    *float64   `json:"standardDeviations,omitempty"` // absent when nothing else tells the same
	Outlier  bool       `json:"outlier,omitempty"`
	SetAside string     `json:"setAside,omitempty"`
}

type clockCorrected struct {
	Source   string      `json:"source"`
	Declared media.UTC   `json:"declared"`
	UTC      *media.UTC  `json:"utc,omitempty"` // absent when nothing ties the clock to true time
	Within   *clock.Span `json:"within,omitempty"`
}

type clockOrder struct {
	Answer string      `json:"answer"`
	By     *clock.Span `json:"by,omitempty"` // from the first to the second
	Within *clock.Span `json:"within,omitempty"`
	Why    string      `json:"why,omitempty"`
}

func runClock(_ context.Context, e env, args []string) int {
	o := newOptions("clock", clockHelp)
	asJSON, write := o.Bool("json", false, ""), o.String("write", "", "")
	var is, correct, order texts
	o.Var(&is, "is", "")
	o.Var(&correct, "correct", "")
	o.Var(&order, "order", "")
	files, status, ok := o.parse(e, args)
	if !ok {
		return status
	}
	refuse := func(status int, err error) int {
		fmt.Fprintf(e.stderr, "vedettectl clock: %s\n", verify.Inert(err.Error()))
		if *asJSON && status == exitFailed {
			d := newClockDocument(&clock.Solution{}, nil)
			d.Error = err.Error()
			_ = writeJSON(e.stdout, d) // the status tells already that it failed
		}
		return status
	}
	if len(files) > 1 || len(files)+len(is) == 0 || len(order) != 0 && len(order) != 2 {
		return refuse(exitUsage, fmt.Errorf("needs one file of observations or --is, and --order twice or not at all; see vedettectl clock --help"))
	}
	var list []clock.Observation
	if len(files) == 1 {
		b, err := readObservations(files[0])
		if err != nil {
			return refuse(exitUsage, err)
		}
		if list, err = clock.Decode(b); err != nil {
			return refuse(exitFailed, err)
		}
	}
	for _, s := range is {
		x, err := stated(s)
		if err != nil {
			return refuse(exitUsage, err)
		}
		list = append(list, x)
	}
	solved, err := clock.Solve(list)
	if err != nil {
		return refuse(exitFailed, err)
	}
	d := newClockDocument(solved, list)
	if err := d.answer(solved, correct, order); err != nil {
		return refuse(exitUsage, err)
	}
	if *write != "" {
		if err := writeNew(*write, list); err != nil {
			return refuse(exitFailed, err)
		}
	}
	if *asJSON {
		err = writeJSON(e.stdout, d)
	} else {
		err = d.print(e.stdout)
	}
	if err != nil {
		return exitFailed
	}
	return exitDone
}

// stated reads SOURCE=OFFSET@TIME.
func stated(s string) (clock.Observation, error) {
	source, rest, ok := strings.Cut(s, "=")
	at := strings.LastIndex(rest, "@")
	if !ok || at < 0 {
		return clock.Observation{}, fmt.Errorf("%q is not SOURCE=OFFSET@TIME, such as \"Cam 7=+4:12 fast +-5 s@2026-03-01T12:04:12Z\"", s)
	}
	m, err := clock.ParseModel(rest[:at])
	if err != nil {
		return clock.Observation{}, err
	}
	declared, err := civil.ParseTime(rest[at+1:], civil.Context{})
	if err != nil {
		return clock.Observation{}, err
	}
	x := m.Observation(strings.TrimSpace(source), declared)
	return x, x.Check()
}

// moment reads SOURCE@TIME.
func moment(s string) (clock.Moment, error) {
	at := strings.LastIndex(s, "@")
	if at < 0 {
		return clock.Moment{}, fmt.Errorf("%q is not SOURCE@TIME, such as \"Cam 7@2026-03-01T12:04:12Z\"", s)
	}
	u, err := civil.ParseTime(s[at+1:], civil.Context{})
	return clock.Moment{Source: strings.TrimSpace(s[:at]), At: u}, err
}

func newClockDocument(s *clock.Solution, list []clock.Observation) *clockDocument {
	d := &clockDocument{Schema: "vedette.clock/1", Clocks: []clockOf{}, Observations: []clockObservation{}}
	for _, c := range s.Clocks {
		x := clockOf{Source: c.Source, Against: c.Against, Counted: c.Counted, Widened: c.Widened}
		if c.Against != c.Source {
			x.Model = &c.Model
		}
		d.Clocks = append(d.Clocks, x)
	}
	for i, r := range s.Residuals {
		x := clockObservation{Source: list[i].Source, Kind: list[i].Kind, Residual: r.By, Outlier: r.Outlier, SetAside: list[i].SetAside}
		if r.Checked {
			x.Ratio = &r.Ratio
		}
		d.Observations = append(d.Observations, x)
	}
	return d
}

func (d *clockDocument) answer(s *clock.Solution, correct, order []string) error {
	for _, text := range correct {
		m, err := moment(text)
		if err != nil {
			return err
		}
		c := clockCorrected{Source: m.Source, Declared: m.At}
		if at, within, ok := s.Correct(m.Source, m.At); ok {
			c.UTC, c.Within = &at, &within
		}
		d.Corrected = append(d.Corrected, c)
	}
	if len(order) == 0 {
		return nil
	}
	a, err := moment(order[0])
	if err != nil {
		return err
	}
	b, err := moment(order[1])
	if err != nil {
		return err
	}
	r := s.Order(a, b)
	d.Order = &clockOrder{Answer: r.Answer.String(), Why: r.Why}
	if r.Why == "" {
		d.Order.By, d.Order.Within = &r.By, &r.Within
	}
	return nil
}

func (d *clockDocument) print(w io.Writer) error {
	p := &lines{w: w}
	for _, c := range d.Clocks {
		plural := "s"
		if c.Counted == 1 {
			plural = ""
		}
		p.f("%s, %d observation%s", verify.Inert(c.Source), c.Counted, plural)
		switch {
		case c.Model == nil:
			p.f("  stands in for true time: nothing ties it to that")
		case c.Against != "":
			p.f("  %s, against the clock of %s", c.Model.Round(), verify.Inert(c.Against))
		default:
			p.f("  %s", c.Model.Round())
		}
		if c.Widened > 1 {
			p.f("  observations disagree by more than they state: their uncertainties count %.1f times as wide", c.Widened)
		}
	}
	for i, o := range d.Observations {
		text := fmt.Sprintf("Observation %d, %s, %s: differs by %s", i+1, verify.Inert(o.Source), o.Kind, o.Residual)
		switch {
		case o.SetAside != "":
			text += "; set aside: " + verify.Inert(o.SetAside)
		case o.Outlier:
			text += fmt.Sprintf(", %.1f standard deviations: look at it again; it counts", *o.Ratio)
		case o.Ratio != nil:
			text += fmt.Sprintf(", %.1f standard deviations", *o.Ratio)
		default:
			text += "; nothing else tells the same"
		}
		p.f("%s", text)
	}
	for _, c := range d.Corrected {
		if c.UTC == nil {
			p.f("%s at %s cannot be corrected: nothing ties its clock to true time", verify.Inert(c.Source), c.Declared)
			continue
		}
		p.f("%s at %s is %s ± %s", verify.Inert(c.Source), c.Declared, civil.Print(*c.UTC, time.UTC), c.Within.Figures())
	}
	if o := d.Order; o != nil && o.Why != "" {
		p.f("Order: %s: %s", o.Answer, verify.Inert(o.Why))
	} else if o != nil {
		p.f("Order: %s, %s from the first to the second, ± %s", o.Answer, *o.By, o.Within.Figures())
	}
	return p.err
}

// readObservations reads a file of observations, which are small.
func readObservations(name string) ([]byte, error) {
	f, err := os.Open(name) //nolint:gosec // named by the user
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // read only
	return io.ReadAll(io.LimitReader(f, clock.MaxFile+1))
}

// writeNew writes observations to a file that is not there yet.
func writeNew(name string, list []clock.Observation) error {
	b, err := clock.Encode(list)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // named by the user
	if err != nil {
		return err
	}
	if _, err = f.Write(b); err != nil {
		f.Close() //nolint:errcheck,gosec // the first error counts
		return err
	}
	return f.Close()
}
