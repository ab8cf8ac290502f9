package sheet

// SkipTo steps over the rows of a CSV file before the one that begins at a line,
// without looking at them. The line is one that Next gave for the same file; Next
// goes on there. It reports false, and steps over nothing, for other formats.
func (r *Reader) SkipTo(line int) bool {
	c, ok := r.source.(*csvSource)
	if !ok {
		return false
	}
	for len(r.early) > 0 && (r.early[0].err != nil || r.early[0].row.Line < line) {
		r.early = r.early[1:]
	}
	c.w.distrust()
	for len(r.early) == 0 && c.line < line {
		c.nextLine()
	}
	return true
}
