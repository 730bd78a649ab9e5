// Package memring is a lock-free queue in shared memory with one producer and one consumer: between goroutines, or
// between processes, with JavaScript or C++ on either end.
//
// RawProducer and RawConsumer are the ends of a ring in memory and nothing more. Both work on any memory: on a mapped
// file, or on a heap-backed buffer, where the race detector can watch them. The mirror is ring/src/raw, file by file;
// sync points have the same names there.
package memring
