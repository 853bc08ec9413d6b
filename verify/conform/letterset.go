package conform

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"vedette/verify"
)

// WriteText writes the letter as plain text of at most letterWidth columns.
func (t *Letter) WriteText(w io.Writer) error {
	_, err := io.WriteString(w, strings.Join(t.lines(), "\n")+"\n")
	return err
}

// lines sets the letter.
func (t *Letter) lines() []string {
	var out []string
	put := func(indent, text string) {
		out = append(out, strings.Split(indent+wrap(text, letterWidth-len(indent), indent), "\n")...)
	}
	hang := func(mark, text string) {
		indent := strings.Repeat(" ", len(mark))
		out = append(out, strings.Split(mark+wrap(text, letterWidth-len(mark), indent), "\n")...)
	}
	blank := func() { out = append(out, "") }
	for _, l := range t.To {
		put("", l.text())
	}
	if t.Date != "" {
		blank()
		put("", t.Date)
	}
	if t.Reference != nil {
		put("", t.Reference.text())
	}
	blank()
	put("", t.Subject)
	for _, s := range t.Opening {
		blank()
		put("", s)
	}
	blank()
	put("", t.Received)
	for i, f := range t.Files {
		hang(fmt.Sprintf("%d. ", i+1), f.Name.text())
		put("   ", f.Footage.text())
		if f.Digest != nil {
			put("   ", f.Digest.text())
		}
	}
	for _, s := range t.Sections {
		blank()
		put("", s.Title)
		for _, i := range s.Items {
			hang("- ", strings.TrimPrefix(i.Head+" "+i.Text.text(), " "))
		}
	}
	blank()
	put("", strings.Join(t.After, " "))
	blank()
	put("", t.Closing)
	blank()
	if t.Sender != "" {
		put("", verify.Inert(t.Sender))
	} else {
		put("", t.Signature+" "+strings.Repeat(".", 40))
	}
	if t.Program != nil {
		put("", t.Program.text())
	}
	return out
}

//go:embed letter.html
var letterHTML string

var page = template.Must(template.New("letter").Funcs(template.FuncMap{"inert": verify.Inert}).Parse(letterHTML))

// WriteHTML writes letters as one page of HTML that prints each on a sheet of
// A4. It has no script and loads nothing; foreign text is inert and isolated.
func WriteHTML(w io.Writer, letters []*Letter) error { return page.Execute(w, letters) }
