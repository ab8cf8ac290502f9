// Package contract holds what the functions and their infrastructure must
// agree on: names, environment variables, tables, indexes, queues, topics,
// subscriptions, schedules, routes and limits. It is the single definition:
// deployment, the local stack and the functions read the same values.
//
// It holds no behaviour and imports the standard library alone, so that
// infrastructure code can import it without the functions.
package contract

import "time"

// The functions. A name is also the folder under functions/, the log field and
// the key of a handler in the local stack.
const (
	Receive = "receive"
	Fetch   = "fetch"
	Merge   = "merge"
	Load    = "load"
	Drift   = "drift"
	Notify  = "notify"
	Respond = "respond"
	Archive = "archive"
)

// Functions lists every function.
func Functions() []string {
	return []string{Receive, Fetch, Merge, Load, Drift, Notify, Respond, Archive}
}

// Timeout is how long an invocation of a function may take.
func Timeout(function string) time.Duration {
	switch function {
	case Receive, Respond:
		return 10 * time.Second
	case Drift, Fetch:
		return time.Minute
	case Load:
		return 2 * time.Minute
	default:
		return 30 * time.Second
	}
}

// Schedule is a function that is called at a fixed rate.
type Schedule struct {
	Name     string
	Function string
	Every    time.Duration
	// Input is the event that the function gets, as JSON. Blank is the service's
	// own event of a schedule.
	Input string
}

// Schedules lists every schedule.
func Schedules() []Schedule {
	return []Schedule{
		{Name: "drift-every-minute", Function: Drift, Every: time.Minute},
		{Name: "audit-daily", Function: Drift, Every: day, Input: `{"run":"` + Audit + `"}`},
		{Name: "fetch-chores", Function: Fetch, Every: 5 * time.Minute, Input: `{"run":"` + Chores + `"}`},
	}
}

// The runs that inputs name.
const (
	// Audit is the run of drift that judges every row.
	Audit = "audit"
	// Chores is the run of fetch that asks for what no delivery tells.
	Chores = "chores"
)

// Route is an address of the HTTP front.
type Route struct {
	Method   string
	Path     string
	Function string
}

// ChangesPath is where pipelines and job schedulers tell what they changed.
const ChangesPath = "/changes"

// Routes lists every address that the outside may call.
func Routes() []Route {
	return []Route{
		{Method: "POST", Path: "/hooks/{system}", Function: Receive},
		{Method: "PUT", Path: "/hooks/{system}", Function: Receive},
		{Method: "DELETE", Path: "/hooks/{system}", Function: Receive},
		{Method: "GET", Path: "/hooks/{system}", Function: Receive},
		{Method: "POST", Path: ChangesPath, Function: Receive},
		{Method: "POST", Path: "/slack", Function: Respond},
	}
}

// Limits of the HTTP front.
const (
	// MaxBody is the longest request body in bytes. Longer is answered 413.
	MaxBody = 1 << 20
	// MaxHeader is the most that request line and headers may take together
	// in bytes. More is answered 431.
	MaxHeader = 10240
	// FrontTimeout is how long the front waits for a function before it
	// answers 503.
	FrontTimeout = 30 * time.Second
)
