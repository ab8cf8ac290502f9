package finding

import "time"

// HandOver makes the team the owner of a finding that has not ended. Nobody
// looks after it then but the new owner: who it was assigned to belonged to the
// former one. It is pure and safe to repeat.
func HandOver(f Finding, team string, now time.Time) Finding {
	if f.State == Resolved || team == "" || f.Owner == team {
		return f
	}
	before := f.Owner
	f.Owner, f.AssignedTo, f.AssignedAt = team, "", now
	return f.tell(now, "handed over from "+before+" to "+team)
}
