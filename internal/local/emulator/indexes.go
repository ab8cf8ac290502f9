package emulator

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
)

// tablesFile is where the tables are kept in the folder.
const tablesFile = "tables.db"

// IndexScans makes each page of a parallel scan of the tables that there are by
// now take as long as a page, however large the table is, as it does in the
// service. It may be repeated. Tables in memory stay as they are: they are small.
func (e *Emulators) IndexScans(ctx context.Context) error {
	if e.options.Dir == "" {
		return nil
	}
	cmd := exec.CommandContext(ctx, e.programs.Node, "--no-warnings", e.programs.Indexes, filepath.Join(e.options.Dir, tablesFile))
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("index the tables of the DynamoDB emulator: %w: %s", err, out)
	}
	return nil
}
