package ui

import (
	"testing"

	"vedette/session"
)

func TestSourcesOnTheStageChangePlaces(t *testing.T) {
	a, b, c, d := &session.Item{}, &session.Item{}, &session.Item{}, &session.Item{}
	var p places
	for _, i := range []*session.Item{a, b, c, a} {
		p.add(i)
	}
	check := func(what string, want ...*session.Item) {
		t.Helper()
		for k, i := range p {
			if k < len(want) && i != want[k] || k >= len(want) && i != nil {
				t.Errorf("%s: place %d is wrong", what, k)
			}
		}
	}
	check("in order of opening", a, b, c)
	p.put(a, 2)
	check("one dragged onto another", c, b, a)
	p.put(b, 5)
	check("one dragged to an empty place", c, nil, a, nil, nil, b)
	p.put(d, 0)
	check("one dragged in from the list", d, nil, a, nil, nil, b)
	p.remove(c) // it is not on the stage any more
	p.remove(a)
	check("one removed", d, nil, nil, nil, nil, b)
	p.add(c)
	p.pack()
	check("without empty places", d, c, b)
	if p.count() != 3 || p.find(a) >= 0 {
		t.Errorf("%d on the stage", p.count())
	}
}

func TestMoreSourcesThanPlacesStayOpenBesideTheStage(t *testing.T) {
	var p places
	for range maxPlaces {
		p.add(&session.Item{})
	}
	late := &session.Item{}
	p.add(late)
	if p.count() != maxPlaces || p.find(late) >= 0 {
		t.Error("a full stage took one more")
	}
	p.put(late, 3)
	if p.find(late) != 3 || p.count() != maxPlaces {
		t.Error("a source dragged onto a full stage is not where it was put")
	}
}
