package memring

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"x.example/go/memring/internal/memfd"
)

func validHeader(shape, entrySize, capacity uint32) ([]byte, uint64) {
	h := queueHeader{shape: shape, entrySize: entrySize, capacity: capacity, doorbell: doorbellEventfd}
	b := make([]byte, headerLength)
	h.write(b)
	return b, h.size()
}

// The bytes as they have to stand for every other end.
func TestHeaderToTheByte(t *testing.T) {
	b, size := validHeader(shapeEntries, 8, 16384)
	want(t, "size", size, 196608)
	want(t, "header", string(b[:48]), "MEMQUEUE\x01\x00\x00\x00\x01\x00\x00\x00\x08\x00\x00\x00\x00\x40\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	b, size = validHeader(shapeMessages, 8, 16384)
	want(t, "size", size, 65536)
	want(t, "shape", b[headerShape], 2)
	h := queueHeader{shape: shapeEntries, entrySize: 3, capacity: 8, doorbell: doorbellNotify}
	want(t, "size on the heap", h.size(), 4096+24)
}

func fdsOf(t *testing.T, header []byte, size uint64) [3]int {
	t.Helper()
	fd, err := memfd.Create("memring-test", size, header)
	wantNoError(t, err)
	fds := [3]int{fd, -1, -1}
	for i := range 2 {
		fds[1+i], err = eventfd()
		wantNoError(t, err)
	}
	return fds
}

func wantRefused(t *testing.T, err error, field string) {
	t.Helper()
	var refused *HeaderError
	if !errors.As(err, &refused) || refused.Field != field {
		t.Fatalf("%v, expected to be refused for %q", err, field)
	}
	wantCode(t, err, nil, "ERR_RING_BAD_HEADER")
}

func openFds(t testing.TB) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	wantNoError(t, err)
	return len(entries)
}

func TestOpenRefusesHeaders(t *testing.T) {
	before := openFds(t)
	valid, size := validHeader(shapeEntries, 8, 16)
	put := func(at int, value uint32) []byte {
		b := append([]byte(nil), valid...)
		binary.LittleEndian.PutUint32(b[at:], value)
		return b
	}
	for name, c := range map[string]struct {
		header []byte
		field  string
	}{
		"no header at all":            {make([]byte, headerLength), "magic"},
		"a channel's":                 {append([]byte("MEMRING\x00"), valid[8:]...), "magic"},
		"version 0":                   {put(headerVersion, 0), "version"},
		"version 2":                   {put(headerVersion, 2), "version"},
		"messages":                    {put(headerShape, shapeMessages), "shape"},
		"a shape that does not exist": {put(headerShape, 3), "shape"},
		"entries of 16 bytes":         {put(headerEntrySize, 16), "entrySize"},
		"entries of 0 bytes":          {put(headerEntrySize, 0), "entrySize"},
		"a capacity of 0":             {put(headerCapacity, 0), "capacity"},
		"a capacity of 17":            {put(headerCapacity, 17), "capacity"},
		"a capacity of 2^31":          {put(headerCapacity, 1<<31), "capacity"},
		"more than the memory has":    {put(headerCapacity, 1<<30), "size"},
		"a queue between threads":     {put(headerDoorbell, doorbellNotify), "doorbell"},
		"the first feature":           {put(headerFeatures, 1), "features"},
		"the last feature":            {put(headerFeatures, 1<<31), "features"},
		"a smaller size":              {put(headerSize, 4096), "size"},
		"a size beyond 32 bits":       {put(headerSize+4, 1), "size"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Open[uint64](fdsOf(t, c.header, size))
			want(t, "a ring came back", r, nil)
			wantRefused(t, err, c.field)
		})
	}
	messages, size := validHeader(shapeMessages, 8, 64)
	_, err := Open[uint64](fdsOf(t, messages, size))
	wantRefused(t, err, "shape")
	binary.LittleEndian.PutUint32(messages[headerCapacity:], 16)
	_, err = OpenMessageRing(fdsOf(t, messages, size))
	wantRefused(t, err, "capacity")
	_, err = OpenMessageRing(fdsOf(t, valid, size))
	wantRefused(t, err, "shape")
	_, err = Open[uint64](fdsOf(t, valid, 2*size))
	wantRefused(t, err, "size of the file")
	_, err = Open[uint64](fdsOf(t, valid, 4096))
	wantRefused(t, err, "size of the file")
	_, err = Open[uint64](fdsOf(t, nil, 100))
	wantRefused(t, err, "size of the file")
	want(t, "fds that are left open", openFds(t)-before, 0)
}

