package image

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode/utf8"
	"unsafe"
)

// ErrInvalidUTF8 is the fault of a result that holds a string which is not UTF-8: TypeScript has no such string.
// Return it as Uint8Array ([]byte) instead.
var ErrInvalidUTF8 = errors.New("ts2go: a string in the result is not valid UTF-8; declare it as Uint8Array to send bytes")

// ErrTooDeep is the fault of a result nested deeper than MaxDepth, or in a cycle.
var ErrTooDeep = fmt.Errorf("ts2go: the result is nested deeper than %d, or in a cycle", MaxDepth)

// ResultError says why a result cannot be sent as its type says.
type ResultError struct {
	// What is wrong with it.
	Problem string
}

func (e *ResultError) Error() string { return "ts2go: " + e.Problem }

// Sizer adds up how many bytes the image of a value takes. It visits the value in the order in which Writer does.
type Sizer struct {
	n     uint64
	depth int
	err   error
}

// NewSizer starts with the root.
func NewSizer(rootSize uint32) Sizer { return Sizer{n: uint64(rootSize)} }

// Size returns the sum, or the first fault.
func (z *Sizer) Size() (uint64, error) { return z.n, z.err }

func (z *Sizer) Enter() bool {
	if z.depth >= MaxDepth || z.err != nil {
		z.err = ErrTooDeep
		return false
	}
	z.depth++
	return true
}

func (z *Sizer) Leave() { z.depth-- }

func (z *Sizer) String(s string) { z.n += uint64(len(s)) }

func (z *Sizer) List(n int, size, align uint32) {
	if n > 0 {
		z.n = alignUp(z.n, uint64(align)) + uint64(n)*uint64(size)
	}
}

func (z *Sizer) Pointer(size, align uint32) { z.n = alignUp(z.n, uint64(align)) + uint64(size) }

// Align ends an entry of a map: each begins aligned, so that their sum does not depend on the order. The writer, which
// goes in another order and leaves no such gaps, never needs more.
func (z *Sizer) Align() { z.n = alignUp(z.n, 8) }

// SizeNumbers is List for a slice of numbers.
func SizeNumbers[T Number](z *Sizer, s []T) {
	var zero T
	z.List(len(s), uint32(unsafe.Sizeof(zero)), uint32(unsafe.Sizeof(zero)))
}

func alignUp(n, align uint64) uint64 { return (n + align - 1) &^ (align - 1) }

// Writer writes one image into a body of the size that Sizer said. It stores words, never Go pointers: the
// collector must not see a pointer store into memory that it does not own.
//
// A Writer belongs to one goroutine.
type Writer struct {
	start unsafe.Pointer
	size  uint64
	// The address that the body's first byte has where the image is read.
	base uint64
	top  uint64
	// Where leases come from, for results that have any.
	lender Lender
	err    error
}

// A Lender puts bytes where they can stay after the body is gone.
type Lender interface {
	// Lend returns the address that the bytes, which are not empty, have where the image is read. Bytes that lie in shared
	// memory already stay where they are, others are copied.
	Lend(b []byte) (address uint64, err error)
}

// LendFrom says where leases come from, after Reset.
func (w *Writer) LendFrom(l Lender) { w.lender = l }

// Reset points the writer at a body whose root takes rootSize bytes.
func (w *Writer) Reset(body []byte, base uint64, rootSize uint32) {
	*w = Writer{start: unsafe.Pointer(unsafe.SliceData(body)), size: uint64(len(body)), base: base, top: uint64(rootSize)}
}

// Err returns the first fault: the value is not what Sizer saw, or not sendable.
func (w *Writer) Err() error { return w.err }

// Fail records a fault, unless there is one already.
func (w *Writer) Fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// FailLiteral records that a result holds a string which is none of its type's constants.
func (w *Writer) FailLiteral(typeName, value string) {
	w.Fail(&ResultError{fmt.Sprintf("the result holds %q, which is none of the constants of %s", value, typeName)})
}

// FailNumber records that a result holds a number which is none of its type's constants.
func (w *Writer) FailNumber(typeName string, value int) {
	w.Fail(&ResultError{fmt.Sprintf("the result holds %d, which is none of the constants of %s", value, typeName)})
}

// FailNil records that a result holds nil where a member of a union has to be.
func (w *Writer) FailNil(typeName string) {
	w.Fail(&ResultError{fmt.Sprintf("the result holds a nil %s; where it may be absent, declare it as %[1]s | null", typeName)})
}

// take reserves room for n elements. It fails rather than write past the body: a handler that goes on changing its
// result in another goroutine can make the value larger than it was when it was sized.
func (w *Writer) take(n, size, align uint64) (uint64, bool) {
	at := alignUp(w.top, align)
	if w.err != nil || at > w.size || n*size > w.size-at {
		w.Fail(errors.New("ts2go: the result grew while it was being sent; a handler must not change a value that it has returned"))
		return 0, false
	}
	w.top = at + n*size
	return at, true
}

func (w *Writer) word(at uint32, v uint64) { *(*uint64)(unsafe.Add(w.start, at)) = v }

func (w *Writer) String(at uint32, s string) {
	if len(s) == 0 {
		w.word(at, 0)
		w.word(at+8, 0)
		return
	}
	if !utf8.ValidString(s) {
		w.Fail(ErrInvalidUTF8)
		return
	}
	to, ok := w.take(uint64(len(s)), 1, 1)
	if !ok {
		return
	}
	copy(unsafe.Slice((*byte)(unsafe.Add(w.start, to)), len(s)), s)
	w.word(at, w.base+to)
	w.word(at+8, uint64(len(s)))
}

