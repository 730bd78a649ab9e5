package image

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"unsafe"
)

// record is a root with a reference of each kind: string, slice of strings, slice of numbers, pointer.
type record struct {
	Name    string
	Tags    []string
	Numbers []uint32
	Next    *record
}

const recordSize = 72

func readRecord(r *Reader, at uint32, v *record) {
	if !r.Enter() {
		return
	}
	defer r.Leave()
	v.Name = r.String(at)
	if first, n := r.List(at+16, 16, 8); n > 0 {
		v.Tags = make([]string, n)
		for i := range v.Tags {
			v.Tags[i] = r.String(first + uint32(i)*16)
		}
	}
	v.Numbers = ReadNumbers[uint32](r, at+40)
	if next, ok := r.Pointer(at+64, recordSize, 8); ok {
		v.Next = new(record)
		readRecord(r, next, v.Next)
	}
}

func checkRecord(r *Reader, at uint32) {
	if !r.Enter() {
		return
	}
	defer r.Leave()
	r.CheckString(at)
	if first, n := r.CheckList(at+16, 16, 8); n > 0 {
		for i := range n {
			r.CheckString(first + uint32(i)*16)
		}
	}
	r.CheckList(at+40, 4, 4)
	if next, ok := r.CheckPointer(at+64, recordSize, 8); ok {
		checkRecord(r, next)
	}
}

func sizeRecord(z *Sizer, v *record) {
	z.String(v.Name)
	z.List(len(v.Tags), 16, 8)
	for _, tag := range v.Tags {
		z.String(tag)
	}
	SizeNumbers(z, v.Numbers)
	if v.Next != nil && z.Enter() {
		z.Pointer(recordSize, 8)
		sizeRecord(z, v.Next)
		z.Leave()
	}
}

func writeRecord(w *Writer, at uint32, v *record) {
	w.String(at, v.Name)
	if first, ok := w.List(at+16, len(v.Tags), 16, 8); ok {
		for i, tag := range v.Tags {
			w.String(first+uint32(i)*16, tag)
		}
	}
	WriteNumbers(w, at+40, v.Numbers)
	if v.Next == nil {
		w.Nil(at + 64)
	} else if next, ok := w.Pointer(at+64, recordSize, 8); ok {
		writeRecord(w, next, v.Next)
	}
}

func encode(t testing.TB, v *record, base uint64) []byte {
	t.Helper()
	z := NewSizer(recordSize)
	sizeRecord(&z, v)
	size, err := z.Size()
	if err != nil {
		t.Fatal(err)
	}
	words := make([]uint64, (size+7)/8) // aligned to 8
	body := unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), size)
	var w Writer
	w.Reset(body, base, recordSize)
	writeRecord(&w, 0, v)
	if w.Err() != nil {
		t.Fatal(w.Err())
	}
	return body
}

var sample = record{
	Name: "root", Tags: []string{"a", "", "longer than the others"}, Numbers: []uint32{1, 2, 3},
	Next: &record{Name: "child", Numbers: []uint32{7}},
}

func equal(a, b *record) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Name != b.Name || len(a.Tags) != len(b.Tags) || len(a.Numbers) != len(b.Numbers) {
		return false
	}
	for i := range a.Tags {
		if a.Tags[i] != b.Tags[i] {
			return false
		}
	}
	for i := range a.Numbers {
		if a.Numbers[i] != b.Numbers[i] {
			return false
		}
	}
	return equal(a.Next, b.Next)
}

// ways are the two in which a Reader gives what is the caller's own: piece by piece, and from a copy of the whole body.
var ways = map[string]func(*Reader){"in pieces": func(*Reader) {}, "from one copy": (*Reader).Own}

func TestImageReadsBackEqualAtAnyBase(t *testing.T) {
	for _, base := range []uint64{0, 1 << 32, 0x7f00_0000_0000, 12345678 << 3} {
		body := encode(t, &sample, base)
		var r Reader
		for way, own := range ways {
			r.Reset(body, base, recordSize)
			own(&r)
			var back record
			readRecord(&r, 0, &back)
			if r.Err() != nil || !equal(&back, &sample) {
				t.Fatalf("base %#x, %s: %v, %+v", base, way, r.Err(), back)
			}
		}
		r.Reset(body, base, recordSize)
		checkRecord(&r, 0)
		if r.Err() != nil {
			t.Fatalf("base %#x: %v", base, r.Err())
		}
	}
}

func TestOwnedCopySurvivesChangesOfTheImage(t *testing.T) {
	for way, own := range ways {
		body := encode(t, &sample, 0)
		var r Reader
		r.Reset(body, 0, recordSize)
		own(&r)
		var back record
		readRecord(&r, 0, &back)
		clear(body)
		if !equal(&back, &sample) {
			t.Fatalf("read %s, the copy changed with the image: %+v", way, back)
		}
	}
}

