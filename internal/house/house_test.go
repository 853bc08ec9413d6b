package house

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// room is what one package, or a tree of packages (a name ending in "/..."),
// may import. Names of our packages stand without the module path. The
// standard library is free unless named in ban.
type room struct {
	name string
	ours []string // our packages; "x/..." means x and all below
	deps []string // modules from elsewhere, by prefix
	ban  []string // packages of the standard library that are refused
	cgo  bool
}

var netAndProcess = []string{"net", "net/http", "os/exec"}

// plan is the import table of the house. The first row that fits a package counts.
var plan = []room{
	{name: "media", ban: append([]string{"os"}, netAndProcess...)},
	{name: "media/civil", ours: []string{"media"}, ban: append([]string{"os"}, netAndProcess...)},
	{name: "casebook/clock", ours: []string{"media"}, ban: append([]string{"os"}, netAndProcess...)},
	{name: "casebook/markers", ours: []string{"media"}, ban: netAndProcess},
	{name: "internal/diag", ban: append([]string{"os"}, netAndProcess...)},
	{name: "internal/house"},
	{name: "internal/fixture", ours: []string{"evidence/bmff", "internal/diag", "internal/town", "media"}, deps: []string{"github.com/Eyevinn/mp4ff", "golang.org/x/crypto/ocsp"}},
	{name: "internal/town", ours: []string{"media"}, deps: []string{"golang.org/x/image"}},

	{name: "evidence/bmff", ours: []string{"internal/diag"}, deps: []string{"github.com/Eyevinn/mp4ff"}, ban: append([]string{"os"}, netAndProcess...)},
	{name: "evidence", ours: []string{"evidence/bmff", "media", "internal/diag"}, deps: []string{"github.com/Eyevinn/mp4ff", "golang.org/x/sys"}, ban: netAndProcess},
	{name: "verify/conform", ours: []string{"verify", "metadata", "evidence", "evidence/bmff", "media", "internal/diag"}, ban: append([]string{"os"}, netAndProcess...)},
	{name: "verify/...", ours: []string{"verify/...", "evidence", "evidence/bmff", "media", "internal/diag"}, deps: []string{"golang.org/x/crypto/ocsp"}, ban: append([]string{"os"}, netAndProcess...)},
	{name: "sealing", ours: []string{"verify", "verify/camera", "evidence", "evidence/bmff", "media", "internal/diag"}, deps: []string{"software.sslmate.com/src/go-pkcs12"}, ban: netAndProcess},
	{name: "trust", ours: []string{"verify", "internal/diag"}, ban: netAndProcess},
	{name: "metadata", ours: []string{"media", "internal/diag"}, ban: append([]string{"os"}, netAndProcess...)},
	{name: "events", ours: []string{"metadata", "media"}, ban: append([]string{"os"}, netAndProcess...)},
	{name: "annexa", ours: []string{"internal/diag"}, deps: []string{"github.com/gocarina/gocsv", "golang.org/x/text"}, ban: append([]string{"os"}, netAndProcess...)},

	{name: "player", ours: []string{"media", "player/decode"}, ban: append([]string{"os"}, netAndProcess...)},
	{name: "player/decode", ours: []string{"media"}, deps: []string{"golang.org/x/sys"}, ban: []string{"net/http"}},
	{name: "player/ffmpeg", ours: []string{"player/decode", "media"}, ban: netAndProcess, cgo: true},
	{name: "player/audio", ours: []string{"media", "player"}, deps: []string{"github.com/gen2brain/malgo"}, ban: netAndProcess, cgo: true},

	{
		name: "session",
		ours: []string{"player", "player/decode", "verify", "trust", "metadata", "events", "evidence", "evidence/bmff", "annexa", "media", "internal/diag"},
		ban:  netAndProcess,
	},

	{name: "assets/...", deps: []string{}, ban: append([]string{"os"}, netAndProcess...)},
	{name: "mapview/tiles", ours: []string{"assets/..."}, deps: []string{"golang.org/x/image", "github.com/tidwall/rtree", "modernc.org/sqlite"}, ban: []string{"os/exec"}},
	{name: "mapview/plan", ours: []string{"internal/diag"}, deps: []string{"golang.org/x/image"}, ban: netAndProcess},
	{
		name: "mapview",
		ours: []string{"annexa", "mapview/tiles", "mapview/plan", "assets/..."},
		deps: []string{"fyne.io/fyne/v2", "golang.org/x/image", "github.com/flopp/go-staticmaps", "github.com/fogleman/gg", "github.com/golang/geo", "github.com/tidwall/rtree"},
		ban:  []string{"os/exec"},
	},
	{name: "ui/stage/develop", ban: append([]string{"os"}, netAndProcess...)},
	{
		name: "ui/...",
		ours: []string{"ui/...", "session", "evidence/bmff", "mapview", "mapview/tiles", "assets/...", "media", "media/civil", "verify", "verify/camera", "verify/conform", "trust", "evidence", "sealing", "metadata", "events", "annexa", "player", "player/decode", "internal/diag"},
		deps: []string{"fyne.io/fyne/v2", "golang.org/x/image"},
		ban:  []string{"os/exec", "net", "net/http"},
	},

	{
		name: "cmd/vedette",
		ours: []string{"ui", "ui/...", "session", "player", "player/audio", "player/decode", "trust", "verify", "assets/...", "media"},
		deps: []string{"fyne.io/fyne/v2", "github.com/go-gl/glfw/v3.3/glfw", "github.com/go-gl/gl"},
		cgo:  true,
	},
	{
		name: "cmd/vedettectl",
		deps: []string{"golang.org/x/term"},
		ours: []string{"session", "sealing", "verify", "verify/conform", "trust", "evidence", "evidence/bmff", "metadata", "events", "annexa", "media", "media/civil", "casebook/clock", "internal/diag", "player/decode"},
		ban:  []string{"net/http"},
	},
	{
		name: "cmd/vedette-decoder",
		ours: []string{"player/decode", "player/ffmpeg", "media"},
		deps: []string{"golang.org/x/sys", "github.com/landlock-lsm/go-landlock", "github.com/elastic/go-seccomp-bpf", "golang.org/x/net/bpf"},
		ban:  []string{"net/http"},
	},
	{name: "cmd/lowervms", ours: []string{"internal/town", "internal/fixture", "media"}},
	{name: "internal/bench", ours: []string{"evidence", "verify", "player", "player/decode", "media"}},
}

