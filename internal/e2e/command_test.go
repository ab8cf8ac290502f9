package e2e_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serve starts the program and waits until it listens. It ends with the test, in
// order.
func serve(t *testing.T, args ...string) *process {
	t.Helper()
	p, err := launch(append([]string{"run", "--addr", "127.0.0.1:0"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	if err := p.await(patience, func() bool { return strings.Contains(p.out.String(), "Listening on http://127.0.0.1:") }); err != nil {
		t.Fatal(err)
	}
	return p
}

// stop ends a program as Ctrl-C does.
func stop(t *testing.T, p *process) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if code, err := p.end(patience); err != nil || code != 0 {
		t.Errorf("the program ended with %d, %v: %s", code, err, p.errors.String())
	}
}

// front is the address that a program says it listens at.
func front(t *testing.T, p *process) string {
	t.Helper()
	found := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(p.out.String())
	if found == "" {
		t.Fatal("no address in", p.out.String())
	}
	return found
}

// answer runs a command that must succeed and decodes the JSON that it prints.
func answer[T any](t *testing.T, args ...string) T {
	t.Helper()
	out, errs, code := command(t, append(args, "--json")...)
	if code != 0 || errs != "" {
		t.Fatalf("%s: exit code %d: %s", strings.Join(args, " "), code, errs)
	}
	var v T
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatalf("%s: %v in %s", strings.Join(args, " "), err, out)
	}
	return v
}

type object = map[string]any

// wantFields wants the documented fields in every object. There may be others.
func wantFields(t *testing.T, what string, objects []any, fields string) {
	t.Helper()
	if len(objects) == 0 {
		t.Errorf("%s: none", what)
	}
	for _, o := range objects {
		for name := range strings.FieldsSeq(fields) {
			if _, ok := o.(object)[name]; !ok {
				t.Errorf("%s: no field %q in %v", what, name, o)
			}
		}
	}
}

func TestCommands_AnswerWhatTheDayLeft(t *testing.T) {
	t.Parallel()
	killedDay(t)
	data := "--data=" + killed.folder
	p := serve(t, data, "--day", filepath.Join("events", "day"))
	if !strings.Contains(p.out.String(), "was played already") {
		t.Errorf("the day is played again: %s", p.out.String())
	}

	t.Run("findings", func(t *testing.T) {
		open := answer[[]any](t, "findings", data)
		wantFields(t, "findings", open, "id integration rule class kind key state severity owner since cause expected actual delta impact")
		all := answer[[]any](t, "findings", data, "--state", "all")
		if len(open) >= len(all) || len(all) != len(killed.left.findings) {
			t.Errorf("%d open, %d in all; stored are %d", len(open), len(all), len(killed.left.findings))
		}
		mine := answer[[]any](t, "findings", data, "--owner", "finance")
		if len(mine) != 1 || mine[0].(object)["key"] != "shopify-us/US1019" || mine[0].(object)["class"] != "missing" {
			t.Errorf("open findings of finance: %v", mine)
		}
		if none := answer[[]any](t, "findings", data, "--integration", "prices"); len(none) != 0 {
			t.Errorf("open findings of prices: %v", none)
		}
	})
	t.Run("record", func(t *testing.T) {
		r := answer[object](t, "record", "inventory", "MUG-GRN@east", data)
		wantFields(t, "record", []any{r}, "kind key views sides verdicts")
		wantFields(t, "views", r["views"].([]any), "system part native version gone facets")
		wantFields(t, "verdicts", r["verdicts"].([]any), "integration rule facet verdict why expected actual delta since")
		wantFields(t, "sides", []any{r["sides"]}, "erp shopify-us")
		facets := r["sides"].(object)["shopify-us"].(object)
		if text, ok := facets["available"].(string); !ok || text == "" {
			t.Errorf("facets are no strings: %v", facets)
		}
		if verdict := r["verdicts"].([]any)[0].(object); verdict["verdict"] != "agree" {
			t.Errorf("the verdict is %v", verdict)
		}
	})
	t.Run("explain", func(t *testing.T) {
		mine := answer[[]any](t, "findings", data, "--owner", "finance")
		id := mine[0].(object)["id"].(string)
		e := answer[object](t, "explain", id, data)
		wantFields(t, "explain", []any{e}, "finding record rules history nearest_change")
		rules := e["rules"].([]any)
		if e["finding"].(object)["id"] != id || len(rules) != 1 || len(e["history"].([]any)) == 0 {
			t.Errorf("the explanation is of %v, with %d rules", e["finding"], len(rules))
		}
		rule := rules[0].(object)
		if rule["owner"] != "finance" || rule["runbook"] != "https://wiki.acme.example/refunds" || !strings.Contains(rule["alert"].(string), "Finding "+id+" is open, in alert ") {
			t.Errorf("the rule is told as %v", rule)
		}
		why := answer[object](t, "explain", "inventory", "CAP-BLK@east", data)
		if alert := why["rules"].([]any)[0].(object)["alert"].(string); why["finding"] != nil || !strings.HasPrefix(alert, "No alert") {
			t.Errorf("why there is none: %q", alert)
		}
		out, _, code := command(t, "explain", id, data)
		if code != 0 || !strings.Contains(out, "Finding "+id) || !strings.Contains(out, "owner finance") {
			t.Errorf("exit code %d: %s", code, out)
		}
	})
	t.Run("decide", func(t *testing.T) {
		state := func() any {
			mine := answer[[]any](t, "findings", data, "--owner", "finance", "--state", "all")
			i := slices.IndexFunc(mine, func(f any) bool { return f.(object)["key"] == "shopify-us/US1019" })
			return mine[i].(object)["state"]
		}
		key := []string{"--key", "shopify-us/US10*", "--by", "dana", data}
		for _, step := range []struct {
			args []string
			want string
		}{
			{[]string{"ack", "--dry-run"}, "open"},
			{[]string{"ack"}, "acknowledged"},
			{[]string{"snooze", "--for", "4h"}, "acknowledged"},
			{[]string{"waive", "--until", time.Now().AddDate(0, 0, 7).Format(time.DateOnly), "--reason", "booked by hand"}, "waived"},
			{[]string{"reopen"}, "open"},
			{[]string{"assign", "--to", "lee"}, "open"},
		} {
			decided := answer[[]any](t, append(append([]string{"findings"}, step.args...), key...)...)
			if len(decided) == 0 || state() != step.want {
				t.Errorf("%v: %d decided, the refund is %v, want %s", step.args, len(decided), state(), step.want)
			}
		}
		for _, args := range [][]string{
			{"ack"},
			{"ack", "0123456789ab"},
			{"ack", "--key", "NO-SUCH*"},
			{"ack", "--key", "["},
			{"waive", "--until", "soon", "--reason", "x", "--key", "*"},
			{"snooze", "--for", "800h", "--key", "*"},
		} {
			out, errs, code := command(t, append(append([]string{"findings"}, args...), "--by", "dana", data)...)
			if code != 2 || out != "" || !strings.HasPrefix(errs, "plumbline: ") {
				t.Errorf("%v: exit code %d: %s%s", args, code, out, errs)
			}
		}
	})
	t.Run("redrive", func(t *testing.T) {
		// Twice: what is looked at stays where it is.
		for range 2 {
			out, errs, code := command(t, "redrive", "quarantine", "--dry-run", data)
			if code != 0 || !strings.Contains(out, "wms records.reported") || !strings.Contains(out, ": stays, ") ||
				!strings.Contains(out, "0 of 1 came back, 1 left") {
				t.Errorf("exit code %d: %s%s", code, out, errs)
			}
		}
	})
	t.Run("history", func(t *testing.T) {
		day := []string{"--since", "2026-03-03", "--until", "2026-03-05", data}
		for _, how := range []string{"--rebuild", "--dry-run"} {
			// Nothing but what was merged before comes back.
			replayed := answer[object](t, append([]string{"replay", "--dry-run", how}, day...)...)
			wantFields(t, "replay", []any{replayed}, "deliveries as_read_then sent records new only_newer erased counts changes unread")
			if replayed["deliveries"].(float64) < 1000 || replayed["records"] != 0.0 || replayed["sent"] != 0.0 {
				t.Errorf("replay %s: %v", how, replayed)
			}
		}
		asked := answer[object](t, append([]string{"backtest", "--rule", "orders-to-erp/order-in-erp"}, day...)...)
		result := asked["result"].(object)
		if result["fired"].(float64) < 3 || result["owners"].(object)["order-desk"] != result["fired"] || asked["current"] != nil {
			t.Errorf("backtest: %v", asked)
		}
		plan := answer[object](t, "heal", "--plan", "--out", filepath.Join(t.TempDir(), "heal"), data)
		wantFields(t, "heal", plan["not_by_file"].([]any), "finding integration rule kind key system facet reason")
		out, errs, code := command(t, "export", "refund", data)
		if code != 0 || errs != "" || !strings.Contains(out, `"key":"shopify-us/US1019"`) {
			t.Errorf("export: exit code %d: %s%s", code, out, errs)
		}
		erased := answer[object](t, "erase", "customer", "shopify-us/8123", "--order", "shopify-us/1", "--dry-run", data)
		if erased["queued"] != false || erased["orders"] != 1.0 {
			t.Errorf("erase: %v", erased)
		}
	})
	t.Run("in 80 columns", func(t *testing.T) { readable(t, data) })
	t.Run("as in the README", func(t *testing.T) {
		script := readmeBlock(t, "bin/plumbline send")
		out := shell(t, strings.ReplaceAll(script, "bin/plumbline ", plumbline+" "+data+" "))
		if !strings.Contains(out, "shopify-us answered 200 OK\n") {
			t.Errorf("the commands say: %s", out)
		}
		// The day is over, and the time is the real one again.
		byHand(t, front(t, p))
	})
	t.Run("what there is not", func(t *testing.T) {
		for _, args := range [][]string{
			{"record", "inventory", "NO-SUCH@east"},
			{"record", "inventory", "no key"},
			{"record", "colour", "RED"},
			{"explain", "0123456789ab"},
			{"redrive", "looks"},
			{"replay", "--since", "3d", "--system", "crm"},
			{"replay", "--since", "soon"},
			{"backtest", "--rule", "no/such"},
			{"export"},
			{"export", "colour"},
			{"erase", "customer", "somebody@acme.example"},
			{"erase", "customer", "crm/1"},
			{"erase", "order"},
			{"heal", "--plan", "--integration", "no-such", "--out", filepath.Join(t.TempDir(), "heal")},
			{"findings", "--state", "lost"},
		} {
			out, errs, code := command(t, append(args, data)...)
			if code != 2 || out != "" || !strings.HasPrefix(errs, "plumbline: ") {
				t.Errorf("%v: exit code %d: %s%s", args, code, out, errs)
			}
		}
	})
	t.Run("second start", func(t *testing.T) {
		_, errs, code := command(t, "run", data, "--addr", "127.0.0.1:0")
		if code != 2 || !strings.Contains(errs, "another running stack uses the folder "+killed.folder) {
			t.Errorf("exit code %d: %s", code, errs)
		}
		if _, _, code := command(t, "findings", data); code != 0 {
			t.Error("the first stack does not answer any more")
		}
	})
	stop(t, p)
	_, errs, code := command(t, "findings", data)
	if code != 2 || !strings.Contains(errs, "no stack runs on the folder "+killed.folder) {
		t.Errorf("after its end: exit code %d: %s", code, errs)
	}
}

func TestCommands_SendToAStackThatWaits(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	data := "--data=" + folder
	p := serve(t, data)
	address := front(t, p)
	sample := filepath.Join(t.TempDir(), "stock.json")
	if err := os.WriteFile(sample, stockReport("SENT", "7", time.Now()), 0o600); err != nil {
		t.Fatal(err)
	}
	order := filepath.Join("events", "shopify", "orders-create.body.json")
	for _, c := range []struct {
		args []string
		want string
		code int
	}{
		{[]string{"send", "erp", sample, data}, "erp answered 200 OK\n", 0},
		{[]string{"send", "erp", sample, "--url", address}, "erp answered 200 OK\n", 0},
		{[]string{"send", "shopify-us", order, data}, "shopify-us answered 200 OK\n", 0},
		{[]string{"send", "erp", sample, "--url", address + "/elsewhere"}, "erp answered 404 Not Found\n", 1},
		{[]string{"send", "crm", sample, data}, "", 2},
		{[]string{"send", "erp", filepath.Join(folder, "missing.json"), data}, "", 2},
		{[]string{"send", "erp", sample, "--data", t.TempDir()}, "", 2},
	} {
		if out, errs, code := command(t, c.args...); code != c.code || out != c.want || (code == 2) != (errs != "") {
			t.Errorf("%v: exit code %d: %s%s", c.args, code, out, errs)
		}
	}
	for _, key := range []string{"inventory SENT@east", "order shopify-us/US1042"} {
		kind, text, _ := strings.Cut(key, " ")
		deadline := time.Now().Add(patience)
		for {
			_, errs, code := command(t, "record", kind, text, data)
			if code == 0 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal(errs)
			}
		}
	}
	stop(t, p)
}

