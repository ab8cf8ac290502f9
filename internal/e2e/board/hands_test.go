package board_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/plumbline/plumbline/internal/board/boardtest"
)

// TestEveryPageByKeyboardAndWithoutScripts looks at one page of each sort.
func TestEveryPageByKeyboardAndWithoutScripts(t *testing.T) {
	s := newScene(t)
	b := open(t, boardtest.Install(t), s, "")
	for name := range s.typical {
		t.Run(name, func(t *testing.T) {
			b.look(t, name, widths[1], "light")
			b.isReachedByTab(t)
			b.readsWithoutScripts(t, name)
		})
	}
}

// isReachedByTab: the tabulator comes to everything that can be used, in the order of
// the page, and shows where it is.
func (b *browser) isReachedByTab(t *testing.T) {
	t.Helper()
	const usable = `const usable = [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")].filter((e) => e.checkVisibility());`
	var count int
	b.ask(t, `(() => {`+usable+` return usable.length; })()`, &count)
	if count < 5 {
		t.Fatalf("%d places to go to, want the navigation at least", count)
	}
	for want := range count {
		if err := chromedp.Run(b.ctx, chromedp.KeyEvent(kb.Tab)); err != nil {
			t.Fatal(err)
		}
		var at struct {
			Index   int
			Outline string
			Text    string
		}
		b.ask(t, `(() => {`+usable+`
			const e = document.activeElement;
			return {index: usable.indexOf(e), outline: getComputedStyle(e).outlineStyle, text: e.textContent.slice(0, 40)};
		})()`, &at)
		if at.Index != want || at.Outline == "none" {
			t.Fatalf("press %d is at place %d (%q), outline %s", want+1, at.Index, at.Text, at.Outline)
		}
	}
}

// readsWithoutScripts: what the charts draw stands in their tables, and no part waits
// for a script.
func (b *browser) readsWithoutScripts(t *testing.T, name string) {
	t.Helper()
	const text = `(() => {
		for (const d of document.querySelectorAll("details")) d.open = true;
		return {
			words: document.querySelector("main").innerText.split(/\s+/).length,
			bare: [...document.querySelectorAll("figure[data-chart]")].filter((f) => f.querySelectorAll("data").length > 0 && f.querySelector("table").offsetHeight === 0).length,
			canvases: document.querySelectorAll("canvas").length,
		};
	})()`
	var page struct{ Words, Bare, Canvases int }
	if err := chromedp.Run(b.ctx, emulation.SetScriptExecutionDisabled(true)); err != nil {
		t.Fatal(err)
	}
	b.look(t, name, widths[1], "light")
	b.ask(t, text, &page)
	if err := chromedp.Run(b.ctx, emulation.SetScriptExecutionDisabled(false)); err != nil {
		t.Fatal(err)
	}
	if page.Words < 20 || page.Bare > 0 || page.Canvases > 0 {
		t.Errorf("%d words, %d charts without a table, %d drawn", page.Words, page.Bare, page.Canvases)
	}
}
