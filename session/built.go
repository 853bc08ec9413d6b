package session

import (
	"runtime/debug"
	"time"
)

// Built is when this program was last changed, by its build information; zero
// where that says nothing. A clock before it is wrong.
func Built() time.Time {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return time.Time{}
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			t, err := time.Parse(time.RFC3339, s.Value)
			if err == nil {
				return t
			}
		}
	}
	return time.Time{}
}
