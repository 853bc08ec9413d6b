package metadata

import (
	"strings"
	"time"

	"vedette/media"
)

// parseTime reads an xs:dateTime; without a zone it is UTC. The end of a day
// may be written as 24:00:00, and a leap second is the second after it.
func parseTime(s string) (media.UTC, bool) {
	s = strings.TrimSpace(s)
	var more time.Duration
	if day, rest, ok := strings.Cut(s, "T24:00:00"); ok {
		s, more = day+"T00:00:00"+rest, 24*time.Hour
	} else if at := strings.Index(s, ":60"); at > 0 && len(s) > 16 && at == 16 {
		s, more = s[:at]+":59"+s[at+3:], time.Second
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(layout, s); err == nil {
			return media.FromTime(t.Add(more)), true
		}
	}
	return 0, false
}
