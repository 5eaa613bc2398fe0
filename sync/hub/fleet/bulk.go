package fleet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jobhome/sync/hub/hubdb"
)

// bulk is one statement over any number of rows, which are handed over as columns
// of the same length: on PostgreSQL as arrays to unnest, on SQLite as one text to
// json_each. Its text is a constant whatever the number of rows, as hubdb wants.
type bulk struct{ sqlite, postgres string }

// newBulk makes the statement from a text in which {rows} stands for the rows,
// called r. Each column is given as "<name> <type of PostgreSQL>". No other argument may
// stand behind {rows}.
func newBulk(text string, columns ...string) bulk {
	var lite, unnest, names []string
	for i, c := range columns {
		name, kind, _ := strings.Cut(c, " ")
		lite = append(lite, fmt.Sprintf("value->>%d AS %s", i, name))
		unnest = append(unnest, "CAST(? AS "+kind+"[])")
		names = append(names, name)
	}
	put := func(rows string) string { return strings.Replace(text, "{rows}", rows, 1) }
	return bulk{
		put("(SELECT " + strings.Join(lite, ", ") + " FROM json_each(?)) AS r"),
		put("unnest(" + strings.Join(unnest, ", ") + ") AS r(" + strings.Join(names, ", ") + ")"),
	}
}

// exec runs the statement. The arguments in front of the rows are before; each
// column is an []int64 or a []string.
func (b bulk) exec(ctx context.Context, tx *hubdb.Tx, before []any, columns ...any) error {
	query, args, err := b.call(tx, before, columns...)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, query, args...)
	return err
}

// call is the query and its arguments.
func (b bulk) call(tx *hubdb.Tx, before []any, columns ...any) (string, []any, error) {
	if tx.Dialect() == "postgres" {
		return b.postgres, append(slices.Clip(before), columns...), nil
	}
	text, err := rowsJSON(columns)
	return b.sqlite, append(slices.Clip(before), string(text)), err
}

// rowsJSON writes columns as an array of rows.
func rowsJSON(columns []any) ([]byte, error) {
	n := 0
	switch first := columns[0].(type) {
	case []int64:
		n = len(first)
	case []string:
		n = len(first)
	}
	b := []byte{'['}
	for i := range n {
		for j, c := range columns {
			if j == 0 {
				b = append(b, '[')
			} else {
				b = append(b, ',')
			}
			switch c := c.(type) {
			case []int64:
				b = strconv.AppendInt(b, c[i], 10)
			case []string:
				text, err := json.Marshal(c[i])
				if err != nil {
					return nil, err
				}
				b = append(b, text...)
			default:
				return nil, fmt.Errorf("a column of %T", c)
			}
		}
		b = append(b, ']', ',')
	}
	return append(bytes.TrimSuffix(b, []byte{','}), ']'), nil
}
