// `npm run soak -- --entries 1e9 --pair js-go --faults`: pushes entries through pairs of processes that are stopped, and
// killed, at random moments (ring/test/soak). Ends with 1 as soon as one entry is lost, doubled or out of order.
import { SingleBar } from "cli-progress";
import { Command, InvalidArgumentError } from "commander";
import { runSteps, steps } from "./build.mjs";

const LANGUAGES = ["js", "js-blocking", "go", "cpp"];
/** Without a terminal, a line every so many seconds. */
const LINE_SECONDS = 10;
const DRAWS_PER_SECOND = 2;

const whole = (text) => {
  const n = Number(text);
  if (!(Number.isSafeInteger(n) && n >= 1)) throw new InvalidArgumentError("Expected a whole number from 1: 1e9.");
  return n;
};

const ends = (text) => {
  const found = LANGUAGES.flatMap((from) => LANGUAGES.map((to) => [from, to])).find((pair) => pair.join("-") === text);
  if (found === undefined) throw new InvalidArgumentError(`Expected two of ${LANGUAGES.join(", ")}: js-go.`);
  return found;
};

const options = new Command("npm run soak --")
  .description("Pushes entries through pairs of processes that are stopped at random moments. Zero loss, or exit 1.")
  .option("--entries <count>", "how many entries are to be delivered", whole, 1e8)
  .option("--pair <ends>", "producer and consumer: js-go, go-js, js-js, go-go, cpp-js, ...", ends, ["js", "go"])
  .option("--faults", "also kill them, and go on with a fresh queue and pair", false)
  .option("--seconds <count>", "begin no round after so many seconds", whole)
  .parse()
  .opts();

/** Says how far it is, on the spot on a terminal and line by line elsewhere. Returns what ends that. */
function watch(soak, { entries, seconds }) {
  const start = performance.now();
  const rate = () => soak.now / ((performance.now() - start) / 1000);
  const left = () => {
    const byTime = (seconds ?? Number.POSITIVE_INFINITY) - (performance.now() - start) / 1000;
    return Math.max(0, Math.ceil(Math.min((entries - soak.now) / rate(), byTime)));
  };
  const say = () =>
    `${(soak.now / 1e6).toFixed(1)} of ${entries / 1e6} million, ${(rate() / 1e6).toFixed(2)} M/s, ${left()} s left`;
  if (!process.stderr.isTTY) {
    const timer = setInterval(() => console.error(say()), LINE_SECONDS * 1000);
    return () => clearInterval(timer);
  }
  const bar = new SingleBar({
    stream: process.stderr,
    format: "{bar} {said}",
    barsize: 30,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    clearOnComplete: true,
    fps: DRAWS_PER_SECOND,
  });
  bar.start(entries, 0, { said: "starting" });
  const timer = setInterval(() => bar.update(soak.now, { said: say() }), 1000 / DRAWS_PER_SECOND);
  return () => {
    clearInterval(timer);
    bar.stop();
  };
}

await runSteps(steps().slice(0, 2));
// What was just built.
const { build, built, removeBuilt } = await import("../ring/test/conformance/built.mjs");
const { programs } = await import("../ring/test/conformance/ends.mjs");
const { Soak } = await import("../ring/test/soak/soak.mjs");
process.on("exit", removeBuilt);
process.on("SIGINT", () => process.exit(130));
await runSteps([{ title: "peers in Go and C++", task: build }]);

const [producer, consumer] = options.pair.map((end) => programs(built)[end]);
const soak = new Soak({ ...options, producer, consumer });
const start = performance.now();
const stopWatching = watch(soak, options);
let failure;
try {
  await soak.run();
} catch (error) {
  failure = error;
}
stopWatching();
const took = (performance.now() - start) / 1000;
console.log(
  `${options.pair.join(" to ")}: ${soak.delivered} entries in ${took.toFixed(1)} s (${(soak.delivered / took / 1e6).toFixed(2)} M/s), ` +
    `${soak.rounds} queues, ${soak.pauses} pauses, ${soak.producersKilled} producers and ${soak.consumersKilled} consumers killed, ` +
    `${soak.leftByTheDead} entries left by dead consumers`,
);
if (failure === undefined) console.log("nothing lost");
else {
  console.error(failure.message);
  process.exitCode = 1;
}
