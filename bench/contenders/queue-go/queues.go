package main

import (
	"context"
	"errors"

	"x.example/go/memring"
)

// The same numbers stand in bench/src/queue/kinds.ts.
const (
	batchSize       = 256
	messageBytes    = 1024
	messageCapacity = 1 << 18
	values          = 1 << 20
)

// queues are what a producer and a consumer share: there and back are for trips, on which both sides sleep.
type queues struct {
	entries     *memring.Ring[float64]
	messages    *memring.MessageRing
	there, back *memring.Ring[float64]
}

func inherited() (q queues, err error) {
	fds := func(i int) [3]int { return [3]int{3 + 3*i, 4 + 3*i, 5 + 3*i} }
	var errs [4]error
	q.entries, errs[0] = memring.Open[float64](fds(0))
	q.messages, errs[1] = memring.OpenMessageRing(fds(1))
	q.there, errs[2] = memring.Open[float64](fds(2))
	q.back, errs[3] = memring.Open[float64](fds(3))
	return q, errors.Join(errs[:]...)
}

var (
	spin  = memring.Wait(memring.Spin)
	sleep = memring.Wait(memring.Sleep)
	never = context.Background()
)
