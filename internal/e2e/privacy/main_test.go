// Package privacy_test looks for personal data in every place that Plumbline
// writes to. It holds tests alone.
package privacy_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/local/emulator"
)

func TestMain(m *testing.M) { emulator.Main(m) }
