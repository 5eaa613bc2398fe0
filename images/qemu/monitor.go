package qemu

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// monitor is a connection by the QEMU Machine Protocol.
type monitor struct {
	mu   sync.Mutex
	conn net.Conn
	in   *bufio.Scanner
}

func dialMonitor(path string, ended <-chan struct{}) (*monitor, error) {
	for {
		c, err := net.Dial("unix", path)
		if err == nil {
			m := &monitor{conn: c, in: bufio.NewScanner(c)}
			m.in.Buffer(nil, 1<<20)
			if !m.in.Scan() {
				return nil, errors.New("qemu: the monitor says nothing")
			}
			return m, m.do("qmp_capabilities", nil)
		}
		select {
		case <-ended:
			return nil, errors.New("qemu: ended at once")
		case <-time.After(pause / 4):
		}
	}
}

// do carries a command out and waits for its answer.
func (m *monitor) do(command string, args any) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	text, err := json.Marshal(struct {
		Execute   string `json:"execute"`
		Arguments any    `json:"arguments,omitempty"`
	}{command, args})
	if err != nil {
		return err
	}
	if _, err := m.conn.Write(text); err != nil {
		return err
	}
	for m.in.Scan() {
		var answer struct {
			Return json.RawMessage
			Error  *struct{ Desc string }
		}
		if err := json.Unmarshal(m.in.Bytes(), &answer); err != nil {
			return err
		}
		switch {
		case answer.Error != nil:
			return fmt.Errorf("qemu: %s: %s", command, answer.Error.Desc)
		case answer.Return != nil:
			return nil
		}
	}
	return fmt.Errorf("qemu: %s: the monitor is gone", command)
}

// Screen is what is on the screen.
func (m *Machine) Screen() (image.Image, error) {
	path := filepath.Join(m.Dir, "screen.png")
	if err := m.mon.do("screendump", map[string]any{"filename": path, "format": "png"}); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return png.Decode(f)
}

// most is the greatest coordinate of an absolute pointer.
const most = 0x7fff

type event struct {
	Type string `json:"type"`
	Data any    `json:"data"`
}

// Touch presses the pointer at a place, given in parts of the screen from 0 to
// 1, and lifts it.
func (m *Machine) Touch(x, y float64) error {
	at := []event{
		{"abs", map[string]any{"axis": "x", "value": int(x * most)}},
		{"abs", map[string]any{"axis": "y", "value": int(y * most)}},
	}
	press := func(down bool) event { return event{"btn", map[string]any{"down": down, "button": "left"}} }
	for _, e := range [][]event{at, {press(true)}, {press(false)}} {
		if err := m.mon.do("input-send-event", map[string]any{"events": e}); err != nil {
			return err
		}
		time.Sleep(pause)
	}
	return nil
}

// Keys presses keys together, by QEMU's names (QKeyCode).
func (m *Machine) Keys(names ...string) error {
	keys := make([]map[string]string, len(names))
	for i, n := range names {
		keys[i] = map[string]string{"type": "qcode", "data": n}
	}
	return m.mon.do("send-key", map[string]any{"keys": keys})
}

// WaitScreen photographs the screen until ok says that it is what is waited
// for, and returns that picture.
func (m *Machine) WaitScreen(ctx context.Context, ok func(image.Image) bool) (image.Image, error) {
	for {
		img, err := m.Screen()
		if err == nil && ok(img) {
			return img, nil
		}
		select {
		case <-time.After(5 * pause):
		case <-m.ended:
			return img, errors.New("the machine went off")
		case <-ctx.Done():
			return img, errors.Join(ctx.Err(), err)
		}
	}
}
