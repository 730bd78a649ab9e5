package child_test

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"

	"example.test/bench/child"
)

func TestWriterKeepsTheOrderOfLargeBodies(t *testing.T) {
	var got, want bytes.Buffer
	w := child.NewWriter(&got)
	for i, size := range []int{3, 100_000, 0, 16 << 10, 16<<10 + 1, 5} {
		body := bytes.Repeat([]byte{byte(i)}, size)
		w.Append(func(waiting []byte) []byte { return append(waiting, "head"...) }, body)
		want.WriteString("head")
		want.Write(body)
	}
	if !bytes.Equal(got.Bytes(), want.Bytes()) {
		t.Errorf("%d bytes came, want %d, or not in their order", got.Len(), want.Len())
	}
}

func TestWriterLosesNothingAndMixesNothing(t *testing.T) {
	const writers, each = 8, 500
	from, to := io.Pipe()
	w := child.NewWriter(to)
	var all sync.WaitGroup
	for i := range writers {
		all.Add(1)
		go func() {
			defer all.Done()
			for range each {
				w.Append(func(waiting []byte) []byte {
					return append(waiting, strings.Repeat(string(rune('a'+i)), 10+i)+"\n"...)
				}, nil)
			}
		}()
	}
	go func() {
		all.Wait()
		_ = to.Close()
	}()
	seen := map[string]int{}
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		seen[lines.Text()]++
	}
	for i := range writers {
		line := strings.Repeat(string(rune('a'+i)), 10+i)
		if seen[line] != each {
			t.Errorf("%s came %d times, want %d", line, seen[line], each)
		}
	}
	if len(seen) != writers {
		t.Errorf("%d kinds of lines came, want %d", len(seen), writers)
	}
}
