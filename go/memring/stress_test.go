package memring

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
)

// Both ends at full speed in goroutines of their own, by all ways of pushing and popping in turn: with the race detector
// on the heap, where it sees the memory.
func TestStress(t *testing.T) {
	for _, c := range []struct {
		capacity uint32
		count    uint64
	}{{1, 60_000 / fewer}, {2, 100_000 / fewer}, {8, 200_000 / fewer}, {1024, 1_000_000 / fewer}} {
		everyWaiting(t, func(t *testing.T, kind string, how Waiting) {
			t.Run(fmt.Sprint("capacity ", c.capacity), func(t *testing.T) { stressEntries(t, kind, how, c.capacity, c.count) })
		})
	}
}

// On one processor, an end that waits for the other without letting go of the processor would never end.
func TestStressOnOneProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	everyWaiting(t, func(t *testing.T, kind string, how Waiting) {
		stressEntries(t, kind, how, 1, 5_000/fewer)
		stressMessages(t, kind, how, 32, 5_000/fewer)
	})
}

// entry is 40 bytes that all depend on n, so that a mixture of two entries is noticed.
type entry [5]uint64

func entryNumber(n uint64) entry { return entry{n, ^n, n * 3, n << 7, n * 0x9E3779B97F4A7C15} }

func stressEntries(t *testing.T, kind string, how Waiting, capacity uint32, count uint64) {
	p, c := ends(t, newRing[entry](t, kind, capacity, nearWrap), Wait(how))
	ctx, cancel := context.WithTimeout(background, 5*patience)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- pushAll(ctx, p, count) }()
	random := rand.New(rand.NewPCG(2, uint64(capacity)))
	buf := make([]entry, 3*capacity)
	for next := uint64(0); ; {
		got := buf[:1]
		var err error
		switch random.IntN(3) {
		case 0:
			buf[0], err = c.Pop(ctx)
		case 1:
			n := 0
			n, err = c.PopMany(ctx, buf[:1+random.IntN(len(buf))])
			got = buf[:n]
		case 2:
			ok := false
			if buf[0], ok, err = c.TryPop(); !ok && err == nil {
				runtime.Gosched()
				continue
			}
		}
		if err == io.EOF {
			want(t, "entries", next, count)
			break
		}
		wantNoError(t, err)
		for _, e := range got {
			if e != entryNumber(next) {
				t.Fatalf("entry %d came out as %v", next, e)
			}
			next++
		}
	}
	wantNoError(t, receive(t, "the producer", ended))
}

func pushAll(ctx context.Context, p *Producer[entry], count uint64) error {
	capacity := p.Stats().Capacity
	random := rand.New(rand.NewPCG(1, uint64(capacity)))
	buf := make([]entry, 3*capacity)
	for next := uint64(0); next != count; {
		if random.IntN(2) == 0 {
			if err := p.Push(ctx, entryNumber(next)); err != nil {
				return err
			}
			next++
			continue
		}
		some := buf[:min(1+random.Uint64N(uint64(len(buf))), count-next)]
		for i := range some {
			some[i] = entryNumber(next + uint64(i))
		}
		if _, err := p.PushMany(ctx, some); err != nil {
			return err
		}
		next += uint64(len(some))
	}
	return p.Close()
}

func TestStressMessages(t *testing.T) {
	for _, c := range []struct {
		capacity uint32
		count    int
	}{{32, 40_000 / fewer}, {64, 60_000 / fewer}, {4096, 100_000 / fewer}} {
		everyWaiting(t, func(t *testing.T, kind string, how Waiting) {
			t.Run(fmt.Sprint(c.capacity, " bytes"), func(t *testing.T) { stressMessages(t, kind, how, c.capacity, c.count) })
		})
	}
}

func stressMessages(t *testing.T, kind string, how Waiting, capacity uint32, count int) {
	p, c := messageEnds(t, newMessageRing(t, kind, capacity, nearWrap), Wait(how))
	ctx, cancel := context.WithTimeout(background, 5*patience)
	defer cancel()
	number := func(i int) []byte { return message(i, i*37%(p.MaxLength()+1)) }
	ended := make(chan error, 1)
	go func() {
		random := rand.New(rand.NewPCG(1, uint64(capacity)))
		for i := 0; i != count; i++ {
			m := number(i)
			switch random.IntN(3) {
			case 0:
				if err := p.Push(ctx, m); err != nil {
					ended <- err
					return
				}
			case 1:
				view, err := p.Claim(ctx, len(m))
				if err != nil {
					ended <- err
					return
				}
				copy(view, m)
				_ = p.Commit()
			case 2:
				ms := [][]byte{m}
				for range min(random.IntN(5), count-i-1) {
					i++
					ms = append(ms, number(i))
				}
				if _, err := p.PushMany(ctx, ms); err != nil {
					ended <- err
					return
				}
			}
		}
		ended <- p.Close()
	}()
	random := rand.New(rand.NewPCG(2, uint64(capacity)))
	buf := make([][]byte, 7)
	for next := 0; ; {
		got := buf[:1]
		var err error
		switch random.IntN(3) {
		case 0:
			buf[0], err = c.Pop(ctx)
		case 1:
			n := 0
			n, err = c.PopMany(ctx, buf[:1+random.IntN(len(buf))])
			got = buf[:n]
		case 2:
			if buf[0], err = c.Peek(ctx); err == nil {
				buf[0] = own(buf[0])
				_ = c.Release()
			}
		}
		if err == io.EOF {
			want(t, "messages", next, count)
			break
		}
		wantNoError(t, err)
		for _, m := range got {
			if !bytes.Equal(m, number(next)) {
				t.Fatalf("message %d came out as %x", next, m)
			}
			next++
		}
	}
	wantNoError(t, receive(t, "the producer", ended))
}
