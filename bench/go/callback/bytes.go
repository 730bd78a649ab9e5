package callback

import (
	"context"
	"encoding/binary"
	"log"
	"math"
)

// RunBytes is [Run] for contenders that carry bytes: the request is count and goroutines, 32 bits each, the report
// doubles, all little-endian. If it fails the process ends with the reason, which whoever started it reports.
func RunBytes(request []byte, call Call) []byte {
	count, goroutines := binary.LittleEndian.Uint32(request), binary.LittleEndian.Uint32(request[4:])
	report, err := Run(context.Background(), count, goroutines, call)
	if err != nil {
		log.Fatal(err)
	}
	bytes := make([]byte, 0, 8*len(report))
	for _, value := range report {
		bytes = binary.LittleEndian.AppendUint64(bytes, math.Float64bits(value))
	}
	return bytes
}
