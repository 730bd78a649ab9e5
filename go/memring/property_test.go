package memring

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"
	"testing/quick"
)

// op is one step of a run: what is done, and how much of it.
type op struct {
	What uint8
	N    uint16
}

// plan is a run that testing/quick makes up, and smaller ones of its kind are easy to read when it fails.
type plan struct {
	Capacity uint8
	Start    uint16
	Ops      []op
}

// TestRingAgainstSlice: whatever is done, a ring is a slice of at most its capacity.
func TestRingAgainstSlice(t *testing.T) {
	for _, kind := range kinds {
		holds := func(run plan) bool {
			capacity := uint32(1) << (run.Capacity % 7)
			r := newRing[uint64](t, kind, capacity, -uint32(run.Start))
			p, c := ends(t, r)
			var model []uint64
			next, closed := uint64(0), false
			for _, o := range append(run.Ops, op{7, 0}, op{5, 200}, op{4, 0}) {
				room := int(capacity) - len(model)
				n := int(o.N) % (2*int(capacity) + 2)
				switch o.What % 8 {
				case 0, 1:
					ok, err := p.TryPush(next)
					if closed != (err != nil) || ok != (!closed && room > 0) {
						t.Logf("TryPush: %v, %v with room for %d, closed %v", ok, err, room, closed)
						return false
					}
					if ok {
						model = append(model, next)
						next++
					}
				case 2, 3:
					vs := make([]uint64, n)
					for i := range vs {
						vs[i] = next + uint64(i)
					}
					got, err := p.TryPushMany(vs)
					if closed != (err != nil) || err == nil && got != min(n, room) {
						t.Logf("TryPushMany of %d: %d, %v with room for %d", n, got, err, room)
						return false
					}
					model = append(model, vs[:got]...)
					next += uint64(got)
				case 4:
					v, ok, err := c.TryPop()
					if ok != (len(model) > 0) || ok && v != model[0] || !ok && (err == io.EOF) != closed {
						t.Logf("TryPop: %d, %v, %v of %d", v, ok, err, model)
						return false
					}
					if ok {
						model = model[1:]
					}
				case 5, 6:
					buf := make([]uint64, n)
					got, err := c.TryPopMany(buf)
					if got != min(n, len(model)) || got == 0 && n > 0 && (err == io.EOF) != closed {
						t.Logf("TryPopMany of %d: %d, %v of %d", n, got, err, model)
						return false
					}
					for i, v := range buf[:got] {
						if v != model[i] {
							t.Logf("TryPopMany: %d of %d", buf[:got], model)
							return false
						}
					}
					model = model[got:]
				case 7:
					// Seldom, or nothing else would be tried.
					if o.N < 500 {
						closed = true
						_ = p.Close()
					}
				}
				if r.Len() != len(model) {
					t.Logf("Len is %d of %d", r.Len(), len(model))
					return false
				}
			}
			_, _, _ = p.Close(), c.Close(), r.Close()
			return true
		}
		if err := quick.Check(holds, &quick.Config{MaxCount: 500}); err != nil {
			t.Error(err)
		}
	}
}

// TestMessagesAgainstSlice: whatever is done, the messages come out as they went in; and there is room for one if what
// it takes, with the rest of the memory where it does not fit there, is not taken.
func TestMessagesAgainstSlice(t *testing.T) {
	for _, kind := range kinds {
		holds := func(run plan) bool {
			capacity := uint32(32) << (run.Capacity % 6)
			start := -uint32(run.Start) * 8
			r := newMessageRing(t, kind, capacity, start)
			p, c := messageEnds(t, r)
			type record struct {
				message []byte
				size    uint32
			}
			var model []record
			tail, head := start, start
			// put is what the format says about one message.
			put := func(m []byte) bool {
				size := (8 + uint32(len(m)) + 7) &^ 7
				if left := capacity - tail%capacity; size > left {
					size += left
				}
				if capacity-(tail-head) < size {
					return false
				}
				tail += size
				model = append(model, record{m, size})
				return true
			}
			take := func(m []byte) bool {
				first := model[0]
				model = model[1:]
				head += first.size
				return bytes.Equal(m, first.message)
			}
			random := rand.New(rand.NewPCG(uint64(run.Start), uint64(len(run.Ops))))
			some := func(n uint16) []byte {
				m := make([]byte, int(n)%(r.MaxLength()+1))
				for i := range m {
					m[i] = byte(random.Uint32())
				}
				return m
			}
			for _, o := range run.Ops {
				switch o.What % 8 {
				case 0, 1:
					m := some(o.N)
					if ok, err := p.TryPush(m); err != nil || ok != put(m) {
						t.Logf("TryPush of %d: %v, %v", len(m), ok, err)
						return false
					}
				case 2:
					m := some(o.N)
					view, ok, err := p.TryClaim(len(m))
					if err != nil || ok && len(view) != len(m) {
						return false
					}
					if ok && o.N%5 == 0 {
						if p.Abort() != nil {
							return false
						}
						continue
					}
					if ok != put(m) {
						return false
					}
					if ok {
						copy(view, m)
						if p.Commit() != nil {
							return false
						}
					}
				case 3:
					ms := make([][]byte, o.N%5)
					for i := range ms {
						ms[i] = some(o.N * uint16(i+1))
					}
					n, err := p.TryPushMany(ms)
					if err != nil {
						return false
					}
					for i, m := range ms {
						if i > n {
							break
						}
						if put(m) != (i < n) {
							t.Logf("TryPushMany of %d: %d", len(ms), n)
							return false
						}
					}
				case 4, 5:
					m, ok, err := c.TryPop()
					if err != nil || ok != (len(model) > 0) || ok && !take(m) {
						t.Logf("TryPop: %v, %v", ok, err)
						return false
					}
				case 6:
					m, ok, err := c.TryPeek()
					if err != nil || ok != (len(model) > 0) || ok && !take(m) {
						return false
					}
					if ok && c.Release() != nil {
						return false
					}
				case 7:
					buf := make([][]byte, o.N%5)
					n, err := c.TryPopMany(buf)
					if err != nil || n != min(len(buf), len(model)) {
						return false
					}
					for _, m := range buf[:n] {
						if !take(m) {
							return false
						}
					}
				}
				if r.Len() != int(tail-head) {
					t.Logf("Len is %d of %d", r.Len(), tail-head)
					return false
				}
			}
			_, _, _ = p.Close(), c.Close(), r.Close()
			return true
		}
		if err := quick.Check(holds, &quick.Config{MaxCount: 500}); err != nil {
			t.Error(err)
		}
	}
}
