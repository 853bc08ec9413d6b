package session

import (
	"context"

	"vedette/evidence"
	"vedette/evidence/bmff"
	"vedette/media"
	"vedette/verify"
)

// Inspection is the document vedette.inspect/1.
type Inspection struct {
	Schema    string                   `json:"schema"`
	File      string                   `json:"file"`
	Size      int64                    `json:"size"`
	Export    *ExportInfo              `json:"export,omitempty"`
	Location  *LocationInfo            `json:"location,omitempty"`
	Start     *media.UTC               `json:"start,omitempty"`
	End       *media.UTC               `json:"end,omitempty"`
	TimeBasis string                   `json:"timeBasis"`
	Tracks    []TrackInfo              `json:"tracks"`
	Boxes     []BoxInfo                `json:"boxes,omitempty"`
	Findings  []verify.ReportedFinding `json:"findings"`
}

// ExportInfo is what an export says about its making.
type ExportInfo struct {
	Unit struct {
		Name string `json:"name,omitempty"`
		URL  string `json:"url,omitempty"`
		MAC  string `json:"mac,omitempty"`
	} `json:"unit"`
	Time        *media.UTC   `json:"time,omitempty"`
	Operator    string       `json:"operator,omitempty"`
	SuepVersion int          `json:"suepVersion"`
	Sources     []SourceInfo `json:"sources"`
}

// SourceInfo says where one track comes from.
type SourceInfo struct {
	Track uint32 `json:"track"`
	Name  string `json:"name,omitempty"`
	URL   string `json:"url,omitempty"`
	MAC   string `json:"mac,omitempty"`
	Line  string `json:"line,omitempty"`
}

// LocationInfo is the declared place.
type LocationInfo struct {
	Name      string  `json:"name,omitempty"`
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Altitude  float64 `json:"altitude"`
}

// TrackInfo describes one track.
type TrackInfo struct {
	ID        uint32     `json:"id"`
	Kind      string     `json:"kind"`
	Codec     string     `json:"codec"`
	Entry     string     `json:"entry"`
	Encoding  string     `json:"encoding,omitempty"`
	Timescale uint32     `json:"timescale"`
	Name      string     `json:"name,omitempty"`
	Samples   int        `json:"samples"`
	Frames    int        `json:"frames"`           // samples that are shown
	Hidden    int        `json:"hidden,omitempty"` // samples that the edit list leaves out
	Sync      int        `json:"sync"`
	Width     int        `json:"width,omitempty"`
	Height    int        `json:"height,omitempty"`
	Looks     *LooksInfo `json:"looks,omitempty"` // video
	Start     *media.UTC `json:"start,omitempty"`
	End       *media.UTC `json:"end,omitempty"`
	Gaps      []GapInfo  `json:"gaps"`

	GapTotals []GapTotalInfo `json:"gapTotals,omitempty"`
}

// GapTotalInfo is how much is missing for one reason; gaps that overlap count
// once.
type GapTotalInfo struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
	Length Stamp  `json:"length"`
}

// GapInfo is a stretch without footage. Without an absolute time its ends are
// told as durations from the start of the file in Offset.
type GapInfo struct {
	From   *media.UTC `json:"from,omitempty"`
	To     *media.UTC `json:"to,omitempty"`
	Offset string     `json:"offset,omitempty"`
	Reason string     `json:"reason"`
}

// BoxInfo is one box with its byte range.
type BoxInfo struct {
	Type     string    `json:"type"`
	Offset   int64     `json:"offset"`
	Size     int64     `json:"size"`
	Children []BoxInfo `json:"children,omitempty"`
}

// Inspect describes an indexed export.
func Inspect(ctx context.Context, e *evidence.Export, boxes bool) (*Inspection, error) {
	d := &Inspection{
		Schema: "vedette.inspect/1", File: e.File().Path(), Size: e.File().Size(),
		TimeBasis: e.Starts().Basis.String(), Tracks: []TrackInfo{}, Findings: verify.Findings(append(e.Findings(), e.Starts().Findings...)),
	}
	if info, ok := e.Info(); ok {
		d.Export = exportInfo(info)
	}
	if l, ok := e.Location(); ok {
		d.Location = &LocationInfo{l.Name, l.Latitude, l.Longitude, l.Altitude}
	}
	for i, t := range e.Tracks() {
		ti := trackInfo(e, t)
		if i == 0 {
			if w := e.Origin(t.ID); w.Known() {
				d.Start = &w.UTC
			}
		}
		if ti.End != nil && (d.End == nil || *ti.End > *d.End) {
			d.End = ti.End
		}
		d.Tracks = append(d.Tracks, ti)
	}
	if boxes {
		tree, err := e.BoxTree(ctx)
		if err != nil {
			return nil, err
		}
		d.Boxes = boxInfo(tree)
	}
	return d, nil
}

func exportInfo(i evidence.Info) *ExportInfo {
	x := &ExportInfo{Operator: i.Operator, SuepVersion: i.SuepVersion, Sources: []SourceInfo{}}
	x.Unit.Name, x.Unit.URL, x.Unit.MAC = i.UnitName, i.UnitURL, i.UnitMAC
	if i.HasTime {
		x.Time = &i.Time
	}
	for _, s := range i.Sources {
		x.Sources = append(x.Sources, SourceInfo(s))
	}
	return x
}

func trackInfo(e *evidence.Export, t media.Track) TrackInfo {
	ti := TrackInfo{
		ID: t.ID, Kind: t.Kind.String(), Codec: t.Codec.String(), Entry: bmff.Printable(t.Entry), Encoding: t.Encoding,
		Timescale: t.Timescale, Name: t.Name, Width: t.Width, Height: t.Height, Looks: looksInfo(t), Gaps: []GapInfo{},
	}
	table, ok := e.Table(t.ID).(*evidence.Table)
	if !ok {
		return ti
	}
	ti.Samples, ti.Frames, ti.Sync = table.Len(), table.Frames(), table.Syncs()
	ti.Hidden = ti.Samples - ti.Frames
	origin := e.Origin(t.ID)
	if from, to, ok := table.Span(); ok && origin.Known() {
		a, b := origin.Add(from).UTC, origin.Add(to).UTC
		ti.Start, ti.End = &a, &b
	}
	for _, g := range e.Gaps(t.ID) {
		x := GapInfo{Reason: g.Reason.String()}
		if origin.Known() {
			a, b := origin.Add(g.From).UTC, origin.Add(g.To).UTC
			x.From, x.To = &a, &b
		} else {
			x.Offset = g.From.Duration().String() + " to " + g.To.Duration().String()
		}
		ti.Gaps = append(ti.Gaps, x)
	}
	for _, g := range evidence.TotalGaps(e.Gaps(t.ID)) {
		ti.GapTotals = append(ti.GapTotals, GapTotalInfo{g.Reason.String(), g.Count, Stamp{g.Length.Value, g.Length.Scale}})
	}
	return ti
}

func boxInfo(in []*bmff.Box) []BoxInfo {
	out := make([]BoxInfo, 0, len(in))
	for _, b := range in {
		out = append(out, BoxInfo{bmff.Printable(b.Type), b.Offset, b.Size, boxInfo(b.Children)})
	}
	return out
}
