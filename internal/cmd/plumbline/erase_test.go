package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestErase_ReadsOneAddressAndRepeatsNothing(t *testing.T) {
	for text, want := range map[string]string{
		"quillon@acme.example\n":   "quillon@acme.example",
		" quillon@acme.example ":   "quillon@acme.example",
		"quillon@acme.example\r\n": "quillon@acme.example",
		"":                         "",
		"quillon":                  "",
		"@acme.example":            "",
		"quillon@acme.example, merriam@acme.example": "",
		"Quillon <quillon@acme.example>":             "",
		strings.Repeat("q", 400) + "@acme.example":   "",
	} {
		path := filepath.Join(t.TempDir(), "in")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		var prompt bytes.Buffer
		got, err := readAddress(in, &prompt)
		if got != want || (want == "") != (err != nil) || prompt.Len() > 0 {
			t.Errorf("%q is read as %q, %v", text, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "quillon") {
			t.Errorf("the error repeats it: %v", err)
		}
		if err := in.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestErase_SaysWhatIsKnownAndNamesNobody(t *testing.T) {
	var text bytes.Buffer
	out := &output{Writer: &text}
	for _, a := range []eraseAnswer{
		{Accounts: map[string]int{"erp": 1, "shopify-us": 2}, Records: 6, Findings: 1, Orders: 2, Queued: true},
		{Erased: true, Records: 3, Queued: true},
		{DryRun: true},
	} {
		a.print(out, true)
		out.line("")
	}
	eraseAnswer{Orders: 1, Queued: true}.print(out, false)
	golden(t, "erase.txt", text.Bytes())
}
