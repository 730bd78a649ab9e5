// Code generated from ring/layout.json by scripts/gen-layout.mjs. DO NOT EDIT.

package memring

// The first eight bytes of every queue.
const magic = "MEMQUEUE"

// Offsets and sizes in bytes.
const (
	// Version of the format.
	version = 1
	// Where entries, or messages, begin.
	data = 4096
	// MEMQUEUE. (8 bytes)
	headerMagic = 0
	// Version of the format. (4 bytes)
	headerVersion = 8
	// Entries of a fixed size, or messages. (4 bytes)
	headerShape = 12
	// Bytes of an entry; 8 for messages. (4 bytes)
	headerEntrySize = 16
	// Entries, or bytes of messages: a power of two. (4 bytes)
	headerCapacity = 20
	// How a sleeping side is woken. (4 bytes)
	headerDoorbell = 24
	// 0: an unknown bit is refused. (4 bytes)
	headerFeatures = 28
	// Bytes of the whole memory. (8 bytes)
	headerSize = 32
	// Written by the producer. SYNC POINT: entries visible. (u32)
	wordTail = 128
	// Written by the consumer. SYNC POINT: slots free. (u32)
	wordHead = 256
	// Set by the consumer, exchanged by the producer. SYNC POINT: consumer asleep. (u32)
	wordSleeping = 384
	// Set by the producer, exchanged by the consumer. SYNC POINT: producer waits. (u32)
	wordSpace = 512
	// Written by the producer. SYNC POINT: no more entries. (u32)
	wordClosed = 640
	// Written by the consumer. SYNC POINT: nobody reads. (u32)
	wordStopped = 768
	// Whose the producer's role is: 0 nobody's, otherwise a process id. (u32)
	wordProducer = 896
	// When that process began, or 0. (u32)
	wordProducerStart = 900
	// Whose the consumer's role is: 0 nobody's, otherwise a process id. (u32)
	wordConsumer = 1024
	// When that process began, or 0. (u32)
	wordConsumerStart = 1028
	// Shape: entries of a fixed size.
	shapeEntries = 1
	// Shape: messages of any length.
	shapeMessages = 2
	// Doorbell: wait and notify on the flag's own word.
	doorbellNotify = 1
	// Doorbell: an eventfd a side.
	doorbellEventfd = 2
	// In closed or stopped: ended by its owner.
	ended = 1
	// In closed or stopped: the owner's thread ended without closing.
	died = 2
	// The longest entry in bytes.
	entrySizeMax = 65536
	// The largest capacity: entries, or bytes of messages.
	capacityMax = 1073741824
	// The smallest capacity of a queue of messages, in bytes.
	messageCapacityMin = 32
	// What records are aligned to, in bytes.
	recordAlign = 8
	// Bytes of a record before its message.
	recordHeader = 8
	// The length that says: skip to the end of the memory.
	padding = 4294967295
)
