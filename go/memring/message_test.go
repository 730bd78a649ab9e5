package memring

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"
)

// message is n bytes that depend on i.
func message(i, n int) []byte {
	m := make([]byte, n)
	for k := range m {
		m[k] = byte(i + k)
	}
	return m
}

func everyMessageRing(t *testing.T, f func(t *testing.T, kind string, capacity, start uint32)) {
	for _, kind := range kinds {
		for _, capacity := range []uint32{32, 64, 128, 256, 1024} {
			for _, start := range starts {
				t.Run(fmt.Sprintf("%s, %d bytes from %#x", kind, capacity, start), func(t *testing.T) { f(t, kind, capacity, start) })
			}
		}
	}
}

// The longest message fits an empty queue wherever the next record begins.
func TestMaxLengthFitsEverywhere(t *testing.T) {
	everyMessageRing(t, func(t *testing.T, kind string, capacity, start uint32) {
		for at := start; at != start+capacity; at += 8 {
			r := newMessageRing(t, kind, capacity, at)
			p, c := messageEnds(t, r)
			want(t, "MaxLength", r.MaxLength(), int(capacity/2-8))
			want(t, "MaxLength of the ends", p.MaxLength() == r.MaxLength() && c.MaxLength() == r.MaxLength(), true)
			for i := range 3 {
				m := message(i, r.MaxLength())
				ok, err := p.TryPush(m)
				wantNoError(t, err)
				want(t, "TryPush of the longest", ok, true)
				got, ok, err := c.TryPop()
				wantNoError(t, err)
				want(t, "TryPop", ok && bytes.Equal(got, m), true)
				want(t, "Len of an empty queue", r.Len(), 0)
			}
			_, err := p.TryPush(message(0, r.MaxLength()+1))
			var long *MessageTooLongError
			if !errors.As(err, &long) || long.Length != r.MaxLength()+1 || long.Max != r.MaxLength() {
				t.Fatal(err)
			}
			wantCode(t, err, nil, "ERR_RING_MESSAGE_TOO_LONG")
		}
	})
}

func TestMessagesOfAllLengths(t *testing.T) {
	everyMessageRing(t, func(t *testing.T, kind string, capacity, start uint32) {
		r := newMessageRing(t, kind, capacity, start)
		p, c := messageEnds(t, r)
		pushed, popped := 0, 0
		length := func(i int) int { return i * 7 % (r.MaxLength() + 1) }
		for popped < 300 {
			for {
				ok, err := p.TryPush(message(pushed, length(pushed)))
				wantNoError(t, err)
				if !ok {
					break
				}
				pushed++
			}
			for portion := 1 + popped%3; portion > 0 && popped < pushed; portion-- {
				got, ok, err := c.TryPop()
				wantNoError(t, err)
				want(t, "TryPop", ok, true)
				want(t, "message", string(got), string(message(popped, length(popped))))
				if got == nil {
					t.Fatal("the empty message is nil")
				}
				popped++
			}
		}
	})
}

// The bytes as they have to lie for every other end.
func TestRecordsToTheByte(t *testing.T) {
	r := newMessageRing(t, "memfd", 64, 40)
	p, c := messageEnds(t, r)
	for i := range r.mem[data : data+64] {
		r.mem[data+i] = 0xEE
	}
	wantNoError(t, p.Push(background, []byte("abc")))
	want(t, "tail", word(r.mem, wordTail).Load(), 56)
	want(t, "record", string(r.mem[data+40:data+51]), "\x03\x00\x00\x00\x00\x00\x00\x00abc")
	// 8 bytes are left: a padding, and the record at the beginning.
	wantNoError(t, p.Push(background, []byte("defghijkl")))
	want(t, "tail", word(r.mem, wordTail).Load(), 64+24)
	want(t, "padding", string(r.mem[data+56:data+60]), "\xff\xff\xff\xff")
	want(t, "record", string(r.mem[data:data+17]), "\x09\x00\x00\x00\x00\x00\x00\x00defghijkl")
	_, err := c.Pop(background)
	wantNoError(t, err)
	want(t, "head", word(r.mem, wordHead).Load(), 56)
	m, err := c.Pop(background)
	wantNoError(t, err)
	want(t, "message", string(m), "defghijkl")
	want(t, "head", word(r.mem, wordHead).Load(), 64+24)
}

