// Package tiles knows the ground of the map: the Web Mercator projection and
// the outline of the world that is drawn when nothing better is installed. It
// draws into images and knows no toolkit. It opens no network connection.
package tiles

import (
	"fmt"
	"math"
)

// TileSize is the width of the world at zoom 0, in pixels.
const TileSize = 256

// MaxLatitude is where Web Mercator ends (EPSG:3857).
const MaxLatitude = 85.0511287798066

// Radius of the sphere for short distances, in metres.
const Radius = 6371008.8

// World is a place in Web Mercator: 0,0 is the north-west corner and 1,1 the
// south-east one. X may lie beyond when a ring crosses 180 degrees.
type World struct{ X, Y float64 }

// Project returns the place of a position in degrees.
func Project(lat, lon float64) World {
	lat = min(max(lat, -MaxLatitude), MaxLatitude)
	s := math.Sin(lat * math.Pi / 180)
	return World{X: lon/360 + .5, Y: .5 - math.Log((1+s)/(1-s))/(4*math.Pi)}
}

// Position returns latitude and longitude of a place, in degrees.
func (w World) Position() (lat, lon float64) {
	lat = 360/math.Pi*math.Atan(math.Exp((.5-w.Y)*2*math.Pi)) - 90
	lon = math.Mod((w.X-.5)*360+540, 360)
	if lon < 0 {
		lon += 360
	}
	return lat, lon - 180
}

// View is what is shown: a centre and a zoom, which need not be whole.
type View struct {
	Centre World
	Zoom   float64
}

// Scale returns pixels per world.
func (v View) Scale() float64 { return TileSize * math.Exp2(v.Zoom) }

// Pixel returns where a place lies in a picture of w by h whose middle is the
// centre; of the places that repeat every 360 degrees the nearest.
func (v View) Pixel(p World, w, h float64) (x, y float64) {
	dx := p.X - v.Centre.X
	dx -= math.Round(dx)
	return w/2 + dx*v.Scale(), h/2 + (p.Y-v.Centre.Y)*v.Scale()
}

// At returns the place under a pixel.
func (v View) At(x, y, w, h float64) World {
	return World{v.Centre.X + (x-w/2)/v.Scale(), v.Centre.Y + (y-h/2)/v.Scale()}
}

// MetresPerPixel returns the scale at the view's centre.
func (v View) MetresPerPixel() float64 {
	lat, _ := v.Centre.Position()
	return 2 * math.Pi * Radius * math.Cos(lat*math.Pi/180) / v.Scale()
}

// Bar returns a round length that is at most room pixels wide, its width in
// pixels, and its name.
func (v View) Bar(room float64) (pixels float64, name string) {
	m := v.MetresPerPixel()
	length := math.Pow(10, math.Floor(math.Log10(m*room)))
	for _, k := range []float64{5, 2} {
		if length*k <= m*room {
			length *= k
			break
		}
	}
	if length >= 1000 {
		return length / m, fmt.Sprintf("%g km", length/1000)
	}
	return length / m, fmt.Sprintf("%g m", length)
}

// Destination returns the position at a distance and bearing, in the local
// plane, which is exact to a millimetre per kilometre.
func Destination(lat, lon, bearing, metres float64) (float64, float64) {
	const deg = 180 / math.Pi
	b := bearing / deg
	return lat + metres*math.Cos(b)/Radius*deg, lon + metres*math.Sin(b)/(Radius*math.Cos(lat/deg))*deg
}

// Distance returns metres between two positions by the local plane of the first.
func Distance(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	d := math.Mod(lon2-lon1+540, 360) - 180
	return math.Hypot((lat2-lat1)*rad*Radius, d*rad*Radius*math.Cos((lat1+lat2)/2*rad))
}

// FitView returns the view that shows all positions in w by h pixels with a
// margin. maxZoom bounds it, as for a single position.
func FitView(ps []World, w, h, margin, maxZoom float64) View {
	if len(ps) == 0 {
		return View{Centre: World{.5, .42}, Zoom: math.Log2(max(w, 1) / TileSize)}
	}
	a, b := ps[0], ps[0]
	for _, p := range ps[1:] {
		p.X = ps[0].X + p.X - ps[0].X - math.Round(p.X-ps[0].X)
		a, b = World{min(a.X, p.X), min(a.Y, p.Y)}, World{max(b.X, p.X), max(b.Y, p.Y)}
	}
	v := View{Centre: World{(a.X + b.X) / 2, (a.Y + b.Y) / 2}, Zoom: maxZoom}
	if d := b.X - a.X; d > 0 {
		v.Zoom = min(v.Zoom, math.Log2(max(w-2*margin, 32)/TileSize/d))
	}
	if d := b.Y - a.Y; d > 0 {
		v.Zoom = min(v.Zoom, math.Log2(max(h-2*margin, 32)/TileSize/d))
	}
	return v.Clamp()
}

// The range of zooms.
const (
	MinZoom = 0
	MaxZoom = 21
)

// Clamp keeps a view where there is something to see.
func (v View) Clamp() View {
	v.Zoom = min(max(v.Zoom, MinZoom), MaxZoom)
	v.Centre.X -= math.Floor(v.Centre.X)
	v.Centre.Y = min(max(v.Centre.Y, 0), 1)
	return v
}
