package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// peer is an mpv program that shows nothing and takes orders.
type peer struct {
	cmd  *exec.Cmd
	dir  string
	conn net.Conn
	in   *bufio.Scanner
}

func startPeer(file string) (*peer, error) {
	dir, err := os.MkdirTemp("", "vedette-mpv")
	if err != nil {
		return nil, err
	}
	p := &peer{dir: dir}
	socket := filepath.Join(dir, "socket")
	p.cmd = exec.Command("mpv", "--no-config", "--really-quiet", "--vo=null", "--ao=null", "--pause", "--keep-open=yes", "--hwdec=no", "--input-ipc-server="+socket, file) //nolint:gosec // our own arguments
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("mpv: %w", err), os.RemoveAll(dir))
	}
	for range 200 {
		if p.conn, err = net.Dial("unix", socket); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("mpv: %w", err)
	}
	p.in = bufio.NewScanner(p.conn)
	return p, nil
}

func (p *peer) stop() {
	if p.conn != nil {
		_ = p.conn.Close()
	}
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	_ = os.RemoveAll(p.dir)
}

// seek has mpv show exactly the picture of a time, and returns how long that took.
func (p *peer) seek(at float64) (time.Duration, error) {
	order, err := json.Marshal(map[string]any{"command": []any{"seek", at, "absolute+exact"}})
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	if _, err := p.conn.Write(append(order, '\n')); err != nil {
		return 0, fmt.Errorf("mpv: %w", err)
	}
	_ = p.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	for p.in.Scan() {
		var m struct{ Event string }
		if json.Unmarshal(p.in.Bytes(), &m) == nil && m.Event == "playback-restart" {
			return time.Since(begin), nil
		}
	}
	return 0, fmt.Errorf("mpv told of no picture: %w", p.in.Err())
}
