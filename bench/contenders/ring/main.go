// Command ring is the Go side of our own contender: it implements the interface that ts2go generated from bench.ts with
// the handlers that all contenders share.
package main

import (
	"context"
	"iter"

	"example.test/bench/callback"
	"example.test/bench/handlers"
	"example.test/bench/ring/gen"
	"x.example/go/ts2go"
)

type bench struct{}

func (bench) Check(_ context.Context, req *gen.DemoComplicatedRequest) (gen.DemoResponse, error) {
	return gen.DemoResponse{Pass: handlers.Check(users(req), req.Balabala)}, nil
}

func (bench) CheckSlowly(_ context.Context, req *gen.DemoComplicatedRequest) (gen.DemoResponse, error) {
	return gen.DemoResponse{Pass: handlers.CheckSlowly(users(req), req.Balabala)}, nil
}

func (bench) CheckLong(_ context.Context, req *gen.DemoComplicatedRequest) (gen.DemoResponse, error) {
	return gen.DemoResponse{Pass: handlers.CheckLong(users(req), req.Balabala)}, nil
}

func (bench) CheckBusy(_ context.Context, req *gen.DemoComplicatedRequest) (gen.DemoResponse, error) {
	return gen.DemoResponse{Pass: handlers.CheckBusy(users(req), req.Balabala)}, nil
}

func (b bench) CheckBorrowed(ctx context.Context, req *gen.DemoComplicatedRequest) (gen.DemoResponse, error) {
	return b.Check(ctx, req)
}

func (bench) Take(_ context.Context, payload []byte) (uint32, error) {
	return handlers.Take(payload), nil
}

func (b bench) TakeBorrowed(ctx context.Context, payload []byte) (uint32, error) {
	return b.Take(ctx, payload)
}

func (bench) Give(_ context.Context, size uint32) ([]byte, error) { return handlers.Give(size), nil }

func (bench) Echo(_ context.Context, payload []byte) ([]byte, error) {
	return handlers.Echo(payload), nil
}

func (bench) TakeEnds(_ context.Context, payload []byte) (uint32, error) {
	return handlers.TakeEnds(payload), nil
}

func (b bench) TakeEndsBorrowed(ctx context.Context, payload []byte) (uint32, error) {
	return b.TakeEnds(ctx, payload)
}

func (b bench) TakeEndsLeased(ctx context.Context, payload []byte) (uint32, error) {
	return b.TakeEnds(ctx, payload)
}

func (bench) GiveEnds(_ context.Context, size uint32, mark uint8) ([]byte, error) {
	return handlers.MarkEnds(make([]byte, size), mark), nil
}

func (bench) GiveEndsLeased(ctx context.Context, size uint32, mark uint8) ([]byte, error) {
	bytes, err := ts2go.Alloc(ctx, int(size))
	if err != nil {
		return nil, err
	}
	return handlers.MarkEnds(bytes, mark), nil
}

func (bench) Readings(_ context.Context, count uint32) iter.Seq2[gen.Reading, error] {
	return handlers.Readings(count, func(id uint32, value float64) gen.Reading {
		return gen.Reading{ID: id, Value: value}
	})
}

func (bench) Total(_ context.Context, readings iter.Seq2[gen.Reading, error]) (float64, error) {
	return handlers.Total(readings, func(r gen.Reading) (uint32, float64) { return r.ID, r.Value })
}

func (bench) Mirror(_ context.Context, readings iter.Seq2[gen.Reading, error]) iter.Seq2[gen.Reading, error] {
	return handlers.Mirror(readings)
}

func (bench) CallBack(ctx context.Context, count, goroutines uint32) ([]float64, error) {
	return callback.Run(ctx, count, goroutines, gen.HostOf(ctx).Double)
}

func (bench) Memory(context.Context) (gen.GoMemory, error) {
	memory := handlers.ReadMemory()
	return gen.GoMemory{
		Collections:    float64(memory.Collections),
		AllocatedBytes: float64(memory.AllocatedBytes),
	}, nil
}

func main() { ts2go.Main(gen.ServeBench(bench{})) }
