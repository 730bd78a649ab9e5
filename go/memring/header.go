package memring

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// queueHeader is the private copy of a queue's header: what its kinds differ in.
type queueHeader struct {
	shape, entrySize, capacity, doorbell uint32
}

// A memfd is a multiple of this in bytes: the largest page size of any supported machine.
const memfdAlign = 65536

// headerLength is how much of the memory the header takes, in bytes.
const headerLength = wordTail

// size is that of the whole memory in bytes.
func (h *queueHeader) size() uint64 {
	n := data + uint64(h.capacity)*uint64(h.unit())
	if h.doorbell == doorbellEventfd {
		n = (n + memfdAlign - 1) / memfdAlign * memfdAlign
	}
	return n
}

// unit is what capacity counts, in bytes.
func (h *queueHeader) unit() uint32 {
	if h.shape == shapeMessages {
		return 1
	}
	return h.entrySize
}

func (h *queueHeader) minCapacity() uint32 {
	if h.shape == shapeMessages {
		return messageCapacityMin
	}
	return 1
}

// chooseCapacity rounds up to a power of two.
func (h *queueHeader) chooseCapacity(capacity uint32) error {
	if capacity == 0 || capacity > capacityMax {
		return errInvalidOption.because("a capacity of %d: take 1 to %d", capacity, capacityMax)
	}
	h.capacity = max(1<<bits.Len32(capacity-1), h.minCapacity())
	return nil
}

func (h *queueHeader) write(b []byte) {
	copy(b[headerMagic:], magic)
	for at, value := range map[int]uint32{
		headerVersion: version, headerShape: h.shape, headerEntrySize: h.entrySize, headerCapacity: h.capacity,
		headerDoorbell: h.doorbell, headerFeatures: 0,
	} {
		binary.LittleEndian.PutUint32(b[at:], value)
	}
	binary.LittleEndian.PutUint64(b[headerSize:], h.size())
}

// parse checks a private copy of the header of a memory of size bytes against what is wanted, apart from the capacity,
// which it takes over. The error names the first field that differs.
func (h *queueHeader) parse(b []byte, size uint64) error {
	if received := string(b[headerMagic : headerMagic+len(magic)]); received != magic {
		return &HeaderError{"magic", fmt.Sprintf("%q", magic), fmt.Sprintf("%q", received)}
	}
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
	for _, f := range []struct {
		name     string
		at       int
		expected uint32
	}{
		{"version", headerVersion, version},
		{"shape", headerShape, h.shape},
		{"entrySize", headerEntrySize, h.entrySize},
	} {
		if received := u32(f.at); received != f.expected {
			return &HeaderError{f.name, f.expected, received}
		}
	}
	h.capacity = u32(headerCapacity)
	if least := h.minCapacity(); h.capacity < least || h.capacity > capacityMax || h.capacity&(h.capacity-1) != 0 {
		return &HeaderError{"capacity", fmt.Sprintf("a power of two from %d to %d", least, capacityMax), h.capacity}
	}
	if received := u32(headerDoorbell); received != h.doorbell {
		return &HeaderError{"doorbell", h.doorbell, received}
	}
	if received := u32(headerFeatures); received != 0 {
		return &HeaderError{"features", 0, received}
	}
	if received := binary.LittleEndian.Uint64(b[headerSize:]); received != h.size() {
		return &HeaderError{"size", h.size(), received}
	}
	if size != h.size() {
		return &HeaderError{"size of the file", h.size(), size}
	}
	return nil
}
