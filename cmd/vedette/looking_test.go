package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// looking opens a clip of 320 by 180 in a window and waits for its picture.
func looking(t *testing.T) *running {
	t.Helper()
	dir := evidenceSet(t)
	r := start(t, "--trust", filepath.Join(dir, "trust"), filepath.Join(dir, "street-west.mp4"))
	r.wait("settled")
	r.wait("first-picture")
	return r
}

func TestPicturesAreZoomedTurnedAndPutBack(t *testing.T) {
	r := looking(t)
	r.key("z")
	r.wait("view street-west.mp4 zoom 100 %; \n")
	r.wait("detail street-west.mp4 true")
	r.key("plus")
	r.wait("view street-west.mp4 zoom 125 %, nearest pixels; \n")
	r.key("x")
	r.wait("view street-west.mp4 zoom 125 %, smooth; \n")
	r.key("r", "h")
	r.wait("display adjusted: turned 90° clockwise, mirrored\n")
	r.key("0")
	r.wait("detail street-west.mp4 false")
	r.key("shift+r")
	r.wait("view street-west.mp4 shown at")
}

func TestTheWheelZoomsAndADragPans(t *testing.T) {
	r := looking(t)
	r.tool("mousemove", "640", "330", "click", "--repeat", "30", "--delay", "30", "4")
	r.wait("view street-west.mp4 zoom 3200 %, nearest pixels; \n")
	before := strings.Count(r.text(), "zoom 3200 %")
	r.tool("mousedown", "1", "mousemove", "660", "340", "mousemove", "700", "360", "mouseup", "1")
	r.key("z") // whatever the drag did has been told by then
	r.wait("zoom 100 %; \n")
	if strings.Count(r.text(), "zoom 3200 %") <= before {
		t.Errorf("a drag did not move the picture:\n%s", r.text())
	}
}

func TestValuesAreAdjustedByKeysAlone(t *testing.T) {
	r := looking(t)
	r.key("a")
	r.wait("adjust true")
	for range 40 { // forward to the first slider
		r.key("Tab", "Right")
		if r.has("display adjusted: brightness +5 %\n") {
			break
		}
	}
	r.wait("display adjusted: brightness +5 %\n")
	r.key("Delete")
	r.key("Escape")
	r.wait("adjust false")
}

func TestTheSecondWindowOpensFillsItsScreenAndCloses(t *testing.T) {
	r := looking(t)
	r.key("shift+f")
	r.wait("second open")
	second := func(keys ...string) {
		t.Helper()
		r.tool("search", "--sync", "--onlyvisible", "--name", "second picture", "windowfocus")
		r.tool(append([]string{"key"}, keys...)...)
	}
	second("z")
	r.wait("second view street-west.mp4 zoom 100 %; \n")
	second("f")
	r.wait("second full-screen true")
	second("space") // the transport is that of the first window
	r.wait("state playing")
	second("Escape")
	r.wait("second full-screen false")
	second("Escape")
	r.wait("second closed")
	r.key("f")
	r.wait("stage full-screen true")
	r.key("Escape")
	r.wait("stage full-screen false")
}
