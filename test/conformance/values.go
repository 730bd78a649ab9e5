package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"example.test/conformance/gen"
)

type values struct{ kept *kept }

func (values) Bool(_ context.Context, v bool) (bool, error)                { return v, nil }
func (values) Text(_ context.Context, v string) (string, error)            { return v, nil }
func (values) F64(_ context.Context, v float64) (float64, error)           { return v, nil }
func (values) F32(_ context.Context, v float32) (float32, error)           { return v, nil }
func (values) U8(_ context.Context, v uint8) (uint8, error)                { return v, nil }
func (values) I8(_ context.Context, v int8) (int8, error)                  { return v, nil }
func (values) U16(_ context.Context, v uint16) (uint16, error)             { return v, nil }
func (values) I16(_ context.Context, v int16) (int16, error)               { return v, nil }
func (values) U32(_ context.Context, v uint32) (uint32, error)             { return v, nil }
func (values) I32(_ context.Context, v int32) (int32, error)               { return v, nil }
func (values) U64(_ context.Context, v uint64) (uint64, error)             { return v, nil }
func (values) I64(_ context.Context, v int64) (int64, error)               { return v, nil }
func (values) Int(_ context.Context, v int) (int, error)                   { return v, nil }
func (values) Bytes(_ context.Context, v []byte) ([]byte, error)           { return v, nil }
func (values) Arrays(_ context.Context, v *gen.Arrays) (gen.Arrays, error) { return *v, nil }
func (values) Words(_ context.Context, v []string) ([]string, error)       { return v, nil }
func (values) Cube(_ context.Context, v [][][]int32) ([][][]int32, error)  { return v, nil }
func (values) Users(_ context.Context, v []gen.User) ([]gen.User, error)   { return v, nil }
func (values) Pair(_ context.Context, v *gen.ConformancePairV) (gen.ConformancePairResult, error) {
	return gen.ConformancePairResult(*v), nil
}
func (values) Span(_ context.Context, v *gen.Span) (gen.Span, error) { return *v, nil }
func (values) ByName(_ context.Context, v map[string]uint32) (map[string]uint32, error) {
	return v, nil
}
func (values) ByNumber(_ context.Context, v map[int32]string) (map[int32]string, error) {
	return v, nil
}
func (values) ByFlag(_ context.Context, v map[bool]map[gen.Color]uint8) (map[bool]map[gen.Color]uint8, error) {
	return v, nil
}
func (values) Record(_ context.Context, v map[string]gen.User) (map[string]gen.User, error) {
	return v, nil
}
func (values) ByWord(_ context.Context, v *gen.ConformanceByWordV) (gen.ConformanceByWordV, error) {
	return *v, nil
}
func (values) Tags(_ context.Context, v map[string]struct{}) (map[string]struct{}, error) {
	return v, nil
}
func (values) IDs(_ context.Context, v map[uint32]struct{}) (map[uint32]struct{}, error) {
	return v, nil
}
func (values) Color(_ context.Context, v gen.Color) (gen.Color, error)          { return v, nil }
func (values) Status(_ context.Context, v gen.Status) (gen.Status, error)       { return v, nil }
func (values) Priority(_ context.Context, v gen.Priority) (gen.Priority, error) { return v, nil }
func (values) Grade(_ context.Context, v gen.Grade) (gen.Grade, error)          { return v, nil }
func (values) Shape(_ context.Context, v gen.Shape) (gen.Shape, error)          { return v, nil }
func (values) Shapes(_ context.Context, v []gen.Shape) ([]gen.Shape, error)     { return v, nil }
func (values) MaybeShape(_ context.Context, v gen.Shape) (gen.Shape, error)     { return v, nil }
func (values) Page(_ context.Context, v *gen.PageOfUser) (gen.PageOfUser, error) {
	return *v, nil
}
func (values) Pages(_ context.Context, v *gen.PageOfPageOfString) (gen.PageOfPageOfString, error) {
	return *v, nil
}
func (values) Chain(_ context.Context, v *gen.Chain) (gen.Chain, error)             { return *v, nil }
func (values) Tree(_ context.Context, v *gen.Tree) (gen.Tree, error)                { return *v, nil }
func (values) Date(_ context.Context, v time.Time) (time.Time, error)               { return v, nil }
func (values) Duration(_ context.Context, v time.Duration) (time.Duration, error)   { return v, nil }
func (values) Optionals(_ context.Context, v *gen.Optionals) (gen.Optionals, error) { return *v, nil }
func (values) Derived(_ context.Context, v *gen.Derived) (gen.Derived, error)       { return *v, nil }
func (values) Empty(_ context.Context, v *gen.Empty) (gen.Empty, error)             { return *v, nil }
func (values) Everything(_ context.Context, v *gen.Everything) (gen.Everything, error) {
	return *v, nil
}
func (values) Nothing(context.Context) error { return nil }

