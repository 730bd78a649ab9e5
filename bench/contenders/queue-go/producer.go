package main

import (
	"fmt"
	"time"

	"x.example/go/memring"
)

type producer struct {
	entries  *memring.Producer[float64]
	messages *memring.MessageProducer
	there    *memring.Producer[float64]
	back     *memring.Consumer[float64]
}

func (q queues) producer() (p producer, err error) {
	if p.entries, err = q.entries.Producer(spin); err != nil {
		return p, err
	}
	if p.messages, err = q.messages.Producer(spin); err != nil {
		return p, err
	}
	if p.there, err = q.there.Producer(sleep); err != nil {
		return p, err
	}
	p.back, err = q.back.Consumer(sleep)
	return p, err
}

func (p producer) run(kind string, count int) ([]float64, error) {
	switch kind {
	case "one":
		return nil, p.one(count)
	case "batch":
		return nil, p.batch(count)
	case "message":
		return nil, p.message(count)
	case "asleep":
		return p.trips(count)
	}
	return nil, fmt.Errorf("there is no kind %q", kind)
}

func (p producer) one(count int) error {
	for i := range count {
		if err := p.entries.Push(never, float64(i&(values-1))); err != nil {
			return err
		}
	}
	return nil
}

func (p producer) batch(count int) error {
	var batch [batchSize]float64
	for i := 0; i < count; i += batchSize {
		some := batch[:min(batchSize, count-i)]
		for k := range some {
			some[k] = float64((i + k) & (values - 1))
		}
		if _, err := p.entries.PushMany(never, some); err != nil {
			return err
		}
	}
	return nil
}

func (p producer) message(count int) error {
	message := make([]byte, messageBytes)
	for i := range count {
		message[0] = byte(i)
		if err := p.messages.Push(never, message); err != nil {
			return err
		}
	}
	return nil
}

func (p producer) trips(count int) ([]float64, error) {
	times := make([]float64, count)
	for i := range times {
		start := time.Now()
		if err := p.there.Push(never, 1); err != nil {
			return nil, err
		}
		if _, err := p.back.Pop(never); err != nil {
			return nil, err
		}
		times[i] = float64(time.Since(start).Nanoseconds())
	}
	return times, nil
}
