package rerun

// Part is a part of Plumbline that may stand still.
type Part string

// The parts.
const (
	// Minute is the run of every minute.
	Minute Part = "minute"
	// Audit is the beginning of the daily audit.
	Audit Part = "audit"
	// Messages are those that drift sends to merge.
	Messages Part = "messages"
)

// Rest lets a part stand still, or go on. Runs that would have begun meanwhile are
// left out; messages that were sent meanwhile arrive now.
func (s *Stage) Rest(part Part, rests bool) {
	s.resting[part] = rests
	if part != Messages || rests {
		return
	}
	held := s.held
	s.held = nil
	for _, body := range held {
		s.deliver(body)
	}
}
