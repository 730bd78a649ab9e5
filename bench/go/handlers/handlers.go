// Package handlers holds the Go functions that every contender of the benchmark calls: the work is the same for all,
// so that what differs is the way there and back.
//
// Every contender gives a handler memory that the handler owns: it may keep a name or write to the bytes, and nothing
// that happens later on the JavaScript side changes them.
package handlers

import "time"

// SleepTime is how long [CheckSlowly] sleeps: workload W1.
const SleepTime = 10 * time.Millisecond

// LongTime is how long [CheckLong] sleeps: the slow calls in the mix of workload W6.
const LongTime = 5 * time.Millisecond

// busySteps is how much [CheckBusy] works: about 50 µs at 2.5 GHz, four cycles a step. Work of fixed size and not of
// fixed time: a clock would let calls that share a processor get away with less.
const busySteps = 32_000

// AgeMin is the age from which a user passes.
const AgeMin = 18

// PayloadMax is the largest payload in bytes that [Give] hands out.
const PayloadMax = 16 << 20

// User is one user of a request.
type User struct {
	Name string
	Age  uint8
}

// Check says whether every user is of age. The bytes are there to be carried.
func Check(users []User, balabala []byte) bool {
	_ = balabala
	for i := range users {
		if users[i].Age < AgeMin {
			return false
		}
	}
	return true
}

// CheckSlowly is [Check] after a sleep: a handler that waits for something else.
func CheckSlowly(users []User, balabala []byte) bool {
	time.Sleep(SleepTime)
	return Check(users, balabala)
}

// CheckLong is [Check] after a shorter sleep. It sleeps because it stands for a call that takes long, not for one that
// takes the processor: burning 5 ms would measure how few processors there are.
func CheckLong(users []User, balabala []byte) bool {
	time.Sleep(LongTime)
	return Check(users, balabala)
}

// CheckBusy is [Check] after some 50 µs of work: a handler bound by the processor.
func CheckBusy(users []User, balabala []byte) bool {
	return work(busySteps) != 0 && Check(users, balabala)
}

// work is a chain of steps that wait for each other (FNV-1a), so that a processor takes about the same time everywhere.
func work(steps uint64) uint64 {
	h := uint64(14695981039346656037)
	for i := range steps {
		h = (h ^ i) * 1099511628211
	}
	return h
}
