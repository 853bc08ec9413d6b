package house

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// code is how codes of findings are written in the source.
var code = regexp.MustCompile(`"((?:BOX|CAMERA|CERT|CHECK|CLOCK|COVER|EDIT|FILE|FRAGMENT|GAP|LOCI|MEDIA|META|METADATA|MOOV|PACK|SAMPLE|SEAL|SEALING|SIG|SUEP|TIME|TRACK|TRUST` +
	`|ANGLE|BOTH|CAM|COL|COMMA|DUP|ENC|FIELD|GEO|GPS|HDR|HV|LINK|MAP|NAME|NO|NOT|NUM|PAREN|PARTNER|PLACE|PLAN|POLY|POS|QUOTE|ROW|SEP|TRAILING|TYPE|WRITE)-[A-Z0-9-]+)"`)

func TestEveryCodeOfAFindingIsExplained(t *testing.T) {
	root := moduleRoot(t)
	doc, err := os.ReadFile(filepath.Join(root, "docs", "findings.md"))
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, files := range packages(t, root) {
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			text, err := os.ReadFile(filepath.Join(root, f))
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range code.FindAllStringSubmatch(string(text), -1) {
				used[m[1]] = true
				if !strings.Contains(string(doc), "| "+m[1]+" |") {
					t.Errorf("%s uses %s, which docs/findings.md does not explain", f, m[1])
				}
			}
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^\| ([A-Z]+(?:-[A-Z0-9]+)+) \|`).FindAllStringSubmatch(string(doc), -1) {
		if !used[m[1]] {
			t.Errorf("docs/findings.md explains %s, which nothing uses", m[1])
		}
	}
}

// judging are the folders whose every code must be produced by some test: a
// reason that no test ever saw may be one that is never given, or given wrongly.
var judging = []string{"verify", "evidence", "evidence/bmff", "trust", "cmd/vedettectl"}

var named = regexp.MustCompile(`\b((?:Reason|Remark)[A-Za-z]+)\s*=\s*"((?:TRUST|TIME)-[A-Z-]+)"`)

func TestEveryCodeOfAJudgementIsProducedByATest(t *testing.T) {
	root := moduleRoot(t)
	all := packages(t, root)
	var tests strings.Builder
	for _, files := range all {
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				text, err := os.ReadFile(filepath.Join(root, f))
				if err != nil {
					t.Fatal(err)
				}
				tests.Write(text)
			}
		}
	}
	seen := tests.String()
	said := func(code string) bool { // alone or in a list of codes
		for _, before := range []string{`"`, " "} {
			for _, after := range []string{`"`, " "} {
				if strings.Contains(seen, before+code+after) {
					return true
				}
			}
		}
		return false
	}
	for _, dir := range judging {
		for _, f := range all[dir] {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			text, err := os.ReadFile(filepath.Join(root, f))
			if err != nil {
				t.Fatal(err)
			}
			constants := map[string]string{}
			for _, m := range named.FindAllStringSubmatch(string(text), -1) {
				constants[m[2]] = m[1]
			}
			for _, m := range code.FindAllStringSubmatch(string(text), -1) {
				name, ok := constants[m[1]]
				if !said(m[1]) && !(ok && strings.Contains(seen, "."+name)) {
					t.Errorf("%s says %s, which no test produces", f, m[1])
				}
			}
		}
	}
}
