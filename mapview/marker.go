package mapview

import (
	"math"

	"github.com/tidwall/rtree"

	"vedette/mapview/tiles"
)

// Kind is what a marker stands for.
type Kind uint8

// The kinds of markers.
const (
	Camera   Kind = iota // of a partner's catalogue
	Declared             // the place that an export declares
	Place                // a link to a plan
)

// Marker is one object on the map. Its ID is the caller's and must be unique.
type Marker struct {
	ID      string
	Kind    Kind
	Name    string
	Lines   []string // below the name on the hover card
	Letter  string   // of the partner, on the marker
	Lat     float64  // degrees, WGS84
	Lon     float64
	Bearing *float64 // degrees clockwise from north; nil if unknown
	Width   float64  // opening angle in degrees; 0 if unknown, then an assumed one is drawn dashed
	Range   float64  // metres; 0 if unknown
	Footage bool     // there is a picture of it at the playhead
}

// What is drawn where a camera's view is not known.
const (
	AssumedWidth = 60
	AssumedRange = 30
)

// ok tells whether a marker can be drawn: coordinates that are no numbers would
// never end.
func (m *Marker) ok() bool {
	return !math.IsNaN(m.Lat) && !math.IsNaN(m.Lon) && math.Abs(m.Lat) <= 90 && math.Abs(m.Lon) <= 180
}

// index finds markers by place. It is not changed once it is built.
type index struct {
	markers []Marker
	at      []tiles.World
	tree    rtree.RTreeG[int]
	byID    map[string]int
}

func newIndex(ms []Marker) *index {
	ix := &index{byID: make(map[string]int, len(ms))}
	for _, m := range ms {
		if !m.ok() {
			continue
		}
		n, p := len(ix.markers), tiles.Project(m.Lat, m.Lon)
		ix.markers, ix.at = append(ix.markers, m), append(ix.at, p)
		ix.byID[m.ID] = n
		ix.tree.Insert([2]float64{p.X, p.Y}, [2]float64{p.X, p.Y}, n)
	}
	return ix
}

// within calls fn for the markers of a view and a margin around it, in pixels.
func (ix *index) within(v tiles.View, w, h, margin float64, fn func(n int)) {
	a, b := v.At(-margin, -margin, w, h), v.At(w+margin, h+margin, w, h)
	if b.X-a.X >= 1 {
		a.X, b.X = 0, 1
	}
	for shift := -1.0; shift <= 1; shift++ { // the map repeats every 360 degrees
		lo, hi := max(a.X+shift, 0), min(b.X+shift, 1)
		if lo > hi {
			continue
		}
		ix.tree.Search([2]float64{lo, a.Y}, [2]float64{hi, b.Y}, func(_, _ [2]float64, n int) bool {
			fn(n)
			return true
		})
	}
}

// spot is one or more markers at one place of the screen.
type spot struct {
	x, y, r float64
	all     []int // markers, in order of the index
	cluster bool  // gathered from an area, not of one place
}

const (
	clusterCell  = 64.0 // pixels
	clusterAbove = 300  // visible markers
	clusterZoom  = 18.0 // from here on all are shown
	sameSpot     = 7.0  // pixels within which markers hide each other
)

// spots lays out what is visible: single markers, or clusters where there are
// too many to tell apart. Cells of clusters stand still when the map is moved.
func (ix *index) spots(v tiles.View, w, h float64) []spot {
	var seen []int
	ix.within(v, w, h, 40, func(n int) { seen = append(seen, n) })
	cell, gather := sameSpot, false
	if len(seen) > clusterAbove && v.Zoom < clusterZoom {
		cell, gather = clusterCell, true
	}
	type key struct {
		x, y     int64
		declared bool
	}
	where := map[key]int{}
	var out []spot
	for _, n := range seen {
		p := ix.at[n]
		k := key{int64(math.Floor(p.X * v.Scale() / cell)), int64(math.Floor(p.Y * v.Scale() / cell)), ix.markers[n].Kind == Declared}
		x, y := v.Pixel(p, w, h)
		i, ok := where[k]
		if !ok {
			where[k] = len(out)
			out = append(out, spot{x: x, y: y, all: []int{n}})
			continue
		}
		s := &out[i]
		c := float64(len(s.all))
		if gather {
			s.x, s.y = (s.x*c+x)/(c+1), (s.y*c+y)/(c+1)
		}
		s.all = append(s.all, n)
	}
	for i := range out {
		s := &out[i]
		s.cluster = gather && len(s.all) > 1
		switch n := len(s.all); {
		case !s.cluster:
			s.r = 10
		case n < 10:
			s.r = 13
		case n < 100:
			s.r = 17
		default:
			s.r = 22
		}
	}
	return out
}
