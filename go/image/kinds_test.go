package image

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// shape is a union of a circle, which has no refs, and a name.
type shape interface{ isShape() }

type circle struct{ radius float64 }
type named struct{ name string }

func (*circle) isShape() {}
func (*named) isShape()  {}

func writeShape(w *Writer, at uint32, v shape) {
	switch v := v.(type) {
	case *circle:
		if v == nil {
			w.FailNil("Shape")
		} else if to, ok := w.Variant(at, 1, 8, 8); ok {
			w.Float64(to, v.radius)
		}
	case *named:
		if to, ok := w.Variant(at, 2, 16, 8); ok {
			w.String(to, v.name)
		}
	default:
		w.FailNil("Shape")
	}
}

// written gives an image of what write does to a root of size bytes, sized by size.
func written(t *testing.T, root uint32, size func(*Sizer), write func(*Writer)) ([]byte, error) {
	t.Helper()
	z := NewSizer(root)
	size(&z)
	n, err := z.Size()
	if err != nil {
		t.Fatal(err)
	}
	words := make([]uint64, (n+7)/8)
	body := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), n)
	var w Writer
	w.Reset(body, 1<<32, root)
	write(&w)
	return body, w.Err()
}

func readerOf(body []byte, root uint32) *Reader {
	r := new(Reader)
	r.Reset(body, 1<<32, root)
	return r
}

func TestUnion(t *testing.T) {
	body, err := written(t, 16, func(z *Sizer) { z.Pointer(16, 8); z.String("square") }, func(w *Writer) {
		writeShape(w, 0, &named{"square"})
	})
	if err != nil {
		t.Fatal(err)
	}
	r := readerOf(body, 16)
	to, ok := r.Variant(0, 16, 8)
	if tag := r.Uint32(0); tag != 2 || !ok || r.String(to) != "square" {
		t.Fatalf("tag %d, %v", tag, r.Err())
	}
	clear(body[8:16])
	r = readerOf(body, 16)
	if _, ok := r.Variant(0, 16, 8); ok || r.Err() == nil {
		t.Fatal("a member that is not there was taken for one")
	}
}

func TestUnionThatIsAbsent(t *testing.T) {
	body, err := written(t, 16, func(*Sizer) {}, func(w *Writer) { w.NoVariant(0) })
	if err != nil || slices.ContainsFunc(body, func(b byte) bool { return b != 0 }) {
		t.Fatal(body, err)
	}
}

func TestNilMember(t *testing.T) {
	var none *circle
	for _, v := range []shape{nil, none} {
		_, err := written(t, 16, func(*Sizer) {}, func(w *Writer) { writeShape(w, 0, v) })
		if err == nil || !strings.Contains(err.Error(), "a nil Shape") {
			t.Errorf("%T: %v", v, err)
		}
	}
}

// writeMap writes a map of lists as generated code does.
func writeMap(w *Writer, m map[string][]uint64) {
	keys := Keys(m)
	if first, ok := w.List(0, len(keys), 40, 8); ok {
		for i, key := range keys {
			w.String(first+uint32(i)*40, key)
			WriteNumbers(w, first+uint32(i)*40+16, m[key])
		}
	}
}

func sizeMap(z *Sizer, m map[string][]uint64) {
	z.List(len(m), 40, 8)
	for key, value := range m {
		z.String(key)
		SizeNumbers(z, value)
		z.Align()
	}
}

// The sizer goes over a map in Go's random order, the writer in the order of the keys: there is room for it always.
func TestMap(t *testing.T) {
	m := map[string][]uint64{"b": {2}, "": {}, "four": nil, "a": {1, 1}, "longer than a word": {5}, "cc": nil}
	var before []byte
	for range 50 {
		body, err := written(t, 24, func(z *Sizer) { sizeMap(z, m) }, func(w *Writer) { writeMap(w, m) })
		if err != nil {
			t.Fatal(err)
		}
		if before != nil && !slices.Equal(before, body) {
			t.Fatal("the same map is other bytes")
		}
		before = body
	}
	r := readerOf(before, 24)
	first, n := r.List(0, 40, 8)
	got := map[string][]uint64{}
	var keys []string
	for i := range n {
		key := r.String(first + uint32(i)*40)
		keys = append(keys, key)
		got[key] = ReadNumbers[uint64](r, first+uint32(i)*40+16)
	}
	r.Distinct(len(got), n)
	if r.Err() != nil || !slices.IsSorted(keys) || len(got) != len(m) || !slices.Equal(got["a"], m["a"]) {
		t.Fatal(keys, got, r.Err())
	}
}

func TestDistinct(t *testing.T) {
	r := readerOf(make([]byte, 8), 8)
	r.Distinct(2, 2)
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	r.Distinct(1, 2)
	if r.Err() == nil {
		t.Fatal("a key that came twice was taken")
	}
}

func TestKeysOfBooleans(t *testing.T) {
	type flag bool
	if keys := BoolKeys(map[flag]int{true: 1, false: 2}); !slices.Equal(keys, []flag{false, true}) {
		t.Fatal(keys)
	}
}

func writtenTime(t *testing.T, at time.Time) (int64, error) {
	t.Helper()
	body, err := written(t, 8, func(*Sizer) {}, func(w *Writer) { w.Time(0, at, "Meeting.Start") })
	return readerOf(body, 8).Int64(0), err
}

func TestTime(t *testing.T) {
	for _, at := range []time.Time{
		time.UnixMilli(0), time.UnixMilli(-1), time.UnixMilli(dateMax), time.UnixMilli(-dateMax),
		time.Date(2026, 2, 28, 23, 59, 59, 999_000_000, time.FixedZone("", 3600)),
	} {
		ms, err := writtenTime(t, at)
		if err != nil || ms != at.UnixMilli() {
			t.Errorf("%v: %d, %v", at, ms, err)
			continue
		}
		body := make([]byte, 8)
		*(*int64)(unsafe.Pointer(&body[0])) = ms
		r := readerOf(body, 8)
		if back := r.Time(0); !back.Equal(at) || back.Location() != time.UTC || r.Err() != nil {
			t.Errorf("%v came back as %v, %v", at, back, r.Err())
		}
	}
	if ms, err := writtenTime(t, time.Unix(1, 1_999_999)); err != nil || ms != 1001 {
		t.Errorf("what is finer than a millisecond is cut off: %d, %v", ms, err)
	}
}

func TestTimeThatIsNoDate(t *testing.T) {
	for _, at := range []time.Time{
		{}, time.UnixMilli(dateMax + 1), time.UnixMilli(-dateMax - 1),
		time.Unix(math.MaxInt64>>1, 0), time.Unix(math.MinInt64>>1, 0),
	} {
		if _, err := writtenTime(t, at); err == nil || !strings.Contains(err.Error(), "Meeting.Start is ") {
			t.Errorf("%v: %v", at, err)
		}
	}
	body := make([]byte, 8)
	*(*int64)(unsafe.Pointer(&body[0])) = dateMax + 1
	r := readerOf(body, 8)
	if r.Time(0); r.Err() == nil {
		t.Error("a time beyond Date was read")
	}
}
