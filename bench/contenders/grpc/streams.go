package main

import (
	"errors"
	"io"
	"iter"

	"example.test/bench/grpc/gen"
)

// received yields what a stream brings until it ends.
func received(stream interface{ Recv() (*gen.Reading, error) }) iter.Seq2[*gen.Reading, error] {
	return func(yield func(*gen.Reading, error) bool) {
		for {
			reading, err := stream.Recv()
			if errors.Is(err, io.EOF) || !yield(reading, err) || err != nil {
				return
			}
		}
	}
}

// sendAll sends what a handler yields.
func sendAll(stream interface{ Send(*gen.Reading) error }, readings iter.Seq2[*gen.Reading, error]) error {
	for reading, err := range readings {
		if err != nil {
			return err
		}
		if err := stream.Send(reading); err != nil {
			return err
		}
	}
	return nil
}

func reading(id uint32, value float64) *gen.Reading { return &gen.Reading{Id: id, Value: value} }

func parts(r *gen.Reading) (uint32, float64) { return r.GetId(), r.GetValue() }
