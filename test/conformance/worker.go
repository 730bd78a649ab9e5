package main

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
)

type worker struct{ number atomic.Uint32 }

func (*worker) Pid(context.Context) (int32, error) { return int32(os.Getpid()), nil }

func (*worker) Environment(_ context.Context, name string) (string, error) {
	return os.Getenv(name), nil
}

func (*worker) Print(_ context.Context, toStdout, toStderr string) error {
	fmt.Fprint(os.Stdout, toStdout)
	fmt.Fprint(os.Stderr, toStderr)
	return nil
}

func (w *worker) Increase(context.Context) (uint32, error) { return w.number.Add(1), nil }