// appOnly are the parts of the toolkit that need a display; one program has them.
var appOnly = map[string]bool{"fyne.io/fyne/v2/app": true, "fyne.io/fyne/v2/driver/desktop/app": true}

func TestImportsKeepToThePlan(t *testing.T) {
	root := moduleRoot(t)
	for dir, files := range packages(t, root) {
		r, ok := roomOf(dir)
		if !ok {
			t.Errorf("package %s is not in the plan of the house", dir)
			continue
		}
		for _, file := range files {
			for _, imp := range imports(t, filepath.Join(root, file)) {
				if why := refused(r, dir, imp, strings.HasSuffix(file, "_test.go")); why != "" {
					t.Errorf("%s imports %s: %s", file, imp, why)
				}
			}
		}
	}
}

func TestPlanRefusesWhatItShould(t *testing.T) {
	cases := []struct{ dir, imp string }{
		{"verify", "net/http"},
		{"verify", "os"},
		{"player", "fyne.io/fyne/v2"},
		{"player", "C"},
		{"session", "vedette/player/audio"},
		{"session", "vedette/player/ffmpeg"},
		{"ui/stage", "fyne.io/fyne/v2/app"},
		{"ui/stage/develop", "fyne.io/fyne/v2"},
		{"cmd/vedettectl", "fyne.io/fyne/v2"},
		{"evidence", "vedette/verify"},
		{"cmd/vedette", "vedette/player/ffmpeg"},
	}
	for _, c := range cases {
		r, ok := roomOf(c.dir)
		if !ok {
			t.Fatalf("no room for %s", c.dir)
		}
		if refused(r, c.dir, c.imp, false) == "" {
			t.Errorf("%s may import %s, but must not", c.dir, c.imp)
		}
	}
}

func roomOf(dir string) (room, bool) {
	for _, r := range plan {
		if matches(r.name, dir) {
			return r, true
		}
	}
	return room{}, false
}

func matches(pattern, name string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return name == base || strings.HasPrefix(name, base+"/")
	}
	return pattern == name
}

// refused returns why an import is not allowed, or "". Tests may start programs
// and use the fixtures, the filesystem and the toolkit's test driver.
func refused(r room, dir, imp string, test bool) string {
	if imp == "C" {
		if r.cgo {
			return ""
		}
		return "cgo is for player/ffmpeg and the audio sink"
	}
	if own, ok := strings.CutPrefix(imp, "vedette/"); ok {
		if own == dir || test && (matches("internal/...", own) || matches("evidence/...", own) || own == "trust" || own == "media" || own == "metadata" || own == "player/decode") {
			return ""
		}
		for _, p := range r.ours {
			if matches(p, own) {
				return ""
			}
		}
		return "not an edge of the plan"
	}
	if !strings.Contains(strings.SplitN(imp, "/", 2)[0], ".") {
		if test {
			return ""
		}
		for _, b := range r.ban {
			if imp == b {
				return "refused for this package"
			}
		}
		return ""
	}
	if appOnly[imp] && dir != "cmd/vedette" {
		return "only cmd/vedette may import it"
	}
	for _, d := range r.deps {
		if imp == d || strings.HasPrefix(imp, d+"/") {
			return ""
		}
	}
	if test && strings.HasPrefix(imp, "github.com/Eyevinn/mp4ff") {
		return ""
	}
	return "not a library of this package"
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("go.mod not found above the test")
		}
		dir = up
	}
}

func packages(t *testing.T, root string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && p != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "bin" || name == "sample" || name == "out") {
			return filepath.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(name, ".go") {
			rel, err := filepath.Rel(root, p)
			if err != nil {
				return err
			}
			rel = filepath.ToSlash(rel)
			out[path.Dir(rel)] = append(out[path.Dir(rel)], rel)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func imports(t *testing.T, file string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range f.Imports {
		p, err := strconv.Unquote(s.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p)
	}
	sort.Strings(out)
	return out
}
