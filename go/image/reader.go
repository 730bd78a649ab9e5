package image

import (
	"fmt"
	"sync/atomic"
	"time"
	"unsafe"
)

// MaxDepth bounds the nesting of recursive types in both directions. The same number stands in the TypeScript half.
const MaxDepth = 512

// dateMax is the last millisecond that JavaScript's Date can hold, and with a minus the first.
const dateMax = 8_640_000_000_000_000

// Error says what is wrong with an image that the peer sent. It fails one call, never the process.
type Error struct {
	// What was expected and what came.
	Problem string
}

func (e *Error) Error() string { return "ts2go: bad request image: " + e.Problem }

// Reader reads one body. What it returns is the caller's own, except where a method says otherwise: copied piece by
// piece, or a part of the copy that Own has made. It remembers the first fault: after one, every method returns zero
// values, and Err says what it was.
//
// A Reader belongs to one goroutine.
type Reader struct {
	start unsafe.Pointer
	size  uint64
	// The address of the body's first byte as the writer of the image saw it.
	base uint64
	// Bytes that refs may still claim. An honest image claims each byte at most once, so the sum of all copies is
	// bounded by the size of the body, and aliased refs can't be used to inflate it.
	left  uint64
	depth int
	// The body is Own's copy: nobody else can reach it.
	own bool
	// Where leases may lie, for requests that have any.
	arena *Arena
	err   error
}

// Arena is the memory that requests lie in.
type Arena struct {
	Mem []byte
	// The address of its first byte as the writer of the image sees it.
	Base uint64
}

// LeasesFrom says where leases may lie, after Reset.
func (r *Reader) LeasesFrom(a *Arena) { r.arena = a }

// Lease returns a slice of bytes in place, wherever it lies in the arena. It is valid until the call has been completed,
// and cannot be written to.
func (r *Reader) Lease(at uint32) []byte {
	address, n := r.word(at), r.word(at+8)
	if n == 0 || r.err != nil {
		return nil
	}
	size := uint64(len(r.arena.Mem))
	offset := address - r.arena.Base // wraps to something huge if the address lies below
	if offset > size || n > size-offset {
		r.Fail(fmt.Sprintf("a lease of %d bytes at %#x, outside the arena of %d bytes at %#x", n, address, size, r.arena.Base))
		return nil
	}
	// Without room behind it, into which append would write.
	return r.arena.Mem[offset : offset+n : offset+n]
}

// ownMax is the size in bytes up to which Own copies a body whole. A string that is kept keeps all of it, so it is not
// much more than what a string of its own would take.
const ownMax = 256

// Reset points the reader at a body that holds at least a root of rootSize bytes. base is the address that the
// body's first byte has in the eyes of the writer of the image.
func (r *Reader) Reset(body []byte, base uint64, rootSize uint32) {
	*r = Reader{base: base}
	if uint64(len(body)) < uint64(rootSize) {
		r.Fail(fmt.Sprintf("the body has %d bytes, its root needs %d", len(body), rootSize))
		// A root that is all zeros reads as empty values, whatever generated code asks of it.
		body = make([]byte, rootSize)
	}
	r.size = uint64(len(body))
	r.left = r.size
	r.start = unsafe.Pointer(unsafe.SliceData(body))
}

// Own copies a small body whole into Go's memory: one allocation instead of one for every string and slice, which are
// then parts of the copy. Call it after Reset, where nothing is to be read in place.
//
// An honest image has no two refs to the same byte. A forged one may, and then a handler that writes to one of its
// slices sees another value of the same request change.
func (r *Reader) Own() {
	if r.size > ownMax || r.err != nil {
		return
	}
	// Whole words, so that it is aligned for every type.
	words := make([]uint64, (r.size+7)/8)
	start := unsafe.Pointer(unsafe.SliceData(words))
	copy(unsafe.Slice((*byte)(start), r.size), unsafe.Slice((*byte)(r.start), r.size))
	r.start, r.own = start, true
}

// Err returns the first fault, or nil.
func (r *Reader) Err() error { return r.err }

// Fail records a fault, unless there is one already.
func (r *Reader) Fail(problem string) {
	if r.err == nil {
		r.err = &Error{Problem: problem}
	}
}

// Enter counts one level of a recursive type and reports whether it may be read; pair it with Leave.
func (r *Reader) Enter() bool {
	if r.depth >= MaxDepth {
		r.Fail(fmt.Sprintf("nested deeper than %d", MaxDepth))
		return false
	}
	r.depth++
	return true
}

// Leave pairs with the Enter that returned true.
func (r *Reader) Leave() { r.depth-- }

// word loads 8 bytes exactly once. The load is atomic so that the compiler may not repeat it after a check.
func (r *Reader) word(at uint32) uint64 {
	return atomic.LoadUint64((*uint64)(unsafe.Add(r.start, at)))
}

// claim checks a ref and returns the offset that it names in the body.
func (r *Reader) claim(address, count, size, align uint64) (uint64, bool) {
	// A zero-size element still costs one, so that a forged length can't make a loop of 2^64 rounds.
	cost := max(size, 1)
	if r.err != nil {
		return 0, false
	}
	if count > r.left/cost {
		r.Fail(fmt.Sprintf("a ref to %d elements of %d bytes, more than the body of %d bytes can hold", count, size, r.size))
		return 0, false
	}
	offset := address - r.base // wraps to something huge if the address lies below
	length := count * size
	if offset > r.size || length > r.size-offset {
		r.Fail(fmt.Sprintf("a ref to %d bytes at %#x, outside the body of %d bytes at %#x", length, address, r.size, r.base))
		return 0, false
	}
	if offset&(align-1) != 0 {
		r.Fail(fmt.Sprintf("a ref to %#x, not aligned to %d bytes", address, align))
		return 0, false
	}
	r.left -= count * cost
	return offset, true
}

