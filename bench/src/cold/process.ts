/**
 * The process of one cold start: `process.js <module> <id>` imports the contender's module, opens it, awaits one call
 * and writes what each took to its output, as JSON. Nothing else is imported before the clock has stopped.
 */
const started = performance.now();
const cpuStarted = process.cpuUsage();
const [, , module = "", id = ""] = process.argv;

const exports: Record<string, unknown> = await import(module);
const loaded = performance.now();
const contender = Object.values(exports).find(
  (value): value is import("../contender.js").Contender => (value as { id?: unknown } | undefined)?.id === id,
);
if (!contender) throw new Error(`${module} exports no ${id}`);
const session = await contender.open();
const opened = performance.now();
const answer = await session.calls?.check({ users: [{ name: "Ada Lovelace", age: 36 }], balabala: new Uint8Array(16) });
const answered = performance.now();
const cpu = process.cpuUsage(cpuStarted);
if (answer?.pass !== true) throw new Error("a wrong answer");

const { IMPORTED } = await import("../contender.js");
const { processCpu } = await import("../cpu.js");
// What `open` itself imports counts as import.
const imported = performance.getEntriesByName(IMPORTED)[0]?.startTime ?? loaded;
const sample: import("./start.js").ColdReport = {
  startedAt: performance.timeOrigin + started,
  importMs: imported - started,
  openMs: opened - imported,
  firstAnswerMs: answered - opened,
  cpuUs: cpu.user + cpu.system,
  cpuChildUs: session.childPid === undefined ? 0 : processCpu(session.childPid),
};
process.stdout.write(JSON.stringify(sample));
await session.close();
process.exit();
