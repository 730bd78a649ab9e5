package ts2go

import (
	"encoding/hex"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"x.example/go/memring"
	"x.example/go/memring/channel"
)

// Exit codes of a worker, for people who look: 2 as the flag package, 70 as EX_SOFTWARE of sysexits.h.
const (
	exitUsage   = 2
	exitDamaged = 70
)

// Main serves calls from TypeScript until the client closes, and then returns; when the client's process dies, it ends
// the program at once. Call it from main, with the result of every Serve function that was generated from the
// interface file.
//
// Main ignores SIGINT: Ctrl-C in a terminal reaches the whole process group, and it is the host that decides when its
// worker ends. Call signal.Notify before Main to see it all the same.
func Main(services ...*Service) {
	version, isWorker := os.LookupEnv(workerEnv)
	if !isWorker {
		explainUsage()
		os.Exit(exitUsage)
	}
	// Processes that the program starts are no workers of this host.
	os.Unsetenv(workerEnv)
	spin := parseSpin(os.Getenv(spinEnv))
	os.Unsetenv(spinEnv)
	clientAdapts := os.Getenv(compatEnv) == "1"
	os.Unsetenv(compatEnv)
	for _, fd := range []int{controlFd, regionFd, nodeDoorbellFd, goDoorbellFd} {
		memring.CloseOnExec(fd)
	}
	if !signal.Ignored(os.Interrupt) {
		signal.Ignore(os.Interrupt)
	}
	debug.SetPanicOnFault(true)
	ballast := gcBallast()
	defer runtime.KeepAlive(ballast)

	ctl := &control{file: memring.Pollable(controlFd, "control")}
	refuse := func(r refused) {
		ctl.send(message{Refused: &r})
		os.Exit(exitUsage)
	}
	if version != strconv.Itoa(protocolVersion) {
		refuse(refused{Reason: "protocol", Message: fmt.Sprintf("the Go program speaks version %d of the call protocol, the client version %s: build both with the same release of ts2go", protocolVersion, version)})
	}
	methods, schema, err := methodTable(services)
	if err != nil {
		refuse(refused{Reason: "program", Message: err.Error()})
	}
	region, err := channel.Map(regionFd)
	if err != nil {
		refuse(refused{Reason: "header", Message: err.Error()})
	}
	// Which differences a connection can bridge, the client judges: it is the end that adapts.
	var otherVersion string
	if want := hex.EncodeToString(region.Header.SchemaHash[:]); want != schema.Hash {
		if !clientAdapts || !schema.Compat {
			refuse(refused{Reason: "schema", Message: "the Go program was built from another version of the interface", Schema: schema.JSON})
		}
		otherVersion = schema.JSON
	}
	nodeDoorbell, err := memring.NewDoorbell(nodeDoorbellFd)
	if err != nil {
		refuse(refused{Reason: "header", Message: err.Error()})
	}
	goDoorbell, err := memring.NewDoorbell(goDoorbellFd)
	if err != nil {
		refuse(refused{Reason: "header", Message: err.Error()})
	}

	go func() {
		ctl.waitForEnd()
		// The host is gone, or has given up on this worker: nobody waits for results.
		os.Exit(0)
	}()
	s := newServer(region, methods, nodeDoorbell, goDoorbell, spin, func(err error) {
		ctl.send(message{Damaged: err.Error()})
		os.Exit(exitDamaged)
	})
	if schema.Callbacks > 0 {
		s.callBack(schema.Callbacks)
	}
	ctl.send(message{Hello: &hello{
		Protocol:   protocolVersion,
		Nonce:      strconv.FormatUint(region.Header.Nonce, 16),
		SchemaHash: schema.Hash,
		Base:       strconv.FormatUint(region.Base(), 16),
		PID:        os.Getpid(),
		Go:         runtime.Version(),
		Schema:     otherVersion,
	}})
	s.serve()
}

// gcBallast raises the size at which a small heap is collected. A worker's garbage is mostly requests, a few hundred
// bytes each at millions a second, and with Go's default minimum of 4 MiB the collector would run hundreds of times a
// second for them. The ballast is never touched, so it takes no memory itself; garbage may take up to twice its size.
// Setting GOGC or GOMEMLIMIT turns it off.
func gcBallast() []byte {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return nil
	}
	return make([]byte, 16<<20)
}

// parseSpin reads what the client has set: off, adaptive, or a budget in microseconds.
func parseSpin(setting string) memring.Spinner {
	// On one processor the peer can't run while this side spins.
	if memring.CPUs() < 2 || setting == "off" {
		return memring.Spinner{}
	}
	if us, err := strconv.Atoi(setting); err == nil {
		return memring.NewSpinner(time.Duration(us)*time.Microsecond, false)
	}
	// The same budget as the client's: ADAPTIVE_SPIN_US.
	return memring.NewSpinner(memring.AdaptiveBudget, true)
}

func explainUsage() {
	name := filepath.Base(os.Args[0])
	fmt.Fprintf(os.Stderr, `%s is a ts2go worker: a TypeScript program starts it and calls its functions.
It does nothing by itself. Run the TypeScript program that imports its generated client, or give the client
this file's path: connect(Service, { binary: %q }).
`, name, os.Args[0])
}
