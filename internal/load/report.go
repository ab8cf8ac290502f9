package load

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/sheet"
)

// maxReported is how many rejected rows a report names.
const maxReported = 1000

// Report is what became of a file, as it lies beside it.
type Report struct {
	Certificate
	// RejectedRows are the first rows that cannot be read, with what would be right
	// and never with what they hold.
	RejectedRows []Rejected `json:"rejected_rows"`
	// UnmappedLocations are those that the registry does not know.
	UnmappedLocations []string `json:"unmapped_locations"`
}

// Rejected is a row that cannot be read.
type Rejected struct {
	Line   int    `json:"line"`
	Column int    `json:"column,omitempty"`
	Name   string `json:"name,omitempty"`
	Want   string `json:"want"`
}

func (r Rejected) String() string {
	return (&sheet.RowError{Line: r.Line, Column: r.Column, Name: r.Name, Want: r.Want}).Error()
}

func badOf(load string, chunk int) string {
	return fmt.Sprintf("%s%s/rejected-%06d", contract.LoadKeys, load, chunk)
}

// keepBad stores the rejected rows of the chunk.
func (r *reading) keepBad(ctx context.Context, bad []*sheet.RowError) error {
	rows := make([]Rejected, 0, min(len(bad), maxReported))
	for _, b := range bad[:min(len(bad), maxReported)] {
		rows = append(rows, Rejected(*b))
	}
	body, err := json.Marshal(rows)
	if err == nil {
		err = r.service.Blobs.Put(ctx, badOf(r.Load, r.Chunks), body)
	}
	if err != nil {
		return fmt.Errorf("keep rejected rows: %w", err)
	}
	return nil
}

// rejected are the first rejected rows of a load.
func (s *Service) rejected(ctx context.Context, p progress) ([]Rejected, error) {
	all := []Rejected{}
	for _, chunk := range p.Bad {
		body, err := s.Blobs.Get(ctx, badOf(p.Load, chunk))
		var rows []Rejected
		if err == nil {
			err = json.Unmarshal(body, &rows)
		}
		if err != nil {
			return nil, fmt.Errorf("read rejected rows: %w", err)
		}
		if all = append(all, rows...); len(all) >= maxReported {
			return all[:maxReported], nil
		}
	}
	return all, nil
}

// report writes what became of the file beside it.
func (s *Service) report(ctx context.Context, p progress) error {
	bad, err := s.rejected(ctx, p)
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(Report{p.Certificate, bad, append([]string{}, p.Places...)}, "", "  ")
	if err == nil {
		err = s.Blobs.Put(ctx, p.place().Report(), body)
	}
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
