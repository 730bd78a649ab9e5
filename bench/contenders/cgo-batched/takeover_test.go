package main

import (
	"encoding/binary"
	"slices"
	"testing"
	"time"
)

// record makes a request without users and bytes.
func record(slot, method uint32) []byte {
	r := make([]byte, recordHeader)
	binary.LittleEndian.PutUint32(r, recordHeader)
	binary.LittleEndian.PutUint32(r[4:], slot)
	binary.LittleEndian.PutUint32(r[8:], method)
	return r
}

// A method that was quick so far and then waits must not hold up what comes behind it, and every call must be
// delivered once.
func TestStuckRunnerIsTakenOver(t *testing.T) {
	delivered := make(chan uint32, 1000)
	handOver = func(list []completion, _ []byte, _ uint32) {
		for _, done := range list {
			delivered <- uint32(done.slot)
		}
	}
	first := newRunner()
	current.Store(first)
	go first.work(nil)
	go watch()

	for round := range 20 {
		for method := range calm {
			calm[method].Store(calmMin) // as if all had been quick
		}
		var data []byte
		for slot := range uint32(40) {
			method := uint32(methodCheck)
			if slot == 10 {
				method = methodCheckSlowly
			}
			data = append(data, record(slot, method)...)
		}
		requests.push(newBatch(data, 0))
		requests.push(newBatch(record(40, methodCheck), 0))

		var got []uint32
		for range 41 {
			select {
			case slot := <-delivered:
				got = append(got, slot)
			case <-time.After(5 * time.Second):
				t.Fatalf("round %d: only %v came", round, got)
			}
		}
		if last := got[len(got)-1]; last != 10 {
			t.Errorf("round %d: call %d came last, want the one that sleeps", round, last)
		}
		slices.Sort(got)
		for want, slot := range got {
			if slot != uint32(want) {
				t.Fatalf("round %d: got %v, want every call once", round, got)
			}
		}
		if quick(methodCheckSlowly) {
			t.Errorf("round %d: the method that waits still counts as quick", round)
		}
	}
}
