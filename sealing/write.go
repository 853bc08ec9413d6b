package sealing

import (
	"context"
	"crypto/rand"
	"fmt"
)

// pieceSize is how much is read and written at a time: above 1 MiB hashing
// gains nothing.
const pieceSize = 1 << 20

// write streams the copy, hashed on its way with the signature still zero, and
// then puts the signature into its room.
func (j *job) write(ctx context.Context, img *image, out Output) error {
	a, err := j.opt.Signer.algorithm()
	if err != nil {
		return err
	}
	h := a.hash.New()
	buf := make([]byte, pieceSize)
	for at := int64(0); at < img.size; {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("sealing: %s: %w", Copying, err)
		}
		p := buf[:min(pieceSize, img.size-at)]
		if _, err := img.ReadAt(p, at); err != nil {
			return fmt.Errorf("sealing: reading the file: %w", err)
		}
		h.Write(p)
		if _, err := out.WriteAt(p, at); err != nil {
			return fmt.Errorf("sealing: writing the copy: %w", err)
		}
		at += int64(len(p))
		j.tell(Copying, at, img.size)
	}
	sig, err := j.opt.Signer.Key.Sign(rand.Reader, h.Sum(nil), a.opts)
	if err != nil {
		return fmt.Errorf("sealing: the key does not sign: %w", err)
	}
	if len(sig) > img.room {
		return fmt.Errorf("sealing: the signature has %d bytes, %d were foreseen", len(sig), img.room)
	}
	if _, err := out.WriteAt(sig, img.sibo); err != nil { // what is left of the room stays zero
		return fmt.Errorf("sealing: writing the copy: %w", err)
	}
	return nil
}
