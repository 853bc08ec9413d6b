package evidence

import (
	"container/list"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"vedette/internal/diag"
)

// BlockSize is the least unit in which a file is bound: bytes of one block that
// were read once must read the same ever after.
const BlockSize = 16 << 10

const (
	// maxTags is the number of blocks that a file is divided into. Where blocks of
	// BlockSize would be more, above 8 GiB, blocks are larger: the tags take 9 MB at most.
	maxTags = 1 << 19
	// maxBlock is the largest block, a whole read of the examiner. Above 512 GiB
	// the number of tags grows again, by 18 MB for each TiB.
	maxBlock = 1 << 20

	hotBlocks = 64      // blocks kept for small reads
	hotBytes  = 4 << 20 // which take no more than this
	tagChunk  = 4096    // blocks whose tags are allocated together
	stripes   = 64
)

// blockFor returns the length of the blocks of a file.
func blockFor(size int64) int64 {
	block := int64(BlockSize)
	for block < maxBlock && size/block >= maxTags {
		block *= 2
	}
	return block
}

// guard binds the bytes of a file. At the first read of a block a keyed tag of
// it is kept; every later read must give the same tag. The key lives for one
// session only, so a writer cannot make other bytes with the same tag.
type guard struct {
	r         io.ReaderAt
	size      int64
	blockSize int64
	mac       cipher.AEAD

	lock [stripes]sync.Mutex // of the tags, by block
	grow sync.Mutex
	tags map[int64]*[tagChunk]tag

	hotLock sync.Mutex
	hot     map[int64]*list.Element
	order   *list.List // most recent first

	fail     sync.Once
	failed   chan struct{}
	reason   error
	onReason sync.Mutex
}

type tag struct {
	known bool
	sum   [16]byte
}

type hotBlock struct {
	number int64
	data   []byte
}

// ChangedError says that a file no longer reads as it did before.
type ChangedError struct {
	Bytes diag.Range
	Cause error // nil when the bytes differ
}

// Error names the byte range.
func (e *ChangedError) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("evidence: bytes %d to %d can no longer be read: %v", e.Bytes.From, e.Bytes.To, e.Cause)
	}
	return fmt.Sprintf("evidence: bytes %d to %d are not those that were read before", e.Bytes.From, e.Bytes.To)
}

// Unwrap returns the cause.
func (e *ChangedError) Unwrap() error { return e.Cause }

func newGuard(r io.ReaderAt, size int64) (*guard, error) {
	var key [32]byte
	if _, err := rand.Read(key[:]); err != nil {
		return nil, fmt.Errorf("evidence: session key: %w", err)
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("evidence: session key: %w", err)
	}
	mac, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("evidence: session key: %w", err)
	}
	return &guard{
		r: r, size: size, blockSize: blockFor(size), mac: mac, tags: map[int64]*[tagChunk]tag{},
		hot: map[int64]*list.Element{}, order: list.New(), failed: make(chan struct{}),
	}, nil
}

// ReadAt implements io.ReaderAt over bytes that are bound.
func (g *guard) ReadAt(p []byte, off int64) (int, error) { return g.read(p, off, g.small) }

// afresh implements io.ReaderAt over bytes that are bound, none of them from memory.
type afresh struct{ *guard }

func (a afresh) ReadAt(p []byte, off int64) (int, error) { return a.read(p, off, a.block) }

func (g *guard) read(p []byte, off int64, part func(block int64) ([]byte, error)) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("evidence: read at %d", off)
	}
	if err := g.withdrawn(); err != nil {
		return 0, err
	}
	if off >= g.size {
		return 0, io.EOF
	}
	want := min(int64(len(p)), g.size-off)
	var done int64
	for done < want {
		at := off + done
		block := at / g.blockSize
		in := at - block*g.blockSize
		// Whole blocks go straight into the caller's buffer.
		if whole := g.wholeBlocks(at, want-done); in == 0 && whole > 0 {
			if err := g.readThrough(p[done:done+whole], at); err != nil {
				return int(done), err
			}
			done += whole
			continue
		}
		data, err := part(block)
		if err != nil {
			return int(done), err
		}
		done += int64(copy(p[done:want], data[in:]))
	}
	if want < int64(len(p)) {
		return int(want), io.EOF
	}
	return int(want), nil
}

