package conform

import (
	"fmt"
	"strings"

	"vedette/evidence"
	"vedette/evidence/bmff"
	"vedette/internal/diag"
	"vedette/media"
	"vedette/verify"
)

// sideBox returns a box of the file-level meta, or nil.
func (j *judge) sideBox(kind string) *bmff.Box {
	for _, b := range j.tree {
		if b.Type == "meta" {
			return b.Find(kind)
		}
	}
	return nil
}

// exportBox answers for suep and for what it says of the tracks.
func (j *judge) exportBox() error {
	r := Row{Clause: "5.2.5.1", Item: "export-box", For: Level0V, Offset: at(j.sideBox("suep"))}
	info, ok := j.e.Info()
	f := j.damage(areaSuep)
	switch {
	case f != nil && f.Code == "BOX-DUPLICATE":
		r.State, r.Reason, r.Offset, r.Evidence = NotMet, ReasonTwoSuep, from(*f), sentence(f.Message)
	case f != nil && f.Code == "BOX-UNSUPPORTED":
		r.Reason, r.Offset, r.Evidence = ReasonUnreadable, from(*f), sentence(f.Message)
	case f != nil:
		r.State, r.Reason, r.Offset, r.Evidence = NotMet, ReasonSuepUnreadable, from(*f), sentence(foreign(f.Message))
	case !ok && len(j.prot.Malformed) > 0:
		r.Reason, r.Evidence = ReasonUnreadable, "The structure could not be read as far as a surveillance export box."
	case !ok:
		r.State, r.Reason, r.Evidence = NotMet, ReasonNoSuep, "There is no surveillance export box (suep)."
	default:
		r.State, r.Evidence = Met, fmt.Sprintf("There is one, of version %d.", info.SuepVersion)
		switch {
		case info.SuepVersion == 0:
			r.Evidence += " That is the form from before 2018; the edition is not judged, its presence is."
		case info.TrackIDBits == 32:
			r.Evidence += " Its track numbers have 32 bits, where the text of the format has 16."
		}
	}
	j.add(r)
	return j.sources(info, ok)
}

// sources asks for a source of every track of pictures or sound. A metadata
// track may refer to the video that it describes instead.
func (j *judge) sources(info evidence.Info, known bool) error {
	r := Row{Clause: "5.2.5.1", Item: "sources", For: Level0V, Offset: at(j.sideBox("suep"))}
	if !known {
		r.State, r.Reason, r.Evidence = NotMet, ReasonNoSuep, "No surveillance export box that counts describes them."
		if len(j.prot.Malformed) > 0 {
			r.State, r.Reason = CannotTell, ReasonUnreadable
		}
		j.add(r)
		return nil
	}
	named := map[uint32]string{}
	for _, s := range info.Sources {
		if text := strings.TrimSpace(s.Name + s.URL + s.MAC + s.Line); text != "" {
			named[s.Track] = s.Name
		}
	}
	var told, lacking []string
	for _, t := range j.tracks {
		name, ok := named[t.ID]
		switch {
		case ok && name != "":
			told = append(told, fmt.Sprintf("track %d: %s", t.ID, quoted(name)))
		case ok:
			told = append(told, fmt.Sprintf("track %d: by address", t.ID))
		case t.Kind == media.KindMetadata:
			of, err := j.describes(t.ID)
			if err != nil {
				return err
			}
			if _, ok := named[of]; ok && of != t.ID {
				told = append(told, fmt.Sprintf("track %d: describes track %d", t.ID, of))
				continue
			}
			lacking = append(lacking, fmt.Sprint(t.ID))
		case t.Kind != media.KindOther:
			lacking = append(lacking, fmt.Sprint(t.ID))
		}
	}
	switch {
	case len(lacking) > 0:
		r.State, r.Reason, r.Names = NotMet, ReasonSources, []string{cut(lacking)}
		r.Evidence = fmt.Sprintf("No source is given for track %s.", cut(lacking))
	case len(told) == 0:
		r.Reason, r.Evidence = ReasonUnreadable, "No track is known that a source could be given for."
	default:
		r.State, r.Evidence = Met, sentence(cut(told))
	}
	j.add(r)
	return nil
}

