package channel

import (
	"structs"
	"unsafe"
)

// Entry is what travels in a ring.
//
//	0      1       2        4        8        12      16              24              64
//	+------+-------+--------+--------+--------+-------+---------------+---------------+
//	| kind | flags | method | callId | length |  aux  | ref           | inline        |
//	+------+-------+--------+--------+--------+-------+---------------+---------------+
type Entry struct {
	_      structs.HostLayout
	Kind   uint8
	Flags  uint8
	Method uint16
	CallID uint32
	Length uint32
	Aux    uint32
	Ref    uint64
	Inline [InlineSize]byte
}

// The layout that Go gives the struct is the protocol's: these do not compile otherwise.
var (
	_ [EntrySize - unsafe.Sizeof(Entry{})]struct{}
	_ [unsafe.Sizeof(Entry{}) - EntrySize]struct{}
	_ [EntryRef - unsafe.Offsetof(Entry{}.Ref)]struct{}
	_ [EntryInline - unsafe.Offsetof(Entry{}.Inline)]struct{}
)
