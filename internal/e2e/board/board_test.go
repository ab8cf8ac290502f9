package board_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/plumbline/plumbline/internal/board/boardtest"
)

var update = flag.Bool("update", false, "rewrite the pictures of the README")

// widths are those of a phone and of a desk.
var widths = []int64{360, 1280}

func TestEveryPageInABrowser(t *testing.T) {
	tools := boardtest.Install(t)
	axe, err := tools.Axe()
	if err != nil {
		t.Fatal(err)
	}
	s := newScene(t)
	b := open(t, tools, s, axe)
	for _, name := range s.pages {
		t.Run(name, func(t *testing.T) { b.page(t, name) })
	}
	if *update {
		b.pictures(t)
	}
}

func TestChartsAreAsTheyArePublished(t *testing.T) {
	modules := boardtest.Install(t).Modules
	for ours, theirs := range map[string]string{
		"uplot.js": "uPlot.iife.min.js", "uplot.css": "uPlot.min.css", "uplot.LICENSE": "../LICENSE",
	} {
		got, err := os.ReadFile(filepath.Join(root, "internal", "board", "assets", ours))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(modules, "uplot", "dist", theirs))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not %s of the locked package: copy it", ours, theirs)
		}
	}
}

// browser is one tab, and what it complained of.
type browser struct {
	ctx     context.Context
	scene   scene
	axe     string
	checked map[string]bool

	mu       sync.Mutex
	complain []string
}

func open(t *testing.T, tools boardtest.Tools, s scene, axe string) *browser {
	t.Helper()
	b := &browser{ctx: tools.Start(t), scene: s, axe: axe, checked: map[string]bool{}}
	chromedp.ListenTarget(b.ctx, func(event any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			b.complain = append(b.complain, e.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
				b.complain = append(b.complain, fmt.Sprintf("console: %s", e.Args[0].Value))
			}
		case *log.EventEntryAdded:
			b.complain = append(b.complain, string(e.Entry.Level)+": "+e.Entry.Text+" "+e.Entry.URL)
		case *network.EventResponseReceived:
			if e.Response.Status >= 400 || !strings.HasPrefix(e.Response.URL, s.address) {
				b.complain = append(b.complain, fmt.Sprintf("%s answered %d", e.Response.URL, e.Response.Status))
			}
		}
	})
	if err := chromedp.Run(b.ctx, log.Enable(), network.Enable()); err != nil {
		t.Fatal(err)
	}
	return b
}

// look opens a page.
func (b *browser) look(t *testing.T, name string, width int64, scheme string) {
	t.Helper()
	b.turn(t, width, scheme)
	if err := chromedp.Run(b.ctx, chromedp.Navigate(b.scene.address+name)); err != nil {
		t.Fatal(err)
	}
}

// turn sets width and colours of the page that is open.
func (b *browser) turn(t *testing.T, width int64, scheme string) {
	t.Helper()
	err := chromedp.Run(b.ctx,
		emulation.SetDeviceMetricsOverride(width, 800, 1, width < 500),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}))
	if err != nil {
		t.Fatal(err)
	}
}

// ask evaluates a script that returns JSON.
func (b *browser) ask(t *testing.T, script string, into any) {
	t.Helper()
	wait := func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
	if err := chromedp.Run(b.ctx, chromedp.Evaluate(script, into, wait)); err != nil {
		t.Fatal(err)
	}
}

// page looks at one page at both widths and in both colours. What axe says takes
// longest, and is asked of one page of each sort.
func (b *browser) page(t *testing.T, name string) {
	b.look(t, name, widths[0], "light")
	if b.scene.typical[name] {
		if err := chromedp.Run(b.ctx, chromedp.Evaluate(b.axe, nil)); err != nil {
			t.Fatal(err)
		}
	}
	for _, width := range widths {
		for _, scheme := range []string{"light", "dark"} {
			b.turn(t, width, scheme)
			at := fmt.Sprintf("%d px, %s", width, scheme)
			b.isDrawn(t, at)
			b.fits(t, at, width)
			if b.scene.typical[name] {
				b.isUsable(t, at)
			}
		}
	}
	b.leadsSomewhere(t)
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, complaint := range b.complain {
		t.Error(complaint)
	}
	b.complain = nil
}

// fits: nothing is wider than the window.
func (b *browser) fits(t *testing.T, at string, width int64) {
	t.Helper()
	var wide []string
	b.ask(t, `(() => {
		const wide = [];
		for (const e of document.body.querySelectorAll("*")) {
			const r = e.getBoundingClientRect();
			if (r.width > 0 && r.right > innerWidth + 1 && !e.closest(".skip, .u-wrap, .cards thead")) wide.push(e.tagName + "." + e.className + " " + Math.round(r.right) + " " + e.textContent.slice(0, 30));
		}
		if (document.documentElement.scrollWidth > innerWidth) wide.push("page " + document.documentElement.scrollWidth);
		return wide;
	})()`, &wide)
	for _, w := range wide {
		t.Errorf("%s: wider than %d: %s", at, width, w)
	}
}

