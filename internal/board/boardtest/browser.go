// Package boardtest starts the browser that the board is tested with, a headless
// Chromium from npm, so that tests need nothing that a machine may not have. A
// browser that cannot be had fails the test.
package boardtest

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/plumbline/plumbline/internal/npm"
)

// The installed set: exact versions and their hashes.
var (
	//go:embed package.json
	packageJSON []byte
	//go:embed package-lock.json
	packageLock []byte
	//go:embed unpack.mjs
	unpackScript []byte
)

// Tools are what was installed.
type Tools struct {
	// Modules is the folder of the packages.
	Modules string
	// browser is the folder of the unpacked browser.
	browser string
}

// Install makes sure that everything is in the cache folder. It is quick when it
// is; processes that install at the same time wait for one of them.
func Install(t testing.TB) Tools {
	t.Helper()
	set := npm.Set{
		Name:   "browser",
		Files:  map[string][]byte{"package.json": packageJSON, "package-lock.json": packageLock, "unpack.mjs": unpackScript},
		Notice: "Installing a browser for tests, once; about 290 MB.",
	}
	dir, err := set.Install(t.Context(), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	tools := Tools{Modules: filepath.Join(dir, "node_modules"), browser: filepath.Join(dir, "browser")}
	if err := unpack(t.Context(), dir, tools.browser); err != nil {
		t.Fatal(err)
	}
	return tools
}

// unpack unpacks the browser under another name first: who loses a race uses the
// winner's.
func unpack(ctx context.Context, dir, browser string) error {
	if _, err := os.Stat(browser); err == nil {
		return nil
	}
	fresh, err := os.MkdirTemp(dir, "browser-")
	if err != nil {
		return fmt.Errorf("unpack the browser: %w", err)
	}
	defer os.RemoveAll(fresh) //nolint:errcheck // it has another name by now, or is of no use
	cmd := exec.CommandContext(ctx, "node", "unpack.mjs", fresh)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("unpack the browser: %w: %s", err, out)
	}
	if err := os.Rename(fresh, browser); err != nil {
		if _, there := os.Stat(browser); there != nil {
			return fmt.Errorf("unpack the browser: %w", err)
		}
	}
	return nil
}

// Axe is the script that checks a page for what keeps people from using it.
func (t Tools) Axe() (string, error) {
	script, err := fs.ReadFile(os.DirFS(t.Modules), "axe-core/axe.min.js")
	if err != nil {
		return "", fmt.Errorf("read axe-core: %w", err)
	}
	return string(script), nil
}

// Start starts the browser, which ends with the test. Each further context of the
// one returned is a tab.
func (t Tools) Start(tb testing.TB) context.Context {
	tb.Helper()
	fonts := tb.TempDir()
	conf := fmt.Sprintf("<?xml version=\"1.0\"?><fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>", filepath.Join(t.browser, "fonts"), fonts)
	if err := os.WriteFile(filepath.Join(fonts, "fonts.conf"), []byte(conf), 0o600); err != nil {
		tb.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(filepath.Join(t.browser, "chromium")),
		chromedp.Env("LD_LIBRARY_PATH="+filepath.Join(t.browser, "lib"), "FONTCONFIG_PATH="+fonts, "HOME="+tb.TempDir(), "LANG=en_GB.UTF-8", "LC_ALL=en_GB.UTF-8", "LANGUAGE=en_GB"),
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("no-zygote", true), chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("lang", "en-GB"),
	)
	all, stop := chromedp.NewExecAllocator(tb.Context(), options...)
	tb.Cleanup(stop)
	ctx, end := chromedp.NewContext(all)
	tb.Cleanup(end)
	if err := chromedp.Run(ctx); err != nil {
		tb.Fatalf("start the browser: %v", err)
	}
	return ctx
}
