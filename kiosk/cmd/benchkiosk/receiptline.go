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
	"strings"

	"jobhome/drivers/escpos"
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
		if text := markup(doc); i < n {
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

// markup writes a slip in receiptline's language (OFSC ReceiptLine
// specification): the same words, sizes and QR address in the same order. It
// cannot put words beside a QR code, so they follow it.
func markup(doc escpos.Doc) string {
	var b strings.Builder
	line := func(l escpos.Line) {
		text := spans(l.Spans)
		switch l.Align {
		case escpos.Left:
			text = "|" + text
		case escpos.Right:
			text += "|"
		case escpos.Center: // a line without bars is centred
		}
		b.WriteString(text + "\n")
	}
	for _, block := range doc.Blocks {
		switch v := block.(type) {
		case escpos.Line:
			line(v)
		case escpos.Row:
			b.WriteString("|" + spans(v.Left) + " | " + spans(v.Right) + "|\n")
		case escpos.Rule:
			b.WriteString("-\n")
		case escpos.QR:
			b.WriteString("{code:" + v.Payload + ";option:qrcode,6,m}\n")
			for _, l := range v.Text {
				line(l)
			}
		case escpos.Cut:
			b.WriteString("=\n")
		}
	}
	return b.String()
}

// plain are the characters that mean something in receiptline's language.
var plain = strings.NewReplacer(`\`, `\\`, "|", `\|`, "{", `\{`, "}", `\}`, "~", `\~`, "_", `\_`, `"`, `\"`, "`", "\\`", "^", `\^`)

func spans(list []escpos.Span) string {
	var b strings.Builder
	for _, s := range list {
		size := map[[2]int]string{{2, 1}: "^", {1, 2}: "^^", {2, 2}: "^^^"}[[2]int{max(1, s.W), max(1, s.H)}]
		bold, reverse := "", ""
		if s.Bold {
			bold = `"`
		}
		if s.Reverse {
			reverse = "`"
		}
		text := strings.ReplaceAll(plain.Replace(s.Text), "\n", `\n`)
		b.WriteString(reverse + size + bold + text + bold + size + reverse)
	}
	return b.String()
}
