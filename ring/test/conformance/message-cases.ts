import {
  alone,
  type Case,
  CLOSED,
  DAMAGED,
  each,
  hex,
  LONG_MS,
  MISUSE,
  messages,
  PEER_DIED,
  repeat,
  type Step,
  TOO_LONG,
  WRAP,
} from "./table.js";

/** For a queue of 64 bytes, at each place where a record can begin: messages of these lengths, each from that place. */
const atEachPlace = [...Array(8).keys()].map((place) => {
  let tail = 0;
  const steps: Step[] = [];
  const goes = (length: number) => {
    steps.push(["P", `tryPush ${hex(length)}`, "true"], ["C", "tryPop", hex(length)]);
    const size = 8 + 8 * Math.ceil(length / 8);
    tail += size <= 64 - (tail % 64) ? size : 64 - (tail % 64) + size;
  };
  for (const length of [0, 1, 7, 8, 9, 23, 24]) {
    while (tail % 64 !== 8 * place) goes(0);
    goes(length);
  }
  return messages(`messages of every length from byte ${8 * place}`, {}, ...steps, [
    "M",
    "tail",
    `${(WRAP - 64 + tail) % WRAP}`,
  ]);
});

const messagesOneByOne = [
  ...atEachPlace,
  messages(
    "the shortest queue",
    { alone: true, capacity: 32, start: WRAP - 8 },
    ["P", "maxLength", "8"],
    ["C", "capacity", "32"],
    ["P", "tryPush 0102030405060708", "true"],
    // 8 bytes of padding at the end, then the record.
    ["C", "length", "24"],
    ["P", "tryPush -", "true"],
    ["P", "tryPush -", "false"],
    ["C", "tryPop", "0102030405060708"],
    ["C", "tryPop", "-"],
    ["C", "tryPop", "empty"],
  ),
  messages("the longest message is half the queue less 8", { alone: true, capacity: 4096 }, ["P", "maxLength", "2040"]),
  messages(
    "one byte too long is refused, and nothing has happened",
    { alone: true },
    ["P", `tryPush ${hex(25)}`, TOO_LONG],
    ["P", `push ${hex(25)}`, TOO_LONG],
    ["P", `pushFor ${LONG_MS} ${hex(25)}`, TOO_LONG],
    ["P", "tryClaim 25", TOO_LONG],
    ["P", "tryClaim 4294967288", TOO_LONG],
    ["C", "tryPop", "empty"],
    ["P", `tryPush ${hex(24)}`, "true"],
    ["C", "tryPop", hex(24)],
  ),
  messages(
    "records stand where the format says",
    { alone: true, start: 48 },
    ["P", "tryPush 0a0b0c", "true"],
    ["M", "bytes 4144 11", "03000000000000000a0b0c"],
    ["P", "tryPush -", "true"],
    ["M", "bytes 4096 8", "0000000000000000"],
    ["M", "tail", "72"],
    ["C", "tryPopMany 9", "values 0a0b0c -"],
    ["M", "head", "72"],
  ),
  messages(
    "padding stands where the format says",
    { alone: true, start: 56 },
    ["P", "tryPush 0a", "true"],
    ["M", "bytes 4152 4", "ffffffff"],
    ["M", "bytes 4096 9", "01000000000000000a"],
    ["M", "tail", "80"],
    ["C", "length", "24"],
    ["C", "tryPop", "0a"],
    ["M", "head", "80"],
  ),
  messages(
    "many messages at once",
    {},
    ["P", "tryPushMany 01 02 03 04 05", "4"],
    ["C", "tryPopMany 2", "values 01 02"],
    ["P", "pushMany 05 06", "done"],
    ["C", "popMany 9", "values 03 04 05 06"],
    ["P", `pushMany ${hex(24)} 01 - ${hex(9)} ${hex(24)} 02`, "(sleeps)"],
    ...each([hex(24), "01", "-", hex(9), hex(24), "02"], (message): Step[] => [["C", "pop", message]]),
    ["P", "(then)", "done"],
  ),
];

