package ui

import (
	"fmt"
	"strings"
	"time"

	"vedette/media"
)

// The forms of a time. Those without a date take it from the playhead; those
// without an offset are UTC.
var (
	dated  = []string{"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04"}
	timed  = []string{"15:04:05.999999999", "15:04"}
	offset = []string{"Z07:00", " Z07:00", " -0700", "-0700"}
)

// parseTime reads what a user types to go to a time: absolute, with or without
// a date and an offset, or seconds from the playhead after + or -.
func parseTime(s string, axis media.UTC) (media.UTC, error) {
	if strings.HasPrefix(s, "+") || strings.HasPrefix(s, "-") {
		d, err := time.ParseDuration(s + "s")
		if err != nil {
			return 0, fmt.Errorf("%q is no number of seconds", s)
		}
		return axis + media.UTC(d.Nanoseconds()/100), nil
	}
	s = strings.TrimSuffix(s, " UTC")
	for _, layout := range dated {
		for _, zone := range append([]string{""}, offset...) {
			if t, err := time.Parse(layout+zone, s); err == nil {
				return media.FromTime(t), nil
			}
		}
	}
	for _, layout := range timed {
		for _, zone := range append([]string{""}, offset...) {
			t, err := time.Parse(layout+zone, s)
			if err != nil {
				continue
			}
			// The day is that of the playhead where the typed clock stands.
			day := axis.Time().In(t.Location())
			return media.FromTime(time.Date(day.Year(), day.Month(), day.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())), nil
		}
	}
	return 0, fmt.Errorf("%q is neither a time such as 12:00:07.440 or 2026-03-01 13:00:07 +01:00, nor a frame such as #112", s)
}
