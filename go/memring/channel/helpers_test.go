package channel

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

type patch struct {
	At  int    `json:"at"`
	Hex string `json:"hex"`
}

func (p patch) apply(t testing.TB, b []byte) {
	t.Helper()
	raw, err := hex.DecodeString(p.Hex)
	if err != nil {
		t.Fatal(err)
	}
	copy(b[p.At:], raw)
}

// headerCases is ../testdata/header-cases.json, which the TypeScript tests read too.
type headerCases struct {
	Size           uint64  `json:"size"`
	ToGoCapacity   uint32  `json:"toGoCapacity"`
	ToNodeCapacity uint32  `json:"toNodeCapacity"`
	Nonce          string  `json:"nonce"`
	SchemaHash     string  `json:"schemaHash"`
	Header         []patch `json:"header"`
	Cases          []struct {
		patch
		Name    string `json:"name"`
		Refused string `json:"refused"`
	} `json:"cases"`
	Sizes []struct {
		Name    string `json:"name"`
		Size    uint64 `json:"size"`
		Refused string `json:"refused"`
	} `json:"sizes"`
}

func readHeaderCases(t testing.TB) *headerCases {
	t.Helper()
	raw, err := os.ReadFile("../testdata/header-cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases headerCases
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	return &cases
}

// valid is the page of a header that has nothing wrong.
func (c *headerCases) valid(t testing.TB) []byte {
	t.Helper()
	b := make([]byte, HeaderSize)
	for _, p := range c.Header {
		p.apply(t, b)
	}
	return b
}

// regionName marks this test's mappings in /proc/self/maps.
const regionName = "memring-channel-test"

// newRegionFd makes a memfd of size bytes that begins with header.
func newRegionFd(t testing.TB, header []byte, size uint64, seals int) int {
	t.Helper()
	fd, err := unix.MemfdCreate(regionName, unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	if err := unix.Ftruncate(fd, int64(size)); err != nil {
		t.Fatal(err)
	}
	if n := min(uint64(len(header)), size); n > 0 {
		if _, err := unix.Pwrite(fd, header[:n], 0); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, seals); err != nil {
		t.Fatal(err)
	}
	return fd
}

// overlaps reports the mappings of this process that have a byte in [from, to).
func overlaps(t testing.TB, from, to uint64) []string {
	t.Helper()
	var found []string
	for _, line := range maps(t) {
		addresses, _, _ := strings.Cut(line, " ")
		first, second, _ := strings.Cut(addresses, "-")
		start, err1 := strconv.ParseUint(first, 16, 64)
		end, err2 := strconv.ParseUint(second, 16, 64)
		if err1 != nil || err2 != nil {
			t.Fatalf("cannot read %q", line)
		}
		if start < to && from < end {
			found = append(found, line)
		}
	}
	return found
}

func maps(t testing.TB) []string {
	t.Helper()
	raw, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(bytes.TrimSpace(raw)), "\n")
}

func mapped(t testing.TB, name string) int {
	t.Helper()
	n := 0
	for _, line := range maps(t) {
		if strings.Contains(line, name) {
			n++
		}
	}
	return n
}
