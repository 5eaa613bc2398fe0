package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"jobhome/kiosk/link"
	"jobhome/sync/publish"
)

// runStick does both ways with a stick: it takes in the records that terminals
// have laid on it, lays the hub's word there, and brings the boards up to date.
func runStick(ctx context.Context, m *Main, args []string) error {
	if len(args) != 1 {
		return errUsage
	}
	o, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	dir := filepath.Join(args[0], link.StickFolder)
	files := 0
	err = o.boards.turn.do(ctx, func() (err error) { // else a head might name what came after
		files, err = layFeed(ctx, o.boards.store, dir)
		return err
	})
	if err != nil {
		return fmt.Errorf("lay the boards on the stick: %w", err)
	}
	taken, refused := 0, 0
	err = o.fleet.Stick(ctx, dir, func(path string, err error) {
		if err == nil {
			taken++
			return
		}
		refused++
		fmt.Fprintf(m.Err, "%s: %v\n", path, err)
	})
	fmt.Fprintf(m.Out, "已写入 %d 个岗位文件；收下 %d 批记录，退回 %d 批\n", files, taken, refused)
	return err
}

// layFeed copies the tree onto a stick: immutable files first, each head after
// what it names. What lies there already is left; a stick that is pulled out
// keeps the boards that it had.
func layFeed(ctx context.Context, from publish.Store, dir string) (files int, err error) {
	to, err := publish.NewDir(dir)
	if err != nil {
		return 0, err
	}
	for _, part := range []string{"root/", "o/", "b/"} {
		paths, err := from.List(ctx, part)
		if err != nil {
			return files, err
		}
		for _, path := range paths {
			if _, err := to.Get(ctx, path); err == nil && !strings.HasPrefix(path, "b/") {
				continue
			}
			content, err := from.Get(ctx, path)
			if errors.Is(err, fs.ErrNotExist) {
				continue // pruned meanwhile; the heads that follow do not name it
			} else if err != nil {
				return files, err
			}
			if err := to.Put(ctx, path, content); err != nil {
				return files, err
			}
			files++
		}
	}
	return files, nil
}
