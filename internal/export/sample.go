package export

import (
	"errors"
	"io"

	"github.com/plumbline/plumbline/internal/sheet"
)

// Sample reads up to limit rows. Rows that cannot be read are left out, and so is
// what follows behind a final error: the samples are there to recognise a file by,
// and who reads it meets the error again.
func Sample(rows Rows, limit int) Table {
	t := Table{Header: rows.Header()}
	for len(t.Samples) < limit {
		row, err := rows.Next()
		if bad := (*sheet.RowError)(nil); errors.As(err, &bad) {
			continue
		}
		if errors.Is(err, io.EOF) || err != nil {
			break
		}
		texts := make([]string, len(row.Cells))
		for i, c := range row.Cells {
			if text, ok := said(c); ok {
				texts[i] = string(text)
			}
		}
		t.Samples = append(t.Samples, texts)
	}
	return t
}
