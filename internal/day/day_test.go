package day

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

func TestRead_RefusesAFolderOutOfOrder(t *testing.T) {
	line := func(at string) string { return `{"at":"` + at + `","system":"erp","headers":{},"body":"{}"}` + "\n" }
	early, late := line("2026-03-03T08:00:00-05:00"), line("2026-03-03T09:00:00-05:00")
	for name, files := range map[string][2]string{
		"out of order":    {late + early, `{"deliveries": 2}`},
		"another count":   {early, `{"deliveries": 2}`},
		"unknown field":   {strings.Replace(early, "body", "bodies", 1), `{"deliveries": 1}`},
		"unknown truth":   {early, `{"deliveries": 1, "alarms": []}`},
		"not JSON":        {"hello\n", `{"deliveries": 1}`},
		"cut in the line": {early[:20], `{"deliveries": 1}`},
	} {
		_, err := Read(fstest.MapFS{DeliveriesFile: {Data: []byte(files[0])}, TruthFile: {Data: []byte(files[1])}})
		if !errors.Is(err, ErrDay) {
			t.Errorf("%s: got %v, want ErrDay", name, err)
		}
	}
}