func TestOnlySmallBodiesAreCopiedWhole(t *testing.T) {
	for size, copied := range map[int]bool{recordSize: true, ownMax: true, ownMax + 8: false} {
		body := make([]byte, size)
		var r Reader
		r.Reset(body, 0, recordSize)
		r.Own()
		if own := r.Root(0) != unsafe.Pointer(unsafe.SliceData(body)); own != copied {
			t.Errorf("a body of %d bytes: copied %v", size, own)
		}
	}
}

func TestSlicesOfOneCopyDoNotGrowIntoEachOther(t *testing.T) {
	body := encode(t, &sample, 0)
	var r Reader
	r.Reset(body, 0, recordSize)
	r.Own()
	var back record
	readRecord(&r, 0, &back)
	_ = append(back.Numbers, 0xFFFFFFFF)
	if !equal(&back, &sample) {
		t.Fatalf("append wrote over its neighbour: %+v", back)
	}
}

func TestForgedRefsAreErrors(t *testing.T) {
	put := func(at int, v uint64) func([]byte) {
		return func(b []byte) { binary.NativeEndian.PutUint64(b[at:], v) }
	}
	for name, forge := range map[string]func([]byte){
		"string below the body":    put(0, 1<<32-8),
		"string beyond the body":   put(0, 1<<32+1<<20),
		"string of 2^63 bytes":     put(8, 1<<63),
		"string that wraps":        put(8, ^uint64(0)),
		"list of 2^60 elements":    put(24, 1<<60),
		"list longer than its cap": put(32, 0),
		"list not aligned":         put(16, 1<<32+73),
		"pointer not aligned":      put(64, 1<<32+1),
		"pointer to itself":        put(64, 1<<32),
		"pointer outside":          put(64, 1<<40),
	} {
		for way, own := range ways {
			body := encode(t, &sample, 1<<32)
			forge(body)
			var r Reader
			r.Reset(body, 1<<32, recordSize)
			own(&r)
			var back record
			readRecord(&r, 0, &back)
			var fault *Error
			if !errors.As(r.Err(), &fault) {
				t.Errorf("%s: read %s as %+v", name, way, back)
			}
		}
	}
}

func TestAliasedRefsAreBounded(t *testing.T) {
	// A thousand strings that all claim the same kilobyte.
	const n = 1000
	words := make([]uint64, (recordSize+n*16+1024)/8)
	body := unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), len(words)*8)
	put := func(at int, v uint64) { binary.NativeEndian.PutUint64(body[at:], v) }
	put(16, recordSize)
	put(24, n)
	put(32, n)
	for i := range n {
		put(recordSize+i*16, recordSize+n*16)
		put(recordSize+i*16+8, 1024)
	}
	var r Reader
	r.Reset(body, 0, recordSize)
	var back record
	readRecord(&r, 0, &back)
	if r.Err() == nil {
		t.Fatal("a body of 17 KB was read as a megabyte")
	}
}

func TestWriterNoticesAResultThatGrows(t *testing.T) {
	z := NewSizer(recordSize)
	sizeRecord(&z, &sample)
	size, _ := z.Size()
	var w Writer
	w.Reset(make([]byte, size), 0, recordSize)
	grown := sample
	grown.Tags = append(grown.Tags[:len(grown.Tags):len(grown.Tags)], "one more")
	writeRecord(&w, 0, &grown)
	if w.Err() == nil {
		t.Fatal("it wrote more than was reserved")
	}
}

// claimed is how many bytes of a body a record was read from, at least.
func claimed(v *record) int {
	total := 0
	for ; v != nil; v = v.Next {
		total += len(v.Name) + 4*len(v.Numbers)
		for _, tag := range v.Tags {
			total += len(tag)
		}
	}
	return total
}

func FuzzReader(f *testing.F) {
	f.Add(encode(f, &sample, 0), uint64(0))
	f.Add([]byte{}, uint64(0))
	f.Add(bytes.Repeat([]byte{0xff}, 200), uint64(1<<32))
	f.Fuzz(func(t *testing.T, data []byte, base uint64) {
		words := make([]uint64, (len(data)+8)/8)
		body := unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), len(data))
		copy(body, data)
		var r Reader
		for _, own := range ways {
			r.Reset(body, base, recordSize)
			own(&r)
			var v record
			readRecord(&r, 0, &v)
			if total := claimed(&v); r.Err() == nil && total > len(body) {
				t.Fatalf("%d bytes out of a body of %d", total, len(body))
			}
		}
		r.Reset(body, base, recordSize)
		checkRecord(&r, 0)
	})
}
