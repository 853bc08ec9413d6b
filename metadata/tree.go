package metadata

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"vedette/media"
)

// node is one element. Documents are small and bounded, so a tree is the
// plainest form: children may stand in any order and number.
type node struct {
	space, name string
	attrs       []xml.Attr
	text        string
	kids        []*node
}

func (n *node) attr(name string) (string, bool) {
	for _, a := range n.attrs {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

// first returns the first child of a local name, or nil. It may be called on nil.
func (n *node) first(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

func (n *node) all(name string) []*node {
	if n == nil {
		return nil
	}
	var out []*node
	for _, k := range n.kids {
		if k.name == name {
			out = append(out, k)
		}
	}
	return out
}

func (n *node) content() string {
	if n == nil {
		return ""
	}
	return cut(strings.TrimSpace(n.text))
}

// cut bounds a text value.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	r := []rune(s)
	return string(r[:min(len(r), maxText)])
}

// guard refuses harm on the raw bytes: decoding an element costs memory for
// each attribute before its number could be known.
func guard(doc []byte) error {
	attributes, inTag, quote := 0, false, byte(0)
	for i, c := range doc {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case inTag && (c == '"' || c == '\''):
			quote = c
		case inTag && c == '=':
			if attributes++; attributes > MaxAttributes {
				return fmt.Errorf("metadata: an element has more than %d attributes", MaxAttributes)
			}
		case c == '<':
			if bytes.HasPrefix(doc[i:], []byte("<!DOCTYPE")) || bytes.HasPrefix(doc[i:], []byte("<!ENTITY")) {
				return ErrDTD
			}
			inTag, attributes = true, 0
		case c == '>':
			inTag = false
		}
	}
	return nil
}

func readTree(doc []byte) (*node, error) {
	if err := guard(doc); err != nil {
		return nil, err
	}
	d := xml.NewDecoder(bytes.NewReader(doc))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		if strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "us-ascii") {
			return in, nil
		}
		return nil, fmt.Errorf("metadata: character set %q, want UTF-8", charset)
	}
	root := &node{}
	stack := []*node{root}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("metadata: %w", err)
		}
		top := stack[len(stack)-1]
		switch t := tok.(type) {
		case xml.StartElement:
			if len(stack) > MaxDepth {
				return nil, fmt.Errorf("metadata: elements nested deeper than %d", MaxDepth)
			}
			n := &node{space: t.Name.Space, name: t.Name.Local, attrs: t.Attr}
			top.kids = append(top.kids, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(top.text) < maxText*4 {
				top.text += string(t)
			}
		case xml.Directive:
			return nil, ErrDTD
		}
	}
	if len(root.kids) == 0 {
		return nil, errors.New("metadata: document is empty")
	}
	return root.kids[0], nil
}

// parseTime reads an xs:dateTime; without a zone it is UTC.
func parseTime(s string) (media.UTC, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil {
			return media.FromTime(t), true
		}
	}
	return 0, false
}