func TestClaims(t *testing.T) {
	for _, kind := range kinds {
		r := newMessageRing(t, kind, 64, nearWrap)
		p, c := messageEnds(t, r)
		wantCode(t, p.Commit(), ErrMisuse, "ERR_RING_MISUSE")
		wantCode(t, p.Abort(), ErrMisuse, "ERR_RING_MISUSE")
		wantCode(t, c.Release(), ErrMisuse, "ERR_RING_MISUSE")

		view, ok, err := p.TryClaim(5)
		wantNoError(t, err)
		want(t, "TryClaim", ok && len(view) == 5 && cap(view) == 5, true)
		_, _, err = p.TryClaim(1)
		wantCode(t, err, ErrMisuse, "ERR_RING_MISUSE")
		_, err = p.TryPush([]byte{1})
		wantCode(t, err, ErrMisuse, "ERR_RING_MISUSE")
		_, err = p.PushMany(background, [][]byte{{1}})
		wantCode(t, err, ErrMisuse, "ERR_RING_MISUSE")
		wantNoError(t, p.Abort())
		want(t, "Len after an abort", r.Len(), 0)
		wantCode(t, p.Commit(), ErrMisuse, "ERR_RING_MISUSE")

		view, err = p.Claim(background, 3)
		wantNoError(t, err)
		copy(view, "xyz")
		want(t, "Len before the commit", r.Len(), 0)
		wantNoError(t, p.Commit())
		wantCode(t, p.Commit(), ErrMisuse, "ERR_RING_MISUSE")
		_, _, err = p.TryClaim(-1)
		wantCode(t, err, ErrMisuse, "ERR_RING_MISUSE")
		_, _, err = p.TryClaim(25)
		wantCode(t, err, nil, "ERR_RING_MESSAGE_TOO_LONG")

		peeked, ok, err := c.TryPeek()
		wantNoError(t, err)
		want(t, "TryPeek", ok && string(peeked) == "xyz", true)
		want(t, "Len before the release", r.Len(), 16)
		_, _, err = c.TryPeek()
		wantCode(t, err, ErrMisuse, "ERR_RING_MISUSE")
		_, _, err = c.TryPop()
		wantCode(t, err, ErrMisuse, "ERR_RING_MISUSE")
		wantNoError(t, c.Release())
		wantCode(t, c.Release(), ErrMisuse, "ERR_RING_MISUSE")
		want(t, "Len after the release", r.Len(), 0)
		_, ok, err = c.TryPeek()
		wantNoError(t, err)
		want(t, "TryPeek of nothing", ok, false)
		wantCode(t, c.Release(), ErrMisuse, "ERR_RING_MISUSE")

		// What is open at the close is given up, and does not touch the memory any more.
		_, err = p.Claim(background, 1)
		wantNoError(t, err)
		wantNoError(t, p.Close())
		wantCode(t, p.Commit(), ErrClosed, "ERR_RING_CLOSED")
		want(t, "Len after the close", r.Len(), 0)
		if _, err := c.Pop(background); err != io.EOF {
			t.Fatal(err)
		}
		wantNoError(t, c.Close())
		wantCode(t, c.Release(), ErrClosed, "ERR_RING_CLOSED")
	}
}

func TestReleaseAfterClose(t *testing.T) {
	p, c := messageEnds(t, newMessageRing(t, "heap", 64, nearWrap))
	wantNoError(t, p.Push(background, []byte("a")))
	_, err := c.Peek(background)
	wantNoError(t, err)
	wantNoError(t, c.Close())
	wantCode(t, c.Release(), ErrClosed, "ERR_RING_CLOSED")
}

