package commerce

import "errors"

// The letters that begin a value as text, by its type.
const typeLetters = " ntbi"

var errValueText = errors.New("commerce: not a value as MarshalText writes it")

// MarshalText writes the value with its type, so that JSON carries one text: a
// letter and what String returns, "n12.50", and nothing for null.
func (v Value) MarshalText() ([]byte, error) {
	if v.IsNull() {
		return []byte{}, nil
	}
	return append([]byte{typeLetters[v.typ]}, v.String()...), nil
}

// UnmarshalText reads what MarshalText wrote. Its error does not repeat the text.
func (v *Value) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*v = Null()
		return nil
	}
	for t := NumberType; t <= TimeType; t++ {
		if text[0] == typeLetters[t] {
			read, err := ParseValue(t, string(text[1:]))
			if err == nil {
				*v = read
			}
			return err
		}
	}
	return errValueText
}
