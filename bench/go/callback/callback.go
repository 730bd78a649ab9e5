// Package callback is what every contender of workload W11 runs in Go: goroutines that call TypeScript, one call after
// another each.
package callback

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// timedMax is how many calls of a round are timed, at most: as many as the driver in JavaScript times.
const timedMax = 2000

// Call calls TypeScript's `double`.
type Call func(ctx context.Context, number uint32) (uint32, error)

// Run makes count calls from so many goroutines and reports how long it took and how long some of the calls did, in
// nanoseconds. The numbers are 0 to count-1. It fails with the first call that fails or has a wrong answer.
func Run(ctx context.Context, count, goroutines uint32, call Call) ([]float64, error) {
	every := sampleEvery(count)
	var (
		next   atomic.Uint32 // the number of the next call, from 1
		mu     sync.Mutex    // guards the two below
		timed  []float64
		failed error
		all    sync.WaitGroup
	)
	worker := func() {
		defer all.Done()
		var mine []float64
		for {
			number := next.Add(1) - 1
			if number >= count {
				break
			}
			var began time.Time
			sampled := number%every == 0
			if sampled {
				began = time.Now()
			}
			answer, err := call(ctx, number)
			if sampled {
				mine = append(mine, float64(time.Since(began)))
			}
			if err == nil && answer != Double(number) {
				err = fmt.Errorf("wrong answer: %d for %d, want %d", answer, number, Double(number))
			}
			if err != nil {
				mu.Lock()
				failed = err
				mu.Unlock()
				next.Store(count)
				return
			}
		}
		mu.Lock()
		timed = append(timed, mine...)
		mu.Unlock()
	}
	began := time.Now()
	workers := min(goroutines, count)
	all.Add(int(workers))
	for range workers {
		go worker()
	}
	all.Wait()
	took := float64(time.Since(began))
	if failed != nil {
		return nil, failed
	}
	return append([]float64{took}, timed...), nil
}

// Double is what TypeScript answers.
func Double(number uint32) uint32 { return 2*number + 1 }

// sampleEvery is one in how many calls is timed: a prime, so that it is not always the same place in a batch.
func sampleEvery(count uint32) uint32 {
	every := max(1, (count+timedMax-1)/timedMax)
	for !isPrime(every) {
		every++
	}
	return every
}

// isPrime takes 1 for a prime: few calls are all timed.
func isPrime(value uint32) bool {
	for divisor := uint32(2); divisor*divisor <= value; divisor++ {
		if value%divisor == 0 {
			return false
		}
	}
	return true
}
