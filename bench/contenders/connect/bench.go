package main

import (
	"context"

	"example.test/bench/connect/gen"
	"example.test/bench/connect/gen/genconnect"
	"example.test/bench/handlers"
)

// bench implements the generated interface with the handlers that all contenders share.
type bench struct{}

func (bench) Check(_ context.Context, req *gen.DemoComplicatedRequest) (*gen.DemoResponse, error) {
	return &gen.DemoResponse{Pass: handlers.Check(users(req), req.GetBalabala())}, nil
}

func (bench) CheckSlowly(_ context.Context, req *gen.DemoComplicatedRequest) (*gen.DemoResponse, error) {
	return &gen.DemoResponse{Pass: handlers.CheckSlowly(users(req), req.GetBalabala())}, nil
}

func (bench) CheckLong(_ context.Context, req *gen.DemoComplicatedRequest) (*gen.DemoResponse, error) {
	return &gen.DemoResponse{Pass: handlers.CheckLong(users(req), req.GetBalabala())}, nil
}

func (bench) CheckBusy(_ context.Context, req *gen.DemoComplicatedRequest) (*gen.DemoResponse, error) {
	return &gen.DemoResponse{Pass: handlers.CheckBusy(users(req), req.GetBalabala())}, nil
}

func (bench) Take(_ context.Context, req *gen.Payload) (*gen.Sum, error) {
	return &gen.Sum{Sum: handlers.Take(req.GetPayload())}, nil
}

func (bench) Give(_ context.Context, req *gen.Size) (*gen.Payload, error) {
	return &gen.Payload{Payload: handlers.Give(req.GetSize())}, nil
}

func (bench) Echo(_ context.Context, req *gen.Payload) (*gen.Payload, error) {
	return &gen.Payload{Payload: handlers.Echo(req.GetPayload())}, nil
}

func (bench) Readings(_ context.Context, req *gen.Size, stream genconnect.BenchReadingsServerStream) error {
	return sendAll(stream, handlers.Readings(req.GetSize(), reading))
}

func (bench) Total(_ context.Context, stream genconnect.BenchTotalServerStream) (*gen.Amount, error) {
	total, err := handlers.Total(received(stream), parts)
	return &gen.Amount{Amount: total}, err
}

func (bench) Mirror(_ context.Context, stream genconnect.BenchMirrorServerStream) error {
	return sendAll(stream, handlers.Mirror(received(stream)))
}

// users gives the users of a request the type that the shared handlers take.
func users(req *gen.DemoComplicatedRequest) []handlers.User {
	list := make([]handlers.User, len(req.GetUsers()))
	for i, user := range req.GetUsers() {
		list[i] = handlers.User{Name: user.GetName(), Age: uint8(user.GetAge())}
	}
	return list
}
