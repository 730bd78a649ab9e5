// <layout>
// Generated from ring/layout.json by scripts/gen-layout.mjs. DO NOT EDIT.
inline constexpr char kMagic[] = "MEMQUEUE";
inline constexpr std::uint32_t kVersion = 1;  // Version of the format.
inline constexpr std::uint32_t kData = 4096;  // Where entries, or messages, begin.
inline constexpr std::uint32_t kHeaderMagic = 0;  // MEMQUEUE. (8 bytes)
inline constexpr std::uint32_t kHeaderVersion = 8;  // Version of the format. (4 bytes)
inline constexpr std::uint32_t kHeaderShape = 12;  // Entries of a fixed size, or messages. (4 bytes)
inline constexpr std::uint32_t kHeaderEntrySize = 16;  // Bytes of an entry; 8 for messages. (4 bytes)
inline constexpr std::uint32_t kHeaderCapacity = 20;  // Entries, or bytes of messages: a power of two. (4 bytes)
inline constexpr std::uint32_t kHeaderDoorbell = 24;  // How a sleeping side is woken. (4 bytes)
inline constexpr std::uint32_t kHeaderFeatures = 28;  // 0: an unknown bit is refused. (4 bytes)
inline constexpr std::uint32_t kHeaderSize = 32;  // Bytes of the whole memory. (8 bytes)
inline constexpr std::uint32_t kWordTail = 128;  // Written by the producer. SYNC POINT: entries visible. (u32)
inline constexpr std::uint32_t kWordHead = 256;  // Written by the consumer. SYNC POINT: slots free. (u32)
inline constexpr std::uint32_t kWordSleeping = 384;  // Set by the consumer, exchanged by the producer. SYNC POINT: consumer asleep. (u32)
inline constexpr std::uint32_t kWordSpace = 512;  // Set by the producer, exchanged by the consumer. SYNC POINT: producer waits. (u32)
inline constexpr std::uint32_t kWordClosed = 640;  // Written by the producer. SYNC POINT: no more entries. (u32)
inline constexpr std::uint32_t kWordStopped = 768;  // Written by the consumer. SYNC POINT: nobody reads. (u32)
inline constexpr std::uint32_t kWordProducer = 896;  // Whose the producer's role is: 0 nobody's, otherwise a process id. (u32)
inline constexpr std::uint32_t kWordProducerStart = 900;  // When that process began, or 0. (u32)
inline constexpr std::uint32_t kWordConsumer = 1024;  // Whose the consumer's role is: 0 nobody's, otherwise a process id. (u32)
inline constexpr std::uint32_t kWordConsumerStart = 1028;  // When that process began, or 0. (u32)
inline constexpr std::uint32_t kShapeEntries = 1;  // Shape: entries of a fixed size.
inline constexpr std::uint32_t kShapeMessages = 2;  // Shape: messages of any length.
inline constexpr std::uint32_t kDoorbellNotify = 1;  // Doorbell: wait and notify on the flag's own word.
inline constexpr std::uint32_t kDoorbellEventfd = 2;  // Doorbell: an eventfd a side.
inline constexpr std::uint32_t kEnded = 1;  // In closed or stopped: ended by its owner.
inline constexpr std::uint32_t kDied = 2;  // In closed or stopped: the owner's thread ended without closing.
inline constexpr std::uint32_t kEntrySizeMax = 65536;  // The longest entry in bytes.
inline constexpr std::uint32_t kCapacityMax = 1073741824;  // The largest capacity: entries, or bytes of messages.
inline constexpr std::uint32_t kMessageCapacityMin = 32;  // The smallest capacity of a queue of messages, in bytes.
inline constexpr std::uint32_t kRecordAlign = 8;  // What records are aligned to, in bytes.
inline constexpr std::uint32_t kRecordHeader = 8;  // Bytes of a record before its message.
inline constexpr std::uint32_t kPadding = 4294967295u;  // The length that says: skip to the end of the memory.
// </layout>
