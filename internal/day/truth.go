package day

// Truth is what the generator knows of its day.
type Truth struct {
	// Day is the date in the shop's zone, "2026-03-03", of several days the first.
	Day string `json:"day"`
	// Until is the last minute of several days, "2026-03-09 12:00". Blank is the
	// end of the day.
	Until string `json:"until,omitempty"`
	// Timezone is the zone of all times of day in the truth.
	Timezone string `json:"timezone"`
	Seed     uint64 `json:"seed"`
	// Deliveries counts the lines of the deliveries file.
	Deliveries int `json:"deliveries"`
	// Planted counts the faults, Traps the healthy events that look like one.
	Planted int      `json:"planted"`
	Traps   int      `json:"traps"`
	Alerts  []Alert  `json:"alerts"`
	Silent  []Silent `json:"silent"`
	// Told are messages that are no alerts: digests and reports.
	Told []Alert `json:"told,omitempty"`
	// Outcomes name the deliveries that do not become observations. All
	// others are accepted.
	Outcomes []Outcome `json:"outcomes"`
}

// Alert is one alert that the day must raise.
type Alert struct {
	Name string `json:"name"`
	// Integration and Rule are blank where no rule finds the fault, such as a
	// location that the registry does not know.
	Integration string `json:"integration"`
	Rule        string `json:"rule"`
	Class       string `json:"class"`
	// Keys are the records of the alert as people write them. Empty: any.
	Keys []string `json:"keys"`
	// Records counts them where they are too many to be named; 0 is not said.
	Records int `json:"records,omitempty"`
	// From and Until bound the time of day at which it opens. Of several days all
	// times have the date before them, "03-07 09:35".
	From  string `json:"from"`
	Until string `json:"until"`
	// Resolves is the time of day at which the sides agree again, or blank
	// when the fault outlives the day.
	Resolves string `json:"resolves"`
	Why      string `json:"why"`
}

// Silent is something healthy that must raise no alert.
type Silent struct {
	Name string   `json:"name"`
	Kind string   `json:"kind"`
	Keys []string `json:"keys"`
	Why  string   `json:"why"`
	// Counts say how much of it the day holds.
	Counts map[string]int `json:"counts,omitempty"`
}

// Outcome is what must become of one delivery.
type Outcome struct {
	// Line counts from 1.
	Line int `json:"line"`
	// Is is Refused, Unreadable or Ignored.
	Is  string `json:"is"`
	Why string `json:"why"`
}

// What may become of a delivery.
const (
	// Accepted: genuine, and says something.
	Accepted = "accepted"
	// Refused: not genuine; answered with 401.
	Refused = "refused"
	// Unreadable: genuine but unusable; kept in quarantine.
	Unreadable = "unreadable"
	// Ignored: genuine, and nothing to observe.
	Ignored = "ignored"
)

// Clock is how the truth writes times.
func (t Truth) Clock() string {
	if t.Until != "" {
		return "01-02 " + clockLayout
	}
	return clockLayout
}

// Outcomes lists what must become of each delivery, in their order.
func (d Day) Outcomes() []string {
	all := make([]string, len(d.Deliveries))
	for i := range all {
		all[i] = Accepted
	}
	for _, o := range d.Truth.Outcomes {
		all[o.Line-1] = o.Is
	}
	return all
}