const claiming = [
  messages(
    "a claim is seen when it is committed",
    {},
    ["P", "tryClaim 3", "true"],
    ["P", "write 010203", "done"],
    ["C", "tryPop", "empty"],
    ["P", "length", "0"],
    ["P", "commit", "done"],
    ["C", "tryPop", "010203"],
  ),
  messages(
    "a claim that is given back leaves no trace",
    { start: 56 },
    // With padding before it.
    ["P", "tryClaim 9", "true"],
    ["P", "write 010203040506070809", "done"],
    ["P", "abort", "done"],
    ["M", "tail", "56"],
    ["C", "tryPop", "empty"],
    ["P", "tryPush -", "true"],
    ["M", "tail", "64"],
    ["P", "tryClaim 24", "true"],
    ["P", `write ${hex(24)}`, "done"],
    ["P", "commit", "done"],
    ["C", "tryPopMany 9", `values - ${hex(24)}`],
  ),
  messages(
    "an empty message is claimed like any other",
    {},
    ["P", "tryClaim 0", "true"],
    ["P", "commit", "done"],
    ["C", "pop", "-"],
  ),
  messages(
    "without room there is no claim, and none is open",
    {},
    ["P", "tryPushMany 01 02 03 04", "4"],
    ["P", "tryClaim 1", "false"],
    ["P", "commit", MISUSE],
    ["C", "tryPop", "01"],
    ["P", "tryClaim 8", "true"],
    ["P", "write 0102030405060708", "done"],
    ["P", "commit", "done"],
    ["C", "tryPopMany 9", "values 02 03 04 0102030405060708"],
  ),
  messages(
    "misuse of a claim is refused, and the claim stays what it was",
    { start: 8 },
    ["P", "commit", MISUSE],
    ["P", "abort", MISUSE],
    ["P", "tryClaim 1", "true"],
    ["P", "tryClaim 1", MISUSE],
    ["P", "tryPush 07", MISUSE],
    ["P", "push 07", MISUSE],
    ["P", "pushMany 07 08", MISUSE],
    ["M", "tail", "8"],
    ["C", "tryPop", "empty"],
    ["P", "write 09", "done"],
    ["P", "commit", "done"],
    ["P", "commit", MISUSE],
    ["P", "abort", MISUSE],
    ["C", "tryPop", "09"],
    ["C", "tryPop", "empty"],
  ),
  messages(
    "a claim does not wake, its commit does",
    { wait: "sleep" },
    ["C", "pop", "(sleeps)"],
    ["P", "tryClaim 1", "true"],
    ["P", "write 07", "done"],
    ["M", "sleeping", "1"],
    ["P", "commit", "done"],
    ["M", "sleeping", "0"],
    ["C", "(then)", "07"],
  ),
  messages("no claim after the consumer has stopped", {}, ["C", "close", "done"], ["P", "tryClaim 1", CLOSED]),
];

const peeking = [
  messages(
    "a message that is peeked stays until it is released",
    {},
    ["C", "tryPeek", "empty"],
    ["P", "tryPushMany 01 02 03 04", "4"],
    ["C", "tryPeek", "01"],
    ["C", "tryPeek", "01"],
    ["C", "length", "64"],
    ["P", "tryPush 05", "false"],
    ["C", "release", "done"],
    ["P", "tryPush 05", "true"],
    ["C", "tryPopMany 9", "values 02 03 04 05"],
  ),
  messages(
    "releasing wakes a producer that waits for room",
    {},
    ["P", "tryPushMany 01 02 03 04", "4"],
    ["P", "push 05", "(sleeps)"],
    ["C", "tryPeek", "01"],
    ["P", "(sleeps)", ""],
    ["C", "release", "done"],
    ["P", "(then)", "done"],
  ),
  messages(
    "a peeked message behind padding is released with it",
    { start: 56 },
    ["P", `tryPush ${hex(24)}`, "true"],
    ["C", "tryPeek", hex(24)],
    ["M", "head", "56"],
    ["C", "release", "done"],
    ["M", "head", "96"],
  ),
  messages(
    "misuse of a peek is refused",
    {},
    ["C", "release", MISUSE],
    ["P", "tryPushMany 01 02", "2"],
    ["C", "tryPeek", "01"],
    ["C", "tryPop", MISUSE],
    ["C", "release", "done"],
    ["C", "release", MISUSE],
    ["C", "tryPop", "02"],
  ),
  messages(
    "peeking at the end",
    {},
    ["P", "tryPush 01", "true"],
    ["P", "close", "done"],
    ["C", "tryPeek", "01"],
    ["C", "release", "done"],
    ["C", "tryPeek", "end"],
  ),
];