// List writes the header of a slice of n elements and returns the offset of the first. ok is false where there is
// nothing to write.
func (w *Writer) List(at uint32, n int, size, align uint32) (first uint32, ok bool) {
	if n == 0 {
		w.word(at, 0)
		w.word(at+8, 0)
		w.word(at+16, 0)
		return 0, false
	}
	to, ok := w.take(uint64(n), uint64(size), uint64(align))
	if !ok {
		return 0, false
	}
	w.word(at, w.base+to)
	w.word(at+8, uint64(n))
	w.word(at+16, uint64(n))
	return uint32(to), true
}

// Pointer writes a reference to a value of this size and returns where the value goes.
func (w *Writer) Pointer(at uint32, size, align uint32) (target uint32, ok bool) {
	to, ok := w.take(1, uint64(size), uint64(align))
	if !ok {
		return 0, false
	}
	w.word(at, w.base+to)
	return uint32(to), true
}

// Nil writes an absent optional value.
func (w *Writer) Nil(at uint32) { w.word(at, 0) }

// Variant writes the number of a union's member and a reference to it, and returns where the member goes.
func (w *Writer) Variant(at uint32, tag, size, align uint32) (target uint32, ok bool) {
	w.Uint32(at, tag)
	return w.Pointer(at+8, size, align)
}

// NoVariant writes an absent union.
func (w *Writer) NoVariant(at uint32) {
	w.Uint32(at, 0)
	w.Nil(at + 8)
}

// Keys returns a map's keys in order, so that the same map is the same bytes in every run: Go's own order is random.
// It allocates a slice of them.
func Keys[K cmp.Ordered, V any](m map[K]V) []K {
	return slices.Sorted(maps.Keys(m))
}

// BoolKeys is Keys for booleans: false comes first.
func BoolKeys[K ~bool, V any](m map[K]V) []K {
	return slices.SortedFunc(maps.Keys(m), func(a, b K) int {
		switch {
		case a == b:
			return 0
		case bool(a):
			return 1
		default:
			return -1
		}
	})
}

// Time writes a time as milliseconds since 1970, which is all that a Date holds: what is finer is cut off. The zero
// time is refused, because it says that there is none, and so are years that Date does not reach. name says of what.
func (w *Writer) Time(at uint32, t time.Time, name string) {
	ms := t.UnixMilli()
	switch year := t.Year(); {
	case t.IsZero():
		w.Fail(&ResultError{name + " is the zero time; where there may be none, declare it as Date | null"})
	case year < -300_000 || year > 300_000 || ms < -dateMax || ms > dateMax:
		w.Fail(&ResultError{fmt.Sprintf("%s is in the year %d, beyond what Date can hold", name, year)})
	default:
		w.Int64(at, ms)
	}
}

// Lease writes a slice of bytes that stays after the body is gone.
func (w *Writer) Lease(at uint32, b []byte) {
	var address, n uint64
	if len(b) > 0 && w.err == nil {
		var err error
		if address, err = w.lender.Lend(b); err != nil {
			w.Fail(err)
			return
		}
		n = uint64(len(b))
	}
	w.word(at, address)
	w.word(at+8, n)
	w.word(at+16, n)
}

// WriteNumbers writes a slice of numbers.
func WriteNumbers[T Number](w *Writer, at uint32, s []T) {
	var zero T
	size := uint32(unsafe.Sizeof(zero))
	if first, ok := w.List(at, len(s), size, size); ok {
		copy(unsafe.Slice((*T)(unsafe.Add(w.start, first)), len(s)), s)
	}
}

func (w *Writer) Bool(at uint32, v bool) {
	var b uint8
	if v {
		b = 1
	}
	*(*uint8)(unsafe.Add(w.start, at)) = b
}

func (w *Writer) Uint8(at uint32, v uint8)     { *(*uint8)(unsafe.Add(w.start, at)) = v }
func (w *Writer) Int8(at uint32, v int8)       { *(*int8)(unsafe.Add(w.start, at)) = v }
func (w *Writer) Uint16(at uint32, v uint16)   { *(*uint16)(unsafe.Add(w.start, at)) = v }
func (w *Writer) Int16(at uint32, v int16)     { *(*int16)(unsafe.Add(w.start, at)) = v }
func (w *Writer) Uint32(at uint32, v uint32)   { *(*uint32)(unsafe.Add(w.start, at)) = v }
func (w *Writer) Int32(at uint32, v int32)     { *(*int32)(unsafe.Add(w.start, at)) = v }
func (w *Writer) Uint64(at uint32, v uint64)   { *(*uint64)(unsafe.Add(w.start, at)) = v }
func (w *Writer) Int64(at uint32, v int64)     { *(*int64)(unsafe.Add(w.start, at)) = v }
func (w *Writer) Float32(at uint32, v float32) { *(*float32)(unsafe.Add(w.start, at)) = v }
func (w *Writer) Float64(at uint32, v float64) { *(*float64)(unsafe.Add(w.start, at)) = v }
func (w *Writer) Int(at uint32, v int)         { *(*int64)(unsafe.Add(w.start, at)) = int64(v) }
