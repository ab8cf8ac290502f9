package dynamo

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// item is a stored item, or a map inside one.
type item = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}
func flag(b bool) types.AttributeValue     { return &types.AttributeValueMemberBOOL{Value: b} }
func binary(b []byte) types.AttributeValue { return &types.AttributeValueMemberB{Value: b} }
func nested(m item) types.AttributeValue   { return &types.AttributeValueMemberM{Value: m} }
func instant(t time.Time) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: formatSeconds(t)}
}

func list[T any](all []T, f func(T) types.AttributeValue) types.AttributeValue {
	values := make([]types.AttributeValue, len(all))
	for i, v := range all {
		values[i] = f(v)
	}
	return &types.AttributeValueMemberL{Value: values}
}

// formatSeconds writes an instant as seconds since 1970 with as many decimals
// as it needs: exact, ordered as a number, and 6 bytes for a whole second.
func formatSeconds(t time.Time) string {
	sec, nano := t.Unix(), int64(t.Nanosecond())
	sign := ""
	if sec < 0 {
		sign, sec = "-", -sec
		if nano > 0 {
			sec, nano = sec-1, 1e9-nano
		}
	}
	if nano == 0 {
		return sign + strconv.FormatInt(sec, 10)
	}
	return sign + strconv.FormatInt(sec, 10) + "." + strings.TrimRight(fmt.Sprintf("%09d", nano), "0")
}

func parseSeconds(s string) (time.Time, error) {
	whole, fraction, _ := strings.Cut(s, ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || len(fraction) > 9 {
		return time.Time{}, fmt.Errorf("not seconds: %q", s)
	}
	nano, err := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("not seconds: %q", s)
	}
	if strings.HasPrefix(whole, "-") {
		nano = -nano
	}
	return time.Unix(sec, nano).UTC(), nil
}

// reader takes values out of an item and remembers the first one that is not
// as written. An absent attribute is the zero value.
type reader struct{ err error }

func (r *reader) fail(name, want string) {
	if r.err == nil {
		r.err = fmt.Errorf("attribute %s is not %s", name, want)
	}
}

// take returns the attribute as the wanted type, nil when it is absent.
func take[T types.AttributeValue](r *reader, m item, name, want string) (v T) {
	stored, ok := m[name]
	if !ok {
		return v
	}
	v, ok = stored.(T)
	if !ok {
		r.fail(name, want)
	}
	return v
}

func (r *reader) text(m item, name string) string {
	if v := take[*types.AttributeValueMemberS](r, m, name, "a text"); v != nil {
		return v.Value
	}
	return ""
}

func (r *reader) flag(m item, name string) bool {
	v := take[*types.AttributeValueMemberBOOL](r, m, name, "true or false")
	return v != nil && v.Value
}

func (r *reader) binary(m item, name string) []byte {
	if v := take[*types.AttributeValueMemberB](r, m, name, "binary"); v != nil {
		return v.Value
	}
	return nil
}

func (r *reader) nested(m item, name string) item {
	if v := take[*types.AttributeValueMemberM](r, m, name, "a map"); v != nil {
		return v.Value
	}
	return nil
}

func (r *reader) list(m item, name string) []types.AttributeValue {
	if v := take[*types.AttributeValueMemberL](r, m, name, "a list"); v != nil {
		return v.Value
	}
	return nil
}

func (r *reader) number(m item, name string) int64 {
	v := take[*types.AttributeValueMemberN](r, m, name, "a number")
	if v == nil {
		return 0
	}
	n, err := strconv.ParseInt(v.Value, 10, 64)
	if err != nil {
		r.fail(name, "a whole number")
	}
	return n
}

func (r *reader) instant(m item, name string) time.Time {
	v := take[*types.AttributeValueMemberN](r, m, name, "a number")
	if v == nil {
		return time.Time{}
	}
	t, err := parseSeconds(v.Value)
	if err != nil {
		r.fail(name, "an instant")
	}
	return t
}