// wholeBlocks returns how many bytes from at, a block's start, cover whole
// blocks; the last block of the file may be short.
func (g *guard) wholeBlocks(at, left int64) int64 {
	n := left / g.blockSize * g.blockSize
	if at+left == g.size {
		n = left
	}
	return n
}

func (g *guard) readThrough(p []byte, at int64) error {
	if err := g.readRaw(p, at); err != nil {
		return err
	}
	for n := int64(0); n < int64(len(p)); n += g.blockSize {
		if err := g.bind((at+n)/g.blockSize, p[n:min(n+g.blockSize, int64(len(p)))]); err != nil {
			return err
		}
	}
	return nil
}

func (g *guard) readRaw(p []byte, at int64) error {
	n, err := g.r.ReadAt(p, at)
	if n == len(p) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return g.withdraw(&ChangedError{diag.Range{From: at + int64(n), To: at + int64(len(p))}, err})
}

// small returns one block through the cache. The result is not to be changed.
func (g *guard) small(block int64) ([]byte, error) {
	g.hotLock.Lock()
	if e, ok := g.hot[block]; ok {
		g.order.MoveToFront(e)
		data := e.Value.(*hotBlock).data //nolint:forcetypeassert // the list holds nothing else
		g.hotLock.Unlock()
		return data, nil
	}
	g.hotLock.Unlock()

	data, err := g.block(block)
	if err != nil {
		return nil, err
	}
	g.hotLock.Lock()
	defer g.hotLock.Unlock()
	if _, ok := g.hot[block]; !ok {
		g.hot[block] = g.order.PushFront(&hotBlock{block, data})
		if g.order.Len() > min(hotBlocks, int(hotBytes/g.blockSize)) {
			old := g.order.Remove(g.order.Back()).(*hotBlock) //nolint:forcetypeassert // the list holds nothing else
			delete(g.hot, old.number)
		}
	}
	return data, nil
}

// block reads one block.
func (g *guard) block(number int64) ([]byte, error) {
	at := number * g.blockSize
	data := make([]byte, min(g.blockSize, g.size-at))
	return data, g.readThrough(data, at)
}

// bind compares the tag of a block with the one kept, or keeps it.
func (g *guard) bind(block int64, data []byte) error {
	var nonce [12]byte
	binary.BigEndian.PutUint64(nonce[4:], uint64(block))
	var sum [16]byte
	g.mac.Seal(sum[:0], nonce[:], nil, data)

	t := g.tag(block)
	l := &g.lock[block%stripes]
	l.Lock()
	defer l.Unlock()
	if !t.known {
		t.known, t.sum = true, sum
		return nil
	}
	if t.sum != sum {
		from := block * g.blockSize
		return g.withdraw(&ChangedError{Bytes: diag.Range{From: from, To: from + int64(len(data))}})
	}
	return nil
}

func (g *guard) tag(block int64) *tag {
	g.grow.Lock()
	defer g.grow.Unlock()
	chunk, ok := g.tags[block/tagChunk]
	if !ok {
		chunk = new([tagChunk]tag)
		g.tags[block/tagChunk] = chunk
	}
	return &chunk[block%tagChunk]
}

func (g *guard) withdraw(err error) error {
	g.fail.Do(func() {
		g.onReason.Lock()
		g.reason = err
		g.onReason.Unlock()
		close(g.failed)
	})
	return err
}

func (g *guard) withdrawn() error {
	select {
	case <-g.failed:
		g.onReason.Lock()
		defer g.onReason.Unlock()
		return g.reason
	default:
		return nil
	}
}