func TestCommands_CheckSaysEverythingThatIsWrong(t *testing.T) {
	t.Parallel()
	good := answer[object](t, "check", "--as-of", "2026-03-03")
	if good["ok"] != true || len(good["problems"].([]any)) != 0 || len(good["warnings"].([]any)) != 0 {
		t.Errorf("the demo registry: %v", good)
	}
	text, err := os.ReadFile(filepath.Join(root, "plumbline.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	wrong := strings.NewReplacer("platform: shopify", "platform: shopfy", "settle: 4h", "settle: soon").Replace(string(text))
	path := filepath.Join(t.TempDir(), "plumbline.yaml")
	if err := os.WriteFile(path, []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, code := command(t, "check", "--registry", path, "--json")
	var bad object
	if err := json.Unmarshal([]byte(out), &bad); err != nil || code != 1 || bad["ok"] != false {
		t.Fatalf("exit code %d, %v: %s", code, err, out)
	}
	wantFields(t, "problems", bad["problems"].([]any), "file line column message")
	out, _, code = command(t, "check", "--registry", path)
	if code != 1 || !strings.Contains(out, path+":") || !strings.Contains(out, `"shopfy"`) || !strings.Contains(out, "rules[0].settle") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestCommands_PromoteWritesTheRegistry(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	content, err := os.ReadFile(filepath.Join(root, "plumbline.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "plumbline.yaml")
	text := strings.Replace(string(content), "defaults: {mode: alert}", "defaults: {mode: watch}", 1)
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	events, err := filepath.Abs(filepath.Join(root, "events"))
	if err == nil {
		err = os.Symlink(events, filepath.Join(folder, "events"))
	}
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"--registry", path, "--data", folder}
	for _, step := range []struct {
		args    []string
		written bool
		mode    string
	}{
		{[]string{"promote", "refund-booked", "--dry-run"}, false, "watch"},
		{[]string{"promote", "refund-booked"}, true, "alert"},
		{[]string{"promote", "refunds/refund-booked"}, false, "alert"},
	} {
		p := answer[object](t, append(step.args, args...)...)
		if p["written"] != step.written || p["mode"] != step.mode || p["rule"] != "refunds/refund-booked" {
			t.Errorf("%v: %v", step.args, p)
		}
	}
	if out, errs, code := command(t, append([]string{"promote", "no-such"}, args...)...); code != 2 || out != "" || !strings.Contains(errs, "refunds/refund-booked") {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
}
