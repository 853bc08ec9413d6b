package diag

import (
	"encoding/json"
	"testing"
)

func TestForgottenSeverityIsRefused(t *testing.T) {
	if _, err := json.Marshal(struct{ S Severity }{}); err == nil {
		t.Error("the zero severity was written")
	}
	for s := Note; s <= Fatal; s++ {
		if _, err := json.Marshal(struct{ S Severity }{s}); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestWorstFindsTheGreatestSeverity(t *testing.T) {
	fs := []Finding{New("A", Note, "a"), At("B", Error, 3, 9, "at %d", 3), New("C", Warning, "c")}
	if w := Worst(fs); w != Error {
		t.Errorf("worst is %s", w)
	}
	if Worst(nil) != 0 {
		t.Error("no findings have a severity")
	}
}
