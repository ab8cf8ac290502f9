package board

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
)

//go:embed templates/*.gohtml
var sources embed.FS

//go:embed assets/*
var assets embed.FS

// Site has the files of the board by name. There are no folders.
type Site map[string][]byte

// Render writes the pages of a snapshot, with times in a zone. The same snapshot
// gives the same bytes.
func Render(s Snapshot, zone *time.Location) (Site, error) {
	w := writer{snapshot: s, site: Site{}}
	var err error
	if w.templates, err = inZone(zone); err != nil {
		return nil, err
	}
	files, err := assets.ReadDir("assets")
	if err != nil {
		return nil, fmt.Errorf("read the board's assets: %w", err)
	}
	for _, f := range files {
		if w.site[f.Name()], err = assets.ReadFile(path.Join("assets", f.Name())); err != nil {
			return nil, fmt.Errorf("read the board's assets: %w", err)
		}
	}
	for _, p := range mainPages() {
		w.write(p.Page, p.template, view{Title: p.Heading, Nav: p.Page, Fresh: p.fresh(s)})
	}
	for i := range s.Integrations {
		one := &s.Integrations[i]
		w.write(integrationPage(one.Name), "integration", view{Title: one.Name, Nav: Index, Integration: one, Charts: true, Fresh: s.freshOf(*one)})
	}
	for i := range s.Findings {
		f := &s.Findings[i]
		w.write(findingPage(f.ID), "finding", view{
			Title: f.Headline, Nav: findingsPage, Finding: f, Charts: len(f.Record.Courses) > 0, Fresh: []fresh{{"This finding", f.Read, ""}},
		})
	}
	w.records()
	return w.site, w.err
}

// Index is the first page.
const Index = "index.html"

const findingsPage = "findings.html"

// mainPage is one of them. Title is its name in the navigation.
type mainPage struct{ Page, Title, Heading, template string }

func mainPages() []mainPage {
	return []mainPage{
		{Index, "Integrations", "Integrations", "index"},
		{findingsPage, "Findings", "Findings", "findings"},
		{"systems.html", "Systems", "Systems", "systems"},
		{"unknown.html", "Not judged", "Not judged, and why", "unknown"},
		{"audits.html", "Coverage", "Coverage and audits", "audits"},
		{"owners.html", "Owners", "Owners, and what expires", "owners"},
	}
}

func integrationPage(name string) string { return "integration-" + name + ".html" }

func findingPage(id string) string { return "finding-" + id + ".html" }

// writer writes pages until one fails.
type writer struct {
	snapshot  Snapshot
	templates *template.Template
	site      Site
	err       error
}

// view is what a template sees.
type view struct {
	Title, Nav  string
	Charts      bool
	Pages       []mainPage
	Fresh       []fresh
	Content     template.HTML
	Snapshot    Snapshot
	Integration *Integration
	Finding     *Finding
	Record      *Record
	// Findings are those of the record, and Read is when it was read.
	Findings []Finding
	Read     time.Time
}

// records writes a page for each record of a finding, as it was read last.
func (w *writer) records() {
	of := map[string][]Finding{}
	for _, f := range w.snapshot.Findings {
		if f.Record.Page != "" {
			of[f.Record.Page] = append(of[f.Record.Page], f)
		}
	}
	for page, findings := range of {
		newest := slices.MaxFunc(findings, func(a, b Finding) int { return cmp.Or(a.Read.Compare(b.Read), cmp.Compare(a.ID, b.ID)) })
		w.write(page, "record", view{
			Title: newest.Record.Name, Nav: findingsPage, Record: &newest.Record, Findings: findings, Read: newest.Read,
			Charts: len(newest.Record.Courses) > 0, Fresh: []fresh{{"This record", newest.Read, "when its finding last changed"}},
		})
	}
}

func (w *writer) write(page, name string, v view) {
	if w.err != nil {
		return
	}
	v.Pages, v.Snapshot = mainPages(), w.snapshot
	w.site[page], w.err = w.render(name, v)
	if w.err != nil {
		w.err = fmt.Errorf("write page %s: %w", page, w.err)
	}
}

// render fills the template, and then the layout around it.
func (w *writer) render(name string, v view) ([]byte, error) {
	var content, page bytes.Buffer
	if err := w.templates.ExecuteTemplate(&content, name+".gohtml", v); err != nil {
		return nil, err
	}
	v.Content = template.HTML(content.String()) //nolint:gosec // the line above wrote and escaped it
	err := w.templates.ExecuteTemplate(&page, "page", v)
	return page.Bytes(), err
}

// parsed reads the templates at their first use: most runs write no page.
var parsed = sync.OnceValues(func() (*template.Template, error) {
	return template.New("board").Funcs(words{time.UTC}.funcs()).ParseFS(sources, "templates/*.gohtml")
})

func inZone(zone *time.Location) (*template.Template, error) {
	all, err := parsed()
	if err == nil {
		all, err = all.Clone()
	}
	if err != nil {
		return nil, fmt.Errorf("read the board's templates: %w", err)
	}
	return all.Funcs(words{zone}.funcs()), nil
}

// Gravest orders findings as the board lists them: those that somebody has to act
// on before those that are waived, and both before those that have ended; then the
// gravest, the costliest and the oldest first.
func Gravest(a, b finding.Finding) int {
	ended := cmp.Compare(standing(a.State), standing(b.State))
	if a.State == finding.Resolved && b.State == finding.Resolved {
		return cmp.Or(b.Resolved.Compare(a.Resolved), cmp.Compare(a.ID, b.ID))
	}
	money := 0
	if a.Impact != nil && b.Impact != nil {
		money = b.Impact.Cmp(*a.Impact)
	} else if a.Impact != nil || b.Impact != nil {
		money = 1
		if a.Impact != nil {
			money = -1
		}
	}
	return cmp.Or(ended, cmp.Compare(gravity(a.Severity), gravity(b.Severity)), money, a.Since.Compare(b.Since), cmp.Compare(a.ID, b.ID))
}

func standing(s finding.State) int {
	switch s {
	case finding.Resolved:
		return 2
	case finding.Waived:
		return 1
	default:
		return 0
	}
}

func gravity(severity string) int {
	return slices.Index([]string{"critical", "major", "minor"}, severity)
}
