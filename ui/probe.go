package ui

import (
	"sync"
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
)

// probe measures how long the window's goroutine leaves an order waiting: it
// sends itself one every few milliseconds and takes the time. The first order
// waits until the window stands, which is told apart.
type probe struct {
	worst atomic.Int64
	done  chan struct{}
	wg    sync.WaitGroup
	trace func(string, ...any)
}

const (
	probeEvery = 15 * time.Millisecond
	probeTell  = 80 * time.Millisecond // longer waits are told at once
)

func startProbe(trace func(string, ...any)) *probe {
	p := &probe{done: make(chan struct{}), trace: trace}
	p.wg.Go(p.run)
	return p
}

func (p *probe) run() {
	t := time.NewTicker(probeEvery)
	defer t.Stop()
	answered := make(chan struct{}, 1)
	for first := true; ; {
		select {
		case <-p.done:
			return
		case <-t.C:
		}
		sent := time.Now()
		fyne.Do(func() { answered <- struct{}{} })
		select {
		case <-p.done:
			return
		case <-answered:
		}
		d := time.Since(sent)
		if first {
			first = false
			p.trace("probe stands %d ms", d.Milliseconds())
			continue
		}
		if d > time.Duration(p.worst.Load()) {
			p.worst.Store(int64(d))
			p.trace("probe worst %d ms", d.Milliseconds())
		} else if d > probeTell {
			p.trace("probe wait %d ms", d.Milliseconds())
		}
	}
}

func (p *probe) stop() {
	close(p.done)
	p.wg.Wait()
}
