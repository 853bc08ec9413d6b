package metadata

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// node is one element. Only one frame or one event is held at a time, so a tree
// is the plainest form: children may stand in any order and number.
type node struct {
	space, name string
	attrs       []xml.Attr
	text        string
	topic       string // of an element Topic: its text with canonical prefixes
	kids        []*node
}

func (n *node) attr(name string) (string, bool) {
	if n == nil {
		return "", false
	}
	for _, a := range n.attrs {
		if a.Name.Local == name && a.Name.Space != "xmlns" {
			return a.Value, true
		}
	}
	return "", false
}

// word returns an attribute's text, bounded.
func (n *node) word(name string) string {
	s, _ := n.attr(name)
	return cut(strings.TrimSpace(s))
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
	n := 0
	for i := range s {
		if n == maxText {
			return s[:i]
		}
		n++
	}
	return s
}

// errHarm is what a document is refused for as a whole, however much of it was read.
type errHarm struct{ error }

// scanner gives the elements of a document one after the other.
type scanner struct {
	d        *xml.Decoder
	prefixes []prefix
	depth    int
	elements int
}

// prefix is one declaration of a namespace that is in force.
type prefix struct {
	depth     int
	name, uri string
}

func newScanner(doc []byte) *scanner {
	s := &scanner{d: xml.NewDecoder(bytes.NewReader(doc))}
	s.d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		if strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "us-ascii") {
			return in, nil
		}
		return nil, errHarm{fmt.Errorf("metadata: character set %q, want UTF-8", charset)}
	}
	return s
}

// token returns the next token, with depth and prefixes kept. What end ends is
// still counted, so that its prefixes hold; the caller calls leave.
func (s *scanner) token() (xml.Token, error) {
	tok, err := s.d.Token()
	if err != nil {
		return nil, fmt.Errorf("metadata: %w", err)
	}
	switch t := tok.(type) {
	case xml.StartElement:
		if s.depth++; s.depth > MaxDepth {
			return nil, errHarm{fmt.Errorf("metadata: elements nested deeper than %d", MaxDepth)}
		}
		if s.elements++; s.elements > MaxElements {
			return nil, errHarm{fmt.Errorf("metadata: document has more than %d elements", MaxElements)}
		}
		for _, a := range t.Attr {
			if a.Name.Space == "xmlns" {
				s.prefixes = append(s.prefixes, prefix{s.depth, a.Name.Local, a.Value})
			}
		}
	case xml.Directive:
		return nil, errHarm{ErrDTD}
	}
	return tok, nil
}

// leave forgets what the element that ended declared.
func (s *scanner) leave() {
	n := len(s.prefixes)
	for n > 0 && s.prefixes[n-1].depth == s.depth {
		n--
	}
	s.prefixes = s.prefixes[:n]
	s.depth--
}

// enter returns the next child element of the element that was entered last, or
// false at its end.
func (s *scanner) enter() (xml.StartElement, bool, error) {
	for {
		tok, err := s.token()
		if err != nil {
			return xml.StartElement{}, false, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			return t, true, nil
		case xml.EndElement:
			s.leave()
			return xml.StartElement{}, false, nil
		}
	}
}

// tree reads the element that start began to its end.
func (s *scanner) tree(start xml.StartElement) (*node, error) {
	root := &node{space: start.Name.Space, name: start.Name.Local, attrs: start.Attr}
	stack := []*node{root}
	for {
		tok, err := s.token()
		if err != nil {
			return nil, err
		}
		top := stack[len(stack)-1]
		switch t := tok.(type) {
		case xml.StartElement:
			n := &node{space: t.Name.Space, name: t.Name.Local, attrs: t.Attr}
			top.kids = append(top.kids, n)
			stack = append(stack, n)
		case xml.EndElement:
			if top.name == "Topic" {
				top.topic = s.canonical(top.content())
			}
			s.leave()
			if stack = stack[:len(stack)-1]; len(stack) == 0 {
				return root, nil
			}
		case xml.CharData:
			if len(t) > MaxToken { // a picture; it is named where it is known, and not held
				t = t[:0]
			}
			if len(top.text) < maxText*4 && len(bytes.TrimSpace(t)) > 0 {
				top.text += string(t)
			}
		}
	}
}

// broken reports whether an error is one of form, so that what was read before
// it may be kept.
func broken(err error) bool {
	var harm errHarm
	var form *xml.SyntaxError
	return !errors.As(err, &harm) && (errors.As(err, &form) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF))
}
