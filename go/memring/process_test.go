//go:build !race

// Not under the race detector, for the reason in race_test.go. What both ends share on the heap is raced in the other
// tests.

package memring_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"x.example/go/memring"
	"x.example/go/memring/internal/conformance"
)

const peerEnv = "MEMRING_TEST_PEER"

// The test binary is also the peer.
func TestMain(m *testing.M) {
	if os.Getenv(peerEnv) != "" {
		os.Exit(conformance.Run(os.Args[1:], os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// The time after which a peer is called stuck: a machine that is busy with other things must not look like one.
const patience = 60 * time.Second

// Where the words lie that only another process writes: ring/docs/format.md.
const (
	tailAt          = 0x080
	headAt          = 0x100
	producerAt      = 0x380
	producerStartAt = 0x384
	nearWrap        = 0xFFFFFF00
)

type queue interface {
	Files() []*os.File
	Fds() [3]int
	Close() error
}

type peer struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines chan string
	// The process has been waited for.
	gone bool
}

// start starts a peer at the queue, and waits until it is ready or has said why not.
func start(t *testing.T, q queue, args ...string) *peer {
	t.Helper()
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Env = append(os.Environ(), peerEnv+"=1")
	cmd.ExtraFiles = q.Files()
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	wantNoError(t, err)
	out, err := cmd.StdoutPipe()
	wantNoError(t, err)
	wantNoError(t, cmd.Start())
	p := &peer{t: t, cmd: cmd, in: in, lines: make(chan string, 1)}
	go func() {
		defer close(p.lines)
		for r := bufio.NewReader(out); ; {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			p.lines <- strings.TrimSuffix(line, "\n")
		}
	}()
	t.Cleanup(func() {
		if !p.gone {
			p.kill()
		}
	})
	return p
}

func startReady(t *testing.T, q queue, args ...string) *peer {
	t.Helper()
	p := start(t, q, args...)
	p.wantLine("ready")
	return p
}

func (p *peer) say(format string, args ...any) {
	p.t.Helper()
	_, err := fmt.Fprintf(p.in, format+"\n", args...)
	wantNoError(p.t, err)
}

func (p *peer) wantLine(expected string) {
	p.t.Helper()
	select {
	case line, ok := <-p.lines:
		if !ok || line != expected && !(strings.HasSuffix(expected, " ") && strings.HasPrefix(line, expected)) {
			p.t.Fatalf("the peer says %q, expected %q", line, expected)
		}
	case <-time.After(patience):
		p.t.Fatalf("the peer says nothing, expected %q", expected)
	}
}

// ask is one request and its answer; an expected answer that ends in a space is a beginning.
func (p *peer) ask(request, expected string) {
	p.t.Helper()
	p.say("%s", request)
	p.wantLine(expected)
}

// kill returns when the process is gone.
func (p *peer) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	p.gone = true
}

// end closes the peer's input, upon which it ends by itself.
func (p *peer) end() error {
	_ = p.in.Close()
	p.gone = true
	return p.cmd.Wait()
}

func wantNoError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want[T comparable](t testing.TB, what string, got, expected T) {
	t.Helper()
	if got != expected {
		t.Fatalf("%s: %#v, expected %#v", what, got, expected)
	}
}

func wantPeerDied(t testing.TB, err error, role string, pid int) {
	t.Helper()
	var died *memring.PeerDiedError
	if !errors.As(err, &died) || died.Role != role || int(died.PID) != pid || died.Code() != "ERR_RING_PEER_DIED" {
		t.Fatalf("%v, expected that the %s %d has died", err, role, pid)
	}
}

func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func poke(t testing.TB, q queue, at int64, value uint32) {
	t.Helper()
	_, err := unix.Pwrite(q.Fds()[0], []byte{byte(value), byte(value >> 8), byte(value >> 16), byte(value >> 24)}, at)
	wantNoError(t, err)
}

func newRing(t testing.TB, capacity uint32) *memring.Ring[uint64] {
	t.Helper()
	r, err := memring.Create[uint64](capacity)
	wantNoError(t, err)
	t.Cleanup(func() { _ = r.Close() })
	poke(t, r, tailAt, nearWrap)
	poke(t, r, headAt, nearWrap)
	return r
}

func newMessageRing(t testing.TB, capacity uint32) *memring.MessageRing {
	t.Helper()
	r, err := memring.CreateMessageRing(capacity)
	wantNoError(t, err)
	t.Cleanup(func() { _ = r.Close() })
	poke(t, r, tailAt, nearWrap)
	poke(t, r, headAt, nearWrap)
	return r
}

// waitFor yields until it is so: for states of another process that nobody announces.
func waitFor(t testing.TB, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !so(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("never came: %s", what)
		}
	}
}

var waitings = []string{"spin", "adaptive", "sleep"}

func TestBetweenProcesses(t *testing.T) {
	for _, waiting := range waitings {
		for _, capacity := range []uint32{1, 2, 4, 64} {
			t.Run(fmt.Sprintf("entries, %s, capacity %d", waiting, capacity), func(t *testing.T) {
				r := newRing(t, capacity)
				p := startReady(t, r, "producer", "entries", waiting)
				c := startReady(t, r, "consumer", "entries", waiting)
				p.say("blast 5 3000")
				c.ask("expect 5 3000", "done")
				p.wantLine("done")
				p.ask("push 9007199254740991", "done")
				p.ask("close", "done")
				c.ask("all", "values 9007199254740991")
				wantNoError(t, errors.Join(p.end(), c.end()))
			})
		}
		for _, capacity := range []uint32{32, 1024} {
			t.Run(fmt.Sprintf("messages, %s, %d bytes", waiting, capacity), func(t *testing.T) {
				r := newMessageRing(t, capacity)
				p := startReady(t, r, "producer", "messages", waiting)
				c := startReady(t, r, "consumer", "messages", waiting)
				p.say("blast 5 3000")
				c.ask("expect 5 3000", "done")
				p.wantLine("done")
				p.ask("close", "done")
				c.ask("all", "values")
				wantNoError(t, errors.Join(p.end(), c.end()))
			})
		}
	}
}

// Every request of ring/test/peers.md, with the answers that it can have.
func TestPeerAnswers(t *testing.T) {
	r := newRing(t, 2)
	p := startReady(t, r, "producer", "entries", "sleep")
	start(t, r, "producer", "entries", "sleep").wantLine("error ERR_RING_ROLE_TAKEN ")
	c := startReady(t, r, "consumer", "entries", "sleep")
	for _, step := range []struct {
		to            *peer
		say, expected string
	}{
		{c, "tryPop", "empty"}, {c, "popFor 1", "timeout"}, {c, "tryPopMany 3", "values"}, {c, "capacity", "2"},
		{p, "tryPush 1", "true"}, {p, "tryPushMany 2 3", "1"}, {p, "tryPush 4", "false"}, {p, "pushFor 1 4", "timeout"},
		{p, "length", "2"}, {c, "pop", "1"}, {c, "popMany 9", "values 2"}, {p, "pushMany 5 6", "done"}, {p, "tryPushMany 7", "0"},
		{c, "tryPop", "5"}, {p, "pushFor 1000 7", "done"}, {c, "popFor 1000", "6"}, {p, "close", "done"},
		{p, "tryPush 8", "error ERR_RING_CLOSED "}, {c, "tryPopMany 3", "values 7"}, {c, "tryPop", "end"}, {c, "pop", "end"},
		{c, "popMany 1", "end"}, {c, "popFor 1", "end"}, {c, "all", "values"}, {c, "close", "done"}, {c, "dance", "error USAGE "},
	} {
		step.to.ask(step.say, step.expected)
	}
	m := newMessageRing(t, 64)
	p = startReady(t, m, "producer", "messages", "sleep")
	c = startReady(t, m, "consumer", "messages", "sleep")
	for _, step := range []struct {
		to            *peer
		say, expected string
	}{
		{p, "maxLength", "24"}, {c, "maxLength", "24"}, {c, "capacity", "64"}, {c, "tryPeek", "empty"}, {c, "release", "error ERR_RING_MISUSE "},
		{p, "commit", "error ERR_RING_MISUSE "}, {p, "tryClaim 25", "error ERR_RING_MESSAGE_TOO_LONG "}, {p, "tryClaim 3", "true"},
		{p, "tryClaim 3", "error ERR_RING_MISUSE "}, {p, "write 0a0b0c", "done"}, {p, "length", "0"}, {p, "commit", "done"},
		{p, "length", "16"}, {c, "tryPeek", "0a0b0c"}, {c, "tryPeek", "0a0b0c"}, {c, "release", "done"},
		{p, "tryClaim 1", "true"}, {p, "abort", "done"}, {c, "tryPop", "empty"}, {p, "push -", "done"}, {c, "pop", "-"},
		{p, "pushMany ff - 0102", "done"}, {c, "tryPopMany 2", "values ff -"}, {c, "popMany 2", "values 0102"},
		{p, "tryPushMany 000000000000000000000000000000000000000000000000 01 02 03", "3"}, {p, "tryPush ff", "false"},
		{p, "pushFor 1 ff", "timeout"}, {p, "tryClaim 9", "false"}, {p, "close", "done"}, {c, "tryPop", "000000000000000000000000000000000000000000000000"},
		{c, "all", "values 01 02"}, {c, "tryPeek", "end"}, {c, "tryPop", "end"},
	} {
		step.to.ask(step.say, step.expected)
	}
	start(t, m, "consumer", "entries", "sleep").wantLine("error ERR_RING_BAD_HEADER ")
}

// What was published before the producer was killed is read, and then its death: whether it comes while the consumer
// sleeps, spins, or before it looks for the first time.
func TestKilledProducer(t *testing.T) {
	for _, how := range []memring.Waiting{memring.Adaptive, memring.Spin, memring.Sleep} {
		t.Run(fmt.Sprint("while the consumer waits, ", how), func(t *testing.T) {
			r := newRing(t, 4)
			c, err := r.Consumer(memring.Wait(how))
			wantNoError(t, err)
			defer func() { _ = c.Close() }()
			p := startReady(t, r, "producer", "entries", "sleep")
			died := make(chan error, 1)
			var popped []uint64
			go func() {
				for v, err := range c.All(within(t)) {
					if err != nil {
						died <- err
						return
					}
					popped = append(popped, v)
				}
			}()
			p.ask("pushMany 1 2 3", "done")
			waitFor(t, "everything is read", func() bool { return r.Len() == 0 })
			p.kill()
			wantPeerDied(t, <-died, "producer", p.cmd.Process.Pid)
			want(t, "what was read", fmt.Sprint(popped), "[1 2 3]")
			_, _, err = c.TryPop()
			wantPeerDied(t, err, "producer", p.cmd.Process.Pid)
		})
	}
	t.Run("before the consumer looks", func(t *testing.T) {
		r := newRing(t, 4)
		p := startReady(t, r, "producer", "entries", "sleep")
		p.ask("pushMany 1 2 3", "done")
		p.kill()
		c, err := r.Consumer()
		wantNoError(t, err)
		defer func() { _ = c.Close() }()
		for expected := range uint64(3) {
			v, err := c.Pop(within(t))
			wantNoError(t, err)
			want(t, "entry", v, expected+1)
		}
		_, err = c.Pop(within(t))
		wantPeerDied(t, err, "producer", p.cmd.Process.Pid)
	})
	t.Run("in the middle of a claim", func(t *testing.T) {
		r := newMessageRing(t, 64)
		p := startReady(t, r, "producer", "messages", "sleep")
		p.ask("push 0102", "done")
		p.ask("tryClaim 3", "true")
		p.ask("write 030405", "done")
		p.kill()
		c, err := r.Consumer()
		wantNoError(t, err)
		defer func() { _ = c.Close() }()
		m, err := c.Pop(within(t))
		wantNoError(t, err)
		want(t, "message", string(m), "\x01\x02")
		_, err = c.Peek(within(t))
		wantPeerDied(t, err, "producer", p.cmd.Process.Pid)
	})
	t.Run("after it has closed", func(t *testing.T) {
		r := newRing(t, 4)
		p := startReady(t, r, "producer", "entries", "sleep")
		p.ask("push 1", "done")
		p.ask("close", "done")
		p.kill()
		c, err := r.Consumer()
		wantNoError(t, err)
		defer func() { _ = c.Close() }()
		_, err = c.Pop(within(t))
		wantNoError(t, err)
		if _, err := c.Pop(within(t)); err != io.EOF {
			t.Fatal(err)
		}
	})
	t.Run("it ends by itself without closing", func(t *testing.T) {
		r := newRing(t, 4)
		p := startReady(t, r, "producer", "entries", "sleep")
		wantNoError(t, p.end())
		c, err := r.Consumer()
		wantNoError(t, err)
		defer func() { _ = c.Close() }()
		_, err = c.Pop(within(t))
		wantPeerDied(t, err, "producer", p.cmd.Process.Pid)
	})
}

func TestKilledConsumer(t *testing.T) {
	for _, how := range []memring.Waiting{memring.Adaptive, memring.Spin, memring.Sleep} {
		r := newRing(t, 2)
		p, err := r.Producer(memring.Wait(how))
		wantNoError(t, err)
		c := startReady(t, r, "consumer", "entries", "sleep")
		n, err := p.PushMany(within(t), []uint64{1, 2})
		wantNoError(t, err)
		want(t, "PushMany", n, 2)
		died := make(chan error, 1)
		go func() { died <- p.Push(within(t), 3) }()
		if how == memring.Sleep {
			waitFor(t, "the producer sleeps", func() bool { return p.Stats().Waits > 0 })
		}
		c.kill()
		wantPeerDied(t, <-died, "consumer", c.cmd.Process.Pid)
		_, err = p.TryPush(3)
		wantPeerDied(t, err, "consumer", c.cmd.Process.Pid)
		wantNoError(t, p.Close())

		m := newMessageRing(t, 32)
		mp, err := m.Producer(memring.Wait(how))
		wantNoError(t, err)
		c = startReady(t, m, "consumer", "messages", "sleep")
		wantNoError(t, mp.Push(within(t), make([]byte, 8)))
		wantNoError(t, mp.Push(within(t), make([]byte, 8)))
		c.kill()
		wantPeerDied(t, mp.Push(within(t), nil), "consumer", c.cmd.Process.Pid)
		wantNoError(t, mp.Close())
	}
}

// Whoever sleeps begins to watch a peer that comes later.
func TestPeerThatComesLaterAndIsKilled(t *testing.T) {
	r := newRing(t, 2)
	c, err := r.Consumer(memring.Wait(memring.Sleep))
	wantNoError(t, err)
	defer func() { _ = c.Close() }()
	died := make(chan error, 1)
	go func() {
		_, err := c.Pop(within(t))
		died <- err
	}()
	waitFor(t, "the consumer sleeps", func() bool { return c.Stats().Waits > 0 })
	p := startReady(t, r, "producer", "entries", "sleep")
	p.kill()
	wantPeerDied(t, <-died, "producer", p.cmd.Process.Pid)
}

// A number that is used again is not the process that had it: here a living one, with another beginning.
func TestProcessNumberUsedAgain(t *testing.T) {
	stranger := startReady(t, newRing(t, 2), "producer", "entries", "sleep")
	pid := stranger.cmd.Process.Pid
	r := newRing(t, 2)
	poke(t, r, producerAt, uint32(pid))
	poke(t, r, producerStartAt, 12345)
	c, err := r.Consumer()
	wantNoError(t, err)
	defer func() { _ = c.Close() }()
	_, err = c.Pop(within(t))
	wantPeerDied(t, err, "producer", pid)
	stranger.ask("length", "0")

	// No process has such a number.
	for _, pid := range []uint32{1<<32 - 1, 1 << 31, 1<<31 - 1} {
		r := newRing(t, 2)
		poke(t, r, producerAt, pid)
		c, err := r.Consumer()
		wantNoError(t, err)
		_, err = c.Pop(within(t))
		wantPeerDied(t, err, "producer", int(pid))
		wantNoError(t, c.Close())
	}

	// Whose beginning is not known is watched all the same.
	r = newRing(t, 2)
	poke(t, r, producerAt, uint32(pid))
	c, err = r.Consumer(memring.Wait(memring.Sleep))
	wantNoError(t, err)
	defer func() { _ = c.Close() }()
	died := make(chan error, 1)
	go func() {
		_, err := c.Pop(within(t))
		died <- err
	}()
	waitFor(t, "the consumer sleeps", func() bool { return c.Stats().Waits > 0 })
	stranger.kill()
	wantPeerDied(t, <-died, "producer", pid)
}

// A peer that stands still is not dead, and what it wakes up to is what it left.
func TestStoppedPeers(t *testing.T) {
	const count = 100_000
	for _, waiting := range []string{"adaptive", "sleep"} {
		r := newRing(t, 8)
		p := startReady(t, r, "producer", "entries", waiting)
		c := startReady(t, r, "consumer", "entries", waiting)
		p.say("blast 0 %d", count)
		c.say("expect 0 %d", count)
		for round := range 40 {
			process := []*peer{p, c}[round%2].cmd.Process
			wantNoError(t, process.Signal(syscall.SIGSTOP))
			waitFor(t, "the process stands still", func() bool { return state(t, process.Pid) == "T" })
			wantNoError(t, process.Signal(syscall.SIGCONT))
		}
		p.wantLine("done")
		c.wantLine("done")
		wantNoError(t, errors.Join(p.end(), c.end()))
	}
}

// state is the letter that /proc has for a process.
func state(t testing.TB, pid int) string {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	wantNoError(t, err)
	return strings.Fields(string(stat[strings.LastIndex(string(stat), ")")+1:]))[0]
}
