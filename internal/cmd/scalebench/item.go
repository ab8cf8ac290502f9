package main

import (
	"encoding/binary"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Tags of packed values.
const (
	textTag   = 'S'
	numberTag = 'N'
	bytesTag  = 'B'
	trueTag   = 't'
	falseTag  = 'f'
	nullTag   = '0'
	mapTag    = 'M'
	listTag   = 'L'
)

// pack appends an item as bytes. It takes the types that rows are made of.
func pack(to []byte, it map[string]types.AttributeValue) ([]byte, error) {
	to = binary.AppendUvarint(to, uint64(len(it)))
	for name, v := range it {
		var err error
		if to, err = packValue(packText(to, name), v); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return to, nil
}

func packText[T string | []byte](to []byte, text T) []byte {
	return append(binary.AppendUvarint(to, uint64(len(text))), text...)
}

func packValue(to []byte, v types.AttributeValue) ([]byte, error) {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return packText(append(to, textTag), v.Value), nil
	case *types.AttributeValueMemberN:
		return packText(append(to, numberTag), v.Value), nil
	case *types.AttributeValueMemberB:
		return packText(append(to, bytesTag), v.Value), nil
	case *types.AttributeValueMemberBOOL:
		if v.Value {
			return append(to, trueTag), nil
		}
		return append(to, falseTag), nil
	case *types.AttributeValueMemberNULL:
		return append(to, nullTag), nil
	case *types.AttributeValueMemberM:
		return pack(append(to, mapTag), v.Value)
	case *types.AttributeValueMemberL:
		to = binary.AppendUvarint(append(to, listTag), uint64(len(v.Value)))
		for _, element := range v.Value {
			var err error
			if to, err = packValue(to, element); err != nil {
				return nil, err
			}
		}
		return to, nil
	default:
		return nil, fmt.Errorf("a value of type %T in a row", v)
	}
}

// unpacker reads what pack appended. Its texts share memory with what is read.
type unpacker struct{ rest string }

func unpack(packed string) map[string]types.AttributeValue {
	return (&unpacker{packed}).item()
}

func (u *unpacker) item() map[string]types.AttributeValue {
	it := make(map[string]types.AttributeValue)
	for range u.count() {
		name := u.text()
		it[name] = u.value()
	}
	return it
}

func (u *unpacker) value() types.AttributeValue {
	tag := u.rest[0]
	u.rest = u.rest[1:]
	switch tag {
	case textTag:
		return &types.AttributeValueMemberS{Value: u.text()}
	case numberTag:
		return &types.AttributeValueMemberN{Value: u.text()}
	case bytesTag:
		return &types.AttributeValueMemberB{Value: []byte(u.text())}
	case mapTag:
		return &types.AttributeValueMemberM{Value: u.item()}
	case listTag:
		all := make([]types.AttributeValue, u.count())
		for i := range all {
			all[i] = u.value()
		}
		return &types.AttributeValueMemberL{Value: all}
	case nullTag:
		return &types.AttributeValueMemberNULL{Value: true}
	default:
		return &types.AttributeValueMemberBOOL{Value: tag == trueTag}
	}
}

func (u *unpacker) count() uint64 {
	var n uint64
	for shift := 0; ; shift += 7 {
		b := u.rest[0]
		u.rest = u.rest[1:]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
}

func (u *unpacker) text() string {
	n := u.count()
	text := u.rest[:n]
	u.rest = u.rest[n:]
	return text
}
