package evidence

import (
	"vedette/internal/diag"
	"vedette/media"
)

// tellEdits says what edit lists do beyond delaying a track: what they leave
// out, hold, repeat and put in another order.
func (e *Export) tellEdits() {
	for _, t := range e.Tracks() {
		table := e.tables[t.ID]
		for _, f := range table.edited(t) {
			e.note("", f)
		}
	}
}

// showSomething takes edit lists back that leave out everything, when nothing more
// is to come: such a list would hide the evidence that it is about.
func (e *Export) showSomething() {
	for _, t := range e.Tracks() {
		if n := e.tables[t.ID].unedit(); n > 0 {
			e.note("", diag.New("EDIT-NOTHING", diag.Warning, "the edit list of track %d shows none of its %d samples; it is not followed", t.ID, n))
		}
	}
}

// unedit drops the edit list of a table without any frame, and returns how many
// samples it hid.
func (t *Table) unedit() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.recs.len()
	if n == 0 || t.frames() > 0 {
		return 0
	}
	t.edits, t.places = edits{}, places{n: n}
	t.sort()
	return n
}

func (t *Table) edited(track media.Track) []diag.Finding {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var out []diag.Finding
	say := func(code string, s diag.Severity, format string, args ...any) {
		out = append(out, diag.New(code, s, format, args...))
	}
	d := &t.edits
	if n := t.recs.len() - t.frames(); n > 0 {
		first, last := -1, -1
		var ticks int64
		for i, r := range t.rank {
			if r != hidden {
				continue
			}
			if first < 0 {
				first = i
			}
			last = i
			ticks += int64(t.recs.at(i).dur)
		}
		// Encoders of sound put in some silence before the begin, and say so this way.
		if track.Kind != media.KindAudio || ticks > int64(t.scale)/4 {
			say("EDIT-HIDES", diag.Warning, "the edit list of track %d leaves out %d of its %d samples, the first is sample %d, the last sample %d; they are no frames, and can be looked at by their number",
				t.track, n, t.recs.len(), first, last)
		}
	}
	if n := len(d.repeats); n > 0 {
		say("EDIT-REPEATS", diag.Warning, "the edit list of track %d plays media again at %d places, the first %d/%d s after its begin; each picture is shown once, at its first time",
			t.track, n, d.repeats[0].from, t.scale)
	}
	if d.backwards {
		say("EDIT-ORDER", diag.Warning, "the edit list of track %d plays its media in another order than it was recorded; frames are counted as it says", t.track)
	}
	if d.dwells > 0 {
		say("EDIT-DWELL", diag.Warning, "the edit list of track %d holds %d pictures still (rate 0); time goes on while nothing was recorded", t.track, d.dwells)
	}
	if d.rates > 0 {
		say("EDIT-RATE", diag.Warning, "%d edits of track %d have a rate other than 1, which the format does not allow; they are shown at rate 1", d.rates, t.track)
	}
	if d.cut > 0 {
		say("EDIT-LIMIT", diag.Error, "the edit list of track %d has %d entries beyond the %d that are used", t.track, d.cut, maxEdits)
	}
	return out
}
