package source

import "encoding/binary"

// isInstant reports whether a text is an instant in UTC, to the second. The last
// days of months are left to those who know how long each is.
func isInstant(t []byte) bool {
	if len(t) != len("2006-01-02T15:04:05Z") || !dateForm.has(t) || !hourForm.has(t[8:]) || !restForm.has(t[12:]) {
		return false
	}
	two := func(i int) int { return int(t[i]-'0')*10 + int(t[i+1]-'0') }
	year, month, day := two(0)*100+two(2), two(5), two(8)
	return year >= 1970 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 28 && two(11) < 24 && two(14) < 60 && two(17) < 60
}

// form is what eight bytes have to be: a digit where it was made with 0, and else
// the byte that it was made with.
type form struct {
	pattern uint64
	// room added to how far a byte is off sets its highest bit where that is too far.
	room uint64
}

// The forms of an instant's parts; the last begins within the one before.
var (
	dateForm = newForm("0000-00-")
	hourForm = newForm("00T00:00")
	restForm = newForm("0:00:00Z")
)

func newForm(like string) (f form) {
	for i := range 8 {
		most := uint64(0)
		if like[i] == '0' {
			most = 9
		}
		f.pattern |= uint64(like[i]) << (8 * i)
		f.room |= (0x7f - most) << (8 * i)
	}
	return f
}

// has reports whether a text begins in that form. It has at least eight bytes.
func (f form) has(text []byte) bool {
	off := binary.LittleEndian.Uint64(text) ^ f.pattern
	return (off|(off+f.room))&0x8080808080808080 == 0
}