func TestOpenRefusesFds(t *testing.T) {
	valid, size := validHeader(shapeEntries, 8, 16)
	unsealed := func(seals int) int {
		fd, err := unix.MemfdCreate("memring-test", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
		wantNoError(t, err)
		wantNoError(t, unix.Ftruncate(fd, int64(size)))
		_, err = unix.Pwrite(fd, valid, 0)
		wantNoError(t, err)
		_, err = unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals)
		wantNoError(t, err)
		return fd
	}
	for _, seals := range []int{0, unix.F_SEAL_GROW, unix.F_SEAL_SHRINK} {
		fds := fdsOf(t, valid, size)
		wantNoError(t, unix.Close(fds[0]))
		fds[0] = unsealed(seals)
		_, err := Open[uint64](fds)
		wantRefused(t, err, "seals")
	}
	pipe := func(t *testing.T) int {
		var ends [2]int
		wantNoError(t, unix.Pipe2(ends[:], unix.O_CLOEXEC))
		wantNoError(t, unix.Close(ends[1]))
		return ends[0]
	}
	for i, field := range []string{"memory", "the consumer's doorbell", "the producer's doorbell"} {
		fds := fdsOf(t, valid, size)
		wantNoError(t, unix.Close(fds[i]))
		fds[i] = pipe(t)
		_, err := Open[uint64](fds)
		wantRefused(t, err, field)

		fds = fdsOf(t, valid, size)
		wantNoError(t, unix.Close(fds[i]))
		fds[i] = 1 << 20
		_, err = Open[uint64](fds)
		wantRefused(t, err, field)
	}
	// Memory that can't be written is no memory for either end.
	fds := fdsOf(t, valid, size)
	readOnly, err := unix.Open(fmt.Sprint("/proc/self/fd/", fds[0]), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	wantNoError(t, err)
	wantNoError(t, unix.Close(fds[0]))
	fds[0] = readOnly
	if r, err := Open[uint64](fds); err == nil || r != nil {
		t.Fatal("memory that can't be written was opened")
	}
}

func TestFdsRunOut(t *testing.T) {
	var limit unix.Rlimit
	wantNoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	less := limit
	less.Cur = 256
	wantNoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &less))
	var taken []int
	defer func() {
		closeAll(taken)
		wantNoError(t, unix.Setrlimit(unix.RLIMIT_NOFILE, &limit))
	}()
	for {
		fd, err := eventfd()
		if err != nil {
			break
		}
		taken = append(taken, fd)
	}
	// With room for none, one, and two of the three.
	for range 3 {
		_, err := Create[uint64](4)
		wantCode(t, err, ErrNoMemory, "ERR_RING_NO_MEMORY")
		if !errors.Is(err, unix.EMFILE) {
			t.Fatalf("%v does not say why", err)
		}
		closeFd(taken[0])
		taken = taken[1:]
	}
	r, err := Create[uint64](4)
	wantNoError(t, err)
	wantNoError(t, r.Close())
}

