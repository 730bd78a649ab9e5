package image

import (
	"fmt"
	"unsafe"
)

// The checks for borrowed parameters: they walk the image like the reading methods do and copy nothing. What passes
// can be used in place as a Go value, as long as the peer keeps to the protocol and leaves it alone.

// Root returns the root value in place, for a borrowed parameter, after the checks have passed.
func (r *Reader) Root(at uint32) unsafe.Pointer { return unsafe.Add(r.start, at) }

// InPlace reports whether pointers in the image are addresses in this process: without that nothing can be borrowed.
func (r *Reader) InPlace() bool { return uint64(uintptr(r.start)) == r.base }

// CheckBool refuses a byte that is no Go bool.
func (r *Reader) CheckBool(at uint32) {
	if b := r.Uint8(at); b > 1 {
		r.Fail(fmt.Sprintf("a bool of %d", b))
	}
}

// CheckString checks the ref of a string. An empty string has to be nil: used in place, its pointer is kept.
func (r *Reader) CheckString(at uint32) { r.CheckPeek(at) }

// CheckPeek is CheckString for a string that is used at once: it returns the string in place, built from the ref that
// was checked and not read again.
func (r *Reader) CheckPeek(at uint32) string {
	address, n := r.word(at), r.word(at+8)
	if n == 0 && address == 0 {
		return ""
	}
	offset, ok := r.claim(address, n, 1, 1)
	if !ok {
		return ""
	}
	return unsafe.String((*byte)(unsafe.Add(r.start, offset)), n)
}

// CheckList is List for a slice that is used in place: an empty slice has to be nil.
func (r *Reader) CheckList(at uint32, size, align uint32) (first uint32, n int) {
	address, length, capacity := r.word(at), r.word(at+8), r.word(at+16)
	if address == 0 && length == 0 && capacity == 0 {
		return 0, 0
	}
	if length != capacity {
		// Room behind the length would let append write into the region.
		r.Fail(fmt.Sprintf("a borrowed slice of length %d with capacity %d", length, capacity))
		return 0, 0
	}
	offset, ok := r.claim(address, length, uint64(size), uint64(align))
	if !ok {
		return 0, 0
	}
	return uint32(offset), int(length)
}

// CheckPointer is Pointer.
func (r *Reader) CheckPointer(at uint32, size, align uint32) (target uint32, ok bool) {
	return r.Pointer(at, size, align)
}
