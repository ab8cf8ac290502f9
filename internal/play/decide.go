package play

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/finding"
)

// ErrNoFinding means that a day holds a decision about no finding.
var ErrNoFinding = errors.New("play: no finding to decide about")

// Findings lists what people may decide about.
type Findings interface {
	ActiveFindings(ctx context.Context) ([]finding.Finding, error)
}

// Decisions takes decisions. It is respond's use case.
type Decisions interface {
	Decide(ctx context.Context, ids []string, d finding.Decision) ([]finding.Finding, error)
}

// Decide does what a person decided on the day. A decision about no finding is an
// error; taking it twice is taking it once.
func Decide(ctx context.Context, d day.Decision, findings Findings, decisions Decisions) error {
	taken, err := decision(d)
	if err != nil {
		return err
	}
	active, err := findings.ActiveFindings(ctx)
	if err != nil {
		return fmt.Errorf("decide about %s of %s: %w", d.Rule, d.Key, err)
	}
	var ids []string
	for _, f := range active {
		if f.Rule == d.Rule && f.Key.Text(f.Kind) == d.Key {
			ids = append(ids, f.ID)
		}
	}
	if len(ids) == 0 {
		return fmt.Errorf("decide about %s of %s: %w", d.Rule, d.Key, ErrNoFinding)
	}
	_, err = decisions.Decide(ctx, ids, taken)
	return err
}

// decision is the decision in finding's words.
func decision(d day.Decision) (finding.Decision, error) {
	id := sha256.Sum256([]byte(d.At.String() + d.Rule + d.Key + d.Action))
	taken := finding.Decision{
		ID: hex.EncodeToString(id[:8]), By: d.By, At: d.At.UTC(), Action: finding.Action(d.Action), Until: d.Until, Reason: d.Reason,
	}
	var err error
	if taken.Low, err = limit(d.Low); err != nil {
		return taken, err
	}
	if taken.High, err = limit(d.High); err != nil {
		return taken, err
	}
	return taken, taken.Check()
}

// limit is one end of a waiver's band.
func limit(text string) (*commerce.Decimal, error) {
	if text == "" {
		return nil, nil
	}
	number, err := commerce.ParseDecimal(text)
	if err != nil {
		return nil, fmt.Errorf("read the band of a waiver: %w", err)
	}
	return &number, nil
}
