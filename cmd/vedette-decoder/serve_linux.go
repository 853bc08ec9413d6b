package main

import (
	"fmt"
	"io"

	"golang.org/x/sys/unix"

	"vedette/player/decode"
	"vedette/player/ffmpeg"
)

// Descriptors that the parent passes.
const (
	socket = 3
	memory = 4
)

func serve() error {
	ffmpeg.Setup()
	state := confine(0)
	state.FFmpeg = ffmpeg.Version()
	return decode.Serve(decode.Host{
		Receive: receive,
		Send: func(p []byte) error {
			for {
				if _, err := unix.Write(socket, p); err != unix.EINTR { //nolint:errorlint // a plain number here
					return err
				}
			}
		},
		Map: func(offset, size int64) ([]byte, error) {
			return unix.Mmap(memory, offset, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		},
		Open: open, Version: ffmpeg.Version(), Hello: decode.Hello(state),
	})
}

func receive(buf []byte) (int, error) {
	for {
		n, err := unix.Read(socket, buf)
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
