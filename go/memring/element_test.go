package memring

import (
	"errors"
	"strings"
	"testing"
	"unsafe"
)

type point struct{ X, Y float32 }

type inner struct {
	N    uint32
	Name string
}

func TestEntryTypes(t *testing.T) {
	type good struct {
		A int8
		_ [3]byte
		P [2]point
		C complex128
		U uintptr
	}
	for name, err := range map[string]error{
		"uint8": tryType[uint8](), "struct": tryType[good](), "array": tryType[[8]point](), "int": tryType[int](),
		"the longest": tryType[[entrySizeMax]byte](),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for field, err := range map[string]error{
		"string":               tryType[string](),
		"memring.inner.Name":   tryType[inner](),
		"[4]memring.inner[].N": tryType[[4]inner](),
		"A[].B is a slice":     tryType[struct{ A [2]struct{ B []byte } }](),
		"F is a func":          tryType[struct{ F func() }](),
		"M is a map":           tryType[struct{ M map[int]int }](),
		"C is a chan":          tryType[struct{ C chan int }](),
		"I is a interface":     tryType[struct{ I error }](),
		"interface {} is":      tryType[any](),
		"P is a ptr":           tryType[struct{ P *int }](),
		"U is a unsafe":        tryType[struct{ U unsafe.Pointer }](),
		"OK is a bool":         tryType[struct{ OK bool }](),
		"0 bytes":              tryType[struct{}](),
		"65537 bytes":          tryType[[entrySizeMax + 1]byte](),
	} {
		wantCode(t, err, ErrInvalidOption, "ERR_RING_INVALID_OPTION")
		if !strings.Contains(err.Error(), strings.TrimSuffix(field, ".N")) {
			t.Errorf("%q does not name %q", err, field)
		}
	}
}

func tryType[T any]() error {
	_, heap := NewHeap[T](1)
	r, created := Create[T](1)
	if r != nil {
		_ = r.Close()
	}
	_, opened := Open[T]([3]int{-1, -1, -1})
	if heap != nil && !(errors.Is(created, ErrInvalidOption) && errors.Is(opened, ErrInvalidOption)) {
		return errors.New("the ways to a ring do not agree")
	}
	return heap
}
