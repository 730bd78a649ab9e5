// Command queue-go is one end of the queues of W8, or both, in Go: `queue-go producer|consumer|both|copy`, with the fds
// of four queues (entries, messages, there, back) as its files from 3 on. Told `KIND COUNT` in a line of its standard
// input, it answers with a line of numbers: milliseconds, or the nanoseconds of each trip.
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"runtime"
	"strings"
)

// move does one job of one end: the numbers that it answers with.
type move func(kind string, count int) ([]float64, error)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("queue-go: expected producer, consumer, both or copy")
	}
	ends, err := open(os.Args[1])
	if err != nil {
		log.Fatalf("queue-go: %v", err)
	}
	for line := range lines() {
		var kind string
		var count int
		if _, err := fmt.Sscan(line, &kind, &count); err != nil {
			log.Fatalf("queue-go: %q is no KIND COUNT: %v", line, err)
		}
		fmt.Println(answer(ends, kind, count))
	}
}

// lines gives those of the standard input, whose end is the end of the program, also while an end of a queue spins: its
// other end is as dead as whoever asked.
func lines() <-chan string {
	all := make(chan string)
	go func() {
		for scanner := bufio.NewScanner(os.Stdin); scanner.Scan(); {
			all <- scanner.Text()
		}
		os.Exit(0)
	}()
	return all
}

func open(role string) ([]move, error) {
	if role == "copy" {
		return []move{copier}, nil
	}
	q, err := inherited()
	if err != nil {
		return nil, err
	}
	var ends []move
	if role == "producer" || role == "both" {
		p, err := q.producer()
		if err != nil {
			return nil, err
		}
		ends = append(ends, p.run)
	}
	if role == "consumer" || role == "both" {
		c, err := q.consumer()
		if err != nil {
			return nil, err
		}
		ends = append(ends, c.run)
	}
	if len(ends) == 0 {
		return nil, fmt.Errorf("there is no role %q", role)
	}
	return ends, nil
}

// answer runs all ends at the same time, each on a thread of its own, and gives what one of them has to say.
func answer(ends []move, kind string, count int) string {
	type result struct {
		numbers []float64
		err     error
	}
	results := make(chan result, len(ends))
	for _, end := range ends {
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			numbers, err := end(kind, count)
			results <- result{numbers, err}
		}()
	}
	var words []string
	for range ends {
		r := <-results
		if r.err != nil {
			return "error " + r.err.Error()
		}
		for _, number := range r.numbers {
			words = append(words, fmt.Sprint(number))
		}
	}
	return strings.Join(words, " ")
}
