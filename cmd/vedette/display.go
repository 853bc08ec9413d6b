package main

import (
	"fmt"

	"github.com/go-gl/glfw/v3.3/glfw"
)

// checkDisplay tells in plain words why no window could be opened. The toolkit
// itself ends in a trace of its calls without a display, and waits for ever
// without OpenGL. It is for the main thread.
func checkDisplay() error {
	if err := prepare(); err != nil {
		return fmt.Errorf("no display can be opened (%w).\nStart Vedette in a desktop session, or set DISPLAY. Without a window, vedettectl gives the same answers", err)
	}
	defer glfw.DefaultWindowHints()
	w, err := glfw.CreateWindow(16, 16, "Vedette", nil, nil)
	if err != nil {
		return fmt.Errorf("OpenGL is missing on this display (%w).\nInstall a graphics driver, or Mesa for drawing by the processor (libgl1-mesa-dri). Without a window, vedettectl gives the same answers", err)
	}
	w.Destroy()
	return nil
}

// prepare asks for a window that is not seen. Without a display the library
// says so on standard error only, and panics at the next call.
func prepare() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	if err := glfw.Init(); err != nil {
		return err
	}
	glfw.WindowHint(glfw.Visible, glfw.False)
	return nil
}