func TestManyMessages(t *testing.T) {
	for _, kind := range kinds {
		p, c := messageEnds(t, newMessageRing(t, kind, 64, nearWrap))
		n, err := p.TryPushMany([][]byte{message(1, 20), message(2, 20), message(3, 0)})
		wantNoError(t, err)
		want(t, "TryPushMany", n, 2)
		n, err = p.TryPushMany([][]byte{{}, message(0, 25)})
		want(t, "TryPushMany with one too long", n, 0)
		wantCode(t, err, nil, "ERR_RING_MESSAGE_TOO_LONG")
		n, err = p.TryPushMany([][]byte{message(3, 20)})
		wantNoError(t, err)
		want(t, "TryPushMany without room", n, 0)
		buf := make([][]byte, 5)
		n, err = c.TryPopMany(buf)
		wantNoError(t, err)
		want(t, "TryPopMany", n == 2 && bytes.Equal(buf[0], message(1, 20)) && bytes.Equal(buf[1], message(2, 20)), true)
		n, err = c.TryPopMany(buf)
		wantNoError(t, err)
		want(t, "TryPopMany of nothing", n, 0)

		n, err = p.TryPushMany([][]byte{{}, {}, {}})
		wantNoError(t, err)
		want(t, "TryPushMany of empty ones", n, 3)
		n, err = c.TryPopMany(buf[:2])
		wantNoError(t, err)
		want(t, "TryPopMany", n, 2)
		wantNoError(t, p.Close())
		_, err = p.TryPushMany(nil)
		wantCode(t, err, ErrClosed, "ERR_RING_CLOSED")
		n, err = c.TryPopMany(buf)
		wantNoError(t, err)
		want(t, "TryPopMany after close", n == 1 && len(buf[0]) == 0, true)
		if n, err = c.TryPopMany(buf); n != 0 || err != io.EOF {
			t.Fatal(n, err)
		}
	}
}

func TestDamagedMessages(t *testing.T) {
	const start = nearWrap // at offset 0 of 64
	for name, damage := range map[string]func(mem []byte){
		"a tail inside a record":                  func(mem []byte) { word(mem, wordTail).Store(start + 13) },
		"a tail inside the next record":           func(mem []byte) { word(mem, wordTail).Store(start + 20) },
		"a tail beyond the room":                  func(mem []byte) { word(mem, wordTail).Store(start + 72) },
		"a tail behind head":                      func(mem []byte) { word(mem, wordTail).Store(start - 8) },
		"a length beyond what is published":       func(mem []byte) { word(mem, data).Store(9) },
		"a length that would wrap":                func(mem []byte) { word(mem, data).Store(0xFFFFFFF8) },
		"a length that rounds up to nothing":      func(mem []byte) { word(mem, data).Store(0xFFFFFFFE) },
		"a padding with nothing behind it":        func(mem []byte) { word(mem, data).Store(padding) },
		"a padding over all that there is":        func(mem []byte) { word(mem, data).Store(padding); word(mem, wordTail).Store(start + 64) },
		"a message longer than the longest":       func(mem []byte) { word(mem, data).Store(25); word(mem, wordTail).Store(start + 64) },
		"a message longer than all that there is": func(mem []byte) { word(mem, data).Store(57); word(mem, wordTail).Store(start + 64) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newMessageRing(t, "memfd", 64, start)
			p, c := messageEnds(t, r)
			wantNoError(t, p.Push(background, []byte("12345678")))
			damage(r.mem)
			for range 2 {
				_, ok, err := c.TryPeek()
				want(t, "TryPeek", ok, false)
				wantDamaged(t, err)
				_, err = c.Pop(background)
				wantDamaged(t, err)
			}
		})
	}
	t.Run("two paddings", func(t *testing.T) {
		r := newMessageRing(t, "heap", 64, start+56)
		p, c := messageEnds(t, r)
		wantNoError(t, p.Push(background, []byte("12345678")))
		want(t, "padding", word(r.mem, data+56).Load(), padding)
		word(r.mem, data).Store(padding)
		_, _, err := c.TryPop()
		wantDamaged(t, err)
	})
	t.Run("a record over the end of the memory", func(t *testing.T) {
		r := newMessageRing(t, "heap", 64, start+48)
		p, c := messageEnds(t, r)
		wantNoError(t, p.Push(background, nil))
		wantNoError(t, p.Push(background, nil))
		wantNoError(t, p.Push(background, nil))
		word(r.mem, data+48).Store(16)
		_, _, err := c.TryPop()
		wantDamaged(t, err)
	})
	t.Run("indices from the beginning inside a record", func(t *testing.T) {
		r := newMessageRing(t, "heap", 64, start+3)
		_, err := r.Producer()
		wantDamaged(t, err)
		_, err = r.Consumer()
		wantDamaged(t, err)
	})
	t.Run("a head inside a record", func(t *testing.T) {
		r := newMessageRing(t, "heap", 64, start)
		p, _ := messageEnds(t, r)
		for range 4 {
			wantNoError(t, p.Push(background, []byte("12345678")))
		}
		word(r.mem, wordHead).Store(start + 12)
		for range 2 {
			_, err := p.TryPush([]byte("1"))
			wantDamaged(t, err)
		}
	})
}
