package player

import "fmt"

// Inner tells what the view is about to do, for messages of tests.
func (v *View) Inner() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	j, planned := v.plan()
	o, chosen := v.choose()
	return fmt.Sprintf("generation %d of %d, target %d, shown %d, ahead %d, %d waiting, %d kept in %d of %d bytes; next job %+v %v, next order %+v %v",
		v.served, v.gen, v.target, v.shownNumber(), v.ahead, len(v.queue), len(v.cache.frames), v.cache.bytes, v.cache.limit, j, planned, o, chosen)
}