// What Create makes, Open opens; and both see one memory.
func TestCreateAndOpen(t *testing.T) {
	before := openFds(t)
	r, err := Create[uint64](100)
	wantNoError(t, err)
	var copies [3]int
	for i, fd := range r.Fds() {
		copies[i], err = unix.Dup(fd)
		wantNoError(t, err)
	}
	size, sealed, err := memfd.Stat(copies[0])
	wantNoError(t, err)
	want(t, "size", size, 65536)
	want(t, "seals", sealed, memfd.Seals{Shrink: true, Grow: true})
	if unix.Ftruncate(copies[0], 0) == nil || unix.Ftruncate(copies[0], 1<<20) == nil {
		t.Fatal("the memory changes its size")
	}
	other, err := Open[uint64](copies)
	wantNoError(t, err)
	want(t, "Capacity", other.Capacity(), 128)
	for _, fd := range copies {
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		wantNoError(t, err)
		want(t, "close on exec", flags&unix.FD_CLOEXEC != 0, true)
	}
	p, err := r.Producer()
	wantNoError(t, err)
	_, err = other.Producer()
	wantCode(t, err, ErrRoleTaken, "ERR_RING_ROLE_TAKEN")
	c, err := other.Consumer()
	wantNoError(t, err)
	for i := range uint64(1000) {
		wantNoError(t, p.Push(background, i))
		v, err := c.Pop(background)
		wantNoError(t, err)
		want(t, "entry", v, i)
	}
	wantNoError(t, errors.Join(p.Close(), c.Close(), r.Close(), other.Close()))
	want(t, "Fds of a closed queue", r.Fds(), [3]int{-1, -1, -1})
	want(t, "fds that are left open", openFds(t)-before, 0)

	heap, err := NewHeap[uint64](1)
	wantNoError(t, err)
	want(t, "Fds of a queue on the heap", heap.Fds(), [3]int{-1, -1, -1})
	want(t, "Files of a queue on the heap", len(heap.Files()), 0)
}

func socketPair(t *testing.T) (a, b *net.UnixConn) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	wantNoError(t, err)
	var conns [2]*net.UnixConn
	for i, fd := range fds {
		file := os.NewFile(uintptr(fd), "socket")
		conn, err := net.FileConn(file)
		wantNoError(t, err)
		wantNoError(t, file.Close())
		conns[i] = conn.(*net.UnixConn)
		t.Cleanup(func() { _ = conn.Close() })
	}
	return conns[0], conns[1]
}

func TestOfferAndReceive(t *testing.T) {
	a, b := socketPair(t)
	before := openFds(t)
	// Two in a row, and what comes after them in the stream is not touched.
	r := newRing[uint64](t, "memfd", 4, nearWrap)
	m := newMessageRing(t, "memfd", 64, nearWrap)
	wantNoError(t, r.Offer(a))
	wantNoError(t, m.Offer(a))
	_, err := a.Write([]byte("more"))
	wantNoError(t, err)
	fds, err := Receive(b)
	wantNoError(t, err)
	opened, err := Open[uint64](fds)
	wantNoError(t, err)
	fds, err = Receive(b)
	wantNoError(t, err)
	openedMessages, err := OpenMessageRing(fds)
	wantNoError(t, err)
	rest := make([]byte, 9)
	n, err := b.Read(rest)
	wantNoError(t, err)
	want(t, "what comes after", string(rest[:n]), "more")

	p, err := r.Producer()
	wantNoError(t, err)
	c, err := opened.Consumer()
	wantNoError(t, err)
	wantNoError(t, p.Push(background, 7))
	v, err := c.Pop(background)
	wantNoError(t, err)
	want(t, "entry", v, 7)
	wantNoError(t, errors.Join(p.Close(), c.Close(), opened.Close(), openedMessages.Close(), r.Close(), m.Close()))

	for name, send := range map[string]func() error{
		"another byte": func() error { return sendFds(a, "R", 3) },
		"too few":      func() error { return sendFds(a, "Q", 2) },
		"too many":     func() error { return sendFds(a, "Q", 4) },
		"none":         func() error { return sendFds(a, "Q", 0) },
		"far too many": func() error { return sendFds(a, "Q", 30) },
	} {
		wantNoError(t, send())
		_, err := Receive(b)
		if err == nil {
			t.Fatalf("%s: received", name)
		}
		wantRefused(t, err, "offer")
	}
	want(t, "fds that are left open", openFds(t)-before, 0)

	wantNoError(t, a.Close())
	if _, err := Receive(b); err == nil {
		t.Fatal("received from a closed socket")
	}
	heap, err := NewHeap[uint64](1)
	wantNoError(t, err)
	wantCode(t, heap.Offer(b), ErrMisuse, "ERR_RING_MISUSE")
}

func sendFds(conn *net.UnixConn, text string, n int) error {
	fds := make([]int, n)
	for i := range fds {
		fds[i] = int(os.Stdin.Fd())
	}
	_, _, err := conn.WriteMsgUnix([]byte(text), unix.UnixRights(fds...), nil)
	return err
}
