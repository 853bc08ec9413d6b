package annexa

type (
	planKey  struct{ partner, name string }
	camKey   struct{ partner, id string }
	placeKey struct{ partner, on, link, name string }
)

// stage holds what rows declare until all are read: only then is it known
// which maps are plans.
type stage struct {
	partners []string
	known    map[string]bool
	maps     []*Map
	plans    map[planKey]*Map
	camList  []*Camera
	cameras  map[camKey]*Camera
	plList   []*Place
	places   map[placeKey][]*Place
	refused  []Refused
}

func newStage() *stage {
	return &stage{known: map[string]bool{}, plans: map[planKey]*Map{}, cameras: map[camKey]*Camera{}, places: map[placeKey][]*Place{}}
}

func (s *stage) partner(name string) {
	if !s.known[name] {
		s.known[name] = true
		s.partners = append(s.partners, name)
	}
}

func (s *stage) addPlan(m *Map) {
	s.plans[planKey{m.Partner, m.Name}] = m
	s.maps = append(s.maps, m)
}

func (s *stage) addCamera(k camKey, c *Camera) {
	s.cameras[k] = c
	s.camList = append(s.camList, c)
}

func (s *stage) addPlace(k placeKey, p *Place) {
	s.places[k] = append(s.places[k], p)
	s.plList = append(s.plList, p)
}

// usage counts the positions that rows give on a map that no row declares.
type usage struct{ gps, pixels, both int }

// catalogue decides of what kind each map is, and places the objects on it.
func (r *reader) catalogue() *Catalogue {
	s := r.staged
	used := map[planKey]*usage{}
	for _, o := range s.objects() {
		k := planKey{o.partner, o.on}
		u := used[k]
		if u == nil {
			u = &usage{}
			used[k] = u
		}
		switch g, p := o.pos.GPS != nil, len(o.pos.Pixels) > 0; {
		case g && p:
			u.both++
		case g:
			u.gps++
		case p:
			u.pixels++
		}
	}
	k := &kinds{r: r, used: used, geo: map[string]bool{}, pending: map[planKey]bool{}}
	for _, o := range s.objects() {
		k.place(o)
	}
	return &Catalogue{Facts: r.facts, Partners: s.partners, Maps: s.maps, Cameras: s.camList, Places: s.plList, Refused: s.refused}
}

// object is a camera's placement or a place, as far as both are the same.
type object struct {
	partner, on string
	pos         *Position
	kind        *Kind
	src         Source
}

func (s *stage) objects() []object {
	out := make([]object, 0, len(s.camList)+len(s.plList))
	for _, c := range s.camList {
		for i := range c.Placements {
			p := &c.Placements[i]
			out = append(out, object{c.Partner, p.Map, &p.Position, &p.Kind, p.Source})
		}
	}
	for _, p := range s.plList {
		out = append(out, object{p.Partner, p.Map, &p.Position, &p.Kind, p.Source})
	}
	return out
}

// kinds decides kinds and lists the maps that objects imply.
type kinds struct {
	r       *reader
	used    map[planKey]*usage
	geo     map[string]bool
	pending map[planKey]bool
}

// of returns the kind of a map as a partner means it: a declared plan, or by
// what most of the partner's rows on it say.
func (k *kinds) of(key planKey) Kind {
	if k.r.staged.plans[key] != nil || k.r.opt.Known != nil && k.r.opt.Known.declared(key) {
		return Plan
	}
	u := k.used[key]
	switch {
	case u == nil || u.gps+u.pixels+u.both == 0:
		return KindUnknown
	case u.pixels > u.gps:
		return Plan
	default:
		return Georeferenced
	}
}

// declared tells whether a catalogue has a plan by a row.
func (c *Catalogue) declared(key planKey) bool {
	m := c.Plan(key.partner, key.name)
	return m != nil && !m.Pending
}

func (k *kinds) place(o object) {
	key := planKey{o.partner, o.on}
	kind := k.of(key)
	*o.kind = kind
	w := &row{rec: &record{line: o.src.Line, raw: o.src.Raw}, num: o.src.Row}
	gps, pixels := o.pos.GPS != nil, len(o.pos.Pixels) > 0
	spare := func() {
		s := *o.pos
		if kind == Plan {
			s.Pixels, s.Provisional, o.pos.GPS = nil, false, nil
		} else {
			s.GPS, o.pos.Pixels, o.pos.Provisional = nil, nil, false
		}
		o.pos.Spare = &s
	}
	switch {
	case gps && pixels:
		k.r.warn(w, "BOTH-POS", "", "", "", "the row has two positions; the one that fits a %s map is used, and the other is kept as a point of reference", kind)
		spare()
	case gps && kind == Plan:
		k.r.warn(w, "POS-KIND", "GPS_Pos", gpsText(o.pos.GPS), "", "the map %s is a plan; the object is not placed by a geographic position", quote(o.on))
		spare()
	case pixels && kind == Georeferenced:
		k.r.warn(w, "POS-KIND", "HV_Pos", pixelText(o.pos.Pixels), "", "the map %s is georeferenced; the object is not placed by pixels", quote(o.on))
		spare()
	}
	switch {
	case kind == Georeferenced && !k.geo[o.on]:
		k.geo[o.on] = true
		k.r.staged.maps = append(k.r.staged.maps, &Map{Name: o.on, Kind: Georeferenced, Source: o.src})
	case kind == Plan && k.r.staged.plans[key] == nil && !k.pending[key]:
		k.pending[key] = true
		if k.r.opt.Known != nil && k.r.opt.Known.declared(key) {
			return
		}
		k.r.warn(w, "PLAN-UNKNOWN", "Map", o.on, "", "no row declares the plan %s of %s; its objects wait for it", quote(o.on), quote(o.partner))
		k.r.staged.maps = append(k.r.staged.maps, &Map{Partner: o.partner, Name: o.on, Kind: Plan, Pending: true, Source: o.src})
	}
}
