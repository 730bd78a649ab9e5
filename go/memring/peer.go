package memring

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
)

var ownPID = uint32(os.Getpid())

// ownStart is when this process began, or 0 if that can't be known.
var ownStart = sync.OnceValue(func() uint32 {
	start, _ := processStart(ownPID)
	return start
})

// processStart is field 22 of /proc/PID/stat, its low 32 bits: a number that a process id and its next owner do not
// share.
func processStart(pid uint32) (uint32, bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, false
	}
	// The second field is a name in parentheses, which may hold anything; the third comes after the last of them.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 20 {
		return 0, false
	}
	start, err := strconv.ParseUint(string(fields[19]), 10, 64)
	return uint32(start), err == nil
}

// peerWatch notices that the process at the other end has ended.
type peerWatch struct {
	role string
	// The words of the other role.
	taken, start *atomic.Uint32
	// This end's own doorbell: it is rung, as the end may sleep.
	bell Ringer
	// Set before the bell is rung.
	died atomic.Bool

	// Who is watched; 0: nobody yet.
	pid  uint32
	file *os.File
}

// watch begins to watch the peer, once: for whoever is about to sleep. A role that is not taken yet is looked at again,
// because taking it rings. Fails with ErrNoMemory.
func (w *peerWatch) watch() error {
	if w.pid != 0 {
		return nil
	}
	// Pairs with the compare-and-exchange in queue.take, which is followed by a ring that a sleeper hears.
	pid := w.taken.Load()
	if pid == 0 {
		return nil
	}
	if pid == ownPID {
		w.pid = pid
		return nil
	}
	// Pairs with the store in queue.take; 0 if that is still to come.
	start := w.start.Load()
	file, err := openProcess(pid)
	if err == errNoProcess {
		w.pid = pid
		w.died.Store(true)
		return nil
	}
	if err != nil {
		return err
	}
	w.pid = pid
	if file == nil {
		return nil
	}
	if now, known := processStart(pid); known && start != 0 && now != start {
		// The number is another process's by now.
		w.died.Store(true)
		return file.Close()
	}
	w.file = file
	go w.follow(file)
	return nil
}

func (w *peerWatch) follow(file *os.File) {
	conn, err := file.SyscallConn()
	// It fails after close: nobody waits any more.
	if err == nil && conn.Read(hasEnded) == nil {
		w.died.Store(true)
		w.bell.Ring()
	}
}

// close ends the watching.
func (w *peerWatch) close() {
	if w.file != nil {
		_ = w.file.Close()
		w.file = nil
	}
}

func (w *peerWatch) diedError() error { return &PeerDiedError{Role: w.role, PID: w.pid} }
