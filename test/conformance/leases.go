package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"

	"example.test/conformance/gen"
	"x.example/go/ts2go"
)

// leases makes bytes in place, and reads those that came so.
type leases struct {
	gates *gates
	notes *notes
}

func countUp(b []byte, first uint8) []byte {
	for i := range b {
		b[i] = first + uint8(i)
	}
	return b
}

func addUp(b []byte) (sum float64) {
	for _, v := range b {
		sum += float64(v)
	}
	return sum
}

func (*leases) Make(ctx context.Context, n uint32, first uint8) ([]byte, error) {
	b, err := ts2go.Alloc(ctx, int(n))
	return countUp(b, first), err
}

func (*leases) MakeElsewhere(_ context.Context, n uint32, first uint8) ([]byte, error) {
	return countUp(make([]byte, n), first), nil
}

func (*leases) MakePart(ctx context.Context, n, from, to uint32) ([]byte, error) {
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
	if thumbnail := pixels[:width/2]; width > 2 {
		p.Thumbnail = &thumbnail
	}
	for i := range tiles {
		p.Tiles = append(p.Tiles, countUp(make([]byte, 5), uint8(i)))
	}
	return p, nil
}

func (*leases) MakeFailing(ctx context.Context, n uint32, how string) ([]byte, error) {
	if _, err := ts2go.Alloc(ctx, int(n)); err != nil {
		return nil, err
	}
	_, err := misbehave(how)
	return nil, err
}

func (l *leases) MakeLate(ctx context.Context, name string, n uint32) ([]byte, error) {
	b, err := ts2go.Alloc(ctx, int(n))
	at := l.gates.of(name)
	at.enter()
	<-at.released
	return b, err
}

func (*leases) Spoilt(ctx context.Context) (gen.Spoilt, error) {
	b, err := ts2go.Alloc(ctx, 100_000)
	return gen.Spoilt{Data: b, N: math.MaxInt}, err
}

func (l *leases) MakeStale(ctx context.Context, name string) error {
	at := l.gates.of(name)
	go func() {
		<-at.released
		_, err := ts2go.Alloc(context.WithoutCancel(ctx), 10)
		at.leave(fmt.Sprint(err))
	}()
	return nil
}

func (*leases) AddUp(_ context.Context, data []byte) (float64, error) { return addUp(data), nil }

func (*leases) Upload(_ context.Context, v *gen.Upload) (float64, error) {
	sum := addUp(v.Data) + addUp(v.Copied) + addUp([]byte(v.Name))
	for _, more := range v.More {
		sum += addUp(more)
	}
	return sum, nil
}

func (*leases) Deface(_ context.Context, data []byte) error {
	data[0] = 1
	return errors.New("it was written to")
}

func (*leases) AddUpBoth(_ context.Context, data []byte, values iter.Seq2[float64, error]) (float64, error) {
	sum := 0.0
	for value, err := range values {
		if err != nil {
			return 0, err
		}
		sum += value
	}
	return sum + addUp(data), nil
}

func (l *leases) AddUpTwice(_ context.Context, name string, data []byte) (string, error) {
	at := l.gates.of(name)
	before := addUp(data)
	at.enter()
	<-at.released
	both := fmt.Sprint(before, " ", addUp(data))
	at.leave(both)
	return both, nil
}

func (l *leases) NoteSum(ctx context.Context, name string, data []byte) {
	l.notes.Note(ctx, name, fmt.Sprint(addUp(data)))
}
