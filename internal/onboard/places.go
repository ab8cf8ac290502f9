package onboard

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/platform"
)

// mostAsked is how many locations of a system are asked for. The others have the
// suggested name.
const mostAsked = 30

// everything is the location of stock that is counted for all locations together.
const everything = "main"

// places asks what each location of the files is called in all systems.
func (i *interview) places() error {
	together := false
	for _, s := range i.plan.Systems {
		together = together || s.everywhere()
	}
	var known []string
	for _, s := range i.plan.Systems {
		if s.everywhere() {
			s.Places[export.Everywhere] = everything
		}
		n := 0
		for _, f := range s.Files {
			for _, place := range f.Places {
				if n++; s.Places[place.Name] != "" {
					continue
				}
				name, err := i.place(s, place, i.suggestedPlace(place.Name, known, together), n)
				if err != nil {
					return err
				}
				s.Places[place.Name] = name
				known = append(known, name)
			}
		}
	}
	return nil
}

// everywhere reports whether a file of the system counts for all locations together.
func (s *System) everywhere() bool {
	for _, f := range s.Files {
		if f.Everywhere {
			return true
		}
	}
	return false
}

func (i *interview) place(s *System, place Place, suggested string, n int) (name string, err error) {
	if n > mostAsked {
		return suggested, nil
	}
	rows := ""
	if place.Rows > 0 {
		rows = " (" + counted(place.Rows, "row") + ")"
	}
	q := Question{
		ID: []string{"locations", s.Name, place.Name}, Text: fmt.Sprintf("%s has the location %q%s. What is it in all systems?", s.Name, place.Name, rows),
		Why: "Several may be one. Or: " + platform.Ignore + ", such as quarantine and transit.", Default: suggested,
	}
	err = i.ask(q, func(answer string) error {
		if strings.Contains(answer, "@") {
			return errors.New("want a name without @, which keys are written with")
		}
		name = answer
		return nil
	})
	return name, err
}

var (
	notPlace = regexp.MustCompile(`[^\p{L}\p{N}]+`)
	leftOut  = regexp.MustCompile(`(?i)quar|transit|damage|defect|return|scrap|sample|in-?out|blocked`)
	ending   = regexp.MustCompile(`[-0-9]+$`)
)

// suggestedPlace is a name for a location: that of one of another system that has a
// word in common, else its own. Where some system counts all together, all are one.
func (i *interview) suggestedPlace(native string, known []string, together bool) string {
	slug := strings.Trim(notPlace.ReplaceAllString(strings.ToLower(native), "-"), "-")
	switch {
	case leftOut.MatchString(native):
		return platform.Ignore
	case together:
		return everything
	case slug == "":
		return everything
	}
	for _, name := range known {
		for word := range strings.SplitSeq(slug, "-") {
			stem := ending.ReplaceAllString(word, "")
			if stem != "" && name != platform.Ignore && strings.Contains("-"+name+"-", "-"+stem+"-") && !common[stem] {
				return name
			}
		}
	}
	return slug
}

// common are words that many locations have.
var common = map[string]bool{"warehouse": true, "store": true, "location": true, "main": true, "dc": true, "the": true, "wh": true}
