package contract

// What one function remembers and another one reads goes by these names.

// ChoreMark names the mark of when the last run of a system's chore started that
// came to its end.
func ChoreMark(system, chore string) string { return "chore|" + system + "|" + chore }

// LoadsDocument names the document that lists a system's export files of a kind.
func LoadsDocument(system, kind string) string { return "loads|" + system + "|" + kind }
