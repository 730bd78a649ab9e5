// Package handlers holds the Go functions that every contender of the benchmark calls: the work is the same for all,
// so that what differs is the way there and back.
//
// Every contender gives a handler memory that the handler owns: it may keep a name or write to the bytes, and nothing
// that happens later on the JavaScript side changes them.
package handlers

import "time"

// SleepTime is how long [CheckSlowly] sleeps: workload W1.
const SleepTime = 10 * time.Millisecond

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
