package town

import (
	"image/color"
	"math"
	"math/rand/v2"
)

// Kind is what an actor is.
type Kind uint8

// The kinds of actors.
const (
	Person Kind = iota
	Car
	Bus
	Train
)

// Class is the word of the ONVIF object class.
func (k Kind) Class() string {
	switch k {
	case Person:
		return "Human"
	case Train:
		return "Other"
	}
	return "Vehicle"
}

// Actor is one person or vehicle.
type Actor struct {
	ID     int
	Kind   Kind
	Colour color.RGBA
	Legs   color.RGBA
	Bag    bool
	Path   []Stop
}

// Stop is where an actor is at a time; between stops it moves evenly. A stop
// that begins elsewhere puts the actor there at once: through a door or a stair.
type Stop struct {
	T   float64
	At  Vec
	Cut bool // the actor is out of sight until this stop
}

// Place returns where an actor is, where it heads (radians from east) and how
// fast; false when it is out of sight.
func (a *Actor) Place(t float64) (at Vec, heading, speed float64, ok bool) {
	for i := 1; i < len(a.Path); i++ {
		p, q := a.Path[i-1], a.Path[i]
		if t < p.T || t >= q.T {
			continue
		}
		if q.Cut {
			return at, 0, 0, false
		}
		d := q.At.sub(p.At)
		span := q.T - p.T
		heading = math.Atan2(d.Y, d.X)
		if d.X == 0 && d.Y == 0 && i > 1 {
			b := p.At.sub(a.Path[i-2].At)
			heading = math.Atan2(b.Y, b.X)
		}
		return p.At.mix(q.At, (t-p.T)/span), heading, math.Hypot(d.X, d.Y) / span, true
	}
	return at, 0, 0, false
}

// Red is the number of the actor whose way leads through the whole town.
const Red = 4

// horizon is how long plans are made for, in seconds.
const horizon = 3600.0

// cast makes the actors of a seed.
func cast(seed uint64) []*Actor {
	rnd := rand.New(rand.NewPCG(seed, 0x7065727365696465))
	var out []*Actor
	out = append(out, redWay())
	coats := []color.RGBA{{52, 73, 94, 255}, {90, 98, 104, 255}, {122, 92, 62, 255}, {66, 94, 72, 255}, {101, 78, 110, 255}, {44, 48, 56, 255}, {150, 128, 84, 255}}
	legs := []color.RGBA{{38, 42, 50, 255}, {58, 60, 66, 255}, {70, 62, 54, 255}}
	person := func(id int, path []Stop) {
		out = append(out, &Actor{ID: id, Kind: Person, Colour: coats[rnd.IntN(len(coats))], Legs: legs[rnd.IntN(len(legs))], Bag: rnd.IntN(3) == 0, Path: path})
	}
	for i := range 7 { // the pavements
		y := []float64{-7.4, -6.3, 6.4, 7.5}[rnd.IntN(4)]
		from, to := -60.0, 60.0
		if rnd.IntN(2) == 0 {
			from, to = to, from
		}
		person(10+i, shuttle(Vec{from, y, 0}, Vec{to, y + rnd.Float64() - .5, 0}, 1.1+rnd.Float64()*.6, rnd.Float64()*70))
	}
	for i := range 4 { // the square
		a, b := Vec{22 + rnd.Float64()*22, 14 + rnd.Float64()*20, 0}, Vec{22 + rnd.Float64()*22, 14 + rnd.Float64()*20, 0}
		person(30+i, shuttle(a, b, .9+rnd.Float64()*.5, rnd.Float64()*20))
	}
	for i := range 5 { // the platform
		y := 304.2 + rnd.Float64()*4
		person(50+i, shuttle(Vec{6 + rnd.Float64()*10, y, 0}, Vec{40 + rnd.Float64()*14, y, 0}, .8+rnd.Float64()*.5, rnd.Float64()*40))
	}
	person(70, shuttle(Vec{203, 3, 0}, Vec{206.5, 5.6, 0}, .5, 3)) // the shop
	paint := []color.RGBA{{49, 77, 116, 255}, {168, 172, 176, 255}, {66, 70, 76, 255}, {142, 58, 46, 255}, {206, 203, 192, 255}}
	for i := range 4 { // the road
		y, from, to := -2.4, -120.0, 120.0
		if i%2 == 1 {
			y, from, to = 2.4, to, from
		}
		out = append(out, &Actor{ID: 80 + i, Kind: Car, Colour: paint[rnd.IntN(len(paint))], Path: shuttleOneWay(Vec{from, y, 0}, Vec{to, y, 0}, 7+rnd.Float64()*4, float64(i)*9-8)})
	}
	out = append(out, &Actor{ID: 90, Kind: Bus, Colour: color.RGBA{214, 208, 190, 255}, Path: shuttleOneWay(Vec{140, 2.4, 0}, Vec{-140, 2.4, 0}, 6.5, -6)})
	out = append(out, &Actor{ID: 95, Kind: Train, Colour: color.RGBA{196, 202, 206, 255}, Path: trainWay()})
	return out
}

