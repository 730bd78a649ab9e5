package memring_test

import (
	"context"
	"fmt"

	"x.example/go/memring"
)

func Example() {
	ctx := context.Background()
	ring, _ := memring.Create[uint64](1024) // or Open, with the fds of another process's
	producer, _ := ring.Producer()
	consumer, _ := ring.Consumer() // in real life in another goroutine, or process

	_, _ = producer.PushMany(ctx, []uint64{1, 2, 3})
	_ = producer.Close()
	for v, err := range consumer.All(ctx) {
		fmt.Println(v, err)
	}
	// Output:
	// 1 <nil>
	// 2 <nil>
	// 3 <nil>
}

func ExampleMessageProducer_Claim() {
	ctx := context.Background()
	ring, _ := memring.NewHeapMessageRing(4096)
	producer, _ := ring.Producer()
	consumer, _ := ring.Consumer()

	view, _ := producer.Claim(ctx, 5)
	copy(view, "hello")
	_ = producer.Commit()

	message, _ := consumer.Peek(ctx)
	fmt.Printf("%s\n", message)
	_ = consumer.Release()
	// Output: hello
}
