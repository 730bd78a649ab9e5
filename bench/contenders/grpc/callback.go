package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"example.test/bench/callback"
	"example.test/bench/grpc/gen"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// callBack has Go call Node: as a client of Node's own server, or by messages on a stream that Node has opened.
type callBack struct {
	gen.UnimplementedCallBackServer

	hosts  sync.Map                       // gen.HostClient by address: one channel each, as gRPC asks
	served atomic.Pointer[callback.Slots] // the calls of the stream that is open
}

func (c *callBack) Run(ctx context.Context, req *gen.CallBackRequest) (*gen.CallBackReport, error) {
	call, err := c.caller(req.GetHost())
	if err != nil {
		return nil, err
	}
	report, err := callback.Run(ctx, req.GetCount(), req.GetGoroutines(), call)
	return &gen.CallBackReport{Report: report}, err
}

func (c *callBack) caller(host string) (callback.Call, error) {
	if host == "" {
		slots := c.served.Load()
		if slots == nil {
			return nil, errors.New("no stream is open")
		}
		return slots.Call, nil
	}
	known, ok := c.hosts.Load(host)
	if !ok {
		conn, err := grpc.NewClient(host, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return nil, err
		}
		known, _ = c.hosts.LoadOrStore(host, gen.NewHostClient(conn))
	}
	client := known.(gen.HostClient)
	return func(ctx context.Context, number uint32) (uint32, error) {
		answer, err := client.Double(ctx, &gen.Number{Number: number})
		return answer.GetNumber(), err
	}, nil
}

// Serve sends asks for as long as Node keeps the stream open.
func (c *callBack) Serve(stream gen.CallBack_ServeServer) error {
	// One goroutine at a time may send on a stream; another one may receive meanwhile.
	var sending sync.Mutex
	slots := callback.NewSlots(func(slot, number uint32) {
		sending.Lock()
		defer sending.Unlock()
		_ = stream.Send(&gen.Ask{Slot: slot, Number: number}) // if it fails, so does receiving
	})
	c.served.Store(slots)
	defer c.served.CompareAndSwap(slots, nil)
	// Node waits for the header before it has us call.
	if err := stream.SendHeader(nil); err != nil {
		return err
	}
	for {
		answer, err := stream.Recv()
		if err != nil {
			return err
		}
		slots.Answer(answer.GetSlot(), answer.GetNumber())
	}
}
