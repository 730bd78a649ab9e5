package channel

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"x.example/go/memring"
)

// Header is the private copy of a region's header. Sizes and offsets are in bytes.
type Header struct {
	RegionSize        uint64
	Nonce             uint64
	SchemaHash        [32]byte
	ToGoCapacity      uint32
	ToNodeCapacity    uint32
	ToGoEntries       uint64
	ToNodeEntries     uint64
	RequestArena      uint64
	RequestArenaSize  uint64
	ResponseArena     uint64
	ResponseArenaSize uint64
}

const (
	maxCapacity = 1 << SlotBits
	maxRegion   = 1<<32 - ArenaAlign
)

// ParseHeader checks a private copy of the header of a region of size bytes. It returns a *memring.HeaderError that
// names the first field that differs.
func ParseHeader(b []byte, size uint64) (Header, error) {
	if len(b) < HeaderSize {
		return Header{}, refuse("size", fmt.Sprint("at least ", HeaderSize, " bytes"), len(b))
	}
	if magic := b[HeaderMagic : HeaderMagic+len(Magic)]; !bytes.Equal(magic, []byte(Magic)) {
		return Header{}, refuse("magic", fmt.Sprintf("%q", Magic), fmt.Sprintf("%q", magic))
	}
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
	u64 := func(at int) uint64 { return binary.LittleEndian.Uint64(b[at:]) }
	for _, f := range []struct {
		name     string
		at       int
		expected uint32
	}{
		{"protocol version", HeaderVersion, Version},
		{"header size", HeaderHeaderSize, HeaderSize},
		{"entry size", HeaderEntrySize, EntrySize},
		{"feature bits", HeaderFeatures, 0},
	} {
		if received := u32(f.at); received != f.expected {
			return Header{}, refuse(f.name, f.expected, received)
		}
	}
	h := Header{
		RegionSize:        u64(HeaderRegionSize),
		Nonce:             u64(HeaderNonce),
		ToGoCapacity:      u32(HeaderToGoCapacity),
		ToNodeCapacity:    u32(HeaderToNodeCapacity),
		ToGoEntries:       u64(HeaderToGoEntries),
		ToNodeEntries:     u64(HeaderToNodeEntries),
		RequestArena:      u64(HeaderRequestArena),
		RequestArenaSize:  u64(HeaderRequestArenaSize),
		ResponseArena:     u64(HeaderResponseArena),
		ResponseArenaSize: u64(HeaderResponseArenaSize),
	}
	copy(h.SchemaHash[:], b[HeaderSchemaHash:])
	return h, h.check(size)
}

// check recomputes every offset: they all follow from the region's size and the capacities.
func (h *Header) check(size uint64) error {
	if h.RegionSize != size {
		return refuse("region size", size, h.RegionSize)
	}
	if size > maxRegion || size%ArenaAlign != 0 {
		return refuse("region size", fmt.Sprint("a multiple of ", ArenaAlign, " up to ", uint64(maxRegion)), size)
	}
	for _, f := range []struct {
		name string
		n    uint32
	}{
		{"toGoCapacity", h.ToGoCapacity},
		{"toNodeCapacity", h.ToNodeCapacity},
	} {
		if f.n == 0 || f.n > maxCapacity || f.n&(f.n-1) != 0 {
			return refuse(f.name, fmt.Sprint("a power of two up to ", maxCapacity), f.n)
		}
	}
	toNodeEntries := EntriesOffset + uint64(h.ToGoCapacity)*EntrySize
	requestArena := alignUp(toNodeEntries + uint64(h.ToNodeCapacity)*EntrySize)
	if requestArena+2*ArenaAlign > size {
		return refuse("region size", fmt.Sprint("at least ", requestArena+2*ArenaAlign), size)
	}
	half := (size - requestArena) / 2 / ArenaAlign * ArenaAlign
	for _, f := range []struct {
		name               string
		received, expected uint64
	}{
		{"toGoEntries", h.ToGoEntries, EntriesOffset},
		{"toNodeEntries", h.ToNodeEntries, toNodeEntries},
		{"requestArena", h.RequestArena, requestArena},
		{"requestArenaSize", h.RequestArenaSize, half},
		{"responseArena", h.ResponseArena, requestArena + half},
		{"responseArenaSize", h.ResponseArenaSize, half},
	} {
		if f.received != f.expected {
			return refuse(f.name, f.expected, f.received)
		}
	}
	return nil
}

func alignUp(n uint64) uint64 { return (n + ArenaAlign - 1) / ArenaAlign * ArenaAlign }

func refuse(field string, expected, received any) error {
	return &memring.HeaderError{Field: field, Expected: expected, Received: received}
}
