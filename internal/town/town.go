// Package town is a small invented town with cameras: streets, a shop and a
// metro platform in which people and vehicles move by a seeded plan. Its
// pictures are drawn by this package, and its metadata is computed from the
// same scene, so that both can be compared to the pixel.
//
// The town lies in the open sea, so that nobody takes it for a real place.
// The same seed gives the same pictures, plan and metadata.
package town

import (
	"math"
	"time"
)

// Name of the town and of its streets.
const Name = "Sandhaven (demonstration)"

// Where the town's origin lies: in the North Sea.
const (
	Latitude  = 54.5
	Longitude = 3.5
)

// Start is when the scene begins.
var Start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Vec is a place in metres: east, north, up.
type Vec struct{ X, Y, Z float64 }

func (a Vec) add(b Vec) Vec            { return Vec{a.X + b.X, a.Y + b.Y, a.Z + b.Z} }
func (a Vec) sub(b Vec) Vec            { return Vec{a.X - b.X, a.Y - b.Y, a.Z - b.Z} }
func (a Vec) scale(k float64) Vec      { return Vec{a.X * k, a.Y * k, a.Z * k} }
func (a Vec) dot(b Vec) float64        { return a.X*b.X + a.Y*b.Y + a.Z*b.Z }
func (a Vec) mix(b Vec, k float64) Vec { return a.add(b.sub(a).scale(k)) }

// Geo returns latitude and longitude of a place.
func Geo(v Vec) (lat, lon float64) {
	const radius = 6371008.8
	lat = Latitude + v.Y/radius*180/math.Pi
	lon = Longitude + v.X/(radius*math.Cos(Latitude*math.Pi/180))*180/math.Pi
	return lat, lon
}

// Geo returns where the camera stands in the town. Shop and platform are drawn
// beside the streets, so that no wall has to be seen through; in the town the
// shop lies behind its front and the platform below the street.
func (c *Camera) Geo() (lat, lon, alt float64) {
	v := c.Pos
	switch c.Map {
	case "Lamp shop":
		v = v.sub(Vec{187, -5, 0})
	case "Harbour station -1":
		v = v.sub(Vec{0, 290, 9})
	}
	lat, lon = Geo(v)
	return lat, lon, v.Z
}

// Camera is one camera of the town.
type Camera struct {
	ID      string
	Name    string
	Partner string
	Map     string // of Annex A
	Pos     Vec
	Bearing float64 // degrees clockwise from north
	Tilt    float64 // degrees down
	FOV     float64 // horizontal, degrees
	PTZ     bool
	Line    *Line      // rule: line crossing
	Zone    *Zone      // rule: loitering
	Cover   [2]float64 // seconds during which something covers the lens; equal for never
}

// Line is a line on the ground that a rule watches.
type Line struct {
	Name string
	A, B Vec
}

// Zone is a circle on the ground in which staying too long is loitering.
type Zone struct {
	Name    string
	Centre  Vec
	Radius  float64
	Seconds float64
}

// Cameras returns the cameras of the town.
func Cameras() []Camera {
	kerb := &Line{"Harbour Street crossing", Vec{0, -9, 0}, Vec{0, 9, 0}}
	return []Camera{
		{ID: "C-101", Name: "Harbour Street west", Partner: "City", Map: "Sandhaven", Pos: Vec{-44, -7.5, 5.2}, Bearing: 82, Tilt: 9, FOV: 58, Line: kerb},
		{ID: "C-102", Name: "Harbour Street east", Partner: "City", Map: "Sandhaven", Pos: Vec{38, 8, 5.6}, Bearing: 257, Tilt: 10, FOV: 62, Line: kerb, Cover: [2]float64{11, 12.6}},
		{ID: "C-103", Name: "Market Square", Partner: "City", Map: "Sandhaven", Pos: Vec{48, 34, 9}, Bearing: 215, Tilt: 16, FOV: 55, PTZ: true},
		{ID: "S-001", Name: "Lamp shop", Partner: "Shop", Map: "Lamp shop", Pos: Vec{201, 7.4, 3.1}, Bearing: 122, Tilt: 19, FOV: 84, Zone: &Zone{"Counter", Vec{209, 5, 0}, 2.2, 4}},
		{ID: "L1-N", Name: "Platform 1 north", Partner: "Metro", Map: "Harbour station -1", Pos: Vec{2, 303, 3.6}, Bearing: 86, Tilt: 8, FOV: 66},
		{ID: "L1-S", Name: "Platform 1 south", Partner: "Metro", Map: "Harbour station -1", Pos: Vec{58, 308.5, 3.6}, Bearing: 268, Tilt: 9, FOV: 66, Line: &Line{"Platform edge", Vec{0, 302.4, 0}, Vec{60, 302.4, 0}}},
	}
}

// View returns where a camera looks at a time: a PTZ camera turns between
// three presets. moving says whether it turns just now.
func (c Camera) View(t float64) (bearing, tilt, fov float64, moving bool) {
	if !c.PTZ {
		return c.Bearing, c.Tilt, c.FOV, false
	}
	presets := [][3]float64{{c.Bearing, c.Tilt, c.FOV}, {c.Bearing - 38, c.Tilt - 4, c.FOV - 18}, {c.Bearing + 26, c.Tilt + 2, c.FOV + 8}}
	const hold, turn = 4.0, 1.6
	n := math.Floor(t / (hold + turn))
	in := t - n*(hold+turn)
	a, b := presets[int(n)%3], presets[(int(n)+1)%3]
	k := 0.0
	if in > hold {
		k = (in - hold) / turn
		k = k * k * (3 - 2*k)
		moving = true
	}
	mix := func(i int) float64 { return a[i] + (b[i]-a[i])*k }
	return mix(0), mix(1), mix(2), moving
}
