package develop

import (
	"image"
	"sync"
)

// Job is a picture to be developed.
type Job struct {
	Picture *image.RGBA
	W, H    int // of the coded picture, which Picture may show scaled
	View    View
	Area    image.Point // of the screen
	Small   image.Point // room for a picture of the whole; 0, 0 for none
	Tag     any         // handed back with the result
}

// Done is a developed picture. It may be shown until another two have been taken.
type Done struct {
	Job
	Placed Placed
	Shown  *image.RGBA // of the size of Placed.Visible
	Whole  *image.RGBA // nil for none
}

// Worker develops one picture at a time on a goroutine of its own. The newest
// job wins: one that has not been begun is dropped for the next. The zero value
// is ready.
type Worker struct {
	mu      sync.Mutex
	idle    *sync.Cond
	next    *Job
	reading *image.RGBA // by the goroutine at this moment
	running bool
	closed  bool
	done    *Done
	shown   [2]*Done // the two taken last
	free    []*Done
	kitchen Kitchen
	small   Kitchen
}

func (w *Worker) init() {
	if w.idle == nil {
		w.idle = sync.NewCond(&w.mu)
	}
}

// Put asks for a picture.
func (w *Worker) Put(j Job) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.init()
	if w.closed {
		return
	}
	w.next = &j
	if !w.running {
		w.running = true
		go w.run()
	}
}

// Leave returns when no picture but the given one is read any more; jobs of
// others that were not begun are dropped. Whoever owns the pictures calls it
// before they may be written to again.
func (w *Worker) Leave(keep *image.RGBA) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.init()
	if w.next != nil && w.next.Picture != keep {
		w.next = nil
	}
	for w.reading != nil && w.reading != keep {
		w.idle.Wait()
	}
}

// Take returns the newest developed picture, once.
func (w *Worker) Take() (*Done, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := w.done
	if d == nil {
		return nil, false
	}
	if w.shown[0] != nil {
		w.free = append(w.free, w.shown[0])
	}
	w.shown[0], w.shown[1], w.done = w.shown[1], d, nil
	return d, true
}

// Wait returns when nothing is left to do. It is for tests and stills.
func (w *Worker) Wait() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.init()
	for w.running {
		w.idle.Wait()
	}
}

// Close ends the goroutine and returns when it has ended.
func (w *Worker) Close() {
	w.mu.Lock()
	w.closed, w.next = true, nil
	w.mu.Unlock()
	w.Wait()
}

func (w *Worker) run() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.next != nil {
		j := *w.next
		w.next, w.reading = nil, j.Picture
		var old *Done // whose memory is used again
		if n := len(w.free); n > 0 {
			old, w.free = w.free[n-1], w.free[:n-1]
		}
		w.mu.Unlock()
		d := w.develop(j, old)
		w.mu.Lock()
		w.reading = nil
		if w.done != nil { // nobody took it
			w.free = append(w.free, w.done)
		}
		w.done = d
		w.idle.Broadcast()
	}
	w.running = false
	w.idle.Broadcast()
}

func (w *Worker) develop(j Job, old *Done) *Done {
	if old == nil {
		old = &Done{}
	}
	d := &Done{Job: j, Placed: j.View.Place(j.W, j.H, j.Area)}
	d.Shown = w.kitchen.Develop(old.Shown, j.Picture, j.W, j.H, j.View, d.Placed)
	if j.Small != (image.Point{}) && !d.Placed.Whole() {
		v := j.View
		v.Zoom, v.Grid, v.Adjust.Fields = 0, false, Woven
		p := v.Place(j.W, j.H, j.Small)
		d.Whole = w.small.Develop(old.Whole, j.Picture, j.W, j.H, v, p)
	}
	return d
}
