package board

import "time"

// fresh says as of when a page shows something, and how often that comes.
type fresh struct {
	What   string
	At     time.Time
	Rhythm string
}

func (p mainPage) fresh(s Snapshot) []fresh {
	figures := fresh{"Figures as of the audit of", s.Audit.Began, "once a day"}
	heard := fresh{"What systems send, as of", s.Heard, "once an hour"}
	switch p.template {
	case "index":
		return []fresh{
			{"Last change", s.Changed, ""},
			{"Plumbline found all of this true at", s.Confirmed, "every hour; when that is long ago, it does not run"},
			figures,
		}
	case "findings":
		return []fresh{{"Last change", s.Changed, ""}}
	case "systems":
		return []fresh{heard}
	case "audits":
		return []fresh{figures, heard}
	case "unknown":
		return []fresh{figures}
	default:
		return []fresh{{"As the registry says", s.Registered, "with every deployment"}}
	}
}

// freshOf is how fresh the page of an integration is.
func (s Snapshot) freshOf(i Integration) []fresh {
	var findings time.Time
	for _, f := range s.Findings {
		if f.Integration == i.Name && f.Read.After(findings) {
			findings = f.Read
		}
	}
	all := []fresh{{"Figures as of the audit of", s.Audit.Began, "once a day"}}
	if !findings.IsZero() {
		all = append(all, fresh{"Findings, last change", findings, ""})
	}
	return all
}
