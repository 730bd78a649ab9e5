// Writes the constants of every language: the queue's and the channel's from ring/layout.json, the call layer's from
// bridge/protocol.json. With --check it writes nothing and fails on a difference.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const layout = JSON.parse(readFileSync(`${root}ring/layout.json`, "utf8"));

const words = (name) => name.split(/(?=[A-Z])|[._-]/);
const upper = (name) => words(name).join("_").toUpperCase();
const pascal = (name) =>
  words(name)
    .map((w) => w[0].toUpperCase() + w.slice(1))
    .join("");

// Each constant: [name parts, value, doc].
const constants = [
  ["version", layout.version, "The protocol version that this code speaks."],
  [
    "arenaAlign",
    layout.arenaAlign,
    "Arenas begin and end at multiples of this: the largest page size of any supported machine.",
  ],
  ["headerSize", layout.header.size, "Size of the header in bytes."],
  ...layout.header.fields.map((f) => [`header-${f.name}`, f.offset, `${f.doc} (${f.bytes} bytes)`]),
  ...layout.control.words.map((w, i) => [
    `control-${w.name}`,
    layout.control.offset + i * layout.cacheLine,
    `${w.doc} (u32)`,
  ]),
  ["entriesOffset", layout.entries.offset, "Offset of the first ring's entries."],
  ["entrySize", layout.entry.size, "Size of an entry in bytes."],
  ...layout.entry.fields.map((f) => [`entry-${f.name}`, f.offset, `${f.doc} (${f.bytes} bytes)`]),
  ["inlineSize", layout.entry.fields.at(-1).bytes, "Bytes of a body that travel in the entry itself."],
  ["slotBits", layout.callId.slotBits, "Bits of a call id that name the slot; the rest are its generation."],
  ...Object.entries(layout.states).map(([name, value]) => [
    `state-${name.toLowerCase()}`,
    value,
    `Life cycle of a side: ${name}.`,
  ]),
];

// ASCII pictures in both files, drawn from the same data.
const bytes = (n) => `0x${n.toString(16).padStart(4, "0")}`;
const picture = [
  "offset   section                 written by            read by",
  `${bytes(0)}   header                  creator, before the   both, once: copied, checked,`,
  "                                 peer maps it          never read again",
  `${bytes(layout.control.offset)}   control words           one writer a word, one ${layout.cacheLine}-byte line a word`,
  `${bytes(layout.entries.offset)}   toGo   entries          Node                  Go`,
  " ...     toNode entries          Go                    Node",
  " ...     request arena           Node                  Go (PROT_READ)",
  " ...     response arena          Go                    Node",
];

const banner = "Generated from ring/layout.json by scripts/gen-layout.mjs. DO NOT EDIT.";

const ts = [
  `// ${banner}`,
  "",
  "/*",
  ...picture.map((line) => ` * ${line}`.trimEnd()),
  " */",
  "",
  "/** The first eight bytes of every region. */",
  `export const MAGIC = ${JSON.stringify(layout.magic)};`,
  ...constants.flatMap(([name, value, doc]) => [`/** ${doc} */`, `export const ${upper(name)} = ${value};`]),
  "",
].join("\n");

const go = [
  `// Code ${banner[0].toLowerCase()}${banner.slice(1)}`,
  "",
  "package channel",
  "",
  ...picture.map((line) => `//	${line}`.trimEnd()),
  "",
  "// Magic is the first eight bytes of every region.",
  `const Magic = ${JSON.stringify(layout.magic).replace("\\u0000", "\\x00")}`,
  "",
  "// Offsets and sizes in bytes.",
  "const (",
  ...constants.flatMap(([name, value, doc]) => [`\t// ${pascal(name)}: ${doc}`, `\t${pascal(name)} = ${value}`]),
  ")",
  "",
].join("\n");

// The queue: the same constants three times.
const { queue } = layout;
const queueConstants = [
  ["version", queue.version, "Version of the format."],
  ["data", queue.data, "Where entries, or messages, begin."],
  ...queue.header.map((f) => [`header-${f.name}`, f.offset, `${f.doc} (${f.bytes} bytes)`]),
  ...queue.words.map((w) => [`word-${w.name}`, w.offset, `${w.doc} (u32)`]),
  ...queue.constants.map((c) => [c.name, c.value, c.doc]),
];
const lowerCamel = (name) => pascal(name)[0].toLowerCase() + pascal(name).slice(1);
const queueTs = [
  `// ${banner}`,
  "",
  "/** The first eight bytes of every queue. */",
  `export const MAGIC = ${JSON.stringify(queue.magic)};`,
  ...queueConstants.flatMap(([name, value, doc]) => [`/** ${doc} */`, `export const ${upper(name)} = ${value};`]),
  "",
].join("\n");
const queueGo = [
  `// Code ${banner[0].toLowerCase()}${banner.slice(1)}`,
  "",
  "package memring",
  "",
  "// The first eight bytes of every queue.",
  `const magic = ${JSON.stringify(queue.magic)}`,
  "",
  "// Offsets and sizes in bytes.",
  "const (",
  ...queueConstants.flatMap(([name, value, doc]) => [`\t// ${doc}`, `\t${lowerCamel(name)} = ${value}`]),
  ")",
  "",
].join("\n");
const queueCpp = [
  `// ${banner}`,
  `inline constexpr char kMagic[] = ${JSON.stringify(queue.magic)};`,
  ...queueConstants.map(
    ([name, value, doc]) =>
      `inline constexpr std::uint32_t k${pascal(name)} = ${value}${value > 2 ** 31 ? "u" : ""};  // ${doc}`,
  ),
].join("\n");

