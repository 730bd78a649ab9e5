// Command ring is the Go side of our own contender: it implements the interface that ts2go generated from bench.ts with
// the handlers that all contenders share.
package main

import (
	"context"

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

func (bench) Memory(context.Context) (gen.GoMemory, error) {
	memory := handlers.ReadMemory()
	return gen.GoMemory{
		Collections:    float64(memory.Collections),
		AllocatedBytes: float64(memory.AllocatedBytes),
	}, nil
}

func main() { ts2go.Main(gen.ServeBench(bench{})) }
