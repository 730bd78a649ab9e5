package ts2go

import (
	"math/rand/v2"
	"testing"
)

// A model: the set of live ranges must never overlap, stay inside, and come back to nothing.
func TestArenaAgainstModel(t *testing.T) {
	const start, size = 3 << 16, 40 << 16
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		a := newArena(start, size)
		owner := make([]int, size/128) // 0 free, else id
		live := map[int]struct {
			at   uint32
			size uint64
		}{}
		id := 0
		for range 5000 {
			if rng.IntN(2) == 0 || len(live) == 0 {
				n := uint64(1) << rng.IntN(19)
				n += rng.Uint64N(n)
				at := a.alloc(n)
				if at == noOffset {
					continue
				}
				if at%128 != 0 || at < start || uint64(at)+n > start+size {
					t.Fatalf("%d bytes at %d, outside the arena or not aligned", n, at)
				}
				id++
				live[id] = struct {
					at   uint32
					size uint64
				}{at, n}
				for b := (uint64(at) - start) / 128; b*128 < uint64(at)-start+n; b++ {
					if owner[b] != 0 {
						t.Fatalf("block %d was given to %d and to %d", b, owner[b], id)
					}
					owner[b] = id
				}
				continue
			}
			for k, v := range live {
				for b := (uint64(v.at) - start) / 128; b*128 < uint64(v.at)-start+v.size; b++ {
					owner[b] = 0
				}
				a.release(v.at)
				delete(live, k)
				break
			}
			if a.used != len(live) {
				t.Fatalf("%d in use, %d alive", a.used, len(live))
			}
		}
		for _, v := range live {
			a.release(v.at)
		}
		if a.used != 0 {
			t.Fatalf("%d in use after all were released", a.used)
		}
		// Empty again, it has room for one that takes all of it.
		if a.alloc(size) == noOffset {
			t.Fatal("the empty arena is fragmented")
		}
	}
}
