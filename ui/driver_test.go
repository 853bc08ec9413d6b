package ui

import (
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// queued is an application without a window whose turns the test takes itself.
// The toolkit's own test driver runs what a worker hands to the window on the
// worker, beside the test; the real one runs it on one goroutine, and so does
// this one: in turns.
type queued struct {
	fyne.App
	driver *queueDriver
}

// Driver implements fyne.App.
func (q *queued) Driver() fyne.Driver { return q.driver }

type queueDriver struct {
	fyne.Driver
	mu    sync.Mutex
	turns []func()
}

// DoFromGoroutine implements fyne.Driver. A worker that waits for its turn waits
// until the test takes it, or for ever: it holds nothing that the test needs.
func (d *queueDriver) DoFromGoroutine(f func(), wait bool) {
	done := make(chan struct{})
	d.mu.Lock()
	d.turns = append(d.turns, func() { defer close(done); f() })
	d.mu.Unlock()
	if wait {
		<-done
	}
}

// turn runs everything that workers have handed over so far.
func (d *queueDriver) turn() {
	d.mu.Lock()
	turns := d.turns
	d.turns = nil
	d.mu.Unlock()
	for _, f := range turns {
		f()
	}
}

func newApp(t *testing.T) *queued {
	t.Helper()
	a := test.NewApp()
	q := &queued{App: a, driver: &queueDriver{Driver: a.Driver()}}
	fyne.SetCurrentApp(q)
	t.Cleanup(q.driver.turn)
	t.Cleanup(a.Quit)
	return q
}
