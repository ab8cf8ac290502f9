package onboard

import (
	"errors"
	"fmt"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
)

// beliefs asks who is believed for what.
func (i *interview) beliefs() error {
	for _, about := range []struct {
		subject   Subject
		text, why string
		roles     []platform.Role
	}{
		{Stock, "Who is believed for stock?", "When two systems disagree, this one is right.", []platform.Role{platform.ERP, platform.Warehouse}},
		{Prices, "Who is believed for prices?", "The others have to show its prices.", []platform.Role{platform.ERP, platform.Storefront}},
		{Orders, "Who is believed for orders?", "Every order there must be in the others.", []platform.Role{platform.Storefront}},
		{Customers, "Who is believed for customers?", "The others have to have its customers and their consent.", []platform.Role{platform.Storefront, platform.Contacts}},
	} {
		q := Question{ID: []string{"believed", string(about.subject)}, Text: about.text, Why: about.why, Default: i.plan.first(about.roles)}
		if err := i.choose(q, i.plan.names(), func(name string) { i.plan.Believed[about.subject] = name }); err != nil {
			return err
		}
	}
	return nil
}

// first is the first system that has the first of some roles which any has.
func (p *Plan) first(roles []platform.Role) string {
	for _, role := range roles {
		if found := p.with(role); len(found) > 0 {
			return found[0].Name
		}
	}
	return p.Systems[0].Name
}

// zone asks for the zone and the currency.
func (i *interview) zone() error {
	suggested := i.Zone
	if suggested == "" || i.fault(answers{zone: suggested}, "") != "" {
		suggested = "UTC"
	}
	q := Question{
		ID: []string{"timezone"}, Text: "In which time zone do your systems write times?",
		Why: "Deadlines such as \"by 06:00\", and days that are closed, are in it.", Default: suggested,
	}
	if err := i.ask(q, func(answer string) error { return i.keep(&i.plan.Zone, answer, answers{zone: answer}) }); err != nil {
		return err
	}
	q = Question{
		ID: []string{"currency"}, Text: "In which currency are amounts that carry none?",
		Why: "Products and many exports have bare numbers.", Default: i.currency(),
	}
	return i.ask(q, func(answer string) error {
		answer = strings.ToUpper(answer)
		return i.keep(&i.plan.Currency, answer, answers{currency: answer})
	})
}

// keep sets an answer that the registry's check has nothing against.
func (i *interview) keep(set *string, answer string, probe answers) error {
	if bad := i.fault(probe, ""); bad != "" {
		return errors.New(bad)
	}
	*set = answer
	return nil
}

// currency is the files', or dollars.
func (i *interview) currency() string {
	for _, f := range i.Files {
		if f.Currency != "" {
			return f.Currency
		}
	}
	return "USD"
}

// numbers asks for one web order's number as each system shows it, makes the
// patterns, and proves them on the files.
func (i *interview) numbers() error {
	if len(i.plan.storefronts()) == 0 {
		return nil
	}
	holders := append(i.plan.storefronts(), i.plan.with(platform.ERP, platform.Warehouse, platform.Shipping, platform.Tax)...)
	front := i.plan.storefronts()[0]
	for _, s := range holders {
		text := fmt.Sprintf("One real web order's number, as %s shows it?", s.Name)
		if s.Role != platform.Storefront && front.Example != "" {
			text = fmt.Sprintf("The same order's number, as %s shows it?", s.Name)
		}
		q := Question{
			ID: []string{"order_number", s.Name}, Text: text,
			Why: "The pattern of all numbers is made of it. Enter, without one: every number counts as it is.", Default: i.example(front, s),
		}
		if q.Default != "" {
			q.Why = "The pattern of all numbers is made of it, and tried on your files."
		}
		if err := i.ask(q, func(answer string) error { return i.acceptExample(s, holders, answer) }); err != nil {
			return err
		}
	}
	i.showNumbers(holders)
	return i.stores()
}

// example is a number that both the storefront's and the system's files have.
func (i *interview) example(front, s *System) string {
	if s.Role == platform.Storefront {
		for _, other := range i.plan.Systems {
			if x, y := suggested(front, other); other.Role != platform.Storefront && s == front && y != "" {
				return x
			}
		}
		x, _ := suggested(s, s)
		return x
	}
	if front.Example == "" {
		return ""
	}
	shown := &System{Files: []File{{Numbers: []Number{{Texts: []string{front.Example}}}}}}
	if x, y := suggested(shown, s); x != "" && y != "" {
		if _, err := Patterns([]string{x, y}, false); err == nil {
			return y
		}
	}
	return front.Example
}

// acceptExample makes the patterns of all examples so far. Several stores' numbers
// are not one order's.
func (i *interview) acceptExample(s *System, holders []*System, answer string) error {
	s.Example = answer
	fronts := i.plan.storefronts()
	if answer == "" || s.Role == platform.Storefront {
		return i.makePatterns([]*System{s}, len(fronts) > 1)
	}
	same := []*System{fronts[0]}
	for _, other := range holders {
		if other.Role != platform.Storefront && other.Example != "" {
			same = append(same, other)
		}
	}
	if fronts[0].Example == "" {
		same = same[1:]
	}
	return i.makePatterns(same, len(fronts) > 1)
}

func (i *interview) makePatterns(of []*System, anyLetters bool) error {
	examples := make([]string, len(of))
	for n, s := range of {
		examples[n] = s.Example
	}
	if len(of) == 1 && examples[0] == "" {
		of[0].Match = ""
		return nil
	}
	patterns, err := Patterns(examples, anyLetters)
	if err != nil {
		of[len(of)-1].Example = ""
		return errors.New("nothing clear in it is the same in all systems, want the number of one and the same order, such as #US1042 and US1042")
	}
	for n, s := range of {
		s.Match = patterns[n]
	}
	return nil
}

func (i *interview) showNumbers(holders []*System) {
	for _, s := range holders {
		if s.Match != "" {
			i.Tell(fmt.Sprintf("%s: the pattern is %s", s.Name, s.Match))
		}
	}
	for _, text := range i.plan.proofs() {
		i.Tell(text)
	}
}

// stores asks for the names of several storefronts in each other system.
func (i *interview) stores() error {
	fronts := i.plan.storefronts()
	if len(fronts) < 2 {
		return nil
	}
	for _, s := range i.plan.with(platform.ERP, platform.Warehouse, platform.Shipping, platform.Tax) {
		for _, front := range fronts {
			q := Question{
				ID: []string{"stores", s.Name, front.Name}, Text: fmt.Sprintf("What does %s call the store %s?", s.Name, front.Name),
				Why: "Two stores may have the same number, and two customers.", Default: front.Name,
			}
			err := i.ask(q, func(answer string) error {
				for other, name := range s.Stores {
					if other == answer && name != front.Name {
						return fmt.Errorf("this is what %s is called", name)
					}
				}
				s.Stores[answer] = front.Name
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
