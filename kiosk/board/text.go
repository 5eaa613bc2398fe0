package board

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
)

// matching returns which rows hold every word of the text, or nil when the text
// asks for nothing. It equals a substring search over the folded text of each
// posting: the index gives candidates, and where it alone cannot answer, they
// are looked at with instr.
func (b *Board) matching(ctx context.Context, s *snapshot, text string) ([]bool, error) {
	words := queryWords(text)
	if len(words) == 0 {
		return nil, nil
	}
	statement, args := textQuery(words)
	// One string of all rowids instead of a row for each: thousands of
	// crossings between C and Go fewer.
	var ids sql.NullString
	if err := b.db.QueryRowContext(ctx, statement, args...).Scan(&ids); err != nil {
		return nil, fmt.Errorf("board: search text: %w", err)
	}
	hit := make([]bool, len(s.rows))
	for id := range strings.SplitSeq(ids.String, ",") {
		rowid, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			continue // the empty string: nothing was found
		}
		// Rows of the index that no posting has any more are skipped.
		if r := s.rowOf(rowid); r >= 0 {
			hit[r] = true
		}
	}
	return hit, nil
}

// queryWords splits a query at its spaces and folds each word.
func queryWords(text string) []string {
	var words []string
	for _, w := range strings.Fields(text) {
		if w = fold(w); w != "" {
			words = append(words, w)
		}
	}
	return words
}

func textQuery(words []string) (statement string, args []any) {
	var match []string
	var look []string
	for _, w := range words {
		l := lookupFor(w)
		match = append(match, l.match...)
		if !l.exact {
			look = append(look, w)
		}
	}
	var where strings.Builder
	for i, w := range look {
		if i > 0 {
			where.WriteString(" AND ")
		}
		where.WriteString("instr(w.folded, ?) > 0")
		args = append(args, w)
	}
	switch {
	case len(match) == 0: // punctuation only
		return `SELECT group_concat(w.rowid) FROM words w WHERE ` + where.String(), args
	case len(look) == 0:
		return `SELECT group_concat(docid) FROM term WHERE term MATCH ?`, []any{strings.Join(match, " ")}
	}
	return `SELECT group_concat(w.rowid) FROM term t CROSS JOIN words w ON w.rowid = t.docid WHERE t.term MATCH ? AND ` +
		where.String(), append([]any{strings.Join(match, " ")}, args...)
}
