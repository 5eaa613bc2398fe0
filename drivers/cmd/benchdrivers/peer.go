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

//go:embed peer.js
var peerScript []byte

// The others, with the versions that the READMEs name.
const (
	receiptline = "receiptline@4.0.4"
	thermal     = "node-thermal-printer@4.6.1"
)

// peers is a directory with the others in it.
type peers struct{ dir string }

// installPeers gets the others from npm. The error wraps exec.ErrNotFound
// without Node.
func installPeers(ctx context.Context) (*peers, error) {
	for _, tool := range []string{"npm", "node"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "jobhome-benchdrivers-")
	if err != nil {
		return nil, err
	}
	p := &peers{dir}
	note("installing %s and %s in %s", receiptline, thermal, dir)
	cmd := exec.CommandContext(ctx, "npm", "install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts", receiptline, thermal)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	if err := cmd.Run(); err != nil {
		p.close()
		return nil, fmt.Errorf("npm install: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "peer.js"), peerScript, 0o600); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *peers) close() { _ = os.RemoveAll(p.dir) }

// peerJob is what one Node process is given to do.
type peerJob struct {
	Library string `json:"library"` // receiptline or thermal
	Hanzi   bool   `json:"hanzi"`   // FS & put in front, where the library leaves it out
	Columns int    `json:"columns"`
	Cutter  bool   `json:"cutter"`
	Docs    []any  `json:"docs"`
	Warm    []any  `json:"warm"`
}

// peer is one of the others: a Node process that stays, so that its start and
// the warming up of its compiler are not counted.
type peer struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// open starts one of the others with n slips of w in its own language.
func (p *peers) open(ctx context.Context, w *works, job peerJob, n int) (*peer, error) {
	job.Columns, job.Cutter = w.profile.Columns, len(w.profile.Cutter.Command) > 0
	for i := range n + n/10 {
		doc, err := w.doc(i)
		if err != nil {
			return nil, err
		}
		said := any(markup.Markup(doc, w.cell(), job.Cutter))
		if job.Library == "thermal" {
			said = calls(doc, w.cell())
		}
		if i < n {
			job.Docs = append(job.Docs, said)
		} else {
			job.Warm = append(job.Warm, said)
		}
	}
	text, err := json.Marshal(job)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "node", "peer.js")
	cmd.Dir, cmd.Stderr = p.dir, os.Stderr
	q := &peer{cmd: cmd}
	if q.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	q.out = bufio.NewReader(out)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start node: %w", err)
	}
	if _, err := q.in.Write(append(text, '\n')); err != nil {
		q.close()
		return nil, fmt.Errorf("hand node the slips: %w", err)
	}
	for range 2 { // for its compiler
		if _, err := q.turn(ctx, n); err != nil {
			q.close()
			return nil, err
		}
	}
	return q, nil
}

// turn encodes all slips once; n is their number since open.
func (q *peer) turn(_ context.Context, _ int) (turn, error) {
	if _, err := io.WriteString(q.in, "\n"); err != nil {
		return turn{}, fmt.Errorf("ask node: %w", err)
	}
	line, err := q.out.ReadBytes('\n')
	if err != nil {
		return turn{}, fmt.Errorf("read node's answer: %w", err)
	}
	var a struct {
		CPU, Size float64
		Last      []byte
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return turn{}, fmt.Errorf("read node's answer: %w", err)
	}
	return turn{cpu: a.CPU, size: a.Size, last: a.Last}, nil
}

func (q *peer) close() {
	_ = q.in.Close()
	_ = q.cmd.Wait()
}
