package main

import (
	"context"
	"fmt"

	"jobhome/kiosk"
	"jobhome/sync/hub/fold"
	"jobhome/sync/hub/postings"
)

// folder is who says that postings are copies of each other.
const folder = "fold"

// Import takes postings in, and folds what several sources have.
func (j judged) Import(ctx context.Context, who string, b postings.Batch) (postings.Report, error) {
	rep, err := j.Postings.Import(ctx, who, b)
	if err != nil {
		return rep, err
	}
	if err := j.foldCopies(ctx); err != nil {
		return rep, fmt.Errorf("the postings are taken in, but copies of them are not folded: %w", err)
	}
	return rep, nil
}

// foldCopies looks through all that is open for the same offer of several sources:
// one of them stands for all. What was alike and is so no more stands for itself
// again. Boards are not published meanwhile.
func (j judged) foldCopies(ctx context.Context) error {
	return j.boards.turn.do(ctx, func() error {
		open, clusters, err := j.open(ctx)
		if err != nil {
			return err
		}
		var groups [][]string
		in := map[string]int{} // the group, from 1, that a posting is in
		for n, g := range fold.Groups(open) {
			var ids []string
			for _, i := range g.Members {
				ids = append(ids, open[i].ID)
				in[open[i].ID] = n + 1
			}
			groups = append(groups, ids)
		}
		for _, members := range clusters {
			if together(members, in) {
				continue
			}
			for _, id := range members {
				if err := j.Unfold(ctx, folder, id); err != nil {
					return err
				}
			}
		}
		return j.Fold(ctx, folder, groups)
	})
}

// together tells that all members of a cluster are in the same group, or that
// there is but one of them.
func together(members []string, in map[string]int) bool {
	if len(members) == 1 {
		return true
	}
	for _, id := range members {
		if in[id] == 0 || in[id] != in[members[0]] {
			return false
		}
	}
	return true
}

// open is what is, or may come, on a board, as far as folding asks for it, and
// which of it is in a cluster.
func (j judged) open(ctx context.Context) (all []kiosk.Posting, clusters map[string][]string, err error) {
	clusters = map[string][]string{}
	for _, status := range []postings.Status{postings.Draft, postings.Review, postings.Approved, postings.Published} {
		for after := ""; ; {
			list, next, err := j.Search(ctx, postings.Query{Status: status, After: after, Limit: 500})
			if err != nil {
				return nil, nil, err
			}
			for i := range list {
				r := &list[i]
				if r.Cluster != "" {
					clusters[r.Cluster] = append(clusters[r.Cluster], r.ID)
				}
				p := r.Posting
				p.Description = "" // the longest of it
				if r.From != "" {
					p.Source.Name = r.From
				}
				all = append(all, p)
			}
			if next == "" {
				break
			}
			after = next
		}
	}
	return all, clusters, nil
}
