//go:build pin

package house

import (
	_ "fyne.io/fyne/v2/app"
	_ "fyne.io/fyne/v2/test"
	_ "github.com/Eyevinn/mp4ff/mp4"
	_ "github.com/elastic/go-seccomp-bpf"
	_ "github.com/flopp/go-staticmaps"
	_ "github.com/gen2brain/malgo"
	_ "github.com/go-gl/gl/v2.1/gl"
	_ "github.com/go-gl/glfw/v3.3/glfw"
	_ "github.com/gocarina/gocsv"
	_ "github.com/landlock-lsm/go-landlock/landlock"
	_ "github.com/tidwall/rtree"
	_ "golang.org/x/image/font/opentype"
	_ "golang.org/x/image/vector"
	_ "golang.org/x/sync/errgroup"
	_ "golang.org/x/sys/unix"
	_ "golang.org/x/text/encoding/charmap"
	_ "golang.org/x/text/unicode/norm"
	_ "modernc.org/sqlite"
)
