package bmff

// bitReader reads the bits of a parameter set. After its end it reads zeros and
// says so in over, so that a parser checks once.
type bitReader struct {
	p    []byte
	at   int // bit
	over bool
}

// maxSet bounds a parameter set: those of cameras have less than 100 bytes.
const maxSet = 4096

// bitsOf removes the bytes that keep start codes from appearing by chance.
func bitsOf(p []byte) *bitReader {
	p = p[:min(len(p), maxSet)]
	out := make([]byte, 0, len(p))
	zeros := 0
	for _, c := range p {
		if zeros >= 2 && c == 3 {
			zeros = 0
			continue
		}
		if zeros++; c != 0 {
			zeros = 0
		}
		out = append(out, c)
	}
	return &bitReader{p: out}
}

func (b *bitReader) u(n int) uint32 {
	var v uint32
	for range n {
		v <<= 1
		if b.at >= 8*len(b.p) {
			b.over = true
			continue
		}
		v |= uint32(b.p[b.at/8]>>(7-b.at%8)) & 1
		b.at++
	}
	return v
}

func (b *bitReader) skip(n int) {
	if b.at += n; b.at > 8*len(b.p) {
		b.over = true
	}
}

// ue reads an unsigned number of the codes of both standards (9.1 and 9.2).
func (b *bitReader) ue() uint32 {
	zeros := 0
	for b.u(1) == 0 {
		if zeros++; zeros > 31 || b.over {
			b.over = true
			return 0
		}
	}
	return 1<<zeros - 1 + b.u(zeros)
}

func (b *bitReader) se() int {
	v := int(b.ue())
	if v%2 == 1 {
		return (v + 1) / 2
	}
	return -v / 2
}
