package metadata

import (
	"fmt"
	"strings"
)

func (r *reader) event(n *node) {
	if len(r.doc.Events) == maxEvents {
		r.note("METADATA-EVENTS", "a document has more than %d events; the others are left out", maxEvents)
		return
	}
	e := Event{}
	if t := n.first("Topic"); t != nil {
		e.Topic, e.Raw = t.topic, t.content()
	}
	m := n.first("Message")
	if inner := m.first("Message"); inner != nil {
		r.rest(&e.Other, m, "Message")
		m = inner
	}
	if m == nil || e.Topic == "" {
		r.note("METADATA-EVENT", "an event without topic or message is left out")
		return
	}
	if s, ok := m.attr("UtcTime"); ok {
		e.UTC, e.HasUTC = parseTime(s)
	}
	if !e.HasUTC {
		r.note("METADATA-TIME", "an event has no readable UtcTime; the time of its sample is used")
	}
	e.Operation = m.word("PropertyOperation")
	e.Source, e.Key, e.Data = items(m.first("Source")), items(m.first("Key")), items(m.first("Data"))
	r.rest(&e.Other, m, "Source", "Key", "Data")
	r.rest(&e.Other, n, "Topic", "Message", "SubscriptionReference", "ProducerReference")
	r.doc.Events = append(r.doc.Events, e)
}

// maxItems bounds the items of one set.
const maxItems = 256

func items(n *node) []Item {
	if n == nil {
		return nil
	}
	var out []Item
	for _, k := range n.kids {
		if len(out) == maxItems {
			break
		}
		switch k.name {
		case "SimpleItem":
			v, _ := k.attr("Value")
			out = append(out, Item{k.word("Name"), cut(v)})
		case "ElementItem":
			out = append(out, Item{k.word("Name"), flat(k)})
		}
	}
	return out
}

// prefixes of namespaces whose topics are known under them. Writers choose
// prefixes freely; what is compared and shown has these.
var prefixes = map[string]string{
	NamespaceTopics:                                "tns1",
	"http://www.axis.com/2009/event/topics":        "tnsaxis",
	"http://www.hikvision.com/2011/event/topics":   "tnshik",
	"http://www.samsungcctv.com/2011/event/topics": "tnssamsung",
}

// canonical writes a topic with canonical prefixes. A prefix that nothing
// declares is left; one that poses as a canonical one is replaced by the
// namespace that it stands for.
func (s *scanner) canonical(topic string) string {
	parts := strings.Split(topic, "/")
	for i, p := range parts {
		short, local, ok := strings.Cut(strings.TrimSpace(p), ":")
		if !ok {
			parts[i] = short
			continue
		}
		uri, known := s.lookup(short)
		if !known {
			continue
		}
		if c := prefixes[uri]; c != "" {
			parts[i] = c + ":" + local
			continue
		}
		for _, c := range prefixes {
			if c == short {
				parts[i] = fmt.Sprintf("{%s}%s", strings.ReplaceAll(uri, "/", "|"), local)
			}
		}
	}
	return cut(strings.Join(parts, "/"))
}

// lookup returns the namespace that a prefix stands for here.
func (s *scanner) lookup(name string) (string, bool) {
	for i := len(s.prefixes) - 1; i >= 0; i-- {
		if s.prefixes[i].name == name {
			return s.prefixes[i].uri, true
		}
	}
	return "", false
}
