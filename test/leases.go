package main

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"

	"example.test/trust/gen"
	"x.example/go/ts2go"
)

type leases struct {
	mu sync.Mutex
	// The context of a handler that has returned.
	old       context.Context
	discarded atomic.Uint64
}

func countUp(b []byte, first uint8) []byte {
	for i := range b {
		b[i] = first + uint8(i)
	}
	return b
}

func sum(b []byte) (total uint64) {
	for _, v := range b {
		total += uint64(v)
	}
	return total
}

func (l *leases) Make(ctx context.Context, n uint32, first uint8) ([]byte, error) {
	l.mu.Lock()
	l.old = ctx
	l.mu.Unlock()
	b, err := ts2go.Alloc(ctx, int(n))
	return countUp(b, first), err
}

func (*leases) Copy(_ context.Context, n uint32, first uint8) ([]byte, error) {
	return countUp(make([]byte, n), first), nil
}

func (*leases) Part(ctx context.Context, n, from, to uint32) ([]byte, error) {
	b, err := ts2go.Alloc(ctx, int(n))
	if err != nil {
		return nil, err
	}
	return countUp(b, 0)[from:to], nil
}

func (*leases) Picture(ctx context.Context, width, tiles uint32) (gen.Picture, error) {
	pixels, err := ts2go.Alloc(ctx, int(width))
	if err != nil {
		return gen.Picture{}, err
	}
	p := gen.Picture{Width: width, Pixels: countUp(pixels, 0)}
	thumbnail := pixels[:width/2]
	if width > 2 {
		p.Thumbnail = &thumbnail
	}
	for i := range tiles {
		p.Tiles = append(p.Tiles, countUp(make([]byte, 5), uint8(i)))
	}
	return p, nil
}

func (*leases) Failing(ctx context.Context, n uint32) ([]byte, error) {
	b, err := ts2go.Alloc(ctx, int(n))
	return b, errors.Join(err, errors.New("made and not wanted"))
}

func (*leases) Panicking(ctx context.Context, n uint32) ([]byte, error) {
	if _, err := ts2go.Alloc(ctx, int(n)); err != nil {
		return nil, err
	}
	panic("with a lease in hand")
}

func (*leases) Late(ctx context.Context, n uint32) ([]byte, error) {
	b, err := ts2go.Alloc(ctx, int(n))
	<-ctx.Done()
	return b, err
}

func (*leases) Unsafe(context.Context) (gen.UnsafeLease, error) {
	return gen.UnsafeLease{Data: make([]byte, 100_000), N: 1 << 60}, nil
}

func (l *leases) Stale(context.Context) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := ts2go.Alloc(l.old, 10)
	return err.Error(), nil
}

func (*leases) Sum(_ context.Context, data []byte) (uint64, error) { return sum(data), nil }

func (*leases) Upload(_ context.Context, u *gen.Upload) (uint64, error) {
	total := sum(u.Data) + sum(u.Copied) + sum([]byte(u.Name))
	for _, more := range u.More {
		total += sum(more)
	}
	return total, nil
}

func (*leases) Deface(_ context.Context, data []byte) error {
	data[0] = 1
	return nil
}

func (*leases) Both(_ context.Context, data []byte, items iter.Seq2[uint32, error]) (uint64, error) {
	total := sum(data)
	for item, err := range items {
		if err != nil {
			return 0, err
		}
		total += uint64(item)
	}
	return total + sum(data), nil
}

func (l *leases) Discard(_ context.Context, data []byte) { l.discarded.Add(sum(data)) }

func (l *leases) Discarded(context.Context) (uint64, error) { return l.discarded.Load(), nil }

func (l *leases) Hold(ctx context.Context, data []byte) (uint64, error) {
	before := sum(data)
	<-ctx.Done()
	l.discarded.Add(before + sum(data))
	return 0, nil
}
