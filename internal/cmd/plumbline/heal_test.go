package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/plumbline/plumbline/internal/heal"
)

func TestHeal_SaysWhatIsInWhichFile(t *testing.T) {
	files := []heal.File{
		{Name: "shopify-us-shopify-inventory.csv", System: "shopify-us", Format: heal.Formats()[0], Rows: 12},
		{Name: heal.LeftFile, Rows: 3},
	}
	left := []heal.Left{{Reason: "waived: the difference is accepted"}, {Reason: "the system's export does not have it"}, {Reason: "waived: the difference is accepted"}}
	var text bytes.Buffer
	healAnswerOf("heal", files, left).print(&output{Writer: &text})
	healAnswerOf("heal", nil, nil).print(&output{Writer: &text})
	golden(t, "heal.txt", text.Bytes())
}

// A file of an old plan that is imported again undoes what happened since.
func TestHeal_WritesIntoAnEmptyFolderOnly(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "heal")
	if err := writeFiles(folder, []heal.File{{Name: "a.csv", Body: []byte("x\n")}}); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(folder, "a.csv"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	var text, errs bytes.Buffer
	if code := run([]string{"heal", "--plan", "--out", folder}, &text, &errs); code != 2 || !bytes.Contains(errs.Bytes(), []byte("holds files already")) {
		t.Errorf("exit code %d: %s%s", code, text.Bytes(), errs.Bytes())
	}
	errs.Reset()
	if code := run([]string{"heal"}, &text, &errs); code != 2 || !bytes.Contains(errs.Bytes(), []byte("heal --plan")) {
		t.Errorf("exit code %d: %s", code, errs.Bytes())
	}
}
