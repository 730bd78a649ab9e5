package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"time"

	"example.test/trust/gen"
	"x.example/go/ts2go"
)

// nest calls back whoever calls it.
type nest struct {
	mu    sync.Mutex
	later chan string
}

func (*nest) Echo(ctx context.Context, v *gen.Everything) (gen.Everything, error) {
	return gen.HostOf(ctx).Echo(ctx, v)
}

func (*nest) Add(ctx context.Context, a, b int32) (int32, error) {
	return gen.HostOf(ctx).Add(ctx, a, b)
}

func (*nest) Join(ctx context.Context, words []string, separator string) (string, error) {
	if separator == "" {
		return gen.HostOf(ctx).Join(ctx, words, nil)
	}
	return gen.HostOf(ctx).Join(ctx, words, &separator)
}

func (*nest) Bytes(ctx context.Context, data []byte) ([]byte, error) {
	return gen.HostOf(ctx).Bytes(ctx, data)
}

func (*nest) Paint(ctx context.Context, c gen.Color) (gen.Color, error) {
	return gen.HostOf(ctx).Paint(ctx, c)
}

func (*nest) Nothing(ctx context.Context) error { return gen.HostOf(ctx).Nothing(ctx) }

func (*nest) Note(ctx context.Context, lines []string) error {
	for _, line := range lines {
		gen.HostOf(ctx).Note(ctx, line)
	}
	return nil
}

func (*nest) Misbehave(ctx context.Context, how string) (uint8, error) {
	return gen.HostOf(ctx).Misbehave(ctx, how)
}

func (*nest) Look(ctx context.Context, how string) (string, error) {
	n, err := gen.HostOf(ctx).Misbehave(ctx, how)
	if err == nil {
		return fmt.Sprint("no error: ", n), nil
	}
	var node *ts2go.NodeError
	if !errors.As(fmt.Errorf("wrapped: %w", err), &node) {
		return fmt.Sprintf("%T: %v", err, err), nil
	}
	return strings.Join([]string{node.Name, node.Message, node.Code, node.Method, node.GoType, node.Stack}, "\n"), nil
}

func (*nest) Missing(ctx context.Context) error { return gen.MissingOf(ctx).Call(ctx) }

func (*nest) TellMissing(ctx context.Context) error {
	gen.MissingOf(ctx).Tell(ctx, "is anybody there?")
	return nil
}

func (*nest) GiveUp(ctx context.Context, how string, ms uint32, deadline bool) (string, error) {
	patience := time.Duration(ms) * time.Millisecond
	var inner context.Context
	if deadline {
		limited, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		inner = limited
	} else {
		limited, cancel := context.WithCancelCause(ctx)
		time.AfterFunc(patience, func() { cancel(errors.New("enough of it")) })
		inner = limited
	}
	_, err := gen.HostOf(ctx).Misbehave(inner, how)
	return fmt.Sprint(err), nil
}

func (*nest) Down(ctx context.Context, depth uint32) (uint32, error) {
	if depth == 0 {
		return 0, nil
	}
	n, err := gen.HostOf(ctx).Down(ctx, depth)
	return n + 1, err
}

func (*nest) Many(ctx context.Context, goroutines, calls uint32) (float64, error) {
	host := gen.HostOf(ctx)
	var wg sync.WaitGroup
	sums := make([]float64, goroutines)
	for g := range goroutines {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range calls {
				sum, err := host.Add(ctx, int32(g), int32(i))
				if err == nil {
					sums[g] += float64(sum)
				}
			}
		}()
	}
	wg.Wait()
	var total float64
	for _, sum := range sums {
		total += sum
	}
	return total, nil
}

func (*nest) Mix(ctx context.Context, goroutines, calls uint32) (float64, error) {
	host := gen.HostOf(ctx)
	var wg sync.WaitGroup
	right := make([]int, goroutines)
	for g := range goroutines {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range calls {
				if mixed(ctx, host, g, i) {
					right[g]++
				}
			}
		}()
	}
	wg.Wait()
	total := 0
	for _, n := range right {
		total += n
	}
	return float64(total), nil
}

// mixed makes one call of some kind, and reports whether it did what it should.
func mixed(ctx context.Context, host gen.Host, g, i uint32) bool {
	switch i % 5 {
	case 0:
		sum, err := host.Add(ctx, int32(g), int32(i))
		return err == nil && sum == int32(g+i)
	case 1:
		data := make([]byte, 300+i)
		data[0] = byte(g)
		got, err := host.Bytes(ctx, data)
		return err == nil && len(got) == len(data) && got[0] == data[0]
	case 2:
		host.Note(ctx, "mix")
		return true
	case 3:
		_, err := host.Misbehave(ctx, "reject")
		var node *ts2go.NodeError
		return errors.As(err, &node)
	default:
		limited, cancel := context.WithCancel(ctx)
		stop := time.AfterFunc(time.Duration(g%50)*10*time.Microsecond, cancel)
		defer stop.Stop()
		defer cancel()
		got, err := host.Join(limited, []string{"a", strings.Repeat("b", 200)}, nil)
		return errors.Is(err, context.Canceled) || err == nil && len(got) == 201
	}
}

func (*nest) Total(ctx context.Context, values iter.Seq2[int32, error]) (int32, error) {
	var total int32
	for value, err := range values {
		if err != nil {
			return 0, err
		}
		if total, err = gen.HostOf(ctx).Add(ctx, total, value); err != nil {
			return 0, err
		}
	}
	return total, nil
}

func (*nest) Called(ctx context.Context, n uint32) iter.Seq2[int32, error] {
	return func(yield func(int32, error) bool) {
		for i := range n {
			if !yield(gen.HostOf(ctx).Add(ctx, int32(i), 1)) {
				return
			}
		}
	}
}

func (n *nest) GoOn(ctx context.Context, calls uint32) error {
	host := gen.HostOf(ctx)
	later := make(chan string, 1)
	n.mu.Lock()
	n.later = later
	n.mu.Unlock()
	go func() {
		for i := range calls {
			if _, err := host.Add(context.WithoutCancel(ctx), int32(i), 1); err != nil {
				later <- fmt.Sprintf("call %d: %T %v", i, err, err)
				return
			}
		}
		later <- fmt.Sprintf("%d calls", calls)
	}()
	return nil
}

func (n *nest) Later(context.Context) (string, error) {
	n.mu.Lock()
	later := n.later
	n.mu.Unlock()
	return <-later, nil
}

func (*nest) WaitLater(ctx context.Context) error {
	go func() { _, _ = gen.HostOf(ctx).Misbehave(context.WithoutCancel(ctx), "forever") }()
	return nil
}

func (*nest) Latency(ctx context.Context, calls uint32) ([]float64, error) {
	host := gen.HostOf(ctx)
	took := make([]float64, calls)
	for i := range took {
		began := time.Now()
		if _, err := host.Add(ctx, 1, 2); err != nil {
			return nil, err
		}
		took[i] = float64(time.Since(began))
	}
	return took, nil
}

func (*nest) Patience(ctx context.Context, ms uint32) (float64, error) {
	if ms > 0 {
		limited, cancel := context.WithTimeout(ctx, time.Duration(ms)*time.Millisecond)
		defer cancel()
		ctx = limited
	}
	return gen.HostOf(ctx).Patience(ctx)
}

func (*nest) Left(ctx context.Context) (string, error) {
	calls, bodies := ts2go.NodeOf(ctx).InFlight()
	return fmt.Sprintf("%d calls, %d bodies", calls, bodies), nil
}