// cut lists a few things and how many more there are.
func cut(s []string) string {
	const most = 6
	if len(s) <= most {
		return strings.Join(s, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(s[:most], ", "), len(s)-most)
}

// maxReference bounds a track reference box: it lists a few track numbers.
const maxReference = 4 << 10

// describes returns the track that a metadata track refers to by cdsc, or 0.
func (j *judge) describes(id uint32) (uint32, error) {
	trak := j.trak(id)
	if trak == nil || trak.Find("tref") == nil {
		return 0, nil
	}
	tref := trak.Find("tref")
	if tref.Body().Len() > maxReference {
		return 0, nil
	}
	p, err := bmff.Body(j.e.File(), *tref, maxReference)
	if err != nil {
		return 0, fmt.Errorf("conform: %w", err)
	}
	return described(p), nil
}

func (j *judge) startTime() {
	r := Row{Clause: "5.2.5.1", Item: "start-time", For: Level0V}
	tracks := j.tracksOf(media.KindVideo)
	if len(tracks) == 0 {
		tracks = j.tracks
	}
	starts := j.e.Starts()
	var lacking []string
	for _, t := range tracks {
		if _, ok := starts.Track[t.ID]; !ok {
			lacking = append(lacking, fmt.Sprint(t.ID))
		}
	}
	switch f := j.damage(areaStart); {
	case len(tracks) > 0 && len(lacking) == 0:
		r.State = Met
		first := starts.Track[tracks[0].ID]
		r.Offset, r.Evidence = j.startBox(first)
		if d := first.Corrected - first.Declared; d != 0 {
			r.Evidence += fmt.Sprintf(" Seal %d corrects the clock by %s.", first.Seal, d.Sub(0).Duration())
		}
	case f != nil:
		r.State, r.Reason, r.Offset, r.Evidence = NotMet, ReasonStartUnusable, from(*f), sentence(f.Message)
	case said(starts.Findings, "TIME-UNUSABLE") != nil:
		r.State, r.Reason, r.Evidence = NotMet, ReasonStartUnusable, sentence(said(starts.Findings, "TIME-UNUSABLE").Message)
	case said(starts.Findings, "TIME-SEAL-BROKEN") != nil:
		f := said(starts.Findings, "TIME-SEAL-BROKEN")
		_, r.Reason, _ = j.worstSeal()
		r.Offset, r.Evidence = from(*f), sentence(f.Message)
		if reason, why := j.unchecked(); reason != "" {
			r.Reason, r.Evidence = reason, why+" A start time counts only under a seal that verifies."
		}
	case len(j.prot.Malformed) > 0 || len(tracks) == 0:
		r.Reason, r.Evidence = ReasonUnreadable, "The structure could not be read as far as a start time."
	default:
		r.State, r.Reason, r.Evidence = NotMet, ReasonNoStart, "Neither a start time box (cstb) nor legacy segment information (sumi) gives one."
	}
	j.add(r)
}

// startBox tells where a start time stands. suep itself has no field for it.
func (j *judge) startBox(s evidence.TrackStart) (*int64, string) {
	if s.Origin == media.OriginSUMI {
		return at(j.sideBox("sumi")), fmt.Sprintf("Legacy segment information (sumi) gives it; the time line begins at %s.", s.Corrected)
	}
	if s.Seal > 0 {
		if ipro := j.sideBox("ipro"); ipro != nil && s.Seal <= len(ipro.Children) {
			if found := find(ipro.Children[s.Seal-1].Children, "cstb"); len(found) > 0 {
				return at(found[0]), fmt.Sprintf("The start time box (cstb) of seal %d gives %s.", s.Seal, s.Corrected)
			}
		}
	}
	text := fmt.Sprintf("A start time box (cstb) beside the seals gives %s.", s.Corrected)
	if len(j.prot.Seals) == 0 {
		text += " No seal covers it."
	}
	return at(j.sideBox("cstb")), text
}

func said(fs []diag.Finding, code string) *diag.Finding {
	for i := range fs {
		if fs[i].Code == code {
			return &fs[i]
		}
	}
	return nil
}

func (j *judge) exportTime() {
	r := Row{Clause: "5.2.5.1", Item: "export-time", For: Level0V, Offset: at(j.sideBox("suep"))}
	info, ok := j.e.Info()
	switch {
	case !ok && len(j.prot.Malformed) > 0:
		r.Reason, r.Evidence = ReasonUnreadable, "No surveillance export box that counts states it."
	case !ok:
		r.State, r.Reason, r.Evidence = NotMet, ReasonNoSuep, "No surveillance export box states it."
	case !info.HasTime:
		r.State, r.Reason, r.Evidence = NotMet, ReasonExportTime, "The stated time is 0 or lies outside 1970 to 2200; it is counted from 1904."
	default:
		r.State, r.Evidence = Met, fmt.Sprintf("It is stated as %s.", info.Time)
		for _, f := range j.report.Findings {
			if f.Code == "TIME-EXPORT-EARLY" || f.Code == "TIME-EXPORT-ABSURD" {
				r.Evidence += " " + sentence(f.Message)
			}
		}
	}
	j.add(r)
}

// captureTime is the demand of 5.2.1, which no file can answer.
func (j *judge) captureTime() {
	r := Row{Clause: "5.2.1", Item: "capture-time", Reason: ReasonCapture, Open: true}
	if j.e.Starts().Basis == media.OriginNone {
		r.State, r.Reason, r.Open, r.Evidence = NotApplicable, "", false, "There is no absolute time that counts; see 5.2.5.1."
	} else {
		r.Evidence = "Times are stated in UTC. Whether they are those of the cameras or of the recorder is not in the file."
	}
	j.add(r)
}

// context are the words of Table 1 on level 0, which no file can answer.
func (j *judge) context() {
	r := Row{Clause: "Table 1", Item: "clock-check", Reason: ReasonClock, Open: true}
	r.Evidence = "Whether somebody compared the clock when exporting is not in the file."
	if info, ok := j.e.Info(); ok && info.HasTime {
		r.Evidence += fmt.Sprintf(" The export states that it was made at %s", info.Time)
		if p := j.e.Part(); p.HasTime {
			d := info.Time - p.To
			r.Evidence += fmt.Sprintf(", %s after the last picture", d.Sub(0).Duration())
		}
		r.Evidence += "."
	}
	for _, t := range j.tracks {
		s := j.e.Starts().Track[t.ID]
		if d := s.Corrected - s.Declared; d != 0 && s.Seal > 0 && j.sealHolds(s.Seal) {
			r.Evidence += fmt.Sprintf(" Seal %d corrects the clock by %s, so somebody compared it later.", s.Seal, d.Sub(0).Duration())
			break
		}
	}
	j.add(r)
	j.add(Row{
		Clause: "Table 1", Item: "field-of-view", Reason: ReasonView, Open: true,
		Evidence: "The file states a position, and no direction or width of view; plans and camera lists are handed over apart.",
	})
}

func (j *judge) sealHolds(n int) bool {
	return n <= len(j.report.Seals) && j.report.Seals[n-1].Integrity == verify.SealIntact
}
