package conform

import (
	"fmt"
	"strings"

	"vedette/evidence"
	"vedette/internal/diag"
)

// locationBox returns where the location box stands that counts, or, where
// none does, the finding about one that cannot be used; neither for none at all.
func (j *judge) locationBox() (*int64, *diag.Finding) {
	if l, ok := j.e.Location(); ok {
		return &l.Offset, nil
	}
	for _, f := range j.e.Findings() {
		if f.Code == "LOCI-UNREADABLE" || f.Code == "LOCI-RANGE" {
			return nil, &f
		}
	}
	return nil, nil
}

func (j *judge) locationForm() {
	r := Row{Clause: "4.2.1", Item: "location-form"}
	box, why := j.locationBox()
	switch {
	case box != nil:
		r.State, r.Offset, r.Evidence = Met, box, "The location box can be read."
	case why != nil && why.Code == "LOCI-UNREADABLE":
		r.State, r.Reason, r.Offset, r.Evidence = NotMet, ReasonLocationForm, from(*why), why.Message
	case why != nil:
		r.State, r.Offset, r.Evidence = Met, from(*why), "The location box can be read; what it says is judged under 5.2.5.2."
	default:
		r.State, r.Evidence = NotApplicable, "There is no location box; see 5.2.5.2."
	}
	j.add(r)
}

func (j *judge) sitePlan() {
	r := Row{Clause: "4.2.2", Item: "site-plan", Reason: ReasonPlan, Open: true}
	r.Evidence = "Whether the site needs a plan, and whether one was handed over, is not in the file."
	if l, ok := j.e.Location(); ok && strings.Contains(l.Notes, "://") {
		box, _ := j.locationBox()
		r.Offset = box
		r.Evidence = "The notes of the location name an address, which was not opened: " + quoted(l.Notes) + "."
	}
	j.add(r)
}

func (j *judge) location() {
	box, why := j.locationBox()
	l, ok := j.e.Location()
	j.locationPresent(box, why)
	j.position(box, why, l, ok)
	r := Row{Clause: "5.2.5.2", Item: "altitude", For: Level0V}
	switch {
	case !ok:
		r.State, r.Evidence = NotApplicable, "There is no position that it could belong to."
	case l.Altitude != 0:
		r.State, r.Offset, r.Evidence = Met, box, fmt.Sprintf("The altitude is %.1f m.", l.Altitude)
	default:
		r.Reason, r.Offset, r.Open = ReasonAltitude, box, true
		r.Evidence = "The altitude is 0 m, which may be the height of the sea or a field left empty. Whether the site has levels that may be confused is not in the file."
	}
	j.add(r)
}

func (j *judge) locationPresent(box *int64, why *diag.Finding) {
	r := Row{Clause: "5.2.5.2", Item: "location", For: Level0V}
	switch {
	case box != nil:
		r.State, r.Offset, r.Evidence = Met, box, "There is a location box."
		if said(j.e.Findings(), "LOCI-DIFFERS") != nil {
			r.Evidence = "There are several location boxes that differ; the first that can be used counts."
		}
	case why != nil && why.Code == "LOCI-UNREADABLE":
		r.State, r.Reason, r.Offset, r.Evidence = NotMet, ReasonLocationForm, from(*why), why.Message
	case why != nil:
		r.State, r.Offset, r.Evidence = Met, from(*why), "There is a location box."
	default:
		r.State, r.Reason, r.Evidence = NotMet, ReasonNoLocation, "There is no location box in the file or in a track."
	}
	j.add(r)
}

func (j *judge) position(box *int64, why *diag.Finding, l evidence.Location, known bool) {
	r := Row{Clause: "5.2.5.2", Item: "position", For: Level0V, Offset: box}
	switch {
	case known && l.Latitude == 0 && l.Longitude == 0:
		r.State, r.Reason, r.Evidence = NotMet, ReasonLocationZero, "Latitude and longitude are both 0, which is a field left empty and no place."
	case known:
		r.State, r.Evidence = Met, fmt.Sprintf("Latitude %.5f, longitude %.5f", l.Latitude, l.Longitude)
		if l.Name != "" {
			r.Evidence += ", named " + quoted(l.Name)
		}
		if l.Role == 2 {
			r.Evidence += "; its role says that the place is fictional"
		}
		r.Evidence += ". That it is the place of the capture is what the file states."
	case why != nil && why.Code == "LOCI-RANGE":
		r.State, r.Reason, r.Offset, r.Evidence = NotMet, ReasonLocationRange, from(*why), why.Message+"."
	case why != nil:
		r.State, r.Reason, r.Offset, r.Evidence = NotMet, ReasonLocationForm, from(*why), "The location box cannot be read."
	default:
		r.State, r.Reason, r.Evidence = NotMet, ReasonNoLocation, "There is no location box."
	}
	if known && l.Role == 2 {
		r.State, r.Reason = NotMet, ReasonLocationRange
	}
	j.add(r)
}
