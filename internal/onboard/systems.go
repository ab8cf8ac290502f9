package onboard

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
)

// freePlatform is what a system is called whose platform is none of the known ones.
const freePlatform = "standard"

// usual are the names that systems of a role have by default.
var usual = map[platform.Role]string{
	platform.Storefront: "shop", platform.ERP: "erp", platform.Warehouse: "wms", platform.Shipping: "shipping",
	platform.Tax: "tax", platform.Payments: "payments", platform.Contacts: "crm",
}

// systems asks which systems there are, what each is for, and who wrote the files.
func (i *interview) systems() error {
	for _, f := range i.Files {
		i.Tell(fmt.Sprintf("%s: %s", f.Name, f.Title))
	}
	q := Question{
		ID: []string{"systems"}, Text: "Which systems do you compare? name=platform, with commas between.",
		Why:     "Rules and alerts call them by these names; other platforms are \"" + freePlatform + "\".",
		Default: i.suggestedSystems(),
	}
	if err := i.ask(q, i.acceptSystems); err != nil {
		return err
	}
	for _, part := range []func() error{i.files, i.roles, i.settings} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// suggestedSystems are one for each platform that wrote a file, and one for each
// file that nobody knows; two in all at least.
func (i *interview) suggestedSystems() string {
	var found, names []string
	platforms := map[string]bool{}
	has := func(role platform.Role) bool {
		return slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, usual[role]) })
	}
	add := func(role platform.Role, of string) {
		if role == "" && (has(platform.ERP) || i.knows(platform.ERP)) {
			role = platform.Storefront
		}
		name := cmp.Or(usual[role], usual[platform.ERP])
		if base := name; slices.Contains(names, name) {
			for n := 2; slices.Contains(names, name); n++ {
				name = fmt.Sprintf("%s-%d", base, n)
			}
		}
		names, found = append(names, name), append(found, name+"="+of)
	}
	for _, f := range i.Files {
		p, known := i.platform(f.Platform)
		if known && platforms[p.Name] {
			continue
		}
		platforms[p.Name] = known
		add(p.Used(), cmp.Or(p.Name, freePlatform))
	}
	for len(found) < 2 {
		add("", freePlatform)
	}
	return strings.Join(found, ", ")
}

// knows reports whether a file is of a platform with the role.
func (i *interview) knows(role platform.Role) bool {
	return slices.ContainsFunc(i.Files, func(f File) bool {
		p, known := i.platform(f.Platform)
		return known && p.Used() == role
	})
}

func (i *interview) platform(name string) (platform.Platform, bool) {
	at := slices.IndexFunc(i.Platforms, func(p platform.Platform) bool { return p.Name == name })
	if at < 0 {
		return platform.Platform{}, false
	}
	return i.Platforms[at], true
}

func (i *interview) acceptSystems(answer string) error {
	var all []*System
	for _, item := range list(answer) {
		name, of, ok := strings.Cut(item, "=")
		name, of = strings.TrimSpace(name), strings.ToLower(strings.TrimSpace(of))
		if !ok {
			of = freePlatform
		}
		p, known := i.platform(of)
		if !known {
			return fmt.Errorf("system %s: %s", name, i.fault(answers{platform: of}, "unknown platform"))
		}
		if slices.ContainsFunc(all, func(s *System) bool { return s.Name == name }) {
			return fmt.Errorf("%s stands twice, want another name for one of them", name)
		}
		if bad := i.fault(answers{system: name}, ""); bad != "" {
			return errors.New(bad)
		}
		all = append(all, &System{Name: name, Platform: p, Role: p.Used(), Places: map[string]string{}, Stores: map[string]string{}, Settings: map[string]string{}})
	}
	if len(all) < 2 {
		return errors.New("want at least two systems, such as " + i.suggestedSystems())
	}
	i.plan.Systems = all
	return nil
}

