package main

import "time"

var (
	source = make([]byte, messageBytes)
	target = make([]byte, messageCapacity)
)

// copier is no end of a queue: it copies the bytes of each message once, into memory as large as the ring's.
func copier(_ string, count int) ([]float64, error) {
	start := time.Now()
	for i := range count {
		source[0] = byte(i)
		copy(target[i*messageBytes&(messageCapacity-1):], source)
	}
	return []float64{float64(time.Since(start).Nanoseconds()) / 1e6}, nil
}
