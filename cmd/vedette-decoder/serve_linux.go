package main

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"golang.org/x/sys/unix"

	"vedette/player/decode"
	"vedette/player/ffmpeg"
)

// Descriptors that the parent passes: for each lane a connection, shared memory,
// and a connection for orders to convert.
const firstDescriptor = 3

func serve() error {
	ffmpeg.Setup()
	state := confine(0)
	state.FFmpeg = ffmpeg.Version()
	errs := make([]error, decode.Lanes)
	var lanes sync.WaitGroup
	for i := range errs {
		lanes.Go(func() { errs[i] = lane(firstDescriptor+3*i, state) })
	}
	lanes.Wait()
	return errors.Join(errs...)
}

// lane serves one decoder until the parent gives it up.
func lane(socket int, state decode.Isolation) error {
	memory, screen := socket+1, socket+2
	defer func() { // the parent notices
		for fd := socket; fd <= screen; fd++ {
			_ = unix.Close(fd)
		}
	}()
	return decode.Serve(decode.Host{
		Receive: receiver(socket), Send: sender(socket),
		Map: func(offset, size int64) ([]byte, error) {
			return unix.Mmap(memory, offset, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		},
		Unmap: func(data []byte) { _ = unix.Munmap(data) },
		Open:  open, Version: ffmpeg.Version(), Hello: decode.Hello(state),
		Screen:    decode.Link{Receive: receiver(screen), Send: sender(screen)},
		Converter: func() (decode.Converter, error) { return ffmpeg.NewScreen() },
	})
}

func sender(fd int) func([]byte) error {
	return func(p []byte) error {
		for {
			if _, err := unix.Write(fd, p); err != unix.EINTR { //nolint:errorlint // a plain number here
				return err
			}
		}
	}
}

func receiver(fd int) func([]byte) (int, error) {
	return func(buf []byte) (int, error) {
		for {
			n, err := unix.Read(fd, buf)
			switch {
			case err == unix.EINTR: //nolint:errorlint // a plain number here
				continue
			case err == unix.ECONNRESET: //nolint:errorlint // a plain number here
				return 0, io.EOF
			case err != nil:
				return 0, fmt.Errorf("receiving: %w", err)
			case n == 0:
				return 0, io.EOF
			}
			return n, nil
		}
	}
}
