package handlers_test

import (
	"errors"
	"runtime"
	"testing"

	"example.test/bench/handlers"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name string
		ages []uint8
		want bool
	}{
		{"nobody", nil, true},
		{"of age", []uint8{18, 99}, true},
		{"one too young", []uint8{18, 17}, false},
	} {
		var users []handlers.User
		for _, age := range c.ages {
			users = append(users, handlers.User{Age: age})
		}
		for name, check := range map[string]func([]handlers.User, []byte) bool{
			"Check": handlers.Check, "CheckSlowly": handlers.CheckSlowly,
			"CheckLong": handlers.CheckLong, "CheckBusy": handlers.CheckBusy,
		} {
			if got := check(users, nil); got != c.want {
				t.Errorf("%s, %s: got %v, want %v", name, c.name, got, c.want)
			}
		}
	}
}

func TestReadMemorySeesWhatIsAllocated(t *testing.T) {
	before := handlers.ReadMemory()
	kept = make([]byte, 8<<20)
	runtime.GC()
	after := handlers.ReadMemory()
	if grown := after.AllocatedBytes - before.AllocatedBytes; grown < 8<<20 || grown > 9<<20 {
		t.Errorf("8 MiB were allocated, %d bytes were seen", grown)
	}
	if after.Collections <= before.Collections {
		t.Errorf("%d collections before one and %d after", before.Collections, after.Collections)
	}
}

// kept makes the compiler allocate on the heap.
var kept []byte

func BenchmarkCheckBusy(b *testing.B) {
	for b.Loop() {
		handlers.CheckBusy(nil, nil)
	}
}

func TestTakeLooksAtEveryPage(t *testing.T) {
	payload := make([]byte, 3*4096)
	before := handlers.Take(payload)
	payload[2*4096]++
	if after := handlers.Take(payload); after != before+1 {
		t.Errorf("got %d after a change in page 2, want %d", after, before+1)
	}
	if got := handlers.Take(nil); got != 0 {
		t.Errorf("an empty payload gives %d, want 0", got)
	}
}

func TestGive(t *testing.T) {
	got := handlers.Give(300)
	if len(got) != 300 || got[250] != 250 || got[251] != 0 {
		t.Errorf("got %d bytes, byte 250 = %d, byte 251 = %d", len(got), got[250], got[251])
	}
	if n := len(handlers.Give(handlers.PayloadMax + 1)); n != handlers.PayloadMax {
		t.Errorf("got %d bytes, want the most there is", n)
	}
}

func TestReadingsAddUpToTheirTotal(t *testing.T) {
	readings := handlers.Readings(5, func(id uint32, value float64) handlers.Reading {
		return handlers.Reading{ID: id, Value: value}
	})
	of := func(r handlers.Reading) (uint32, float64) { return r.ID, r.Value }
	if got, err := handlers.Total(handlers.Mirror(readings), of); got != 15 || err != nil {
		t.Errorf("got %v, %v, want 0 to 4 and their halves: 15", got, err)
	}
	broken := errors.New("broken")
	failing := func(yield func(handlers.Reading, error) bool) { yield(handlers.Reading{}, broken) }
	if _, err := handlers.Total(failing, of); !errors.Is(err, broken) {
		t.Errorf("got %v, want the error that the stream ended with", err)
	}
	for range readings {
		break // Readings must see that nobody reads on: it panics if it yields again
	}
}
