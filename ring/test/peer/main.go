// Command peer is the Go end of the ring's two-process tests. It is started by workers/stress.mjs, with the region and
// both doorbells as inherited file descriptors.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
	"x.example/go/memring"
	"x.example/go/memring/channel"
)

const (
	regionFd       = 3
	nodeDoorbellFd = 4
	goDoorbellFd   = 5
)

// report is what the test wants to know.
type report struct {
	Count uint32 `json:"count"`
	// Of all numbers in their order: a lost or a doubled entry changes it, and so does another order.
	Checksum uint32 `json:"checksum"`
	// How often this end went to sleep.
	Sleeps uint32 `json:"sleeps"`
	CPUs   int    `json:"cpus"`
}

func (r *report) add(n uint32) {
	r.Count++
	r.Checksum = r.Checksum*31 + n
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

func run() error {
	count, err := strconv.ParseUint(os.Args[2], 10, 32)
	if err != nil {
		return err
	}
	patience, err := strconv.Atoi(os.Args[3])
	if err != nil {
		return err
	}
	// A peer whose parent is killed must not wait for ever.
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return err
	}
	region, err := channel.Map(regionFd)
	if err != nil {
		return err
	}
	nodeDoorbell, err := memring.NewDoorbell(nodeDoorbellFd)
	if err != nil {
		return err
	}
	goDoorbell, err := memring.NewDoorbell(goDoorbellFd)
	if err != nil {
		return err
	}
	r := report{CPUs: memring.CPUs()}
	switch os.Args[1] {
	case "read":
		err = read(region, nodeDoorbell, goDoorbell, uint32(count), patience, &r)
	case "write":
		err = write(region, nodeDoorbell, goDoorbell, uint32(count), patience, &r)
	default:
		err = fmt.Errorf("unknown command %q", os.Args[1])
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

// hesitate is how often an end looks again before it sleeps: often not at all, at times for as long as a wake-up takes.
func hesitate(patience int) int {
	if patience == 0 {
		return 0
	}
	return rand.IntN(patience) >> rand.IntN(12)
}

func read(region *channel.Region, nodeDoorbell, goDoorbell *memring.Doorbell, count uint32, patience int, r *report) error {
	d := region.Header.ToGo()
	in := memring.NewRawConsumer[channel.Entry](region.Mem, d, nodeDoorbell)
	// Slots are given back in portions of any size.
	portion := uint32(1)
	for r.Count != count {
		var e channel.Entry
		ok, err := in.Pop(&e)
		if err != nil {
			return err
		}
		if ok {
			last := binary.LittleEndian.Uint32(e.Inline[len(e.Inline)-4:])
			if e.CallID != r.Count || e.Ref != uint64(r.Count)*3 || last != ^r.Count {
				return fmt.Errorf("entry %d came out as call id %d, ref %d, last word %#x", r.Count, e.CallID, e.Ref, last)
			}
			r.add(e.CallID)
			if in.Unreleased() >= portion {
				in.Release()
				portion = 1 + rand.Uint32N(d.Capacity)
			}
			continue
		}
		in.Release()
		for i := hesitate(patience); i > 0 && !in.Ready(); i-- {
			memring.Pause(1)
		}
		if in.Ready() || !in.Arm() {
			continue
		}
		r.Sleeps++
		if err := goDoorbell.Wait(); err != nil {
			return err
		}
	}
	in.Release()
	return nil
}

func write(region *channel.Region, nodeDoorbell, goDoorbell *memring.Doorbell, count uint32, patience int, r *report) error {
	d := region.Header.ToNode()
	out := memring.NewRawProducer[channel.Entry](region.Mem, d, nodeDoorbell)
	// Entries are published in portions of any size.
	portion := uint32(1)
	for r.Count != count {
		e := channel.Entry{Kind: 1, CallID: r.Count, Ref: uint64(r.Count) * 3}
		binary.LittleEndian.PutUint32(e.Inline[len(e.Inline)-4:], ^r.Count)
		ok, err := out.Push(&e)
		if err != nil {
			return err
		}
		if ok {
			r.add(e.CallID)
			if out.Unpublished() >= portion || r.Count == count {
				out.Publish()
				portion = 1 + rand.Uint32N(d.Capacity)
			}
			continue
		}
		out.Publish()
		tail, capacity := out.Index(), d.Capacity
		full := true
		for i := hesitate(patience); i > 0 && full; i-- {
			memring.Pause(1)
			head, err := out.Head()
			if err != nil {
				return err
			}
			full = tail-head == capacity
		}
		if !full {
			continue
		}
		room, err := out.WaitForSpace()
		if err != nil {
			return err
		}
		if room {
			continue
		}
		r.Sleeps++
		if err := goDoorbell.Wait(); err != nil {
			return err
		}
	}
	// The end of this process would wake the other, so it comes last.
	for {
		out.AskForSpace()
		head, err := out.Head()
		if err != nil || head == out.Index() {
			return err
		}
		if err := goDoorbell.Wait(); err != nil {
			return err
		}
	}
}