// files asks which system wrote each file, where that is not clear.
func (i *interview) files() error {
	for n, f := range i.Files {
		var fits []*System
		for _, s := range i.plan.Systems {
			if s.Platform.Name == cmp.Or(f.Platform, freePlatform) {
				fits = append(fits, s)
			}
		}
		if len(fits) == 1 && f.Platform != "" {
			fits[0].Files = append(fits[0].Files, f)
			continue
		}
		q := Question{
			ID: []string{"files", f.Name}, Text: "Which system wrote " + f.Name + "?",
			Why:     "What its columns say is that system's word.",
			Default: i.suggestedOwner(n, fits),
		}
		err := i.choose(q, i.plan.names(), func(name string) {
			s := i.plan.system(name)
			s.Files = append(s.Files, f)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// suggestedOwner is a system without a file, of those that the file could be of
// first.
func (i *interview) suggestedOwner(n int, fits []*System) string {
	for _, s := range append(slices.Clip(fits), i.plan.Systems...) {
		if len(s.Files) == 0 {
			return s.Name
		}
	}
	return i.plan.Systems[min(n, len(i.plan.Systems)-1)].Name
}

// choose asks for one of some words.
func (i *interview) choose(q Question, words []string, set func(string)) error {
	return i.ask(q, func(answer string) error {
		answer = strings.ToLower(answer)
		if !slices.Contains(words, answer) {
			return errors.New("want one of " + strings.Join(words, ", "))
		}
		set(answer)
		return nil
	})
}

// roles asks what the systems are for whose platform does not say it.
func (i *interview) roles() error {
	words := make([]string, 0, len(platform.Roles()))
	for _, r := range platform.Roles() {
		words = append(words, string(r))
	}
	for _, s := range i.plan.Systems {
		if s.Role != "" {
			continue
		}
		q := Question{
			ID: []string{"roles", s.Name}, Text: fmt.Sprintf("What is %s for? One of %s.", s.Name, strings.Join(words, ", ")),
			Why: "It decides which starter rules are for it.", Default: string(i.suggestedRole(s)),
		}
		if err := i.choose(q, words, func(role string) { s.Role = platform.Role(role) }); err != nil {
			return err
		}
	}
	return nil
}

// suggestedRole is what the name says, else what is missing yet.
func (i *interview) suggestedRole(s *System) platform.Role {
	for role, name := range usual {
		if strings.HasPrefix(s.Name, name) {
			return role
		}
	}
	for _, role := range []platform.Role{platform.ERP, platform.Storefront} {
		if len(i.plan.with(role)) == 0 {
			return role
		}
	}
	return platform.Warehouse
}

// settings asks for what platforms have to know. Whoever does not have it at hand
// compares files now and connects later.
func (i *interview) settings() error {
	for _, s := range i.plan.Systems {
		if err := i.settingsOf(s); err != nil {
			return err
		}
	}
	return nil
}

func (i *interview) settingsOf(s *System) error {
	for _, setting := range s.Platform.Settings {
		if !setting.Required {
			continue
		}
		q := Question{
			ID: []string{"settings", s.Name, setting.Name}, Text: fmt.Sprintf("%s: %s?", s.Name, setting.Help),
			Why: fmt.Sprintf("Webhooks of %s are read with it. Enter when you do not have it at hand.", s.Platform.Title),
		}
		err := i.ask(q, func(answer string) error {
			s.Settings[setting.Name] = answer
			if answer == "" || !s.connected() {
				return nil
			}
			return i.wrongSettings(s)
		})
		if err != nil {
			return err
		}
		if s.Settings[setting.Name] == "" {
			s.Settings = map[string]string{}
			return nil
		}
	}
	return nil
}

// wrongSettings asks the platform itself.
func (i *interview) wrongSettings(s *System) error {
	if s.Platform.New == nil {
		return nil
	}
	_, err := s.Platform.New(platform.Config{System: s.Name, Settings: s.Settings, OrderNumber: platform.OrderNumber{Store: s.Name}, HashKey: make([]byte, 32)})
	return err
}