// String returns the string at offset at.
func (r *Reader) String(at uint32) string {
	address, n := r.word(at), r.word(at+8)
	if n == 0 {
		return ""
	}
	offset, ok := r.claim(address, n, 1, 1)
	if !ok {
		return ""
	}
	if r.own {
		return unsafe.String((*byte)(unsafe.Add(r.start, offset)), n)
	}
	return string(unsafe.Slice((*byte)(unsafe.Add(r.start, offset)), n))
}

// Peek returns the string at offset at in place: it may change while it is looked at, and must not be kept. For
// choosing among constants.
func (r *Reader) Peek(at uint32) string {
	address, n := r.word(at), r.word(at+8)
	if n == 0 {
		return ""
	}
	offset, ok := r.claim(address, n, 1, 1)
	if !ok {
		return ""
	}
	return unsafe.String((*byte)(unsafe.Add(r.start, offset)), n)
}

// List reads the header of a slice whose elements have this size and alignment, and returns the offset of the first
// element and how many there are. It checks that all of them lie in the body.
func (r *Reader) List(at uint32, size, align uint32) (first uint32, n int) {
	address, length, capacity := r.word(at), r.word(at+8), r.word(at+16)
	if length == 0 {
		return 0, 0
	}
	if length > capacity {
		r.Fail(fmt.Sprintf("a slice of length %d with capacity %d", length, capacity))
		return 0, 0
	}
	offset, ok := r.claim(address, length, uint64(size), uint64(align))
	if !ok {
		return 0, 0
	}
	return uint32(offset), int(length)
}

// Pointer reads an optional value: the offset of what it points to, and whether there is one.
func (r *Reader) Pointer(at uint32, size, align uint32) (target uint32, ok bool) {
	address := r.word(at)
	if address == 0 {
		return 0, false
	}
	offset, ok := r.claim(address, 1, uint64(size), uint64(align))
	return uint32(offset), ok
}

// Variant returns the offset of the member of a union that has this size and alignment. The member's number, a uint32,
// stands at the same offset.
func (r *Reader) Variant(at uint32, size, align uint32) (target uint32, ok bool) {
	target, ok = r.Pointer(at+8, size, align)
	if !ok {
		r.Fail("a member of a union that is not there")
	}
	return target, ok
}

// Distinct refuses a map, or a set, of n entries that has fewer keys: one came twice.
func (r *Reader) Distinct(keys, n int) {
	if keys != n {
		r.Fail(fmt.Sprintf("%d entries with only %d different keys", n, keys))
	}
}

// Time reads milliseconds since 1970 as a time in UTC.
func (r *Reader) Time(at uint32) time.Time {
	ms := r.Int64(at)
	if ms < -dateMax || ms > dateMax {
		r.Fail(fmt.Sprintf("a time of %d ms since 1970, which is no Date", ms))
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Number is an element of a typed array, or of a list of numbers.
type Number interface {
	~uint8 | ~int8 | ~uint16 | ~int16 | ~uint32 | ~int32 | ~uint64 | ~int64 | ~float32 | ~float64 | ~int
}

// ReadNumbers returns a slice of numbers. An empty one is nil.
func ReadNumbers[T Number](r *Reader, at uint32) []T {
	var zero T
	size := uint32(unsafe.Sizeof(zero))
	first, n := r.List(at, size, size)
	if n == 0 {
		return nil
	}
	numbers := unsafe.Slice((*T)(unsafe.Add(r.start, first)), n)
	if r.own {
		return numbers
	}
	return append([]T(nil), numbers...)
}

// Bool reads any byte but 0 as true, so that no Go bool ever holds another value than 0 or 1.
func (r *Reader) Bool(at uint32) bool { return *(*uint8)(unsafe.Add(r.start, at)) != 0 }

func (r *Reader) Uint8(at uint32) uint8     { return *(*uint8)(unsafe.Add(r.start, at)) }
func (r *Reader) Int8(at uint32) int8       { return *(*int8)(unsafe.Add(r.start, at)) }
func (r *Reader) Uint16(at uint32) uint16   { return *(*uint16)(unsafe.Add(r.start, at)) }
func (r *Reader) Int16(at uint32) int16     { return *(*int16)(unsafe.Add(r.start, at)) }
func (r *Reader) Uint32(at uint32) uint32   { return *(*uint32)(unsafe.Add(r.start, at)) }
func (r *Reader) Int32(at uint32) int32     { return *(*int32)(unsafe.Add(r.start, at)) }
func (r *Reader) Uint64(at uint32) uint64   { return *(*uint64)(unsafe.Add(r.start, at)) }
func (r *Reader) Int64(at uint32) int64     { return *(*int64)(unsafe.Add(r.start, at)) }
func (r *Reader) Float32(at uint32) float32 { return *(*float32)(unsafe.Add(r.start, at)) }
func (r *Reader) Float64(at uint32) float64 { return *(*float64)(unsafe.Add(r.start, at)) }

// Int reads Go's int, which is 64 bits on every platform that this package supports.
func (r *Reader) Int(at uint32) int { return int(*(*int64)(unsafe.Add(r.start, at))) }
