package events

import (
	"fmt"
	"strings"
	"testing"
)

func TestEventsOfPropertiesArePairedIntoSpans(t *testing.T) {
	for name, c := range map[string]struct{ events, want string }{
		"on and off":               {"0 m Initialized a State=false|2 m Changed a State=true|5 m Changed a State=false", "2-5 told told on 2"},
		"on before it began":       {"0 m Initialized a State=true|5 m Changed a State=false", "0-5 outside told on 2"},
		"off is the first word":    {"5 m Changed a State=false", "5-5 outside told on 1"},
		"off from the begin":       {"0 m Initialized a State=false|9 m Initialized a State=false", ""},
		"still on":                 {"0 m Initialized a State=false|2 m Changed a State=true", "2-2 told outside on 1"},
		"still on, told again":     {"2 m Changed a State=true|4 m Initialized a State=true|6 m Changed a State=true", "2-6 told outside on 3"},
		"deleted":                  {"2 m Changed a State=true|4 m Deleted a State=true|6 m Initialized a State=true", "2-4 told told on 2|6-6 outside outside on 1"},
		"deleted unseen":           {"2 m Deleted a State=true", ""},
		"the off was missed":       {"2 m Changed a State=true|4 m Initialized a State=false", "2-4 told missed on 2"},
		"the on was missed":        {"2 m Initialized a State=false|4 m Initialized a State=true|5 m Changed a State=false", "4-5 missed told on 2"},
		"values":                   {"0 n Initialized a Count=1|2 n Changed a Count=2|4 n Changed a Count=2|6 n Changed a Count=3", "0-2 outside told  2|2-6 told told  3|6-6 told outside  1"},
		"two sources":              {"0 m Changed a State=true|1 m Changed b State=true|2 m Changed a State=false|3 m Changed b State=false", "0-2 told told on 2|1-3 told told on 2"},
		"no properties":            {"0 m - a State=true|1 m - a State=false", ""},
		"operations in small type": {"2 m changed a State=true|5 m deleted a State=true", "2-5 told told on 2"},
		"only an end of the other": {"2 m Changed a State=true|3 n Changed a State=false|5 m Changed a State=false", "2-5 told told on 2|3-3 outside told on 1"},
	} {
		var got []string
		s := of(strings.Split(c.events, "|")...)
		for _, p := range s.Select(Filter{}).Spans() {
			got = append(got, fmt.Sprintf("%d-%d %s %s %s %d", s.Event(p.First).Sample, s.Event(p.Last).Sample, p.Begin, p.End, p.State, p.Events))
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %s, want %s", name, strings.Join(got, "|"), c.want)
		}
	}
}
