package verify

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
)

// maxMessage bounds the input of a seal by Ed25519, which signs the bytes
// themselves and not a digest: the library wants them in memory as one.
const maxMessage = 256 << 20

// length is the number of bytes of the input.
func (v *view) length() int64 {
	n := v.end
	for _, e := range v.edits {
		n += int64(len(e.insert)) - (e.to - e.from)
	}
	return n
}

// message reads the whole input of a view and tells how far it is.
func (v *view) message(ctx context.Context, r io.ReaderAt, tell func(done int64)) ([]byte, error) {
	out := make([]byte, 0, v.length())
	at := int64(0)
	for i := 0; at < v.end; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		stop := v.end
		if i < len(v.edits) {
			stop = v.edits[i].from
		}
		if at == stop {
			out = append(out, v.edits[i].insert...)
			at = v.edits[i].to
			i++
			continue
		}
		// Pieces end on block boundaries, so that blocks are read whole.
		to := min(stop, at+readSize-at%readSize)
		piece := out[len(out) : len(out)+int(to-at)]
		if _, err := r.ReadAt(piece, at); err != nil {
			return nil, fmt.Errorf("verify: %w", err)
		}
		out, at = out[:len(out)+len(piece)], to
		tell(int64(len(out)))
	}
	return out, nil
}

// compareMessage verifies a seal by Ed25519. Its input is read again: what was
// hashed is bound, so that it is the same.
func (c *checker) compareMessage(ctx context.Context, k int, s *sealCheck, tell func(done int64)) error {
	m, err := s.full.message(ctx, c.e.File().Afresh(), tell)
	if err != nil {
		return err
	}
	s.full.digest = m
	if s.less != nil { // the same but for its end
		s.less.digest = m[:int64(len(m))-(s.full.end-s.less.end)]
	}
	answers := make(chan []error, 1)
	go func() { // a quarter of a gigabyte takes longer than who cancels wants to wait
		var out []error
		for _, v := range s.views() {
			_, err := s.scheme.check(s.key, v.digest, s.sig)
			out = append(out, err)
		}
		answers <- out
	}()
	select {
	case out := <-answers:
		s.full.digest = nil
		if s.less != nil {
			s.less.digest = nil
		}
		c.settle(k, s, func(i int) (int, error) { return 0, out[i] })
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// checkEd25519 is the pure form of RFC 8032.
func checkEd25519(k ed25519.PublicKey, message, sig []byte) error {
	if len(sig) != ed25519.SignatureSize {
		return fmt.Errorf("the signature has %d bytes, Ed25519 asks %d", len(sig), ed25519.SignatureSize)
	}
	if !ed25519.Verify(k, message, sig) {
		return errMismatch
	}
	return nil
}

// messageLength is the length of the seal's input that is read for it.
func (s *sealCheck) messageLength() int64 {
	if s.full == nil {
		return 0
	}
	return s.full.length()
}
