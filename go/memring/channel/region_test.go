package channel

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"x.example/go/memring"
)

const sealed = unix.F_SEAL_SHRINK | unix.F_SEAL_GROW

func mapValid(t *testing.T) (*Region, int) {
	t.Helper()
	cases := readHeaderCases(t)
	fd := newRegionFd(t, cases.valid(t), cases.Size, sealed)
	region, err := Map(fd)
	if err != nil {
		t.Fatal(err)
	}
	return region, fd
}

func TestMap(t *testing.T) {
	region, fd := mapValid(t)
	base, size := region.Base(), uint64(len(region.Mem))
	at := unsafe.Pointer(unsafe.SliceData(region.Mem))
	if base == 0 || base%(1<<32) != 0 {
		t.Errorf("the base %#x is no multiple of 4 GiB", base)
	}
	if size != region.Header.RegionSize {
		t.Errorf("%d bytes are mapped of %d", size, region.Header.RegionSize)
	}

	// Both sides see one memory: what is written through the mapping is in the file, and the other way round.
	response := region.Header.ResponseArena
	region.Mem[response] = 7
	var b [1]byte
	if _, err := unix.Pread(fd, b[:], int64(response)); err != nil || b[0] != 7 {
		t.Errorf("the file has %d, %v", b[0], err)
	}
	request := region.Header.RequestArena
	if _, err := unix.Pwrite(fd, []byte{9}, int64(request)); err != nil || region.Mem[request] != 9 {
		t.Errorf("the mapping has %d, %v", region.Mem[request], err)
	}

	if err := region.Unmap(); err != nil {
		t.Fatal(err)
	}
	if left := overlaps(t, base, base+size); len(left) > 0 {
		t.Errorf("still mapped:\n%s", strings.Join(left, "\n"))
	}
	if mapped(t, regionName) != 0 {
		t.Error("the file is still mapped")
	}
	// The address may be somebody else's by now.
	stranger, err := unix.MmapPtr(-1, 0, at, uintptr(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_FIXED_NOREPLACE)
	if err != nil {
		t.Fatal(err)
	}
	if err := region.Unmap(); err != nil {
		t.Errorf("the second Unmap: %v", err)
	}
	if len(overlaps(t, base, base+size)) == 0 {
		t.Error("the second Unmap has unmapped what somebody else had mapped there")
	}
	if err := unix.MunmapPtr(stranger, uintptr(size)); err != nil && len(overlaps(t, base, base+size)) > 0 {
		t.Fatal(err)
	}
}

func TestMapAndUnmapLeavesNothing(t *testing.T) {
	cases := readHeaderCases(t)
	fd := newRegionFd(t, cases.valid(t), cases.Size, sealed)
	cycle := func(n int) {
		for range n {
			region, err := Map(fd)
			if err != nil {
				t.Fatal(err)
			}
			region.Mem[region.Header.ResponseArena]++
			if err := region.Unmap(); err != nil {
				t.Fatal(err)
			}
		}
	}
	cycle(10)
	before := len(maps(t))
	cycle(1000)
	// Go's own heap may have grown by a mapping or two.
	if after := len(maps(t)); after > before+20 {
		t.Errorf("%d mappings before, %d after", before, after)
	}
	if n := mapped(t, regionName); n != 0 {
		t.Errorf("%d mappings of regions are left", n)
	}
}

func TestMapRefuses(t *testing.T) {
	cases := readHeaderCases(t)
	valid := cases.valid(t)
	for name, c := range map[string]struct {
		size  uint64
		seals int
		field string
	}{
		"a memfd that is not sealed":            {cases.Size, 0, "seals"},
		"a memfd sealed against growing only":   {cases.Size, unix.F_SEAL_GROW, "seals"},
		"a memfd shorter than a header":         {100, sealed, "size"},
		"an empty memfd":                        {0, sealed, "size"},
		"a memfd shorter than the header says":  {cases.Size - ArenaAlign, sealed, "region size"},
		"a memfd longer than the header says":   {cases.Size + ArenaAlign, sealed, "region size"},
		"a memfd larger than a region can be":   {1 << 33, sealed, "region size"},
		"a memfd of a header and nothing after": {HeaderSize, sealed, "region size"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Map(newRegionFd(t, valid, c.size, c.seals))
			wantRefused(t, err, c.field)
		})
	}

	file, err := os.Create(t.TempDir() + "/ordinary")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if _, err := file.Write(make([]byte, cases.Size)); err != nil {
		t.Fatal(err)
	}
	for name, fd := range map[string]int{"an ordinary file": int(file.Fd()), "a number that is no fd": 1 << 20, "-1": -1} {
		if _, err := Map(fd); err == nil {
			t.Errorf("%s was mapped", name)
		}
	}
}

