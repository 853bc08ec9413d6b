// Package basemap holds the outline of the world's countries that stands under
// the map when no other is installed: Natural Earth 1:50 million (public
// domain) as TopoJSON by world-atlas 2.0.2 (ISC licence, beside this file).
package basemap

import _ "embed"

// Countries is the TopoJSON.
//
//go:embed countries-50m.json
var Countries []byte

// Attribution is shown wherever the outline is.
const Attribution = "Natural Earth"