func (values) Several(_ context.Context, a bool, b string, c uint8, d *int64) (string, error) {
	fourth := "<nil>"
	if d != nil {
		fourth = fmt.Sprint(*d)
	}
	return fmt.Sprintf("%t %q %d %s", a, b, c, fourth), nil
}

func (values) SeenNumbers(_ context.Context, v *gen.Numbers) ([]string, error) {
	var seen []string
	for _, n := range []any{v.U8, v.I8, v.U16, v.I16, v.U32, v.I32, v.F32, v.F64, v.U64, v.I64, v.Int} {
		seen = append(seen, fmt.Sprintf("%T %v", n, n))
	}
	return seen, nil
}

func (values) Seen(_ context.Context, v *gen.Everything) ([]string, error) {
	return []string{
		fmt.Sprintf("%+q", v.Text),
		v.Day.UTC().Format(time.RFC3339Nano),
		v.Span.String(),
		fmt.Sprintf("%T %s", v.Color, v.Color),
		fmt.Sprintf("%T %+v", v.Shape, v.Shape),
		fmt.Sprint(v.ByName),
		fmt.Sprint(v.Maybe != nil),
	}, nil
}

func (values) Made(context.Context) (gen.Everything, error) {
	return gen.Everything{
		Yes:  true,
		Text: "made in Go: 世界",
		Numbers: gen.Numbers{
			U8: math.MaxUint8, I8: math.MinInt8, U16: math.MaxUint16, I16: math.MinInt16, U32: math.MaxUint32, I32: math.MinInt32,
			F32: 1.5, F64: math.Pi, U64: math.MaxUint64, I64: math.MinInt64, Int: -1,
		},
		List:   []string{"", "a"},
		Nested: [][]int32{{1}, nil, {2, 3}},
		Pair:   gen.EverythingPair{V0: "first", V1: 2},
		ByName: map[string]uint32{"b": 2, "a": 1},
		Tags:   map[string]struct{}{"y": {}, "x": {}},
		Color:  gen.ColorGreen,
		Status: gen.StatusInProgress,
		Shape:  &gen.Group{Shapes: []gen.Shape{&gen.Circle{Radius: 2}, &gen.ShapeOrigin{}}},
		Day:    time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.FixedZone("somewhere", 3600)),
		Span:   1500 * time.Microsecond,
	}, nil
}

func (values) Borrowed(_ context.Context, v *gen.Payload) (string, error) {
	sum := 0
	for _, b := range v.Data {
		sum += int(b)
	}
	return fmt.Sprintf("%s %s %d", v.Name, strings.Join(v.Words, ","), sum), nil
}

// kept is what handlers own and keep.
type kept struct {
	mu       sync.Mutex
	payloads []gen.Payload
}

func (v values) Keep(_ context.Context, p *gen.Payload) error {
	v.kept.mu.Lock()
	defer v.kept.mu.Unlock()
	v.kept.payloads = append(v.kept.payloads, *p)
	return nil
}

func (v values) Kept(context.Context) ([]gen.Payload, error) {
	v.kept.mu.Lock()
	defer v.kept.mu.Unlock()
	payloads := v.kept.payloads
	v.kept.payloads = nil
	return payloads, nil
}
