package channel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"golang.org/x/sys/unix"

	"x.example/go/memring"
)

func TestHeaderIsRead(t *testing.T) {
	cases := readHeaderCases(t)
	h, err := ParseHeader(cases.valid(t), cases.Size)
	if err != nil {
		t.Fatal(err)
	}
	if h.RegionSize != cases.Size || h.ToGoCapacity != cases.ToGoCapacity || h.ToNodeCapacity != cases.ToNodeCapacity {
		t.Errorf("the shape is %+v", h)
	}
	if got := fmt.Sprintf("%016x", h.Nonce); got != cases.Nonce {
		t.Errorf("the nonce is %s, expected %s", got, cases.Nonce)
	}
	if got := fmt.Sprintf("%x", h.SchemaHash); got != cases.SchemaHash {
		t.Errorf("the schema hash is %s, expected %s", got, cases.SchemaHash)
	}
	if d := h.ToGo(); d.Entries != EntriesOffset || d.Capacity != 8 || d.Tail != ControlToGoTail {
		t.Errorf("toGo is %+v", d)
	}
	if d := h.ToNode(); d.Entries != EntriesOffset+8*EntrySize || d.Capacity != 16 || d.Tail != ControlToNodeTail {
		t.Errorf("toNode is %+v", d)
	}
}

func TestHeaderRefused(t *testing.T) {
	cases := readHeaderCases(t)
	for _, c := range cases.Cases {
		t.Run(c.Name, func(t *testing.T) {
			b := cases.valid(t)
			c.apply(t, b)
			// More than once: the field that is named must not depend on the order in which a map is walked.
			for range 20 {
				_, err := ParseHeader(b, cases.Size)
				wantRefused(t, err, c.Refused)
			}
			region, err := Map(newRegionFd(t, b, cases.Size, unix.F_SEAL_SHRINK|unix.F_SEAL_GROW))
			if region != nil {
				t.Error("a region came back")
			}
			wantRefused(t, err, c.Refused)
		})
	}
	for _, c := range cases.Sizes {
		t.Run(c.Name, func(t *testing.T) {
			b := cases.valid(t)
			binary.LittleEndian.PutUint64(b[HeaderRegionSize:], c.Size)
			_, err := Map(newRegionFd(t, b, c.Size, unix.F_SEAL_SHRINK))
			wantRefused(t, err, c.Refused)
		})
	}
	if mapped(t, regionName) != 0 {
		t.Error("a refused region was left mapped")
	}
}

func wantRefused(t *testing.T, err error, field string) {
	t.Helper()
	var refused *memring.HeaderError
	if !errors.As(err, &refused) {
		t.Fatalf("expected a HeaderError, got %v", err)
	}
	if refused.Field != field {
		t.Fatalf("refused for %q (%v), expected %q", refused.Field, err, field)
	}
	if fmt.Sprint(refused.Expected) == fmt.Sprint(refused.Received) {
		t.Fatalf("the message contradicts itself: %v", err)
	}
}

// FuzzParseHeader: whatever the page holds, it is refused by name or leads to offsets inside the region.
func FuzzParseHeader(f *testing.F) {
	cases := readHeaderCases(f)
	valid := cases.valid(f)
	f.Add(valid[:128], cases.Size)
	f.Add([]byte{}, uint64(0))
	f.Add(valid[:128], uint64(1)<<63)
	for _, c := range cases.Cases {
		b := append([]byte(nil), valid...)
		c.apply(f, b)
		f.Add(b[:128], cases.Size)
	}
	f.Fuzz(func(t *testing.T, head []byte, size uint64) {
		// Everything that is read lies in the first 128 bytes; the rest of the page would only slow the fuzzer.
		b := make([]byte, HeaderSize)
		copy(b, head)
		h, err := ParseHeader(b, size)
		if err != nil {
			var refused *memring.HeaderError
			if !errors.As(err, &refused) || refused.Field == "" || refused.Error() == "" {
				t.Fatalf("not a named refusal: %v", err)
			}
			return
		}
		end := uint64(EntriesOffset)
		for _, part := range []struct {
			name       string
			at, length uint64
		}{
			{"toGo", h.ToGoEntries, uint64(h.ToGoCapacity) * EntrySize},
			{"toNode", h.ToNodeEntries, uint64(h.ToNodeCapacity) * EntrySize},
			{"request arena", h.RequestArena, h.RequestArenaSize},
			{"response arena", h.ResponseArena, h.ResponseArenaSize},
		} {
			if part.at < end || part.length == 0 || part.length > size || part.at > size-part.length {
				t.Fatalf("%s: [%d, +%d) overlaps or leaves the region of %d bytes", part.name, part.at, part.length, size)
			}
			end = part.at + part.length
		}
		if h.RequestArena%ArenaAlign != 0 || h.ResponseArena%ArenaAlign != 0 || size > 1<<32 {
			t.Fatalf("accepted %+v", h)
		}
	})
}

func TestShortHeader(t *testing.T) {
	_, err := ParseHeader(make([]byte, HeaderSize-1), 1<<20)
	wantRefused(t, err, "size")
}
