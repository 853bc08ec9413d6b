package ui

import (
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

// probe measures how responsive the window is. A turn is the time between two
// looks of the window's goroutine at the keyboard and the pointer: whatever
// blocks it makes a turn long. An order is something handed to the goroutine
// from elsewhere, which may wait for several turns while others come first.
type probe struct {
	trace func(string, ...any)
	last  time.Time // of the turn before
	turns int
	worst time.Duration
	done  chan struct{}
	wg    sync.WaitGroup
}

const (
	orderEvery = 15 * time.Millisecond
	turnTell   = 60 * time.Millisecond // longer turns are told at once
	standing   = 3                     // turns until the window stands and was painted once
)

func startProbe(trace func(string, ...any)) *probe {
	p := &probe{done: make(chan struct{}), trace: trace}
	p.wg.Go(p.orders)
	return p
}

// turn is called once in each turn of the window's goroutine.
func (p *probe) turn() {
	now := time.Now()
	d := now.Sub(p.last)
	p.last = now
	if p.turns++; p.turns == 1 {
		return
	}
	if p.turns <= standing {
		p.trace("probe stands %d ms", d.Milliseconds())
		return
	}
	if d > p.worst {
		p.worst = d
		p.trace("probe worst %d ms", d.Milliseconds())
	} else if d > turnTell {
		p.trace("probe turn %d ms", d.Milliseconds())
	}
}

// orders sends the goroutine an order every few milliseconds and takes the time
// until it is done.
func (p *probe) orders() {
	t := time.NewTicker(orderEvery)
	defer t.Stop()
	answered := make(chan struct{}, 1)
	var worst time.Duration
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
		if first { // it waited until the window stood
			first = false
			continue
		}
		if d > worst {
			worst = d
			p.trace("order worst %d ms", d.Milliseconds())
		}
	}
}

func (p *probe) stop() {
	close(p.done)
	p.wg.Wait()
}
