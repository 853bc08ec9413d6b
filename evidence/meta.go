package evidence

import (
	"errors"
	"fmt"

	"vedette/evidence/bmff"
	"vedette/internal/diag"
)

// Limits of the side information, far above what it needs.
const (
	maxSuep   = 1 << 20
	maxCert   = 64 << 10
	maxNote   = 64 << 10
	maxStarts = 64 << 10
	// MaxSeals is the number of seals that are listed.
	MaxSeals = 64
)

func (e *Export) readMeta(b *bmff.Box) error {
	if e.meta != nil {
		e.malformed(diag.At("BOX-DUPLICATE", diag.Fatal, b.Offset, b.End(), "a second meta stands at %d: which one counts is ambiguous", b.Offset))
		return nil
	}
	if err := b.Expand(e.in, 0, &e.budget); err != nil {
		return err
	}
	if bmff.IsBareMeta(b) {
		e.malformed(diag.At("META-BARE", diag.Fatal, b.Offset, b.End(), "meta at %d has no version and flags, as QuickTime writes it", b.Offset))
	}
	e.mu.Lock()
	e.meta = b
	e.prot.Meta, e.prot.MetaS = b.Range(), sizeField(b)
	e.mu.Unlock()
	seen := map[string]bool{}
	for _, c := range b.Children {
		if (c.Type == "suep" || c.Type == "ipro" || c.Type == "cstb" || c.Type == "sumi") && seen[c.Type] {
			e.malformed(diag.At("BOX-DUPLICATE", diag.Fatal, c.Offset, c.End(), "a second %s stands at %d: which one counts is ambiguous", c.Type, c.Offset))
			continue
		}
		seen[c.Type] = true
		if err := e.readMetaChild(c); err != nil {
			return err
		}
	}
	return nil
}

func (e *Export) readMetaChild(c *bmff.Box) error {
	switch c.Type {
	case "suep":
		p, err := bmff.Body(e.in, *c, maxSuep)
		if err != nil {
			return err
		}
		s, err := bmff.ParseSuep(*c, p, func(id uint32) bool { return e.tables[id] != nil })
		if err != nil {
			return err
		}
		e.keepInfo(c, s)
	case "cstb":
		p, err := bmff.Body(e.in, *c, maxStarts)
		if err != nil {
			return err
		}
		s, err := bmff.ParseCstb(*c, p)
		if err != nil {
			return err
		}
		e.mu.Lock()
		e.metaStarts = s
		e.mu.Unlock()
	case "sumi":
		p, err := bmff.Body(e.in, *c, 256<<10)
		if err != nil {
			return err
		}
		s, err := bmff.ParseSumi(*c, p)
		if err != nil {
			return err
		}
		e.mu.Lock()
		e.sumi = &s
		e.mu.Unlock()
	case "ipro":
		return e.readIpro(c)
	}
	return nil
}

func sizeField(b *bmff.Box) SizeField {
	switch {
	case b.ToEnd:
		return SizeField{Offset: b.Offset}
	case b.Header >= 16 && b.Type != "uuid":
		return SizeField{Offset: b.Offset + 8, Width: 8, Value: b.Size}
	default:
		return SizeField{Offset: b.Offset, Width: 4, Value: b.Size}
	}
}

func (e *Export) readIpro(b *bmff.Box) error {
	p, err := bmff.Body(e.in, bmff.Box{Type: b.Type, Offset: b.Offset, Size: min(b.Size, b.Header+6), Header: b.Header}, 64)
	if err != nil {
		return err
	}
	count, err := bmff.ProtectionCount(*b, p)
	if err != nil {
		return err
	}
	if count != 1 {
		e.note("", diag.At("SEAL-COUNT-FIELD", diag.Note, b.Offset, b.End(), "protection_count is %d; the format asks 1 whatever the number of seals", count))
	}
	e.mu.Lock()
	e.prot.Ipro, e.prot.IproS = b.Range(), sizeField(b)
	e.mu.Unlock()
	for i, c := range b.Children {
		if c.Type != "sinf" {
			e.malformed(diag.At("SEAL-FOREIGN-BOX", diag.Fatal, c.Offset, c.End(), "a %s box stands among the seals in ipro at %d", bmff.Printable(c.Type), c.Offset))
			continue
		}
		if i >= MaxSeals {
			e.malformed(diag.At("SEAL-LIMIT", diag.Fatal, c.Offset, b.End(), "there are more than %d seals; those from here on are not listed, and none is checked", MaxSeals))
			break
		}
		s, err := e.readSinf(c)
		if err != nil {
			return err
		}
		e.mu.Lock()
		s.Number = len(e.prot.Seals) + 1
		e.prot.Seals = append(e.prot.Seals, s)
		e.mu.Unlock()
	}
	return nil
}

