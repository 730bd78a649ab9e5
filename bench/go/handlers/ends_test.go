package handlers_test

import (
	"testing"

	"example.test/bench/handlers"
)

func TestEnds(t *testing.T) {
	seen := map[uint32]int{}
	for _, size := range []int{16, 17, 4096} {
		for mark := range 256 {
			payload := handlers.MarkEnds(make([]byte, size), uint8(mark))
			if payload[0] != uint8(mark) || payload[size-1] != uint8(mark+15) {
				t.Fatalf("size %d, mark %d: the ends are %d and %d", size, mark, payload[0], payload[size-1])
			}
			seen[handlers.TakeEnds(payload)]++
			for _, i := range []int{0, 7, size - 8, size - 1} {
				before := handlers.TakeEnds(payload)
				payload[i]++
				if handlers.TakeEnds(payload) == before {
					t.Errorf("size %d: byte %d is not looked at", size, i)
				}
				payload[i]--
			}
		}
	}
	if len(seen) != 3*256 {
		t.Errorf("got %d different answers, want %d", len(seen), 3*256)
	}
}
