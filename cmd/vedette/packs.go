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
	why   error        // that there is none

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
	p.inUse = p.given
	p.why = err
	if err == nil {
		err = p.reload()
	}
	if err != nil && len(named) == 0 {
		fmt.Fprintln(os.Stderr, "vedette: no trust pack is used:", err)
	}
	return p, nil
}

// reload takes over what is in force; none where that cannot be read.
func (p *packs) reload() error {
	pools, err := p.given, error(nil)
	if len(p.named) == 0 {
		pools, err = p.store.Pools()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.inUse = pools
	return err
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
	_, err := p.store.Install(v, typed, time.Now())
	return errors.Join(err, p.reload())
}

// Remove implements ui.Trust.
func (p *packs) Remove(digest string) error {
	if p.store == nil {
		return errors.Join(errNoFolder, p.why)
	}
	err := p.store.Remove(digest, time.Now())
	return errors.Join(err, p.reload())
}
