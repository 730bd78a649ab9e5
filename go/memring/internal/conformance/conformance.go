// Package conformance is one end of a queue in a process of its own, driven by lines: ring/test/peers.md.
package conformance

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"x.example/go/memring"
)

// Fds are where a peer finds its queue.
var Fds = [3]int{3, 4, 5}

// request is what stands in one line, after its first word.
type request []string

// answers are what an end of one of the four kinds knows to do.
type answers map[string]func(request) (string, error)

// Run serves one end until in has ended, and returns the exit code.
func Run(args []string, in io.Reader, out io.Writer) int {
	known, err := open(args)
	if err != nil {
		fmt.Fprintln(out, failure(err))
		return 1
	}
	fmt.Fprintln(out, "ready")
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if words := strings.Fields(line); len(words) > 0 {
			fmt.Fprintln(out, known.to(words))
		}
		if err != nil {
			return 0
		}
	}
}

func (a answers) to(words []string) string {
	f := a[words[0]]
	if f == nil {
		return fmt.Sprintf("error USAGE this end does not know %q", words[0])
	}
	answer, err := f(words[1:])
	if err != nil {
		return failure(err)
	}
	return answer
}

func failure(err error) string {
	var coded interface{ Code() string }
	code := "UNKNOWN"
	if errors.As(err, &coded) {
		code = coded.Code()
	}
	return "error " + code + " " + strings.ReplaceAll(err.Error(), "\n", " ")
}

var waitings = map[string]memring.Waiting{"spin": memring.Spin, "adaptive": memring.Adaptive, "sleep": memring.Sleep}

func open(args []string) (answers, error) {
	if len(args) != 3 {
		return nil, usage("peer producer|consumer entries|messages spin|adaptive|sleep")
	}
	waiting, ok := waitings[args[2]]
	if !ok {
		return nil, usage("no way of waiting is called %q", args[2])
	}
	wait := memring.Wait(waiting)
	switch args[0] + " " + args[1] {
	case "producer entries":
		return openEntries(func(r *memring.Ring[uint64]) (answers, error) {
			p, err := r.Producer(wait)
			return entryProducer(p), err
		})
	case "consumer entries":
		return openEntries(func(r *memring.Ring[uint64]) (answers, error) {
			c, err := r.Consumer(wait)
			return entryConsumer(c), err
		})
	case "producer messages":
		return openMessages(func(r *memring.MessageRing) (answers, error) {
			p, err := r.Producer(wait)
			return messageProducer(p), err
		})
	case "consumer messages":
		return openMessages(func(r *memring.MessageRing) (answers, error) {
			c, err := r.Consumer(wait)
			return messageConsumer(c), err
		})
	}
	return nil, usage("no end is called %q", args[:2])
}

func openEntries(take func(*memring.Ring[uint64]) (answers, error)) (answers, error) {
	r, err := memring.Open[uint64](Fds)
	if err != nil {
		return nil, err
	}
	a, err := take(r)
	return a.with(r), err
}

func openMessages(take func(*memring.MessageRing) (answers, error)) (answers, error) {
	r, err := memring.OpenMessageRing(Fds)
	if err != nil {
		return nil, err
	}
	a, err := take(r)
	return a.with(r), err
}

// with adds what the queue itself knows.
func (a answers) with(r interface {
	Len() int
	Capacity() int
}) answers {
	a["length"] = func(request) (string, error) { return strconv.Itoa(r.Len()), nil }
	a["capacity"] = func(request) (string, error) { return strconv.Itoa(r.Capacity()), nil }
	return a
}

// stated is an error with a code that is only the suite's.
type stated struct{ code, text string }

func (e *stated) Error() string { return e.text }
func (e *stated) Code() string  { return e.code }

func usage(format string, args ...any) error { return &stated{"USAGE", fmt.Sprintf(format, args...)} }

func mismatch(format string, args ...any) error {
	return &stated{"MISMATCH", fmt.Sprintf(format, args...)}
}

// number is the i-th word.
func (r request) number(i int) (uint64, error) {
	if i >= len(r) {
		return 0, usage("a number is missing")
	}
	n, err := strconv.ParseUint(r[i], 10, 64)
	if err != nil {
		return 0, usage("%q is no number", r[i])
	}
	return n, nil
}

// two are the first two words.
func (r request) two() (a, b uint64, err error) {
	if a, err = r.number(0); err == nil {
		b, err = r.number(1)
	}
	return a, b, err
}

// within calls f with a context that ends after the milliseconds of the first word, and says so if it did.
func (r request) within(f func(context.Context, request) (string, error)) (string, error) {
	ms, err := r.number(0)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(ms)*time.Millisecond)
	defer cancel()
	answer, err := f(ctx, r[1:])
	if errors.Is(err, context.DeadlineExceeded) {
		return "timeout", nil
	}
	return answer, err
}

// orEnd turns io.EOF into an answer.
func orEnd(answer string, err error) (string, error) {
	if err == io.EOF {
		return "end", nil
	}
	return answer, err
}

func done(err error) (string, error) { return "done", err }
