package decode

import "unsafe"

// floats views shared memory as 32-bit floats without copying. It is safe
// because slots are aligned to 64 bytes, a float has no invalid bits, and the
// result is no longer than the bytes.
func floats(p []byte) []float32 {
	if len(p) < 4 {
		return nil
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(p))), len(p)/4)
}
