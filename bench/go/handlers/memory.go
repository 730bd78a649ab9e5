package handlers

import "runtime/metrics"

// Memory is what Go's collector has done since the program began.
type Memory struct {
	// Collections counts the cycles that ended.
	Collections uint64 `json:"collections"`
	// AllocatedBytes is the sum of all that was allocated on Go's heap, to within a span a size class.
	AllocatedBytes uint64 `json:"allocatedBytes"`
}

// ReadMemory asks the runtime without stopping anything. It is called before and after a round, never during one.
func ReadMemory() Memory {
	samples := []metrics.Sample{{Name: "/gc/cycles/total:gc-cycles"}, {Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(samples)
	return Memory{Collections: samples[0].Value.Uint64(), AllocatedBytes: samples[1].Value.Uint64()}
}
