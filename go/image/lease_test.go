package image

import (
	"encoding/binary"
	"errors"
	"testing"
)

// A lease may lie anywhere in the arena, and nowhere else.
func TestLease(t *testing.T) {
	const base = 7 << 32
	mem := make([]byte, 4096)
	for i := range mem {
		mem[i] = byte(i)
	}
	for name, c := range map[string]struct {
		address, n uint64
		want       int
		fault      bool
	}{
		"nothing":           {0, 0, 0, false},
		"nothing, anywhere": {1, 0, 0, false},
		"in the body":       {base, 24, 24, false},
		"elsewhere":         {base + 4000, 96, 96, false},
		"all of it":         {base, 4096, 4096, false},
		"beyond the end":    {base + 4000, 97, 0, true},
		"after it":          {base + 4097, 1, 0, true},
		"before it":         {base - 1, 1, 0, true},
		"of 2^63 bytes":     {base, 1 << 63, 0, true},
		"around the world":  {base + 16, ^uint64(0), 0, true},
		"in Go's memory":    {0xc000000000, 8, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			body := mem[:24]
			binary.NativeEndian.PutUint64(body, c.address)
			binary.NativeEndian.PutUint64(body[8:], c.n)
			var r Reader
			r.Reset(body, base, 24)
			r.LeasesFrom(&Arena{Mem: mem, Base: base})
			got := r.Lease(0)
			var fault *Error
			if errors.As(r.Err(), &fault) != c.fault || len(got) != c.want || cap(got) != c.want {
				t.Fatalf("%d bytes with room for %d, %v", len(got), cap(got), r.Err())
			}
			if c.want > 0 && &got[0] != &mem[c.address-base] {
				t.Fatal("it is not in place")
			}
		})
	}
}
