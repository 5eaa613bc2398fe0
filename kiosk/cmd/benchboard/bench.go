package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// bench is the run as a whole: it starts the processes of the engines, lets
// them take turns, and writes the tables.
type bench struct {
	options
	out   io.Writer
	built map[string]outcome // by directory
	last  map[string]figures // what the aims compare, by name and size
}

// process is an engine in a process of its own, on one core.
type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *json.Decoder
}

func (b *bench) folder(size int, name string) string {
	return filepath.Join(b.dir, strconv.Itoa(size), name)
}

// start starts this program again as one that plays a part.
func (b *bench) start(ctx context.Context, size int, name string) (*process, error) {
	dir := b.folder(size, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	words := []string{
		self, "-child", name + ":" + dir, "-rows", strconv.Itoa(size),
		"-rounds", strconv.Itoa(b.rounds), "-likes", strconv.Itoa(b.likes),
	}
	if b.via != "" {
		words = append([]string{b.via}, words...)
	}
	p := &process{cmd: exec.CommandContext(ctx, words[0], words[1:]...)}
	p.cmd.Env, p.cmd.Stderr = append(os.Environ(), "GOMAXPROCS=1"), os.Stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = json.NewDecoder(out)
	return p, p.cmd.Start()
}

// ask lets the process do something.
func (p *process) ask(what string) (o outcome, err error) {
	if _, err := fmt.Fprintln(p.in, what); err != nil {
		return o, err
	}
	if err := p.out.Decode(&o); err != nil {
		return o, fmt.Errorf("%s: %w", what, err)
	}
	if o.Error != "" {
		return o, fmt.Errorf("%s: %s", what, o.Error)
	}
	return o, nil
}

func (p *process) end() error {
	return errors.Join(p.in.Close(), p.cmd.Wait())
}

// once starts a process for one thing to do.
func (b *bench) once(ctx context.Context, size int, name string) (outcome, error) {
	p, err := b.start(ctx, size, name)
	if err != nil {
		return outcome{}, err
	}
	o, err := p.ask(name)
	return o, errors.Join(err, p.end())
}

// build makes the files of an engine, once.
func (b *bench) build(ctx context.Context, size int, name string) (outcome, error) {
	dir := b.folder(size, name)
	if o, ok := b.built[dir]; ok {
		return o, nil
	}
	note("%s: building %d postings", name, size)
	p, err := b.start(ctx, size, name)
	if err != nil {
		return outcome{}, err
	}
	o, err := p.ask("build")
	if err := errors.Join(err, p.end()); err != nil {
		return o, fmt.Errorf("%s: %w", name, err)
	}
	if b.built == nil {
		b.built = map[string]outcome{}
	}
	b.built[dir] = o
	return o, nil
}

// prepare draws the queries of a size and answers them, once.
func (b *bench) prepare(ctx context.Context, size int) error {
	dir := b.folder(size, "")
	if _, err := os.Stat(filepath.Join(dir, "workload")); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	note("answering %d queries by a look at all of %d postings", b.queries, size)
	w, err := newWorkload(ctx, postings(size), b.queries)
	if err != nil {
		return err
	}
	return w.save(dir)
}

// running is an engine that answers.
type running struct {
	name   string
	p      *process
	built  outcome
	open   outcome
	first  figures
	later  []figures // of each round
	differ []string
	memory outcome
	asked  int
}

func (b *bench) serve(ctx context.Context, size int, name string) (*running, error) {
	r := &running{name: name}
	var err error
	if r.built, err = b.build(ctx, size, name); err != nil {
		return nil, err
	}
	if r.p, err = b.start(ctx, size, name); err != nil {
		return nil, err
	}
	if r.open, err = r.p.ask("open"); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	first, err := r.p.ask("round")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r.first, r.asked = first.Times, len(first.Times)
	note("%s: comparing with the oracle", name)
	checked, err := r.p.ask("check")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r.differ = checked.Differ
	if name == ours && len(r.differ) > 0 {
		return nil, fmt.Errorf("%d of %d answers of the board differ, so there are no figures; the first: %s",
			len(r.differ), r.asked, r.differ[0])
	}
	return r, nil
}
