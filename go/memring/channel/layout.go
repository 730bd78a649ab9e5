// Code generated from ring/layout.json by scripts/gen-layout.mjs. DO NOT EDIT.

package channel

//	offset   section                 written by            read by
//	0x0000   header                  creator, before the   both, once: copied, checked,
//	                                 peer maps it          never read again
//	0x1000   control words           one writer a word, one 128-byte line a word
//	0x2000   toGo   entries          Node                  Go
//	 ...     toNode entries          Go                    Node
//	 ...     request arena           Node                  Go (PROT_READ)
//	 ...     response arena          Go                    Node

// Magic is the first eight bytes of every region.
const Magic = "MEMRING\x00"

// Offsets and sizes in bytes.
const (
	// Version: The protocol version that this code speaks.
	Version = 1
	// ArenaAlign: Arenas begin and end at multiples of this: the largest page size of any supported machine.
	ArenaAlign = 65536
	// HeaderSize: Size of the header in bytes.
	HeaderSize = 4096
	// HeaderMagic: MEMRING and a zero byte. (8 bytes)
	HeaderMagic = 0
	// HeaderVersion: Protocol version. (4 bytes)
	HeaderVersion = 8
	// HeaderHeaderSize: Size of the header in bytes. (4 bytes)
	HeaderHeaderSize = 12
	// HeaderRegionSize: Size of the whole region in bytes. (8 bytes)
	HeaderRegionSize = 16
	// HeaderNonce: 64 random bits, new for every region. (8 bytes)
	HeaderNonce = 24
	// HeaderSchemaHash: SHA-256 of what both ends have agreed on beforehand; opaque to the ring. (32 bytes)
	HeaderSchemaHash = 32
	// HeaderEntrySize: Size of an entry in bytes. (4 bytes)
	HeaderEntrySize = 64
	// HeaderFeatures: Feature bits; an unknown one is refused. (4 bytes)
	HeaderFeatures = 68
	// HeaderToGoCapacity: Entries of ring toGo: a power of two. (4 bytes)
	HeaderToGoCapacity = 72
	// HeaderToNodeCapacity: Entries of ring toNode: a power of two. (4 bytes)
	HeaderToNodeCapacity = 76
	// HeaderToGoEntries: Offset of toGo's entries in the region. (8 bytes)
	HeaderToGoEntries = 80
	// HeaderToNodeEntries: Offset of toNode's entries in the region. (8 bytes)
	HeaderToNodeEntries = 88
	// HeaderRequestArena: Offset of the request arena, which Node writes and Go reads. (8 bytes)
	HeaderRequestArena = 96
	// HeaderRequestArenaSize: Size of the request arena in bytes. (8 bytes)
	HeaderRequestArenaSize = 104
	// HeaderResponseArena: Offset of the response arena, which Go writes and Node reads. (8 bytes)
	HeaderResponseArena = 112
	// HeaderResponseArenaSize: Size of the response arena in bytes. (8 bytes)
	HeaderResponseArenaSize = 120
	// ControlToGoTail: Written by Node. SYNC POINT: entries visible. (u32)
	ControlToGoTail = 4096
	// ControlToGoHead: Written by Go. SYNC POINT: slots free. (u32)
	ControlToGoHead = 4224
	// ControlToGoSleeping: Set by Go, exchanged by Node. SYNC POINT: consumer asleep. (u32)
	ControlToGoSleeping = 4352
	// ControlToGoSpace: Set by Node, exchanged by Go. SYNC POINT: producer waits. (u32)
	ControlToGoSpace = 4480
	// ControlToNodeTail: Written by Go. SYNC POINT: entries visible. (u32)
	ControlToNodeTail = 4608
	// ControlToNodeHead: Written by Node. SYNC POINT: slots free. (u32)
	ControlToNodeHead = 4736
	// ControlToNodeSleeping: Set by Node, exchanged by Go. SYNC POINT: consumer asleep. (u32)
	ControlToNodeSleeping = 4864
	// ControlToNodeSpace: Set by Go, exchanged by Node. SYNC POINT: producer waits. (u32)
	ControlToNodeSpace = 4992
	// ControlNodeState: Node's life cycle. (u32)
	ControlNodeState = 5120
	// ControlGoState: Go's life cycle. (u32)
	ControlGoState = 5248
	// ControlNodeBeat: Node's beat: only to tell hung from dead. (u32)
	ControlNodeBeat = 5376
	// ControlGoBeat: Go's beat. (u32)
	ControlGoBeat = 5504
	// EntriesOffset: Offset of the first ring's entries.
	EntriesOffset = 8192
	// EntrySize: Size of an entry in bytes.
	EntrySize = 64
	// EntryKind: What the entry is; 0 is never valid. (1 bytes)
	EntryKind = 0
	// EntryFlags: Bits that depend on the kind. (1 bytes)
	EntryFlags = 1
	// EntryMethod: Method number. (2 bytes)
	EntryMethod = 2
	// EntryCallId: 20 bits slot, 12 bits generation. (4 bytes)
	EntryCallId = 4
	// EntryLength: Length of the body in bytes. (4 bytes)
	EntryLength = 8
	// EntryAux: Credit, error code or stream sequence. (4 bytes)
	EntryAux = 12
	// EntryRef: Offset of the body in the region. (8 bytes)
	EntryRef = 16
	// EntryInline: A small body that holds no ref. (40 bytes)
	EntryInline = 24
	// InlineSize: Bytes of a body that travel in the entry itself.
	InlineSize = 40
	// SlotBits: Bits of a call id that name the slot; the rest are its generation.
	SlotBits = 20
	// StateOpen: Life cycle of a side: OPEN.
	StateOpen = 1
	// StateDraining: Life cycle of a side: DRAINING.
	StateDraining = 2
	// StateClosed: Life cycle of a side: CLOSED.
	StateClosed = 3
)
