package onboard

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Job is how often something runs, and how long its systems may differ.
type Job struct {
	// Says is the answer.
	Says string
	// Settle is in the words of the registry.
	Settle string
}

var (
	everyJob   = regexp.MustCompile(`^every ?([0-9]{0,4}) ?(m|min|minutes?|h|hours?)$`)
	nightlyJob = regexp.MustCompile(`^(?:nightly|daily|every (?:night|day|morning)) at ([01]?[0-9]|2[0-3]):([0-5][0-9])$`)
)

// grace is how long a nightly job may run.
const grace = time.Hour

// ParseJob reads how often a job runs. A job that runs every so often gets a third
// of that to run, in steps of five minutes; a nightly one an hour.
func ParseJob(answer string) (Job, error) {
	text := strings.ToLower(strings.Join(strings.Fields(answer), " "))
	job := Job{Says: text}
	switch {
	case text == "at once" || text == "webhook" || text == "webhooks":
		job.Settle = "15m"
	case text == "hourly":
		return ParseJob("every 1 hour")
	case text == "daily" || text == "nightly":
		job.Settle = "26h"
	case text == "weekly":
		job.Settle = "8d"
	case everyJob.MatchString(text):
		found := everyJob.FindStringSubmatch(text)
		n := 1
		if found[1] != "" {
			n, _ = strconv.Atoi(found[1]) // digits
		}
		unit := time.Minute
		if found[2][0] == 'h' {
			unit = time.Hour
		}
		if n == 0 {
			return Job{}, errJob
		}
		job.Settle = settled(time.Duration(n) * unit)
	case nightlyJob.MatchString(text):
		found := nightlyJob.FindStringSubmatch(text)
		at, err := time.Parse("15:4", found[1]+":"+found[2])
		if err != nil {
			return Job{}, errJob
		}
		job.Settle = "by " + at.Add(grace).Format("15:04")
	default:
		return Job{}, errJob
	}
	return job, nil
}

var errJob = errors.New(`want "every 15 minutes", "hourly", "nightly at 02:00", "daily", "weekly" or "at once"`)

func settled(every time.Duration) string {
	const step = 5 * time.Minute
	d := every + max(step, every/3)
	d = (d + step - 1) / step * step
	if d%time.Hour == 0 {
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	if d < time.Hour {
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return fmt.Sprintf("%dh%dm", d/time.Hour, d%time.Hour/time.Minute)
}

// jobs asks how often what runs.
func (i *interview) jobs() error {
	for _, l := range i.plan.Links() {
		if l.Every == "" {
			continue
		}
		q := Question{
			ID: []string{"jobs", l.Name}, Text: l.Purpose + ": how often does the job run?",
			Why: "Only what still differs after it had its time is a finding.", Default: l.Every,
		}
		err := i.ask(q, func(answer string) error {
			job, err := ParseJob(answer)
			if err == nil {
				i.plan.Jobs[l.Name] = job
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
