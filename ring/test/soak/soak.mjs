// Pushes numbered entries through pairs of ends, while it stops and kills them. soak.d.mts says what for.
import { setTimeout as delay } from "node:timers/promises";
import { Queue } from "../conformance/ends.mjs";

/** Capacities by turns, and how many entries go through one queue of each: a small queue wakes somebody for each. */
const ROUNDS = [
  { capacity: 4096, count: 3_000_000 },
  { capacity: 1, count: 3000 },
  { capacity: 65_536, count: 5_000_000 },
  { capacity: 64, count: 200_000 },
  { capacity: 8, count: 20_000 },
  { capacity: 1024, count: 2_000_000 },
];
/** Of so many rounds with faults, one is let through. */
const ROUNDS_PER_WHOLE_ONE = 4;
const MS_BETWEEN_PAUSES_MAX = 200;
const PAUSE_MS_MAX = 20;
/** Far longer than any busy machine needs: a queue that stands still for so long has lost a wake-up. */
const STALL_MS = 30_000;

const below = (n) => Math.floor(Math.random() * n);
const words = ["tail", "head"];

export class Soak {
  delivered = 0;
  rounds = 0;
  pauses = 0;
  producersKilled = 0;
  consumersKilled = 0;
  leftByTheDead = 0;
  #options;
  #deadline;
  #queue;
  #start = 0;

  constructor(options) {
    this.#options = options;
    this.#deadline = performance.now() + (options.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  }

  get now() {
    return this.delivered + (this.#queue === undefined ? 0 : this.#read());
  }

  /** Entries of this round that the consumer has given back. */
  #read() {
    return (this.#queue.get("head") - this.#start) >>> 0;
  }

  async run() {
    while (this.delivered < this.#options.entries && performance.now() < this.#deadline) await this.#round();
  }

  async #round() {
    const { capacity, count: most } = ROUNDS[this.rounds++ % ROUNDS.length];
    const count = Math.min(most, this.#options.entries - this.delivered);
    // Every other queue passes the wrap of the 32-bit indices.
    this.#start = this.rounds % 2 === 0 ? 2 ** 32 - below(capacity + count) - 1 : below(2 ** 32);
    const queue = new Queue({ shape: "entries", capacity, start: this.#start });
    this.#queue = queue;
    const how = { shape: "entries", wait: "adaptive" };
    const producer = this.#options.producer(queue, { ...how, role: "producer" });
    const consumer = this.#options.consumer(queue, { ...how, role: "consumer" });
    try {
      expect(await producer.next(), "ready");
      expect(await consumer.next(), "ready");
      producer.say(`blast ${this.delivered} ${count}`);
      consumer.say(`expect ${this.delivered} ${count}`);
      const answers = { producer: producer.next(), consumer: consumer.next() };
      const killed = await this.#trouble({ producer, consumer }, answers, count);
      if (killed === undefined) await this.#whole(producer, consumer, answers, count);
      else if (killed === "producer") await this.#withoutProducer(answers, count);
      else await this.#withoutConsumer(answers, count, capacity);
      this.delivered += this.#read();
    } catch (error) {
      throw new Error(`round ${this.rounds}, entries from ${this.delivered}: ${error.message}\n(${queue.describe()})`);
    } finally {
      await Promise.all([producer.destroy(), consumer.destroy()]);
      queue.close();
      this.#queue = undefined;
    }
  }

  /** Stops one end or the other, until both have answered or one is killed; says which. */
  async #trouble(ends, answers, count) {
    // In the first half, so that the round is not over before it is seen.
    const kill =
      this.#options.faults && this.rounds % ROUNDS_PER_WHOLE_ONE !== 0 ? below(Math.ceil(count / 2)) : undefined;
    let over = false;
    let failure;
    const met = (answer) =>
      answer
        .then((said) => expect(said, "done"))
        .catch((error) => {
          failure ??= error;
        });
    const all = Promise.all([met(answers.producer), met(answers.consumer)]).then(() => {
      over = true;
    });
    let last = "";
    let lastMoved = performance.now();
    while (!over) {
      if (failure !== undefined) throw failure;
      const victim = below(2) === 0 ? "producer" : "consumer";
      if (kill !== undefined && this.#read() >= kill) {
        await ends[victim].signal("SIGKILL");
        if (victim === "producer") this.producersKilled++;
        else this.consumersKilled++;
        return victim;
      }
      await ends[victim].signal("SIGSTOP");
      await delay(below(PAUSE_MS_MAX));
      await ends[victim].signal("SIGCONT");
      this.pauses++;
      await this.#until(performance.now() + below(MS_BETWEEN_PAUSES_MAX), kill, all);
      const position = words.map((word) => this.#queue.get(word)).join();
      if (position !== last) lastMoved = performance.now();
      else if (performance.now() - lastMoved > STALL_MS) throw new Error("the queue stands still: a wake-up was lost");
      last = position;
    }
    if (failure !== undefined) throw failure;
    return undefined;
  }

  /** Until then, or until the round is over, or somebody is to be killed. */
  async #until(time, kill, over) {
    let left = time - performance.now();
    while (left > 0 && !(kill !== undefined && this.#read() >= kill)) {
      if (await Promise.race([over.then(() => true), delay(Math.min(left, 2)).then(() => false)])) return;
      left = time - performance.now();
    }
  }

  async #whole(producer, consumer, answers, count) {
    expect(await answers.producer, "done");
    expect(await answers.consumer, "done");
    expect(this.#read(), count);
    expect(this.#published(), count);
    producer.say("close");
    expect(await producer.next(), "done");
    consumer.say("pop");
    expect(await consumer.next(), "end");
    expect(await producer.finish(), 0);
    expect(await consumer.finish(), 0);
  }

  #published() {
    return (this.#queue.get("tail") - this.#start) >>> 0;
  }

  /** The consumer has read everything that was published, and says so or that nothing comes any more. */
  async #withoutProducer({ producer, consumer }, count) {
    await producer.catch(() => {});
    const answer = await inTime(consumer);
    const published = this.#published();
    if (published !== count || answer !== "done") expect(answer.split(" ", 2).join(" "), "error ERR_RING_PEER_DIED");
    expect(this.#read(), published);
  }

  /** What the dead consumer has not given back lies in the queue, all of it and in order. */
  async #withoutConsumer({ producer, consumer }, count, capacity) {
    await consumer.catch(() => {});
    const answer = await inTime(producer);
    const published = this.#published();
    if (published !== count || answer !== "done") expect(answer.split(" ", 2).join(" "), "error ERR_RING_PEER_DIED");
    const read = this.#read();
    if (published < read || published - read > capacity) throw new Error(`${published} were published, ${read} read`);
    for (let i = read; i < published; i++) {
      const slot = ((this.#start + i) % 2 ** 32) % capacity;
      expect(Number(this.#queue.view.getBigUint64(4096 + 8 * slot, true)), this.delivered + i);
    }
    this.leftByTheDead += published - read;
  }
}

function expect(received, expected) {
  if (received !== expected) throw new Error(`expected ${expected}, got ${received}`);
}

async function inTime(answer) {
  const ac = new AbortController();
  const late = delay(STALL_MS, "nothing: the death of the other end was not noticed", { signal: ac.signal });
  late.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    ac.abort();
  }
}
