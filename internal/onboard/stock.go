package onboard

import (
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// stock asks what is kept back, and whether less than nothing is shown.
func (i *interview) stock() error {
	if len(i.plan.storefronts()) == 0 {
		return nil
	}
	q := Question{
		ID: []string{"buffer"}, Text: "How many units does the shop keep back of each item? A number, or a CSV file.",
		Why: "The shop then rightly shows less than is free. A file has the columns sku, location (or one of them) and value.", Default: "0",
	}
	if err := i.ask(q, i.acceptBuffer); err != nil {
		return err
	}
	return i.yes(Question{
		ID: []string{"negatives"}, Text: "May the shop show stock below zero?",
		Why: "Most jobs send 0 where less than nothing is free.", Default: "no",
	}, &i.plan.Negatives)
}

func (i *interview) acceptBuffer(answer string) error {
	if n, err := commerce.ParseDecimal(answer); err == nil {
		if n.Sign() < 0 {
			return errors.New("want 0 or more")
		}
		i.plan.Buffer, i.plan.BufferFile = n.String(), ""
		return nil
	}
	if !strings.Contains(answer, ".") {
		return errors.New("want a number such as 3, or the name of a CSV file beside the registry")
	}
	columns, err := i.plan.columns(answer)
	if err != nil {
		return err
	}
	if bad := i.fault(answers{buffer: answer, columns: strings.Join(columns, ", ")}, ""); bad != "" {
		return errors.New(bad)
	}
	i.plan.Buffer, i.plan.BufferFile = "buffer", answer
	return nil
}

// columns are the key columns of a table beside the registry.
func (p *Plan) columns(file string) ([]string, error) {
	content, err := p.Read(file)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read, want a file beside the registry", file)
	}
	header, err := csv.NewReader(strings.NewReader(string(content))).Read()
	if err != nil || len(header) < 2 || header[len(header)-1] != "value" {
		return nil, fmt.Errorf("%s: want the columns sku, location (or one of them) and value in its first line", file)
	}
	return header[:len(header)-1], nil
}

// reasons are why an order must not reach the ERP, and the formula of those that do.
var reasons = []struct{ word, formula string }{
	{"unpaid", `from.payment in ["paid", "partially_refunded"]`},
	{"test", "!from.test"},
	{"cancelled", "!from.cancelled"},
	{"pos", `from.channel != "pos"`},
	{"no-goods", "from.units > 0"},
	{"gift-cards", "(from.gift_sold == 0 || from.total > from.gift_sold)"},
}

// starterReasons are those that the starter rules know.
const starterReasons = "unpaid, test, cancelled, pos, no-goods"

// orders asks which orders must not reach the ERP.
func (i *interview) orders() error {
	i.plan.Excluded = list(starterReasons)
	if !slices.ContainsFunc(i.plan.Links(), func(l Link) bool { return slices.Contains(l.Uses, ordersPack) }) {
		return nil
	}
	words := make([]string, len(reasons))
	for n, r := range reasons {
		words[n] = r.word
	}
	q := Question{
		ID: []string{"orders_excluded"}, Text: "Which orders must not reach the ERP? Of " + strings.Join(words, ", ") + ", channel NAME; or none.",
		Why: "Whatever else is missing there alarms.", Default: starterReasons,
	}
	return i.ask(q, func(answer string) error {
		items := list(strings.ToLower(answer))
		if slices.Equal(items, []string{"none"}) {
			items = nil
		}
		for _, item := range items {
			channel, is := strings.CutPrefix(item, "channel ")
			if !slices.Contains(words, item) && (!is || strings.ContainsAny(channel, `"\`) || strings.TrimSpace(channel) == "") {
				return fmt.Errorf("want words of %s, channel NAME, with commas between; or none", strings.Join(words, ", "))
			}
		}
		i.plan.Excluded = items
		return nil
	})
}

// reaches is the condition of orders that have to be in the ERP, or blank for that
// of the starter rules.
func (p *Plan) reaches() string {
	if strings.Join(p.Excluded, ", ") == starterReasons {
		return ""
	}
	var parts []string
	for _, r := range reasons {
		if slices.Contains(p.Excluded, r.word) {
			parts = append(parts, r.formula)
		}
	}
	for _, item := range p.Excluded {
		if channel, is := strings.CutPrefix(item, "channel "); is {
			parts = append(parts, fmt.Sprintf("from.channel != %q", strings.TrimSpace(channel)))
		}
	}
	if len(parts) == 0 {
		return "true"
	}
	return strings.Join(parts, " && ")
}

// customers asks whether the ERP knows web customers.
func (i *interview) customers() error {
	if len(i.plan.with(platform.ERP)) == 0 {
		return nil
	}
	return i.yes(Question{
		ID: []string{"collective_customer"}, Text: "Does the ERP book all web customers on one collective customer?",
		Why: "Then there is no customer there to compare with.", Default: "yes",
	}, &i.plan.Collective)
}
