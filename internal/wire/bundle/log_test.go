package bundle

import (
	"bytes"
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log/slog"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/metric"
)

func TestALineSaysNothingThatIsNotAllowed(t *testing.T) {
	var out bytes.Buffer
	NewLog(&out).With(metric.FunctionField, "merge").Info("delivery not merged", "error", "no key", "email", "x@acme.example", "body", "{}")
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line["error"] != "no key" || line["function"] != "merge" || line["msg"] != "delivery not merged" {
		t.Errorf("line %v", line)
	}
	if line["email"] != nil || line["body"] != nil {
		t.Errorf("line %v", line)
	}
}

func TestALineSaysHowBadItIsWhereSomethingIsWrong(t *testing.T) {
	for _, c := range []struct {
		say  func(*slog.Logger)
		want string
	}{
		{func(l *slog.Logger) { l.Info("x") }, `{"msg":"x"}`},
		{func(l *slog.Logger) { l.Warn("x") }, `{"level":"WARN","msg":"x"}`},
		{func(l *slog.Logger) { l.Error("x") }, `{"level":"ERROR","msg":"x"}`},
	} {
		var out bytes.Buffer
		if c.say(NewLog(&out)); out.String() != c.want+"\n" {
			t.Errorf("line %s, want %s", out.String(), c.want)
		}
	}
}

type counting struct{}

func (counting) Invoke(ctx context.Context, _ []byte) ([]byte, error) {
	metric.Add(ctx, metric.Changed, 3)
	return []byte("{}"), nil
}

func TestAnInvocationIsOneLine(t *testing.T) {
	var out bytes.Buffer
	h := Measured(counting{}, func() time.Time { return time.UnixMilli(1000) }, NewLog(&out).With(metric.StageField, "prod"))
	if answer, err := h.Invoke(t.Context(), nil); err != nil || string(answer) != "{}" {
		t.Fatal(string(answer), err)
	}
	if text := out.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, `"changed":3`) ||
		!strings.Contains(text, `"stage":"prod"`) || !strings.Contains(text, `"_aws":{"Timestamp":1000`) {
		t.Errorf("log %s", text)
	}
}

var logs = regexp.MustCompile(`(?i)(^|\.)log$`)

// TestEveryFieldThatCodeLogsIsAllowed reads the sources: a field that is dropped
// would be missed only on the day on which it is needed.
func TestEveryFieldThatCodeLogsIsAllowed(t *testing.T) {
	seen := 0
	for _, folder := range []string{"alert", "archive", "drift", "fetch", "generation", "learnt", "load", "merge", "notify", "receive", "respond", "wire"} {
		err := filepath.WalkDir(filepath.Join("../..", folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				for _, key := range logged(n) {
					seen++
					if !slices.Contains(fields, key) {
						t.Errorf("%s logs %q, which is not among the fields that a line may say", path, key)
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 50 {
		t.Errorf("only %d fields found: is this test blind?", seen)
	}
}

// logged are the fields that a call of a logger names.
func logged(n ast.Node) (keys []string) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !logs.MatchString(expression(method.X)) {
		return nil
	}
	skip := map[string]int{"InfoContext": 2, "WarnContext": 2, "ErrorContext": 2, "Info": 1, "Warn": 1, "Error": 1, "With": 0}
	first, ok := skip[method.Sel.Name]
	if !ok {
		return nil
	}
	arguments := call.Args[first:]
	if len(arguments) == 1 { // a list that is put together
		if inner, ok := arguments[0].(*ast.CallExpr); ok && len(inner.Args) > 0 {
			if list, ok := inner.Args[0].(*ast.CompositeLit); ok {
				arguments = list.Elts
			}
		}
	}
	for i := 0; i < len(arguments); i += 2 {
		if text, ok := arguments[i].(*ast.BasicLit); ok {
			key, _ := strconv.Unquote(text.Value)
			keys = append(keys, key)
		}
	}
	return keys
}

func expression(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return expression(e.X) + "." + e.Sel.Name
	}
	return ""
}
