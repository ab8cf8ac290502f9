package commerce_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

func TestValue_ComesBackFromJSON(t *testing.T) {
	for _, v := range []commerce.Value{
		commerce.Null(), commerce.Text(""), commerce.Text("n12"), commerce.Number(commerce.Int(0)), commerce.Number(commerce.MustDecimal("-12.50")),
		commerce.Bool(true), commerce.Bool(false), commerce.Time(time.Date(2026, 3, 3, 9, 0, 0, 7, time.UTC)),
	} {
		text, err := json.Marshal(commerce.Facets{"f": v})
		if err != nil {
			t.Fatal(err)
		}
		var back commerce.Facets
		if err := json.Unmarshal(text, &back); err != nil || back["f"] != v {
			t.Errorf("%s came back as %v, %v", text, back["f"], err)
		}
	}
}

func TestValue_AnErrorDoesNotRepeatTheText(t *testing.T) {
	for _, text := range []string{"nhidden", "bhidden", "ihidden", "hidden"} {
		var v commerce.Value
		if err := v.UnmarshalText([]byte(text)); err == nil || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v", text, err)
		}
	}
}
