// Command vedette is the desktop program: it opens signed surveillance exports,
// examines their seals, plays them, and shows their events.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"vedette/assets"
	"vedette/player/audio"
	"vedette/player/decode"
	"vedette/session"
	"vedette/ui"
	"vedette/verify"
)

// version is set by the linker.
var version = "dev"

const help = `Usage: vedette [OPTIONS] [FILE|FOLDER]...

Opens signed surveillance exports together on one time axis, examines their seals
and plays them. Originals are only read. No network is used.

  --trust PACK    a trust pack, a folder of certificates, or one such file; may be
                  given several times. Without it the installed packs are used; where
                  there is none either, signers are not checked.
  --theme NAME    dark or light (default: as chosen last, at first dark)
  --size WxH      size of the window, such as 1600x1000
  --play          begin to play at once
  --trace         tell milestones on standard error, for measurements
  --version       show the version
  --help          show this text

Examples:
  vedette clip.mp4
  vedette --trust sample/trust sample
`

type options struct {
	packs []string
	theme string
	size  fyne.Size
	trace bool
	play  bool
	files []string
}

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	o, status, ok := parse(args)
	if !ok {
		return status
	}
	begin := time.Now()
	trace := func(string, ...any) {}
	if o.trace {
		var mu sync.Mutex
		trace = func(format string, args ...any) {
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintf(os.Stderr, "trace %d %s\n", time.Since(begin).Milliseconds(), fmt.Sprintf(format, args...))
		}
	}
	if err := checkDisplay(); err != nil {
		fmt.Fprintln(os.Stderr, "vedette:", err)
		return 1
	}
	packs, err := openPacks(o.packs)
	if err != nil {
		fmt.Fprintf(os.Stderr, "vedette: --trust: %v\n", err)
		return 2
	}
	program, err := decode.FindProgram()
	if err != nil {
		fmt.Fprintln(os.Stderr, "vedette:", err)
	}
	children := decode.NewChildren(program)
	defer children.Close()
	set := session.NewSet(children, session.Options{
		Now: time.Now,
		Policy: func() verify.Policy {
			return verify.Policy{Packs: packs.Pools(), Now: time.Now(), Past: session.Built()}
		},
	})
	defer set.Close()
	set.Engine().SetSink(audio.New())
	debug.SetGCPercent(50) // most of the heap is pictures, which cost nothing to look through

	app.SetMetadata(fyne.AppMetadata{ID: "org.vedette.Vedette", Name: "Vedette", Version: version})
	a := app.NewWithID("org.vedette.Vedette")
	a.SetIcon(fyne.NewStaticResource("vedette.svg", assets.Logo))
	if o.theme == "" {
		o.theme = ui.RememberedTheme(a)
	}
	w := ui.New(ui.Deps{
		App: a, Set: set, Light: o.theme == "light", Version: version, Trust: packs,
		Sample: sample, Trace: trace, Now: time.Now, Screens: screens{},
	})
	w.Win().Resize(o.size)
	trace("window")
	if len(o.files) > 0 {
		w.Open(o.files...)
	}
	if o.play {
		set.Engine().PlayWhenReady()
	}
	w.Win().ShowAndRun()
	return 0
}

func parse(args []string) (options, int, bool) {
	var o options
	fs := flag.NewFlagSet("vedette", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Func("trust", "", func(s string) error { o.packs = append(o.packs, s); return nil })
	fs.StringVar(&o.theme, "theme", "", "")
	size := fs.String("size", "1600x1000", "")
	fs.BoolVar(&o.trace, "trace", false, "")
	fs.BoolVar(&o.play, "play", false, "")
	show := fs.Bool("version", false, "")
	err := fs.Parse(args)
	if err == flag.ErrHelp { //nolint:errorlint // it is not wrapped
		fmt.Print(help)
		return o, 0, false
	}
	if err == nil && o.theme != "" && o.theme != "dark" && o.theme != "light" {
		err = fmt.Errorf("--theme %q, want dark or light", o.theme)
	}
	var w, h float32
	if err == nil {
		if n, serr := fmt.Sscanf(strings.ToLower(*size), "%fx%f", &w, &h); n != 2 || serr != nil || w < 640 || h < 400 || w > 16384 || h > 16384 {
			err = fmt.Errorf("--size %q, want a size such as 1600x1000", *size)
		}
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "vedette: %v; see vedette --help\n", err)
		return o, 2, false
	}
	if *show {
		fmt.Println("vedette", version)
		return o, 0, false
	}
	o.size, o.files = fyne.NewSize(w, h), fs.Args()
	return o, 0, true
}

// sample returns the sample evidence beside the program or in the folder the
// program was started in, if it is there.
func sample() []string {
	places := []string{"sample"}
	if self, err := os.Executable(); err == nil {
		places = append(places, filepath.Join(filepath.Dir(self), "..", "sample"))
	}
	for _, p := range places {
		if st, err := os.Stat(filepath.Join(p, "street-west.mp4")); err == nil && st.Mode().IsRegular() {
			return []string{p}
		}
	}
	return nil
}