/** A file of which only the lines between the two markers are generated. */
function between(path, text) {
  const old = readFileSync(root + path, "utf8");
  const [before, rest] = old.split("// <layout>\n");
  return `${before}// <layout>\n${text}\n// </layout>${rest.split("// </layout>")[1]}`;
}

const protocol = JSON.parse(readFileSync(`${root}bridge/protocol.json`, "utf8"));
const table = (prefix, entries) =>
  Object.entries(entries).map(([name, [value, doc]]) => [`${prefix}-${name.toLowerCase()}`, value, doc]);
const error = protocol.errorImage;
const calls = [
  ["protocolVersion", protocol.version, "The version of the call layer."],
  ...table("kind", protocol.kinds),
  ...table("flag", protocol.flags),
  ...table("failure", protocol.failures),
  [
    "errorImageSize",
    error.size,
    "An error image's root: the list of an error and of what it wraps, as nodes. Each stands behind the one that wraps it, and the first is the error itself.",
  ],
  [
    "errorNodeSize",
    error.node.size,
    `A node of an error image: the strings ${error.node.strings.join(", ")}; type is empty for an error of JavaScript, details are JSON. Behind them:`,
  ],
  ["errorParent", error.node.parent, "The index of the node that wraps this one (u32)."],
  [
    "errorJoined",
    error.node.joined,
    "How it wraps it (u32): 0 as its cause, 1 as one of several errors that it joins.",
  ],
  ["errorLevels", error.levels, "What is wrapped deeper than this is left out."],
  ["errorNodes", error.nodes, "Nodes of an error image at most."],
  ["errorDetails", error.details, "Bytes of a node's details at most: longer ones are left out."],
  [
    "metadataPrefixSize",
    protocol.metadata.prefixSize,
    "The prefix of a body with metadata: a slice of strings, keys and values by turns, and padding.",
  ],
  ["metadataPairs", protocol.metadata.pairs, "Pairs of metadata that a call can have."],
  ["metadataBytes", protocol.metadata.bytes, "Bytes that their keys and values can take together."],
  [
    "goShareBits",
    protocol.goShareBits,
    "Where there are callbacks, this part of ring toNode, as a power of two, is left to entries from GOCALL to GODONE; the rest is for completions.",
  ],
  ["workerEnv", protocol.worker.env, "Set in a worker's environment: the version of the call layer."],
  [
    "spinEnv",
    protocol.worker.spinEnv,
    "Set in a worker's environment: off, adaptive, or the spin budget in microseconds.",
  ],
  [
    "compatEnv",
    protocol.worker.compatEnv,
    "Set in a worker's environment: 1 where the client can adapt to another version of the interface, 0 otherwise.",
  ],
  ["controlFd", protocol.worker.controlFd, "The inherited control socket."],
  ["regionFd", protocol.worker.regionFd, "The inherited memfd."],
  ["nodeDoorbellFd", protocol.worker.nodeDoorbellFd, "The inherited doorbell on which Node sleeps."],
  ["goDoorbellFd", protocol.worker.goDoorbellFd, "The inherited doorbell on which Go sleeps."],
];
const callBanner = banner.replace("ring/layout.json", "bridge/protocol.json");
const callsTs = [
  `// ${callBanner}`,
  "",
  ...calls.flatMap(([name, value, doc]) => [
    `/** ${doc} */`,
    `export const ${upper(name)} = ${JSON.stringify(value)};`,
  ]),
  "",
].join("\n");
const callsGo = [
  `// Code ${callBanner[0].toLowerCase()}${callBanner.slice(1)}`,
  "",
  "package ts2go",
  "",
  "const (",
  ...calls.flatMap(([name, value, doc]) => [`\t// ${doc}`, `\t${lowerCamel(name)} = ${JSON.stringify(value)}`]),
  ")",
  "",
].join("\n");

let stale = 0;
for (const [path, text] of [
  ["ring/src/layout.ts", queueTs],
  ["go/memring/layout.go", queueGo],
  ["ring/include/mem_ring.hpp", between("ring/include/mem_ring.hpp", queueCpp)],
  ["ring/src/channel/layout.ts", ts],
  ["go/memring/channel/layout.go", go],
  ["bridge/src/call/protocol.ts", callsTs],
  ["go/ts2go/protocol.go", callsGo],
]) {
  let old = "";
  try {
    old = readFileSync(root + path, "utf8");
  } catch {}
  if (old === text) continue;
  if (process.argv.includes("--check")) {
    console.error(`${path} is stale: run node scripts/gen-layout.mjs`);
    stale++;
  } else writeFileSync(root + path, text);
}
process.exitCode = stale ? 1 : 0;
