package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/board"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/index"
)

// found is the answer to a query as a terminal asks it.
type found struct {
	total  int
	groups map[string]int // nil: the engine counts facets
	facets kiosk.Facets   // only of ours
	page   []string       // ids
}

// engine is one that searches. It keeps its files in a directory.
type engine interface {
	// build makes the files and tells what they take.
	build(ctx context.Context, posts []kiosk.Posting) (space, error)
	open(ctx context.Context) error
	search(ctx context.Context, q kiosk.Query) (found, error)
	// ids are those of all postings that the query finds.
	ids(ctx context.Context, q kiosk.Query) ([]string, error)
	// apply makes the board another one in one transaction.
	apply(ctx context.Context, next []kiosk.Posting) error
	close() error
}

// space is the sizes of an engine's files.
type space struct {
	Rows  int64 // with the postings
	Index int64 // what searching needs beside them
	Texts int64 // of it the words as they stand, which only ours keeps there
}

const ours = "board"

// engines are all engines by name.
var engines = map[string]func(dir string) engine{
	ours:       func(dir string) engine { return &boardEngine{dir: dir} },
	"fts5":     func(dir string) engine { return &sqlEngine{dir: dir, words: phrases} },
	"fts5-and": func(dir string) engine { return &sqlEngine{dir: dir, words: ands} },
	"like":     func(dir string) engine { return &sqlEngine{dir: dir, words: likes} },
	"bleve":    func(dir string) engine { return &bleveEngine{dir: dir} },
}

// boardEngine is ours.
type boardEngine struct {
	dir   string
	board *board.Board
}

func (e *boardEngine) path() string { return filepath.Join(e.dir, "board.db") }

func (e *boardEngine) build(ctx context.Context, posts []kiosk.Posting) (space, error) {
	if err := e.open(ctx); err != nil {
		return space{}, err
	}
	if err := e.apply(ctx, posts); err != nil {
		return space{}, err
	}
	if err := e.close(); err != nil {
		return space{}, err
	}
	rows, err := fileSize(e.path())
	return space{Rows: rows}, err
}

// measureIndex fills in what the texts and the pairs of the index take, which
// is all that is searched. The board's own file has orders and figures beside.
func (b *space) measureIndex(posts []kiosk.Posting) error {
	m := index.NewText().Next(nil)
	for i := range posts {
		m.Add(words(&posts[i]))
	}
	t, err := m.Done()
	if err != nil {
		return err
	}
	texts, pairs := t.Size()
	b.Index, b.Texts = int64(texts+pairs), int64(texts)
	return nil
}

func (e *boardEngine) open(context.Context) (err error) {
	e.board, err = board.Open(e.path(), demo.Site())
	return err
}

func (e *boardEngine) search(ctx context.Context, q kiosk.Query) (found, error) {
	r, err := e.board.Search(ctx, q)
	f := found{total: r.Total, facets: r.Facets, page: make([]string, len(r.Items))}
	for i := range r.Items {
		f.page[i] = r.Items[i].Posting.ID
	}
	return f, err
}

func (e *boardEngine) ids(ctx context.Context, q kiosk.Query) ([]string, error) {
	q.Limit = e.board.Stats(q.Now).Postings
	f, err := e.search(ctx, q)
	return f.page, err
}

func (e *boardEngine) apply(ctx context.Context, next []kiosk.Posting) error {
	rep, err := e.board.Apply(ctx, next, board.ImportOpts{Now: moment, Replace: true})
	if err == nil && len(rep.Bad) > 0 {
		return errors.New("the board refused " + rep.Bad[0].String())
	}
	return err
}

func (e *boardEngine) close() error { return e.board.Close() }

// fileSize is the size of a file, or of all files of a directory.
func fileSize(path string) (n int64, err error) {
	err = filepath.WalkDir(path, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	return n, err
}

// commas writes n parts with commas between them.
func commas(part string, n int) string { return strings.TrimSuffix(strings.Repeat(part+",", n), ",") }
