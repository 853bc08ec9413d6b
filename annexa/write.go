package annexa

import (
	"encoding/csv"
	"fmt"
	"io"
	"sort"

	"github.com/gocarina/gocsv"

	"vedette/internal/diag"
)

// line is one row as it is written.
type line struct {
	Partner string `csv:"Partner"`
	Map     string `csv:"Map"`
	File    string `csv:"File"`
	Type    string `csv:"Type"`
	ID      string `csv:"ID_Camera"`
	Name    string `csv:"Name"`
	Link    string `csv:"Link"`
	GPS     string `csv:"GPS_Pos"`
	HV      string `csv:"HV_Pos"`
	Angle   string `csv:"Angle"`
	Icon    string `csv:"Icon"`
}

// Write writes a catalogue in the strict form of Annex A: UTF-8, CRLF, the
// header, rows in a fixed order. What the form has no room for is left out and
// told as findings. The same catalogue gives the same bytes.
func Write(w io.Writer, c *Catalogue) ([]diag.Finding, error) {
	o := &writer{}
	var lines []line
	for _, partner := range c.Partners {
		lines = append(lines, o.maps(c, partner)...)
		lines = append(lines, o.places(c, partner)...)
		lines = append(lines, o.cameras(c, partner)...)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true
	if err := gocsv.MarshalCSV(lines, out); err != nil {
		return o.findings, fmt.Errorf("annexa: write: %w", err)
	}
	return o.findings, nil
}

type writer struct{ findings []diag.Finding }

func (o *writer) left(code, format string, args ...any) {
	o.findings = append(o.findings, diag.New(code, diag.Warning, format, args...))
}

func (o *writer) maps(c *Catalogue, partner string) (out []line) {
	for _, m := range c.Maps {
		if m.Kind != Plan || m.Partner != partner {
			continue
		}
		if m.Pending {
			o.left("WRITE-PENDING", "the plan %s of %s is not written: no file is known for it", quote(m.Name), quote(partner))
			continue
		}
		out = append(out, line{Partner: partner, Map: m.Name, File: fileText(m.File), Type: typeMap})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Map < out[j].Map })
	return out
}

func fileText(f FileRef) string {
	switch {
	case f.URL != "":
		return f.URL
	case f.Path != "":
		return f.Path
	}
	return f.Text
}

func (o *writer) places(c *Catalogue, partner string) (out []line) {
	for _, p := range c.Places {
		if p.Partner != partner {
			continue
		}
		if p.Provisional {
			o.left("WRITE-PROVISIONAL", "the place %s of %s is not written: its area has not been confirmed", quote(p.Label()), quote(partner))
			continue
		}
		l := line{Partner: partner, Map: p.Map, Type: typePlace, Name: p.Name, Link: p.Link, Icon: p.Icon.Text}
		l.GPS, l.HV = positionText(p.Position)
		out = append(out, l)
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.Map != b.Map {
			return a.Map < b.Map
		}
		if a.Link != b.Link {
			return a.Link < b.Link
		}
		return a.Name < b.Name
	})
	return out
}

func (o *writer) cameras(c *Catalogue, partner string) (out []line) {
	for _, m := range c.Cameras {
		if m.Partner != partner {
			continue
		}
		at := m.Primary()
		if at == nil {
			continue
		}
		for i := range m.Placements {
			if p := &m.Placements[i]; p != at {
				o.left("WRITE-PLACEMENT", "the placement of camera %s of %s on %s is not written: Annex A has room for one", quote(m.ID), quote(partner), quote(p.Map))
			}
		}
		l := line{Partner: partner, Map: at.Map, Type: typeCamera, ID: m.ID, Name: m.Name, Angle: angleText(at.Angle), Icon: at.Icon.Text}
		l.GPS, l.HV = positionText(at.Position)
		out = append(out, l)
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].Map != out[j].Map {
			return out[i].Map < out[j].Map
		}
		return out[i].ID < out[j].ID
	})
	return out
}

func positionText(p Position) (gps, hv string) {
	if p.GPS != nil {
		return gpsText(p.GPS), ""
	}
	return "", pixelText(p.Pixels)
}
