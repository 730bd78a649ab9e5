package memring

import (
	"testing"
	"unsafe"
)

// wide is an entry as the bridge has them: 64 bytes, of several sizes.
type wide struct {
	Kind   uint8
	Flags  uint8
	Method uint16
	CallID uint32
	Length uint32
	Aux    uint32
	Ref    uint64
	Inline [40]byte
}

// heapRing is a ring on ordinary memory, where the race detector watches it, with both indices at start.
func heapRing(capacity, start uint32) ([]byte, Place) {
	place := Place{Tail: 0, Head: 128, Sleeping: 256, Space: 384, Entries: 512, Capacity: capacity}
	mem := make([]byte, place.Entries+uint64(capacity)*uint64(unsafe.Sizeof(wide{})))
	word(mem, place.Tail).Store(start)
	word(mem, place.Head).Store(start)
	return mem, place
}

func newDoorbell(t testing.TB) *Doorbell {
	t.Helper()
	d, err := CreateDoorbell()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func TestCPUs(t *testing.T) {
	if n := CPUs(); n < 1 || n > 1<<16 {
		t.Errorf("%d processors", n)
	}
}
