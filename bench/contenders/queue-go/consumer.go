package main

import (
	"fmt"
	"time"

	"x.example/go/memring"
)

type consumer struct {
	entries  *memring.Consumer[float64]
	messages *memring.MessageConsumer
	there    *memring.Consumer[float64]
	back     *memring.Producer[float64]
}

func (q queues) consumer() (c consumer, err error) {
	if c.entries, err = q.entries.Consumer(spin); err != nil {
		return c, err
	}
	if c.messages, err = q.messages.Consumer(spin); err != nil {
		return c, err
	}
	if c.there, err = q.there.Consumer(sleep); err != nil {
		return c, err
	}
	c.back, err = q.back.Producer(sleep)
	return c, err
}

func (c consumer) run(kind string, count int) ([]float64, error) {
	switch kind {
	case "one":
		return c.one(count)
	case "batch":
		return c.batch(count)
	case "message":
		return c.message(count)
	case "asleep":
		return nil, c.trips(count)
	}
	return nil, fmt.Errorf("there is no kind %q", kind)
}

func (c consumer) one(count int) ([]float64, error) {
	var sum float64
	var start time.Time
	for i := range count {
		value, err := c.entries.Pop(never)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			start = time.Now()
		}
		sum += value
	}
	return took(start, sum, sumOf(count, values))
}

func (c consumer) batch(count int) ([]float64, error) {
	var batch [batchSize]float64
	var sum float64
	var start time.Time
	for i := 0; i < count; {
		n, err := c.entries.PopMany(never, batch[:])
		if err != nil {
			return nil, err
		}
		if i == 0 {
			start = time.Now()
		}
		for _, value := range batch[:n] {
			sum += value
		}
		i += n
	}
	return took(start, sum, sumOf(count, values))
}

// message copies each message out into memory that is there already.
func (c consumer) message(count int) ([]float64, error) {
	message := make([]byte, messageBytes)
	var sum float64
	var start time.Time
	for i := range count {
		view, err := c.messages.Peek(never)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			start = time.Now()
		}
		copy(message, view)
		if err := c.messages.Release(); err != nil {
			return nil, err
		}
		sum += float64(message[0])
	}
	return took(start, sum, sumOf(count, 256))
}

func (c consumer) trips(count int) error {
	for range count {
		value, err := c.there.Pop(never)
		if err != nil {
			return err
		}
		if err := c.back.Push(never, value); err != nil {
			return err
		}
	}
	return nil
}

// sumOf is the sum of the first count entries, which count up to below limit and begin again.
func sumOf(count, limit int) float64 {
	below := func(n int) int { return n * (n - 1) / 2 }
	return float64(count/limit*below(limit) + below(count%limit))
}

// took gives the milliseconds since start, if what was popped is what was pushed.
func took(start time.Time, sum, expected float64) ([]float64, error) {
	ms := float64(time.Since(start).Nanoseconds()) / 1e6
	if sum != expected {
		return nil, fmt.Errorf("wrong entries: their sum is %v, expected %v", sum, expected)
	}
	return []float64{ms}, nil
}