// isUsable: axe finds nothing.
func (b *browser) isUsable(t *testing.T, at string) {
	t.Helper()
	var found []struct {
		ID, Help string
		Nodes    []string
	}
	b.ask(t, `axe.run().then((r) => r.violations.map((v) => ({id: v.id, help: v.help, nodes: v.nodes.map((n) => n.html.slice(0, 120))})))`, &found)
	for _, f := range found {
		t.Errorf("%s: %s: %s: %v", at, f.ID, f.Help, f.Nodes)
	}
}

// isDrawn: every figure with numbers has a chart that is not blank, in the window,
// and its table is there.
func (b *browser) isDrawn(t *testing.T, at string) {
	t.Helper()
	var figures []struct {
		Caption              string
		Data, Inks, Rows     int
		Labelled, Closed, In bool
	}
	b.ask(t, `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done([...document.querySelectorAll("figure[data-chart]")].map((f) => {
		const canvas = f.querySelector("canvas"), plot = f.querySelector("[role=img]");
		const inks = new Set();
		if (canvas) {
			const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {willReadFrequently: true});
			copy.drawImage(canvas, 0, 0);
			const pixels = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
			for (const p of pixels) if (p) inks.add(p);
		}
		return {
			caption: f.querySelector("figcaption").textContent, data: f.querySelectorAll("data").length, inks: inks.size,
			rows: f.querySelectorAll("tbody tr").length, labelled: !!(plot && plot.getAttribute("aria-label")),
			closed: !f.querySelector("details").open, in: !canvas || canvas.getBoundingClientRect().right <= innerWidth,
		};
	})), 0)))`, &figures)
	for _, f := range figures {
		if f.Data > 0 && (f.Inks < 20 || !f.Labelled || !f.Closed || !f.In || f.Rows == 0) {
			t.Errorf("%s: not drawn: %+v", at, f)
		}
	}
}

// leadsSomewhere: every link of the page leads to a page that is there, and to a
// place on it that is there.
func (b *browser) leadsSomewhere(t *testing.T) {
	t.Helper()
	var addresses []string
	b.ask(t, `[...document.querySelectorAll("a[href]")].map((a) => a.href)`, &addresses)
	for _, address := range addresses {
		if b.checked[address] || !strings.HasPrefix(address, b.scene.address) {
			continue
		}
		b.checked[address] = true
		if err := b.answers(t.Context(), address); err != nil {
			t.Error(err)
		}
	}
}

// answers reports what is wrong with an address of the board.
func (b *browser) answers(ctx context.Context, address string) error {
	address, place, _ := strings.Cut(address, "#")
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s is answered %d, %w", address, res.StatusCode, err)
	}
	if place != "" && !strings.Contains(string(text), `id="`+place+`"`) {
		return fmt.Errorf("%s has no place %s", address, place)
	}
	return nil
}

// pictures are those of the README.
func (b *browser) pictures(t *testing.T) {
	t.Helper()
	for name, of := range map[string]struct {
		page, scheme  string
		width, height int64
	}{
		"board": {"index.html", "light", 1280, 900}, "finding": {b.scene.open, "light", 1280, 1250},
		"integration-dark": {integrationPage, "dark", 1280, 1400}, "phone": {"index.html", "light", 360, 780},
	} {
		b.look(t, of.page, of.width, of.scheme)
		var image []byte
		err := chromedp.Run(b.ctx,
			emulation.SetDeviceMetricsOverride(of.width, of.height, 1, of.width < 500),
			chromedp.Evaluate(`new Promise((done) => setTimeout(() => done(true), 200))`, nil, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }),
			chromedp.ActionFunc(func(ctx context.Context) (err error) {
				image, err = page.CaptureScreenshot().Do(ctx)
				return err
			}))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(picture(name), image, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func picture(name string) string {
	return filepath.Join(root, "docs", "images", name+".png")
}

func TestPicturesAreSmall(t *testing.T) {
	all, err := filepath.Glob(picture("*"))
	if err != nil || len(all) == 0 {
		t.Fatalf("no pictures: %v", err)
	}
	for _, path := range all {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := png.Decode(bytes.NewReader(body)); err != nil || len(body) > 200_000 {
			t.Errorf("%s has %d bytes, %v", path, len(body), err)
		}
	}
}
