package memring

import (
	"encoding/binary"
	"errors"
	"testing"
	"unsafe"
)

// A fuzzed run is memory, which the peer may have filled with anything, and a script: what the consumer does, and what
// the peer overwrites meanwhile.

// overlay puts what the fuzzer has made up into the words that a peer can write, and then into the entries.
func overlay(mem, memory []byte) {
	for _, at := range []uint64{wordTail, wordHead, wordClosed, wordSpace, wordSleeping} {
		if len(memory) < 4 {
			return
		}
		word(mem, at).Store(binary.LittleEndian.Uint32(memory))
		memory = memory[4:]
	}
	copy(mem[data:], memory)
}

// overwrite is a step of the peer: a word or a byte becomes something else.
func overwrite(mem []byte, what, arg byte) {
	switch what % 6 {
	case 0:
		word(mem, wordTail).Add(uint32(int32(int8(arg))))
	case 1:
		word(mem, wordTail).Store(uint32(arg) << 24)
	case 2:
		word(mem, wordHead).Store(uint32(arg) << 24)
	case 3:
		word(mem, wordClosed).Store(uint32(arg % 4))
	case 4:
		word(mem, wordSpace).Store(uint32(arg))
	case 5:
		at := data + uint64(arg)*4%(uint64(len(mem))-data)&^3
		word(mem, at).Store(uint32(what) * 0x01010101)
	}
}

// seeds are runs that an honest peer makes, and some in which it stops being honest.
func seeds(f *testing.F, first []byte) {
	words := func(tail, head, closed uint32) []byte {
		var b []byte
		for _, w := range []uint32{tail, head, closed, 0, 0} {
			b = binary.LittleEndian.AppendUint32(b, w)
		}
		return append(b, first...)
	}
	read := []byte{0, 0, 1, 2, 2, 9, 0, 0}
	f.Add(words(0, 0, 0), read)
	f.Add(words(3, 0, 0), read)
	f.Add(words(0xFFFFFF10, 0xFFFFFF08, 1), read)
	f.Add(words(24, 0xFFFFFFF8, 2), read)
	f.Add(words(48, 0, 0), []byte{0, 0, 128, 8, 0, 0, 129, 200, 2, 3, 131, 1, 0, 0})
	f.Add(words(24, 0, 0), []byte{133, 0, 0, 0, 255, 1, 1, 1, 132, 1, 2, 2})
	f.Add([]byte{}, []byte{0, 0})
}

// sticky checks that an error is the last word, and of a kind that the documentation names.
func sticky(t *testing.T, last, err error) error {
	var coded interface{ Code() string }
	if err == nil && last != nil {
		t.Fatalf("the consumer goes on after %v", last)
	}
	if err != nil && err.Error() != "EOF" && !errors.As(err, &coded) {
		t.Fatalf("an error without a code: %v", err)
	}
	if last != nil && err != last {
		t.Fatalf("%v after %v", err, last)
	}
	return err
}

// FuzzConsumer: whatever the memory holds, a consumer returns entries that were there, or an error.
func FuzzConsumer(f *testing.F) {
	seeds(f, []byte("entries of three bytes..."))
	f.Fuzz(func(t *testing.T, memory, script []byte) {
		r, err := NewHeap[[3]byte](8)
		wantNoError(t, err)
		overlay(r.mem, memory)
		c, err := r.Consumer()
		wantNoError(t, err)
		var last error
		for ; len(script) >= 2; script = script[2:] {
			what, arg := script[0], script[1]
			if what >= 128 {
				overwrite(r.mem, what-128, arg)
				continue
			}
			before := c.side.next
			n, most := 0, 1
			if what%2 == 0 {
				var ok bool
				if _, ok, err = c.TryPop(); ok {
					n = 1
				}
			} else {
				most = int(arg % 20)
				n, err = c.TryPopMany(make([]([3]byte), most))
			}
			if n > min(most, 8) || c.side.next-before != uint32(n) || n > 0 && err != nil {
				t.Fatalf("%d of at most %d entries, %v; the head went from %d to %d", n, most, err, before, c.side.next)
			}
			if n == 0 && most > 0 {
				last = sticky(t, last, err)
			}
			if c.side.Unreleased() != 0 {
				t.Fatal("slots are kept")
			}
			if n := r.Len(); n < 0 || n > 8 {
				t.Fatalf("Len is %d", n)
			}
		}
	})
}

// FuzzMessageConsumer: whatever the memory holds, a consumer returns messages that lie in it, or an error.
func FuzzMessageConsumer(f *testing.F) {
	seeds(f, []byte("\x05\x00\x00\x00\x00\x00\x00\x00hello\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, memory, script []byte) {
		r, err := NewHeapMessageRing(64)
		wantNoError(t, err)
		overlay(r.mem, memory)
		c, err := r.Consumer()
		if err != nil {
			wantDamaged(t, err)
			return
		}
		from := uintptr(unsafe.Pointer(&r.mem[data]))
		var last error
		for ; len(script) >= 2; script = script[2:] {
			what, arg := script[0], script[1]
			if what >= 128 {
				overwrite(r.mem, what-128, arg)
				continue
			}
			before := c.side.next
			var lengths []int
			switch what % 3 {
			case 0:
				view, ok, e := c.TryPeek()
				err = e
				if ok {
					lengths = append(lengths, len(view))
					at := uintptr(unsafe.Pointer(unsafe.SliceData(view)))
					if len(view) > 0 && (at < from || at+uintptr(len(view)) > from+64) {
						t.Fatalf("a view outside the memory")
					}
					if arg%2 == 0 {
						overwrite(r.mem, arg, what)
					}
					wantNoError(t, c.Release())
				}
			case 1:
				m, ok, e := c.TryPop()
				err = e
				if ok {
					lengths = append(lengths, len(m))
				}
			case 2:
				buf := make([][]byte, 1+arg%20)
				n, e := c.TryPopMany(buf)
				err = e
				for _, m := range buf[:n] {
					lengths = append(lengths, len(m))
				}
			}
			taken := 0
			for _, n := range lengths {
				if n > c.MaxLength() {
					t.Fatalf("a message of %d bytes", n)
				}
				taken += int(recordSize(uint32(n)))
			}
			if moved := int(c.side.next - before); moved < taken || moved > 64 || moved%8 != 0 || len(lengths) > 0 && err != nil {
				t.Fatalf("messages of %d bytes, %v; the head moved by %d", lengths, err, moved)
			}
			if len(lengths) == 0 {
				last = sticky(t, last, err)
			}
			if c.side.Unreleased() != 0 {
				t.Fatal("room is kept")
			}
		}
	})
}
