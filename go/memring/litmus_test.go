//go:build !race

package memring

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"
)

// Each word in a cache line of its own.
type litmusWord struct {
	atomic.Uint32
	_ [124]byte
}

// litmus has two threads store their own word and then load the other's, once a round, and counts the rounds in which
// both found the old value: then a producer and a consumer would both go on unheard. Rounds are counted in the words
// themselves, so nothing has to be set back.
func litmus(rounds uint32, ordered bool) (bothOld int) {
	var words, gates [2]litmusWord
	var old [2][]bool
	var sides sync.WaitGroup
	for side := range 2 {
		old[side] = make([]bool, rounds+1)
		sides.Add(1)
		go func() {
			defer sides.Done()
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			own, other := &words[side].Uint32, &words[1-side].Uint32
			plainOwn, plainOther := (*uint32)(unsafe.Pointer(own)), (*uint32)(unsafe.Pointer(other))
			for round := uint32(1); round <= rounds; round++ {
				// Both leave the gate at nearly the same moment.
				gates[side].Store(round)
				for spins := 0; gates[1-side].Load() < round; spins++ {
					if spins > 1000 {
						runtime.Gosched()
					}
				}
				if ordered {
					own.Store(round)
					old[side][round] = other.Load() < round
				} else {
					*plainOwn = round
					old[side][round] = *plainOther < round
				}
			}
		}()
	}
	sides.Wait()
	for round := range old[0] {
		if old[0][round] && old[1][round] {
			bothOld++
		}
	}
	return bothOld
}

// The store-buffer litmus test: why both sides of a hand-shake store and load by sync/atomic.
func TestStoreBuffer(t *testing.T) {
	const rounds = 300_000
	t.Logf("%d rounds: both saw the old value in %d with plain accesses", rounds, litmus(rounds, false))
	if n := litmus(rounds, true); n != 0 {
		t.Errorf("both saw the old value in %d rounds with sequentially consistent accesses", n)
	}
}
