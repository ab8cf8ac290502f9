package main

import (
	"bytes"
	"errors"
	"testing"

	"github.com/plumbline/plumbline/internal/load"
)

func TestLoad_ItsExitCodeTellsRefusedFromRejected(t *testing.T) {
	for _, c := range []struct {
		name string
		is   load.Certificate
		want int
	}{
		{"all rows were read", load.Certificate{State: load.Read}, 0},
		{"a row was rejected", load.Certificate{State: load.Read, Rejected: 1}, 1},
		{"a location is unknown", load.Certificate{State: load.Read, Unmapped: 1}, 1},
		{"it is cut off", load.Certificate{State: load.Read, Truncated: true}, 1},
		{"it could not be loaded", load.Certificate{State: load.Refused, Why: "no known layout"}, 2},
	} {
		var code exitError
		err := answerLoad(&output{Writer: &bytes.Buffer{}}, load.Report{Certificate: c.is})
		if errors.As(err, &code); int(code) != c.want {
			t.Errorf("%s: exit code %d, want %d", c.name, code, c.want)
		}
	}
}
