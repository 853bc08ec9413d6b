package tiles

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// topology is the part of TopoJSON that the outline uses.
type topology struct {
	Transform struct {
		Scale     [2]float64 `json:"scale"`
		Translate [2]float64 `json:"translate"`
	} `json:"transform"`
	Arcs    [][][2]int `json:"arcs"`
	Objects map[string]struct {
		Geometries []struct {
			Type string          `json:"type"`
			Arcs json.RawMessage `json:"arcs"`
		} `json:"geometries"`
	} `json:"objects"`
}

// ring is one closed line in Web Mercator. It may lie beyond 0..1 in X, since
// rings that cross 180 degrees are kept in one piece.
type ring struct {
	points         []World
	minX, maxX     float64
	minY, maxY     float64
	closedByPole   bool
	firstInPolygon bool
}

// Outline is the world's countries as rings.
type Outline struct{ rings []ring }

// ParseOutline reads the object countries of a TopoJSON topology.
func ParseOutline(data []byte) (*Outline, error) {
	var t topology
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, fmt.Errorf("tiles: outline: %w", err)
	}
	countries, ok := t.Objects["countries"]
	if !ok {
		return nil, errors.New("tiles: outline: no object countries")
	}
	arcs := make([][][2]float64, len(t.Arcs))
	for i, a := range t.Arcs {
		x, y := 0, 0
		for _, d := range a {
			x, y = x+d[0], y+d[1]
			arcs[i] = append(arcs[i], [2]float64{float64(x)*t.Transform.Scale[0] + t.Transform.Translate[0], float64(y)*t.Transform.Scale[1] + t.Transform.Translate[1]})
		}
	}
	o := &Outline{}
	for _, g := range countries.Geometries {
		var polygons [][][]int
		switch g.Type {
		case "Polygon":
			var p [][]int
			if err := json.Unmarshal(g.Arcs, &p); err != nil {
				return nil, fmt.Errorf("tiles: outline: polygon: %w", err)
			}
			polygons = append(polygons, p)
		case "MultiPolygon":
			if err := json.Unmarshal(g.Arcs, &polygons); err != nil {
				return nil, fmt.Errorf("tiles: outline: polygons: %w", err)
			}
		}
		for _, p := range polygons {
			for k, refs := range p {
				r, err := newRing(arcs, refs)
				if err != nil {
					return nil, err
				}
				r.firstInPolygon = k == 0
				o.rings = append(o.rings, r)
			}
		}
	}
	return o, nil
}

// newRing joins arcs; a reference below zero is an arc read backwards.
func newRing(arcs [][][2]float64, refs []int) (ring, error) {
	var lonlat [][2]float64
	for _, ref := range refs {
		back := ref < 0
		if back {
			ref = ^ref
		}
		if ref >= len(arcs) {
			return ring{}, fmt.Errorf("tiles: outline: arc %d of %d", ref, len(arcs))
		}
		a := arcs[ref]
		for i := range a {
			p := a[i]
			if back {
				p = a[len(a)-1-i]
			}
			if i == 0 && len(lonlat) > 0 {
				continue // the end of the arc before
			}
			lonlat = append(lonlat, p)
		}
	}
	return unwrap(lonlat), nil
}

// unwrap follows a line over 180 degrees instead of across the whole map. A
// ring that goes once about a pole is closed along the edge of the map.
func unwrap(lonlat [][2]float64) ring {
	r := ring{minX: math.Inf(1), maxX: math.Inf(-1), minY: math.Inf(1), maxY: math.Inf(-1)}
	turn, last := 0.0, 0.0
	for i, p := range lonlat {
		if i > 0 {
			if d := p[0] - last; d > 180 {
				turn -= 360
			} else if d < -180 {
				turn += 360
			}
		}
		last = p[0]
		r.add(Project(p[1], p[0]+turn))
	}
	if turn != 0 && len(r.points) > 1 {
		r.closedByPole = true
		edge := 1.0
		if r.points[0].Y < .5 {
			edge = 0
		}
		a, b := r.points[0], r.points[len(r.points)-1]
		r.add(World{b.X, edge})
		r.add(World{a.X, edge})
	}
	return r
}

func (r *ring) add(p World) {
	r.points = append(r.points, p)
	r.minX, r.maxX = min(r.minX, p.X), max(r.maxX, p.X)
	r.minY, r.maxY = min(r.minY, p.Y), max(r.maxY, p.Y)
}
