package channel

import (
	"fmt"
	"sync/atomic"
	"unsafe"

	"x.example/go/memring/internal/memfd"
)

// Region is a mapped region. Its memory lies outside the Go heap: no Go pointer may be stored there.
type Region struct {
	Header Header
	fd     int
	// The whole region. The request arena in it is read-only: a write there faults.
	Mem []byte
}

// alignment of the mapping: the upper half of every address in the region is one constant.
const alignment = 1 << 32

// Map maps the region behind fd, which has to be a memfd sealed against shrinking, at an address that is a multiple of
// 4 GiB. The request arena is mapped read-only. The fd stays the caller's, and open: Release needs it.
func Map(fd int) (*Region, error) {
	size, sealed, err := memfd.Stat(fd)
	if err != nil {
		return nil, err
	}
	if !sealed.Shrink {
		return nil, refuse("seals", "sealed against shrinking", "none")
	}
	// The header is copied before anything is mapped and never read again.
	first := make([]byte, HeaderSize)
	n, err := memfd.ReadHeader(fd, first)
	if err != nil {
		return nil, fmt.Errorf("memring: %w", err)
	}
	if n < HeaderSize {
		return nil, refuse("size", HeaderSize, n)
	}
	header, err := ParseHeader(first, size)
	if err != nil {
		return nil, err
	}
	at, err := reserve(size)
	if err != nil {
		return nil, err
	}
	region := &Region{fd: fd, Header: header, Mem: unsafe.Slice((*byte)(at), size)}
	for _, part := range []struct {
		offset, length uint64
		writable       bool
	}{
		{0, header.RequestArena, true},
		{header.RequestArena, header.RequestArenaSize, false},
		{header.ResponseArena, size - header.ResponseArena, true},
	} {
		if err := mapFixed(fd, unsafe.Add(at, part.offset), part.offset, part.length, part.writable); err != nil {
			_ = region.Unmap()
			return nil, fmt.Errorf("memring: cannot map %d bytes of the region: %w", part.length, err)
		}
	}
	return region, nil
}

// Base is the address of the region's first byte: a multiple of 4 GiB.
func (r *Region) Base() uint64 { return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(r.Mem)))) }

// Unmap takes the region out of the address space. Every goroutine that uses it must have stopped. A second Unmap does
// nothing: what lies there then is somebody else's.
func (r *Region) Unmap() error {
	if r.Mem == nil {
		return nil
	}
	mem := r.Mem
	r.Mem = nil
	return unmap(mem)
}

// Release gives the pages of a part of the region back to the system. They read as zero afterwards.
func (r *Region) Release(offset, length uint64) error { return punch(r.fd, offset, length) }

// SetState says where this side stands in its life, for whoever looks at the region.
func (r *Region) SetState(state uint32) {
	(*atomic.Uint32)(unsafe.Pointer(&r.Mem[ControlGoState])).Store(state)
}
