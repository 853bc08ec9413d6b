package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// Places in a window of 1366x768 with four sources, two by two.
var (
	tiles = [4][2]int{{455, 207}, {830, 207}, {455, 375}, {830, 375}}
	rows  = [3][2]int{{150, 190}, {150, 325}, {150, 455}}
)

// drag moves what is at one place to another, in steps as a hand does.
func (r *running) drag(from, to [2]int) {
	r.t.Helper()
	args := []string{"mousemove", fmt.Sprint(from[0]), fmt.Sprint(from[1]), "mousedown", "1"}
	for i := 1; i <= 5; i++ {
		args = append(args, "mousemove", fmt.Sprint(from[0]+(to[0]-from[0])*i/5), fmt.Sprint(from[1]+(to[1]-from[1])*i/5), "sleep", "0.05")
	}
	r.tool(append(args, "mouseup", "1")...)
}

// click presses a button of the pointer at a place, some times.
func (r *running) click(at [2]int, button, times int) {
	r.t.Helper()
	r.tool("mousemove", fmt.Sprint(at[0]), fmt.Sprint(at[1]), "click", "--repeat", fmt.Sprint(times), "--delay", "60", fmt.Sprint(button))
}

// four opens four sources and waits until each has its picture, or says why not.
func four(t *testing.T) *running {
	t.Helper()
	dir := evidenceSet(t)
	args := []string{"--trust", filepath.Join(dir, "trust")}
	for _, n := range []string{"street-west", "street-east", "square", "clock-error"} {
		args = append(args, filepath.Join(dir, n+".mp4"))
	}
	r := start(t, args...)
	r.wait("settled")
	r.wait("first-picture clock-error.mp4")
	return r
}

func TestSourcesAreDraggedToOtherPlacesOfTheStage(t *testing.T) {
	r := four(t)
	r.drag(tiles[0], tiles[3]) // a tile onto another
	r.wait("place 4 street-west.mp4")
	r.drag(rows[1], tiles[0]) // a row of the list onto a tile
	r.wait("place 1 street-east.mp4")
	r.key("Delete") // the one with the focus, which was just put there
	r.wait("unstaged street-east.mp4")
	r.drag(rows[1], tiles[0]) // to the place that is empty now
	r.key("Delete")
	r.drag(rows[0], tiles[0])
	r.wait("place 1 street-west.mp4")
}

func TestDoubleClickFillsTheStageAndGoesBack(t *testing.T) {
	r := four(t)
	r.click(tiles[1], 1, 2)
	r.wait("layout 1")
	r.tool("sleep", "0.6") // four clicks in a row are not two double clicks
	r.click([2]int{640, 290}, 1, 2)
	r.wait("layout 2")
	r.key("3")
	r.wait("layout 3")
	r.key("4")
	r.wait("layout 4")
	r.key("1", "Escape", "space")
	r.wait("state playing")
	if n := strings.Count(r.text(), "layout 4"); n != 2 {
		t.Errorf("the 16 places were shown %d times, want before and after the one:\n%s", n, r.text())
	}
}

func TestShuttleKeysDriveTheTransport(t *testing.T) {
	r := four(t)
	r.key("l")
	r.wait("rate 1\n")
	r.wait("state playing")
	r.key("l")
	r.wait("rate 2\n")
	r.wait("speed 2.0x")
	r.key("k")
	r.wait("state paused")
	r.key("shift+l")
	r.wait("rate 0.5\n")
	r.wait("speed 0.5x")
	r.key("j")
	r.wait("rate -1\n")
	r.key("alt+period")
	r.wait("nudge street-west.mp4 +1")
	r.key("alt+m")
	r.wait("listen street-west.mp4")
	r.key("alt+m")
	r.wait("listen the focus")
}
