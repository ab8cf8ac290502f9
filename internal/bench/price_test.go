package bench

import (
	"math"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
)

// Dollars, the list prices of us-east-1 in November 2026, without free tier and
// discounts.
const (
	perMillionRequests      = 1.00         // HTTP API, up to 512 KB each
	perMillionInvocations   = 0.20         // Lambda
	perGBSecond             = 0.0000133334 // Lambda, arm64
	perMillionQueueRequests = 0.40         // SQS, up to 64 KB each
	perMillionWrites        = 0.625        // DynamoDB on demand, 1 KB each
	perMillionReads         = 0.125        // DynamoDB on demand, 4 KB each
	perGBOfLogs             = 0.50         // CloudWatch Logs, taken in
	perMillionPuts          = 5.00         // S3
	perMillionGets          = 0.40         // S3
	perGBMonth              = 0.023        // S3
)

// warm is how long invocations of so many messages took when they were last
// measured, see docs/benchmarks.md: make bench BENCH=Warm.
var warm = map[string]map[int]time.Duration{
	contract.Receive: {1: 880 * time.Microsecond, 10: 880 * time.Microsecond},
	contract.Merge:   {1: 1430 * time.Microsecond, 10: 3320 * time.Microsecond},
	contract.Drift:   {1: 600 * time.Microsecond, 10: 3440 * time.Microsecond},
	// Gathered for a minute, whatever the size of other batches: a hundred.
	contract.Archive: {1: 8920 * time.Microsecond, 10: 8920 * time.Microsecond},
}

// gigabytes is the memory that infra gives a function.
func gigabytes(function string) float64 {
	if function == contract.Receive {
		return 0.25
	}
	return 0.5
}

// line is one line of the bill: how much of it one webhook takes, and what a
// million of them cost.
type line struct {
	name          string
	each, dollars float64
}

// bill prices what so many deliveries took in batches of at most the size.
func (s spending) bill(deliveries, size int) []line {
	each := func(total float64) float64 { return total / float64(deliveries) }
	invocations, polls, gigabyteSeconds := 0.0, 0.0, 0.0
	for function, n := range s.invocations {
		invocations += float64(n)
		// Lambda charges whole milliseconds.
		took := math.Ceil(float64(warm[function][size].Microseconds())/1000) / 1000
		gigabyteSeconds += float64(n) * took * gigabytes(function)
		if function != contract.Receive {
			// Ten messages at most are received, and deleted, with one request.
			polls += 2 * max(float64(n), float64(s.messages[function])/10)
		}
	}
	u := s.dynamo
	lines := []line{
		{name: "HTTP API, requests", each: 1, dollars: perMillionRequests},
		{name: "Lambda, requests", each: each(invocations), dollars: perMillionInvocations},
		{name: "Lambda, GB × ms", each: each(gigabyteSeconds) * 1000, dollars: perGBSecond * 1e6 / 1000},
		{name: "SQS, requests", each: each(float64(s.sends) + polls), dollars: perMillionQueueRequests},
		{name: "DynamoDB, write units", each: each(u.Writes + u.IndexWrites + float64(u.Refused)), dollars: perMillionWrites},
		{name: "DynamoDB, read units", each: each(u.Reads + u.IndexReads), dollars: perMillionReads},
		{name: "S3, bytes for a month", each: each(float64(s.stored)), dollars: perGBMonth / 1000},
		{name: "S3, requests", each: each(float64(s.puts)), dollars: perMillionPuts},
		{name: "CloudWatch Logs, bytes", each: each(float64(s.logged)), dollars: perGBOfLogs / 1000},
	}
	for i := range lines {
		lines[i].dollars *= lines[i].each
	}
	return lines
}
