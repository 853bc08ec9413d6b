package mapview

import "image"

// Symbol is one entry of a legend.
type Symbol struct {
	Name string
	Make func(scale float64) image.Image // 28 by 24 units
}

// Legend returns the symbols of the map with their meaning.
func Legend(c Colours) []Symbol {
	make := func(fn func(b *brush)) func(float64) image.Image {
		return func(scale float64) image.Image {
			m := image.NewRGBA(image.Rect(0, 0, int(28*scale), int(24*scale)))
			fn(newBrush(m, scale))
			return m
		}
	}
	return []Symbol{
		{"has footage at this time", make(func(b *brush) { b.camera(14, 12, "", true, false, &c) })},
		{"no footage at this time", make(func(b *brush) { b.camera(14, 12, "", false, false, &c) })},
		{"place that an export declares", make(func(b *brush) {
			b.disc(14, 12, 9, fade(c.Marker, 40))
			b.ring(14, 12, 9, 2, c.Marker)
			b.disc(14, 12, 2, c.Marker)
		})},
		{"view, width and range assumed", make(func(b *brush) { b.wedge(4, 12, 90, AssumedWidth, 19, true, c.Marker) })},
		{"leads to a plan", make(func(b *brush) { b.place(14, 12, false, &c) })},
		{"cluster, number of objects", make(func(b *brush) { b.cluster(spot{x: 14, y: 12, r: 11, all: []int{0, 0, 0}}, &c) })},
	}
}
