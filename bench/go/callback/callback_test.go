package callback_test

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"testing"
	"time"

	"example.test/bench/callback"
)

func TestRunMakesEveryCallOnceAndTimesSome(t *testing.T) {
	for _, c := range []struct{ count, goroutines, timed uint32 }{
		{1, 1, 1}, {20, 64, 20}, {2000, 8, 2000}, {10_000, 8, 2000}, {0, 3, 0},
	} {
		for _, spin := range []time.Duration{0, 50 * time.Microsecond} {
			var slots *callback.Slots
			slots = callback.NewSlots(func(slot, number uint32) { go slots.Answer(slot, callback.Double(number)) })
			slots.Spin = spin
			report, err := callback.Run(context.Background(), c.count, c.goroutines, slots.Call)
			if err != nil || uint32(len(report)) != 1+c.timed {
				t.Errorf("%d calls: %d numbers and error %v, want %d timed calls", c.count, len(report), err, c.timed)
			}
		}
	}
}

func TestCallsWaitForASlotWhereAllAreTaken(t *testing.T) {
	const more = 100
	sent := make(chan [2]uint32, callback.SlotsMax+more)
	slots := callback.NewSlots(func(slot, number uint32) { sent <- [2]uint32{slot, number} })
	go func() {
		var first [][2]uint32
		for range callback.SlotsMax {
			first = append(first, <-sent)
		}
		for _, one := range first {
			slots.Answer(one[0], callback.Double(one[1]))
		}
		for range more {
			one := <-sent
			if one[0] >= callback.SlotsMax {
				t.Errorf("a call got slot %d", one[0])
			}
			slots.Answer(one[0], callback.Double(one[1]))
		}
	}()
	const all = callback.SlotsMax + more
	if _, err := callback.Run(context.Background(), all, all, slots.Call); err != nil {
		t.Error(err)
	}
}

func TestRunFailsWithAWrongAnswerAndWithAnError(t *testing.T) {
	wrong := func(_ context.Context, number uint32) (uint32, error) {
		if number == 7 {
			return 0, nil
		}
		return callback.Double(number), nil
	}
	if _, err := callback.Run(context.Background(), 100, 4, wrong); err == nil ||
		err.Error() != "wrong answer: 0 for 7, want 15" {
		t.Errorf("got %v", err)
	}
	gone := errors.New("gone")
	failing := func(context.Context, uint32) (uint32, error) { return 0, gone }
	if _, err := callback.Run(context.Background(), 100, 4, failing); !errors.Is(err, gone) {
		t.Errorf("got %v, want the call's own error", err)
	}
}

func TestRunBytes(t *testing.T) {
	double := func(_ context.Context, number uint32) (uint32, error) { return callback.Double(number), nil }
	bytes := callback.RunBytes([]byte{3, 0, 0, 0, 2, 0, 0, 0}, double)
	if len(bytes) != 4*8 || math.Float64frombits(binary.LittleEndian.Uint64(bytes)) <= 0 {
		t.Errorf("got % x, want how long it took and three calls", bytes)
	}
}