const waiting = (wait: Case["wait"]) => [
  messages(
    `both ends wait by turns (${wait})`,
    { wait, capacity: 32, start: WRAP - 16 },
    ...each(["-", "01", hex(7), hex(8)], (message): Step[] => [
      ["C", "pop", "(sleeps)"],
      ["P", `push ${message}`, "done"],
      ["C", "(then)", message],
      ["P", `pushMany ${hex(8)} ${hex(8)} ${message}`, "(sleeps)"],
      ["C", "pop", hex(8)],
      ["C", "pop", hex(8)],
      ["C", "pop", message],
      ["P", "(then)", "done"],
    ]),
  ),
  messages(
    `a long message waits for all the room it needs (${wait})`,
    { wait },
    ["P", `pushMany ${"- ".repeat(8).trim()}`, "done"],
    ["P", `push ${hex(24)}`, "(sleeps)"],
    ...repeat(3, ["C", "pop", "-"], ["P", "(sleeps)", ""]),
    ["C", "pop", "-"],
    ["P", "(then)", "done"],
    ["C", "tryPopMany 9", `values - - - - ${hex(24)}`],
  ),
  messages(
    `a wait with a limit ends in time, or earlier (${wait})`,
    { wait, capacity: 32, start: WRAP - 32 },
    ["C", "popFor 1", "timeout"],
    ["P", `pushFor ${LONG_MS} ${hex(8)}`, "done"],
    ["P", `pushFor 1 ${hex(8)}`, "done"],
    ["P", "pushFor 1 -", "timeout"],
    ["P", `pushFor ${LONG_MS} 01`, "(sleeps)"],
    ["C", `popFor ${LONG_MS}`, hex(8)],
    ["P", "(then)", "done"],
    ["C", "tryPopMany 9", `values ${hex(8)} 01`],
    ["C", `popFor ${LONG_MS}`, "(sleeps)"],
    ["P", "tryPush -", "true"],
    ["C", "(then)", "-"],
  ),
  messages(
    `all goes on up to the end (${wait})`,
    { wait },
    ["C", "all", "(sleeps)"],
    ["P", `pushMany 01 - ${hex(24)} 02 ${hex(9)}`, "done"],
    ["P", "close", "done"],
    ["C", "(then)", `values 01 - ${hex(24)} 02 ${hex(9)}`],
  ),
];

