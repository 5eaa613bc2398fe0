package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	markup "jobhome/drivers/escpos/receiptline"
)

//go:embed receiptline.js
var script []byte

// receiptline is the other side: one Node process that stays, so that its
// start and the warming up of its compiler are not counted.
type receiptline struct {
	dir string
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// version is that with which the table in the README was made.
const version = "4.0.4"

// openReceiptline installs receiptline in a directory of its own and hands it
// n slips in its own language. The error wraps exec.ErrNotFound without Node.
func openReceiptline(ctx context.Context, o *own, n int) (*receiptline, error) {
	for _, tool := range []string{"npm", "node"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "jobhome-receiptline-")
	if err != nil {
		return nil, err
	}
	r := &receiptline{dir: dir}
	note("installing receiptline %s in %s", version, dir)
	install := exec.CommandContext(ctx, "npm", "install", "--silent", "--no-fund", "--no-audit", "receiptline@"+version)
	install.Dir, install.Stderr = dir, os.Stderr
	if err := install.Run(); err != nil {
		return r, fmt.Errorf("npm install receiptline: %w", err)
	}
	var docs struct {
		Columns int      `json:"columns"`
		Docs    []string `json:"docs"`
		Warm    []string `json:"warm"`
	}
	docs.Columns = o.profile.Columns
	for i := range n + n/10 {
		doc, err := o.doc(i)
		if err != nil {
			return r, err
		}
		if text := markup.Markup(doc, 6, true); i < n {
			docs.Docs = append(docs.Docs, text)
		} else {
			docs.Warm = append(docs.Warm, text)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "docs.json"), asJSON(docs), 0o600); err != nil {
		return r, err
	}
	if err := os.WriteFile(filepath.Join(dir, "slip-bench.js"), script, 0o600); err != nil {
		return r, err
	}
	return r, r.start(ctx)
}

func (r *receiptline) start(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "node", "slip-bench.js")
	cmd.Dir, cmd.Stderr = r.dir, os.Stderr
	var err error
	if r.in, err = cmd.StdinPipe(); err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	r.out = bufio.NewReader(out)
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start node: %w", err)
	}
	r.cmd = cmd
	// Two turns for its compiler.
	for range 2 {
		if _, _, _, err := r.turn(ctx); err != nil {
			return err
		}
	}
	return nil
}

// turn encodes all slips and returns CPU in ms and bytes of one.
func (r *receiptline) turn(_ context.Context) (cpu, size float64, last []byte, err error) {
	if _, err := io.WriteString(r.in, "\n"); err != nil {
		return 0, 0, nil, fmt.Errorf("ask node: %w", err)
	}
	line, err := r.out.ReadBytes('\n')
	if err != nil {
		return 0, 0, nil, fmt.Errorf("read node's answer: %w", err)
	}
	var a struct {
		CPU, Size float64
		Last      []byte
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return 0, 0, nil, fmt.Errorf("read node's answer: %w", err)
	}
	return a.CPU, a.Size, a.Last, nil
}

func (r *receiptline) close() {
	if r.cmd != nil {
		_ = r.in.Close()
		_ = r.cmd.Wait()
	}
	_ = os.RemoveAll(r.dir)
}
