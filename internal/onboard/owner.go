package onboard

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
)

// kits asks for the file of what is sold as one and stocked as several.
func (i *interview) kits() error {
	if len(i.plan.with(platform.ERP, platform.Warehouse)) == 0 {
		return nil
	}
	q := Question{
		ID: []string{"kits"}, Text: "A CSV file of kits and packs, beside the registry?",
		Why: "Columns kit, component, units: a kit that is stocked as its parts agrees only if they are known. Enter for none.",
	}
	return i.ask(q, func(answer string) error {
		if strings.EqualFold(answer, "none") {
			answer = ""
		}
		return i.keep(&i.plan.Kits, answer, answers{kits: answer})
	})
}

// owner asks who acts on alerts. It may be said later: the check names what is
// missing.
func (i *interview) owner() error {
	q := Question{
		ID: []string{"owner", "team"}, Text: "Which team acts on the alerts?",
		Why: "Enter to name it later: plumbline check lists what is missing, and nothing is deployed without.",
	}
	if err := i.ask(q, func(answer string) error { return i.keep(&i.plan.Team, answer, answers{team: answer}) }); err != nil {
		return err
	}
	if i.plan.Team == "" {
		return nil
	}
	q = Question{ID: []string{"owner", "channel"}, Text: "Which Slack channel does the team read?", Why: "Its alerts go there. Enter to name it later."}
	err := i.ask(q, func(answer string) error { return i.keep(&i.plan.Channel, answer, answers{channel: answer}) })
	if err != nil {
		return err
	}
	q = Question{
		ID: []string{"owner", "deputy"}, Text: "Who acts when the team does not? A team, or a person's address.",
		Why: "An alert that nobody answers goes on to the deputy. Enter to name one later.", Private: true,
	}
	if err := i.ask(q, func(answer string) error { return i.keep(&i.plan.Deputy, answer, answers{deputy: answer}) }); err != nil {
		return err
	}
	return i.breaks()
}

// breaks asks what happens when an integration fails.
func (i *interview) breaks() error {
	for _, l := range i.plan.Links() {
		q := Question{
			ID: []string{"breaks", l.Name}, Text: l.Purpose + ": what breaks when it fails, and what is to do at once?",
			Why: "The first thing that somebody reads who was woken. Enter to write it later.",
		}
		err := i.ask(q, func(answer string) error {
			var text string
			err := i.keep(&text, answer, answers{breaks: answer})
			i.plan.Breaks[l.Name] = text
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// month asks when a month is closed.
func (i *interview) month() error {
	if !slices.ContainsFunc(i.plan.Links(), func(l Link) bool { return slices.Contains(l.Uses, ordersPack) }) {
		return nil
	}
	q := Question{
		ID: []string{"month_close"}, Text: "On which working day of the next month is a month closed?",
		Why: "plumbline close puts the month's differences together until then.", Default: "3",
	}
	return i.ask(q, func(answer string) error {
		if n, err := strconv.Atoi(answer); err != nil || n < 1 || n > 23 {
			return errors.New("want a number from 1 to 23")
		}
		i.plan.CloseDay = answer
		return nil
	})
}

// deputyOf writes a deputy: a person, a team, or nobody yet.
func deputyOf(answer string) string {
	switch {
	case answer == "":
		return fmt.Sprintf("{team: deputy-%s, slack: \"#deputy-%s\"}", toBeNamed, toBeNamed)
	case strings.Contains(answer, "@"):
		return fmt.Sprintf("{person: %s}", quoted(answer))
	default:
		return fmt.Sprintf("{team: %s}", quoted(answer))
	}
}
