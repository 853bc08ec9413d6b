package verify_test

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// The second examiner shares no code with the one that is tested: its own
// parser, in the plainest way, over the whole file in memory, and the input of
// each seal built by cutting and joining. Who checks the signatures is up to
// its user.

type span struct{ from, to int }

type part struct {
	kind string
	span
	body int // where what follows the header begins
	wide bool
	open bool
}

// parts takes [from, to) apart; false where it does not fit.
func parts(p []byte, from, to int, top bool) ([]part, bool) {
	var out []part
	for at := from; at < to; {
		if to-at < 8 {
			return out, false
		}
		size, head := uint64(binary.BigEndian.Uint32(p[at:])), 8
		x := part{kind: string(p[at+4 : at+8])}
		switch {
		case size == 1:
			if to-at < 16 {
				return out, false
			}
			size, head, x.wide = binary.BigEndian.Uint64(p[at+8:]), 16, true
		case size == 0 && top:
			size, x.open = uint64(to-at), true
		}
		if x.kind == "uuid" {
			head += 16
		}
		if size < uint64(head) || size > uint64(to-at) {
			return out, false
		}
		x.span, x.body = span{at, at + int(size)}, at+head
		out = append(out, x)
		at = x.to
	}
	return out, true
}

type secondSeal struct {
	span
	sibo     span // the signature
	cert     []byte
	sigC     []byte
	complete bool // with all its boxes, of the right scheme
}

type secondFile struct {
	data       []byte
	damaged    bool // what is read here contradicts itself
	meta, ipro *part
	seals      []secondSeal
	index      *span
}

func secondRead(p []byte) *secondFile {
	f := &secondFile{data: p}
	top, ok := parts(p, 0, len(p), true)
	f.damaged = !ok
	moovs := 0
	for i := range top {
		switch top[i].kind {
		case "moov":
			moovs++
		case "meta":
			f.damaged = f.damaged || f.meta != nil
			if f.meta == nil {
				f.meta = &top[i]
			}
		}
	}
	f.damaged = f.damaged || moovs != 1
	if f.meta == nil {
		return f
	}
	f.readMeta()
	if n := len(top) - 1; top[n].kind == "mfra" && top[n].from >= f.meta.to && !top[n].open {
		f.readIndex(top[n])
	}
	return f
}

func (f *secondFile) readIndex(x part) {
	kids, ok := parts(f.data, x.body, x.to, false)
	if !ok || len(kids) == 0 {
		return
	}
	if last := kids[len(kids)-1]; last.kind == "mfro" && last.to-last.body >= 8 && int(binary.BigEndian.Uint32(f.data[last.body+4:])) == x.to-x.from {
		f.index = &x.span
	}
}

func (f *secondFile) readMeta() {
	m := f.meta
	if m.to-m.body < 4 || m.to-m.body >= 8 && string(f.data[m.body+4:m.body+8]) == "hdlr" {
		f.damaged = true
		return
	}
	kids, ok := parts(f.data, m.body+4, m.to, false)
	f.damaged = f.damaged || !ok
	seen := map[string]int{}
	for i := range kids {
		seen[kids[i].kind]++
		if kids[i].kind == "ipro" && f.ipro == nil {
			f.ipro = &kids[i]
		}
	}
	for _, kind := range []string{"suep", "ipro", "cstb", "sumi"} {
		f.damaged = f.damaged || seen[kind] > 1
	}
	if f.ipro == nil {
		return
	}
	if f.ipro.to-f.ipro.body < 6 {
		f.damaged = true
		return
	}
	sinfs, ok := parts(f.data, f.ipro.body+6, f.ipro.to, false)
	f.damaged = f.damaged || !ok
	for _, s := range sinfs {
		f.damaged = f.damaged || s.kind != "sinf"
		f.seals = append(f.seals, f.readSeal(s))
	}
}

func (f *secondFile) readSeal(s part) secondSeal {
	out := secondSeal{span: s.span}
	has := map[string]part{}
	take := func(x part) []part {
		kids, ok := parts(f.data, x.body, x.to, false)
		f.damaged = f.damaged || !ok
		for _, k := range kids {
			if _, twice := has[k.kind]; twice || k.kind == "sinf" {
				f.damaged = true
			}
			has[k.kind] = k
		}
		return kids
	}
	take(s)
	if schi, ok := has["schi"]; ok {
		take(schi)
	}
	sibo, a := has["sibo"]
	cert, b := has["cert"]
	schm, c := has["schm"]
	out.sibo = span{sibo.body, sibo.to}
	if b {
		out.cert = f.data[cert.body:cert.to]
	}
	if sigC, ok := has["sigC"]; ok {
		out.sigC = f.data[sigC.body:sigC.to]
	}
	out.complete = a && b && c && sibo.to > sibo.body && schm.to-schm.body >= 12 && string(f.data[schm.body+4:schm.body+8]) == "oeff" &&
		binary.BigEndian.Uint32(f.data[schm.body+8:]) == 0x10000
	return out
}

// input is what seal k signs: of the whole file, or of all but the index.
func (f *secondFile) input(k int, less bool) []byte {
	p := bytes.Clone(f.data)
	clear(p[f.seals[k].sibo.from:f.seals[k].sibo.to])
	if less {
		p = p[:f.index.from]
	}
	if last := len(f.seals) - 1; k < last {
		from, to := f.seals[k+1].from, f.seals[last].to
		for _, x := range []*part{f.meta, f.ipro} {
			switch n := to - from; {
			case x.open:
			case x.wide:
				binary.BigEndian.PutUint64(p[x.from+8:], uint64(x.to-x.from-n))
			default:
				binary.BigEndian.PutUint32(p[x.from:], uint32(x.to-x.from-n))
			}
		}
		p = slices.Delete(p, from, to)
	}
	return p
}
