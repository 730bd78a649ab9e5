// Command demo is the Go side of the demo: it implements the interface that ts2go generated from demo.ts.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"example.test/demo/gen"
	"x.example/go/ts2go"
)

type demo struct{}

func (demo) Oneway(_ context.Context, user *gen.DemoUser) {
	fmt.Fprintf(os.Stdout, "  Go heard of %s, %d\n", user.Name, user.Age)
}

func (demo) Check(_ context.Context, req *gen.DemoComplicatedRequest) (gen.DemoResponse, error) {
	for _, user := range req.Users {
		if user.Age < 18 {
			return gen.DemoResponse{Pass: false}, nil
		}
	}
	return gen.DemoResponse{Pass: true}, nil
}

func (d demo) CheckSlowly(ctx context.Context, req *gen.DemoComplicatedRequest) (gen.DemoResponse, error) {
	time.Sleep(10 * time.Millisecond)
	return d.Check(ctx, req)
}

func main() { ts2go.Main(gen.ServeDemo(demo{})) }
