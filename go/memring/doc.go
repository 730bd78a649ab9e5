// Package memring is the Go end of the ring: a lock-free single-producer single-consumer queue of fixed-size entries in
// shared memory, with doorbells for sleeping consumers. It knows nothing of calls.
//
// A Region holds two rings, one each way; Producer and Consumer are the ends of one. Both work on any memory: on a
// mapped region, or on a heap-backed buffer, where the race detector can watch them.
//
// The mirror is ring/src, file by file; sync points have the same names there.
package memring
