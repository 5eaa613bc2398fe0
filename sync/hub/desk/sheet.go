package desk

import (
	"encoding/csv"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// csv sends a table as a file that Excel opens as UTF-8.
func (c *call) csv(name string, table [][]string) error {
	c.download(name, "text/csv; charset=utf-8")
	_, _ = c.w.Write([]byte("\ufeff"))
	out := csv.NewWriter(c.w)
	out.UseCRLF = true
	for _, row := range table {
		safe := make([]string, len(row))
		for i, s := range row {
			safe[i] = cell(s)
		}
		_ = out.Write(safe)
	}
	out.Flush()
	return nil // what is on its way cannot be taken back
}

// xlsx sends a table as a workbook of one sheet, numbers as numbers.
func (c *call) xlsx(name, sheet string, table [][]string) error {
	book := excelize.NewFile()
	defer func() { _ = book.Close() }()
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	out, err := book.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for i, row := range table {
		cells := make([]any, len(row))
		for j, s := range row {
			if n, err := strconv.ParseInt(s, 10, 64); err == nil && i > 0 && s == strconv.FormatInt(n, 10) && len(s) < 12 {
				cells[j] = n
			} else {
				cells[j] = s
			}
		}
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := out.SetRow(at, cells); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	c.download(name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	_, _ = book.WriteTo(c.w) // whoever went away does not want the file
	return nil
}