// redWay is the way of the red coat: along the street, over the crossing,
// into the shop, down to the platform and into the train.
func redWay() *Actor {
	stops := []Stop{
		{T: 0, At: Vec{-30, -6.6, 0}}, {T: 7, At: Vec{-19, -6.4, 0}}, {T: 12, At: Vec{-3, -6.2, 0}}, {T: 13, At: Vec{1.4, -5.4, 0}}, {T: 20, At: Vec{2.2, 6.2, 0}}, {T: 24, At: Vec{10, 8.6, 0}},
		{T: 26, At: Vec{202, 1.2, 0}, Cut: true}, {T: 30, At: Vec{207.6, 4.4, 0}}, {T: 38, At: Vec{207.8, 4.5, 0}}, {T: 43, At: Vec{202, 1, 0}},
		{T: 50, At: Vec{56, 309, 0}, Cut: true}, {T: 60, At: Vec{34, 306, 0}}, {T: 70, At: Vec{33, 303.4, 0}}, {T: 72, At: Vec{33, 302.5, 0}},
		{T: 90, At: Vec{-30, -6.6, 0}, Cut: true},
	}
	a := &Actor{ID: Red, Kind: Person, Colour: color.RGBA{176, 42, 38, 255}, Legs: color.RGBA{34, 36, 42, 255}, Bag: true}
	for round := 0.0; round < horizon; round += 90 {
		for i, s := range stops {
			if round > 0 && i == 0 {
				continue
			}
			s.T += round
			a.Path = append(a.Path, s)
		}
	}
	return a
}

func shuttle(a, b Vec, speed, lead float64) []Stop {
	d := math.Hypot(b.X-a.X, b.Y-a.Y) / speed
	var out []Stop
	for t := -lead; t < horizon; t += 2*d + 5 {
		out = append(out, Stop{T: t, At: a}, Stop{T: t + d, At: b}, Stop{T: t + d + 2, At: b}, Stop{T: t + 2*d + 2, At: a})
	}
	return out
}

func shuttleOneWay(a, b Vec, speed, lead float64) []Stop {
	d := math.Hypot(b.X-a.X, b.Y-a.Y) / speed
	var out []Stop
	for t := lead; t < horizon; t += d + 6 {
		out = append(out, Stop{T: t, At: a, Cut: true}, Stop{T: t + d, At: b})
	}
	return out
}

func trainWay() []Stop {
	var out []Stop
	for t := 2.0; t < horizon; t += 45 {
		out = append(out, Stop{T: t, At: Vec{-95, 300.6, 0}, Cut: true}, Stop{T: t + 8, At: Vec{30, 300.6, 0}}, Stop{T: t + 18, At: Vec{30, 300.6, 0}}, Stop{T: t + 28, At: Vec{170, 300.6, 0}})
	}
	return out
}
