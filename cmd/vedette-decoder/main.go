// Command vedette-decoder decodes coded pictures and sound for Vedette. It is
// started by Vedette alone, gets coded units and gives pictures through
// inherited descriptors, and gives up every right to files and connections
// before the first of them.
package main

import (
	"fmt"
	"os"
	"strings"

	"vedette/player/decode"
	"vedette/player/ffmpeg"
)

// version is set by the linker.
var version = "dev"

const help = `vedette-decoder is started by Vedette. It decodes pictures and sound that Vedette
hands to it through inherited descriptors, and can open neither files nor
connections. There is nothing to be done with it by hand.

  --selfcheck  show which confinement this system gives, and try to escape it
  --version    show the versions of the program and of FFmpeg
  --help       show this text
`

func main() {
	switch strings.Join(os.Args[1:], " ") {
	case "--child":
		if err := serve(); err != nil {
			fmt.Fprintln(os.Stderr, "vedette-decoder:", err)
			os.Exit(1)
		}
	case "--selfcheck":
		os.Exit(selfcheck())
	case "--version":
		fmt.Println("vedette-decoder", version, "with FFmpeg", ffmpeg.Version())
	case "--help", "-h":
		fmt.Print(help)
	default:
		fmt.Fprint(os.Stderr, help)
		os.Exit(2)
	}
}

// adapter makes an engine of the FFmpeg layer.
type adapter struct{ *ffmpeg.Decoder }

func (a adapter) Receive() (decode.EngineFrame, error) {
	i, err := a.Decoder.Receive()
	if err != nil {
		return decode.EngineFrame{}, err
	}
	return decode.EngineFrame{
		Index: i.Index, Width: i.Width, Height: i.Height, Format: i.Format, FullRange: i.FullRange, Space: i.Space, Kind: i.Kind,
		ErrorFlags: i.ErrorFlags, Corrupt: i.Corrupt, Whole: i.Whole, Planes: a.Planes, RGBA: a.RGBA,
		Sound: func(dst []float32) (int, error) { return a.Decoder.Sound(dst, false) },
	}, nil
}

func open(c decode.Config) (decode.Engine, error) {
	d, err := ffmpeg.Open(c)
	if err != nil {
		return nil, err
	}
	return adapter{d}, nil
}
