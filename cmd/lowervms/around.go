package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"vedette/internal/town"
)

// around writes what goes with the exports: trust pack, map file, plans and a
// text that explains the set.
func (m *maker) around(list []recipe) error {
	if err := m.world.WriteTrust(filepath.Join(m.o.out, "trust")); err != nil {
		return err
	}
	if err := m.world.WritePack(filepath.Join(m.o.out, "trust-pack"), filepath.Join(m.o.out, "trust-pack.zip")); err != nil {
		return err
	}
	files := map[string][]byte{"town.csv": []byte(annexA()), "README.txt": []byte(readme(list))}
	for name, p := range plans() {
		var b bytes.Buffer
		if err := png.Encode(&b, p.draw()); err != nil {
			return err
		}
		files[name] = b.Bytes()
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(m.o.out, name), data, 0o644); err != nil { //nolint:gosec // sample data for everybody
			return err
		}
	}
	return nil
}

func readme(list []recipe) string {
	var b strings.Builder
	b.WriteString("Sample evidence from " + town.Name + ", a town that does not exist.\n")
	b.WriteString("Signers chain to trust/; the keys were thrown away.\n\n")
	for _, r := range list {
		fmt.Fprintf(&b, "%-22s %s\n", r.name+".mp4", r.about)
	}
	fmt.Fprintf(&b, "%-22s %s\n", "trust/", "the agency's certificates and revocation list, loose")
	fmt.Fprintf(&b, "%-22s %s\n", "trust-pack/, .zip", "the same as a trust pack with two partners and a stored OCSP response")
	fmt.Fprintf(&b, "%-22s %s\n", "town.csv", "maps, cameras and places of the town (IEC 62676-2-11 Annex A)")
	fmt.Fprintf(&b, "%-22s %s\n", "station.png, shop.png", "the plans that town.csv names")
	return b.String()
}

// plan is a drawing of a part of the town, some pixels to the metre.
type plan struct {
	name           string
	x0, y0, x1, y1 float64 // metres
	scale          float64 // pixels per metre
	parts          []part
}

type part struct {
	x0, y0, x1, y1 float64
	col            color.RGBA
}

func plans() map[string]plan {
	wall, floor, line := color.RGBA{60, 64, 70, 255}, color.RGBA{226, 224, 216, 255}, color.RGBA{206, 176, 72, 255}
	station := plan{name: "Harbour station -1", x0: -20, y0: 298, x1: 100, y1: 311, scale: 10, parts: []part{
		{-20, 302, 100, 310, floor}, {-20, 298.6, 100, 302, color.RGBA{150, 146, 140, 255}}, {-20, 302.4, 100, 302.9, line},
		{-20, 310, 100, 310.4, wall}, {-20, 298.2, 100, 298.6, wall}, {54, 309.2, 59, 310, color.RGBA{120, 150, 180, 255}},
	}}
	for x := -10.0; x < 100; x += 20 {
		station.parts = append(station.parts, part{x - .3, 305.7, x + .3, 306.3, wall}, part{x + 2.8, 308.7, x + 5.2, 309.3, color.RGBA{150, 120, 90, 255}})
	}
	shop := plan{name: "Lamp shop", x0: 199, y0: -1, x1: 213, y1: 9, scale: 60, parts: []part{
		{200, 0, 212, 8, floor}, {199.7, -.3, 212.3, 0, wall}, {199.7, 8, 212.3, 8.3, wall}, {199.7, 0, 200, 8, wall}, {212, 0, 212.3, 8, wall},
		{201, -.3, 202.4, 0, color.RGBA{150, 176, 190, 255}}, {209.85, 3.3, 210.75, 6.7, color.RGBA{150, 120, 90, 255}},
		{203.65, 1.1, 204.35, 3.3, color.RGBA{150, 120, 90, 255}}, {205.95, 1.1, 206.65, 3.3, color.RGBA{150, 120, 90, 255}}, {208.25, 1.1, 208.95, 3.3, color.RGBA{150, 120, 90, 255}},
	}}
	return map[string]plan{"station.png": station, "shop.png": shop}
}

func (p plan) pixel(x, y float64) (int, int) {
	return int((x - p.x0) * p.scale), int((p.y1 - y) * p.scale)
}

func (p plan) draw() image.Image {
	w, h := p.pixel(p.x1, p.y0)
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Rect, image.NewUniform(color.RGBA{246, 246, 244, 255}), image.Point{}, draw.Src)
	for _, r := range p.parts {
		x0, y0 := p.pixel(r.x0, r.y1)
		x1, y1 := p.pixel(r.x1, r.y0)
		draw.Draw(m, image.Rect(x0, y0, x1, y1), image.NewUniform(r.col), image.Point{}, draw.Src)
	}
	return m
}

// annexA writes the town's map file in its canonical form.
func annexA() string {
	var b strings.Builder
	row := func(cells ...string) { b.WriteString(strings.Join(cells, ";") + "\r\n") }
	row("Partner", "Map", "File", "Type", "ID_Camera", "Name", "Link", "GPS_Pos", "HV_Pos", "Angle", "Icon")
	ps := plans()
	row("Metro", "Harbour station -1", "station.png", "Map", "", "", "", "", "", "", "")
	row("Shop", "Lamp shop", "shop.png", "Map", "", "", "", "", "", "", "")
	place := func(partner, name, link string, x, y float64) {
		lat, lon := town.Geo(town.Vec{X: x, Y: y})
		row(partner, "Sandhaven", "", "Place", "", name, link, point(lat, lon), "", "", "")
	}
	place("Metro", "Harbour station", "Harbour station -1", 10, 12)
	place("Shop", "Lamp shop", "Lamp shop", 12, 10)
	for _, c := range town.Cameras() {
		angle := fmt.Sprint(int(c.Bearing+.5) % 360)
		if c.Map == "Sandhaven" {
			lat, lon := town.Geo(c.Pos)
			row(c.Partner, c.Map, "", "Camera", c.ID, c.Name, "", point(lat, lon), "", angle, icon(c))
			continue
		}
		for _, p := range ps {
			if p.name == c.Map {
				x, y := p.pixel(c.Pos.X, c.Pos.Y)
				row(c.Partner, c.Map, "", "Camera", c.ID, c.Name, "", "", fmt.Sprintf("POINT(%d,%d)", x, y), angle, icon(c))
			}
		}
	}
	return b.String()
}

func icon(c town.Camera) string {
	if c.PTZ {
		return "icon_ptz"
	}
	return "icon_fixed"
}

func point(lat, lon float64) string { return fmt.Sprintf("POINT(%.7f,%.7f)", lat, lon) }