// readSinf reads one seal. What is missing is listed in it; what stands twice
// or cannot be read makes the structure malformed.
func (e *Export) readSinf(b *bmff.Box) (Seal, error) {
	s := Seal{Range: b.Range()}
	parts := map[string]*bmff.Box{}
	collect := func(parent *bmff.Box) {
		for _, c := range parent.Children {
			if c.Type == "sinf" || parts[c.Type] != nil {
				e.malformed(diag.At("SEAL-AMBIGUOUS", diag.Fatal, c.Offset, c.End(), "a second %s stands in the seal at %d", bmff.Printable(c.Type), b.Offset))
				continue
			}
			parts[c.Type] = c
		}
	}
	collect(b)
	if schi := parts["schi"]; schi != nil {
		collect(schi)
	}
	for _, name := range []string{"schm", "schi", "sibo", "cert"} {
		if parts[name] == nil {
			s.Missing = append(s.Missing, name)
		}
	}
	if sibo := parts["sibo"]; sibo != nil {
		s.Signature = sibo.Body()
		if s.Signature.Len() == 0 {
			s.Missing = append(s.Missing, "signature in sibo")
		}
	}
	if err := e.readScheme(&s, parts["schm"]); err != nil {
		return s, err
	}
	return s, e.readSealTexts(&s, parts)
}

func (e *Export) readScheme(s *Seal, schm *bmff.Box) error {
	if schm == nil {
		return nil
	}
	p, err := bmff.Body(e.in, *schm, 64<<10)
	if err != nil {
		return err
	}
	s.SchemeType, s.SchemeVersion, err = bmff.SchemeType(*schm, p)
	s.HasScheme = err == nil
	return err
}

func (e *Export) readSealTexts(s *Seal, parts map[string]*bmff.Box) error {
	for _, part := range []struct {
		name  string
		limit int64
		keep  func(bmff.Box, []byte) error
	}{
		{"cert", maxCert, func(_ bmff.Box, p []byte) error { s.Certificates = p; return nil }},
		{"sigC", maxCert, func(_ bmff.Box, p []byte) error { s.SigC = p; return nil }},
		{"auib", maxNote, func(b bmff.Box, p []byte) (err error) { s.Note, err = bmff.ParseText(b, p); return err }},
		{"cstb", maxStarts, func(b bmff.Box, p []byte) error {
			starts, err := bmff.ParseCstb(b, p)
			s.Starts = startEntries(starts)
			return err
		}},
	} {
		b := parts[part.name]
		if b == nil {
			continue
		}
		p, err := bmff.Body(e.in, *b, part.limit)
		if err != nil {
			return err
		}
		if err := part.keep(*b, p); err != nil {
			var f *bmff.Error
			if errors.As(err, &f) {
				e.malformed(diag.At("SEAL-UNREADABLE", diag.Fatal, b.Offset, b.End(), "%s of the seal at %d: %s", part.name, s.Range.From, f.What))
				continue
			}
			return fmt.Errorf("evidence: seal at %d: %w", s.Range.From, err)
		}
	}
	return nil
}

// conclude looks at the file as a whole once all of it is known.
func (e *Export) conclude() {
	e.showSomething()
	e.mu.Lock()
	for id, t := range e.tables {
		t.finish()
		e.gaps[id].conclude()
	}
	noMoov, noMeta := e.moov == nil, e.meta == nil
	e.mu.Unlock()
	e.tellEdits()
	for _, t := range e.Tracks() {
		if f, some := e.gaps[t.ID].unlisted(t.ID); some {
			e.note("", f)
		}
	}
	if noMoov {
		e.malformed(diag.New("BOX-NO-MOOV", diag.Fatal, "no moov was found: the tracks of the file are not known"))
	}
	if !noMeta {
		e.findOutside()
		if e.meta.Find("suep") == nil { // one that cannot be read is told as such
			e.note("", diag.New("SUEP-MISSING", diag.Warning, "the export says nothing about where it comes from (no suep)"))
		}
	}
	e.UseStarts(e.ChooseStarts(nil))
}

func (e *Export) findOutside() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, b := range e.top {
		if b.Offset < e.prot.Meta.To {
			continue
		}
		if i == len(e.top)-1 && b.Type == "mfra" && e.isIndex(b) {
			r := b.Range()
			e.prot.Index = &r
			continue
		}
		e.prot.Outside = append(e.prot.Outside, b.Range())
	}
}

// isIndex reports whether an mfra is one by its own account: its last child
// repeats its size, and it ends the file.
func (e *Export) isIndex(b *bmff.Box) bool {
	if b.End() != e.file.Size() || b.ToEnd {
		return false
	}
	c := *b
	budget := e.budget
	if c.Expand(e.in, 0, &budget) != nil || len(c.Children) == 0 {
		return false
	}
	last := c.Children[len(c.Children)-1]
	if last.Type != "mfro" {
		return false
	}
	p, err := bmff.Body(e.in, *last, 64)
	if err != nil {
		return false
	}
	size, err := bmff.ParseMfro(*last, p)
	return err == nil && int64(size) == b.Size
}
