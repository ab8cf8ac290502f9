package load

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
)

// Place is where an export file lies: exports/<system>/<kind>/<name>.
type Place struct {
	System string
	Kind   commerce.Kind
	// Name is the rest of the key, which may hold slashes.
	Name string
}

// reportSuffix ends the keys of reports, which lie beside their files.
const reportSuffix = ".report.json"

// PlaceOf reads the key of an object. It is false for a report, and for what is
// no system's export of a kind.
func PlaceOf(key string) (Place, bool) {
	rest, ok := strings.CutPrefix(key, contract.ExportKeys)
	parts := strings.SplitN(rest, "/", 3)
	if !ok || len(parts) < 3 || parts[0] == "" || parts[2] == "" || strings.HasSuffix(key, reportSuffix) {
		return Place{}, false
	}
	kind := commerce.Kind(parts[1])
	if !slices.Contains(commerce.Kinds(), kind) {
		return Place{}, false
	}
	return Place{System: parts[0], Kind: kind, Name: parts[2]}, true
}

// Key is the key of the object.
func (p Place) Key() string {
	return contract.ExportKeys + p.System + "/" + string(p.Kind) + "/" + p.Name
}

// Report is the key of the object that says what became of the file.
func (p Place) Report() string { return p.Key() + reportSuffix }
