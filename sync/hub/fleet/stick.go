package fleet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"jobhome/sync/hub/ca"
	"jobhome/sync/trust"
)

// Bounds of what is read from a stick.
const (
	mostFiles    = 10_000
	mostFileSize = 8 << 20 // bytes
)

// Stick takes in the batches that lie below up/ on a stick or in any directory,
// lays the acks below down/, and tells of each file what became of it. Nothing on
// the stick is trusted or deleted, and a link that leads out of it is not
// followed: a batch counts by its signature alone. The error tells that the stick
// itself could not be read or written.
func (f *Fleet) Stick(ctx context.Context, dir string, tell func(path string, err error)) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("fleet: stick: %w", err)
	}
	defer func() { _ = root.Close() }()
	files, err := upFiles(root)
	if err != nil {
		return fmt.Errorf("fleet: stick: %w", err)
	}
	for i, name := range files {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("fleet: stick: %w", err)
		}
		ack, err := f.acceptFile(ctx, root, name)
		if err == nil {
			down := fmt.Sprintf("down/%s/ack-%s-%04d.json", path.Base(path.Dir(name)), f.o.Now().UTC().Format("20060102T150405"), i)
			if err := lay(root, down, ack); err != nil {
				return fmt.Errorf("fleet: stick: lay %s: %w", down, err)
			}
		}
		tell(name, err)
	}
	return nil
}

// upFiles are the batches on a stick, by name: those of one ledger in their order.
func upFiles(root *os.Root) ([]string, error) {
	files, err := fs.Glob(root.FS(), "up/*/*.json")
	if err == nil && len(files) > mostFiles {
		err = fmt.Errorf("%d files are more than %d", len(files), mostFiles)
	}
	return files, err
}

func (f *Fleet) acceptFile(ctx context.Context, root *os.Root, name string) (trust.Envelope, error) {
	text, err := readFile(root, name)
	if err != nil {
		return trust.Envelope{}, err
	}
	e, err := trust.ReadEnvelope(text)
	if err != nil {
		return trust.Envelope{}, err
	}
	terminal := path.Base(path.Dir(name))
	if err := ca.CheckID(terminal); err != nil {
		return trust.Envelope{}, err
	}
	return f.Accept(ctx, From{Terminal: terminal, Stick: true}, e)
}

func readFile(root *os.Root, name string) ([]byte, error) {
	file, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, errors.New("no plain file"))
	}
	text, err := io.ReadAll(io.LimitReader(file, mostFileSize+1))
	if err == nil && len(text) > mostFileSize {
		err = fmt.Errorf("more than %d bytes", mostFileSize)
	}
	return text, err
}

// lay writes a file whole or not at all: the stick may be pulled out.
func lay(root *os.Root, name string, e trust.Envelope) error {
	text, err := e.Write()
	if err != nil {
		return err
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	half := strings.TrimSuffix(name, ".json") + ".part"
	file, err := root.Create(half)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return root.Rename(half, name)
}