// A region that can be reserved and not mapped must not keep the address space.
func TestFailedMapLeavesNothing(t *testing.T) {
	cases := readHeaderCases(t)
	writable := newRegionFd(t, cases.valid(t), cases.Size, sealed)
	// Opened for reading, a shared mapping of it cannot be written.
	fd, err := unix.Open(fmt.Sprintf("/proc/self/fd/%d", writable), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(fd) }()
	reserved := func() int {
		n := 0
		for _, line := range maps(t) {
			addresses, rest, _ := strings.Cut(line, " ")
			if strings.HasPrefix(rest, "---p") && strings.HasSuffix(strings.Split(addresses, "-")[0], "00000000") {
				n++
			}
		}
		return n
	}
	before := reserved()
	for range 10 {
		if _, err := Map(fd); err == nil {
			t.Fatal("a file that cannot be written was mapped for writing")
		}
	}
	if after := reserved(); after > before {
		t.Errorf("%d reservations are left", after-before)
	}
}

func TestRequestArenaIsReadOnly(t *testing.T) {
	region, _ := mapValid(t)
	defer func() { _ = region.Unmap() }()
	h := &region.Header
	write := func(at uint64) (fault error) {
		defer func() {
			if e := recover(); e != nil {
				fault = e.(runtime.Error)
			}
		}()
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		region.Mem[at] = 1
		return nil
	}
	for _, at := range []uint64{h.RequestArena, h.RequestArena + h.RequestArenaSize/2, h.RequestArena + h.RequestArenaSize - 1} {
		fault := write(at)
		if fault == nil {
			t.Fatalf("a byte of the request arena at %d was written", at)
		}
		if addressed, ok := fault.(interface{ Addr() uintptr }); !ok || uint64(addressed.Addr()) != region.Base()+at {
			t.Errorf("the fault at %d is %v", at, fault)
		}
		if region.Mem[at] != 0 {
			t.Error("it was written all the same")
		}
	}
	// The rest is Go's to write: control words, its own ring, the response arena to its last byte.
	for _, at := range []uint64{ControlGoBeat, h.ToNodeEntries, h.RequestArena - 1, h.ResponseArena, h.ResponseArena + h.ResponseArenaSize - 1} {
		if fault := write(at); fault != nil {
			t.Errorf("byte %d cannot be written: %v", at, fault)
		}
	}
}

func TestReleaseGivesPagesBack(t *testing.T) {
	region, fd := mapValid(t)
	defer func() { _ = region.Unmap() }()
	h := &region.Header
	part := region.Mem[h.ResponseArena : h.ResponseArena+h.ResponseArenaSize]
	for i := range part {
		part[i] = 0xAA
	}
	blocks := func() int64 {
		var stat unix.Stat_t
		if err := unix.Fstat(fd, &stat); err != nil {
			t.Fatal(err)
		}
		return stat.Blocks
	}
	before := blocks()
	if err := region.Release(h.ResponseArena, h.ResponseArenaSize/2); err != nil {
		t.Fatal(err)
	}
	if freed := (before - blocks()) * 512; freed < int64(h.ResponseArenaSize/2) {
		t.Errorf("%d bytes were given back", freed)
	}
	if part[0] != 0 || part[h.ResponseArenaSize/2-1] != 0 || part[h.ResponseArenaSize/2] != 0xAA {
		t.Error("the wrong part reads as zero")
	}
}

func TestRingsOfARegionOnBothEnds(t *testing.T) {
	region, fd := mapValid(t)
	defer func() { _ = region.Unmap() }()
	peer, err := Map(fd)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = peer.Unmap() }()
	if region.Base() == peer.Base() {
		t.Fatal("two mappings at one address")
	}
	bell, err := memring.CreateDoorbell()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bell.Close() }()
	for name, d := range map[string]memring.Place{"toGo": region.Header.ToGo(), "toNode": region.Header.ToNode()} {
		p, c := memring.NewRawProducer[Entry](region.Mem, d, bell), memring.NewRawConsumer[Entry](peer.Mem, d, bell)
		for i := range 3 * d.Capacity {
			e := Entry{Kind: uint8(i) | 1, CallID: i, Ref: uint64(i) * 0x9E3779B97F4A7C15}
			e.Inline[InlineSize-1] = byte(i)
			if ok, err := p.Push(&e); !ok || err != nil {
				t.Fatalf("%s at %d: %v, %v", name, i, ok, err)
			}
			p.Publish()
			var got Entry
			if ok, err := c.Pop(&got); !ok || err != nil || got != e {
				t.Fatalf("%s: entry %d is %+v, %v", name, i, got, err)
			}
			c.Release()
		}
	}
}