const ending = [
  messages(
    "what is left is read before the end",
    {},
    ["P", "pushMany 01 - 03", "done"],
    ["P", "close", "done"],
    ["C", "tryPop", "01"],
    ["C", "popMany 1", "values -"],
    ["C", "tryPopMany 9", "values 03"],
    ...each(["tryPop", "tryPopMany 9", "pop", "popMany 9", `popFor ${LONG_MS}`], (pop): Step[] => [["C", pop, "end"]]),
  ),
  messages(
    "the consumer sleeps, and the producer closes",
    {},
    ["C", "popMany 5", "(sleeps)"],
    ["P", "close", "done"],
    ["C", "(then)", "end"],
  ),
  messages(
    "the producer sleeps, and the consumer closes",
    {},
    ["P", `pushMany ${hex(24)} ${hex(24)}`, "done"],
    ["P", "push -", "(sleeps)"],
    ["C", "close", "done"],
    ["P", "(then)", CLOSED],
    ["P", "tryPush -", CLOSED],
  ),
  messages(
    "what a dead producer has published is read first, and not what it had claimed",
    { needs: "death" },
    ["P", "pushMany 01 - 03", "done"],
    ["P", "tryClaim 2", "true"],
    ["P", "write 0405", "done"],
    ["P", "SIGKILL", ""],
    ["C", "tryPop", "01"],
    ["C", "popMany 9", "values - 03"],
    ["C", "pop", PEER_DIED],
  ),
  messages(
    "the producer dies while the consumer sleeps",
    { needs: "death" },
    ["C", "pop", "(sleeps)"],
    ["P", "SIGKILL", ""],
    ["C", "(then)", PEER_DIED],
    ["C", "tryPeek", PEER_DIED],
  ),
  messages(
    "the consumer dies while the producer sleeps, with a message peeked",
    { needs: "death" },
    ["P", `pushMany ${hex(24)} ${hex(24)}`, "done"],
    ["C", "tryPeek", hex(24)],
    ["P", "push -", "(sleeps)"],
    ["C", "SIGKILL", ""],
    ["P", "(then)", PEER_DIED],
    ["P", "tryClaim 1", PEER_DIED],
  ),
  messages(
    "who is stopped asleep is woken when it goes on",
    { needs: "processes" },
    ["C", "pop", "(sleeps)"],
    ["C", "SIGSTOP", ""],
    ["P", `pushMany 01 ${hex(24)} 02`, "done"],
    ["P", "push 03", "(sleeps)"],
    ["P", "SIGSTOP", ""],
    ["C", "SIGCONT", ""],
    ["C", "(then)", "01"],
    ["P", "SIGCONT", ""],
    ["P", "(then)", "done"],
    ["C", "tryPopMany 9", `values ${hex(24)} 02 03`],
  ),
];

const broken = (name: string, start: number, push: string, ...writes: string[]) =>
  messages(
    name,
    { start },
    ["P", `pushMany ${push}`, "done"],
    ...each(writes, (write): Step[] => [["M", write, ""]]),
    ["C", "tryPop", DAMAGED],
    ["C", "pop", DAMAGED],
    ["C", "tryPeek", DAMAGED],
  );

const damage = [
  broken("a record is longer than what is published", 0, hex(8), "u32 4096 = 9"),
  broken("a record is longer than a message can be", 0, "- - - - - - - -", "u32 4096 = 25"),
  broken("a record is nearly as long as there are numbers", 0, hex(8), "u32 4096 = 4294967294"),
  broken("a record goes beyond the end of the memory", 48, `${hex(8)} ${hex(24)}`, "u32 4144 = 16"),
  broken("padding has nothing behind it", 56, "-", "u32 4152 = 4294967295"),
  broken("padding stands behind padding", 56, "01", "u32 4096 = 4294967295"),
  broken("padding goes farther than what is published", 0, "01", "u32 4096 = 4294967295"),
  broken("the tail is no multiple of 8", 0, "01", "tail = 12"),
  broken("the tail is too far ahead", 0, "01", "tail = 72"),
  messages(
    "the reserved word is not read",
    {},
    ["P", "tryPush 01", "true"],
    ["M", "u32 4100 = 4294967295", ""],
    ["C", "tryPop", "01"],
  ),
];

/** As for entries: who spins has a large queue. */
const many = (
  [
    ["sleep", 64, 20_000],
    ["adaptive", 64, 20_000],
    ["sleep", 1024, 20_000],
    ["adaptive", 1024, 20_000],
    ["spin", 16_384, 5000],
  ] as const
).map(([wait, capacity, count]) =>
  messages(
    `${count} messages through ${capacity} bytes (${wait})`,
    { wait, capacity, start: WRAP - 256 },
    ["P", `blast 0 ${count}`, "(later)"],
    ["C", `expect 0 ${count}`, "(later)"],
    ["P", "(then)", "done"],
    ["C", "(then)", "done"],
    ["C", "tryPop", "empty"],
  ),
);

export const messageCases = [
  ...messagesOneByOne,
  ...alone(claiming),
  ...alone(peeking),
  ...waiting("sleep"),
  ...waiting("adaptive"),
  ...alone(waiting("spin")),
  ...ending,
  ...alone(damage),
  ...many,
];
