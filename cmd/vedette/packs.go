package main

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"vedette/trust"
	"vedette/ui"
	"vedette/verify"
)

// packs are the trust packs of this run: those named when it was started, else
// the installed ones. It implements ui.Trust.
type packs struct {
	named []string
	given []verify.Pack
	store *trust.Store // nil where there is no folder for packs
	why   error        // that installed packs cannot be used

	mu    sync.Mutex
	inUse []verify.Pack
}

var _ ui.Trust = (*packs)(nil)

// openPacks reads the packs that are named, and where there are none the
// installed ones. Installed packs that cannot be read are told on screen: then
// none is used.
func openPacks(named []string) (*packs, error) {
	p := &packs{named: named}
	for _, path := range named {
		k, _, err := trust.Load(path)
		if err != nil {
			return nil, err
		}
		p.given = append(p.given, k...)
	}
	dir, err := trust.Folder()
	if err == nil {
		p.store, err = trust.OpenStore(dir)
	}
	p.why = err
	p.reload()
	if p.why != nil && len(named) == 0 {
		fmt.Fprintln(os.Stderr, "vedette: no trust pack is used:", p.why)
	}
	return p, nil
}

// reload takes over what is in force.
func (p *packs) reload() {
	pools := p.given
	if len(p.named) == 0 {
		pools = nil
		if p.store != nil {
			pools, p.why = p.store.Pools()
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inUse = pools
}

// Pools implements ui.Trust.
func (p *packs) Pools() []verify.Pack {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]verify.Pack(nil), p.inUse...)
}

// Named implements ui.Trust.
func (p *packs) Named() []string { return p.named }

var errNoFolder = errors.New("there is no folder in which packs can be kept")

// List implements ui.Trust.
func (p *packs) List() ([]trust.Entry, []*trust.Pack, error) {
	if p.store == nil {
		return nil, nil, errors.Join(errNoFolder, p.why)
	}
	all, err := p.store.List()
	if err != nil {
		return nil, nil, err
	}
	inForce, err := p.store.InForce()
	return all, inForce, err
}

// Preview implements ui.Trust.
func (p *packs) Preview(path string) (*trust.Preview, error) {
	if p.store == nil {
		return nil, errors.Join(errNoFolder, p.why)
	}
	return p.store.Preview(path)
}

// Install implements ui.Trust.
func (p *packs) Install(v *trust.Preview, typed []string) error {
	if p.store == nil {
		return errors.Join(errNoFolder, p.why)
	}
	defer p.reload()
	_, err := p.store.Install(v, typed, time.Now())
	return err
}

// Remove implements ui.Trust.
func (p *packs) Remove(digest string) error {
	if p.store == nil {
		return errors.Join(errNoFolder, p.why)
	}
	defer p.reload()
	return p.store.Remove(digest, time.Now())
}
