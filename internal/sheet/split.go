package sheet

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

const (
	lowest  = 0x0101010101010101
	highest = 0x8080808080808080
)

// eight is a character in every byte of a word.
func eight(c byte) uint64 { return uint64(c) * lowest }

// zeros has the highest bit of each byte that is 0, and maybe of a byte behind
// such a one. Lower bits mean nothing.
func zeros(word uint64) uint64 { return (word - lowest) &^ word }

// split cuts the row at the start of data into cells, and returns what ends it
// and where: the newline, a quote, which needs a closer look, or 0 at the end of
// data. It looks at eight bytes at a time, as this is where reading a large file
// spends its time.
func (c *csvSource) split(data []byte) (int, byte) {
	cells, start, at := c.cells[:0], 0, 0
	delimiters, newlines, quotes := eight(c.delimiter), eight(c.newline), eight('"')
	for ; at+8 <= len(data); at += 8 {
		word := binary.LittleEndian.Uint64(data[at:])
		hits := (zeros(word^delimiters) | zeros(word^newlines) | zeros(word^quotes)) & highest
		for ; hits != 0; hits &= hits - 1 {
			end := at + bits.TrailingZeros64(hits)>>3
			switch data[end] {
			case c.delimiter:
				cells = append(cells, textCell(data[start:end]))
				start = end + 1
			case c.newline:
				c.cells = append(cells, textCell(data[start:end]))
				return end, c.newline
			case '"':
				return end, '"'
			}
		}
	}
	for ; at < len(data); at++ {
		switch data[at] {
		case c.delimiter:
			cells = append(cells, textCell(data[start:at]))
			start = at + 1
		case c.newline:
			c.cells = append(cells, textCell(data[start:at]))
			return at, c.newline
		case '"':
			return at, '"'
		}
	}
	c.cells = append(cells, textCell(data[start:]))
	return len(data), 0
}

// closingQuote returns where the first quote stands, or -1. Most cells are so
// short that it stands among the first eight bytes.
func closingQuote(text []byte) int {
	if len(text) >= 8 {
		if hits := zeros(binary.LittleEndian.Uint64(text)^eight('"')) & highest; hits != 0 {
			return bits.TrailingZeros64(hits) >> 3
		}
	}
	return bytes.IndexByte(text, '"')
}
