// Queues and the ends on them, as the conformance suite and the soak start them. ends.d.mts says what each is for.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { MessageRing, Ring, u64 } from "@x/mem-ring";
import { SharedMessageRing, SharedRing } from "@x/mem-ring/process";

const layout = JSON.parse(readFileSync(new URL("../../layout.json", import.meta.url), "utf8")).queue;

/** Far longer than any busy machine needs: a wait that takes so long is a wake-up that was lost. */
const LOST_MS = 30_000;

/** Looks until it is so. There is nothing to wait for: what changes is another process's memory, or its state. */
export async function until(done, what) {
  const end = Date.now() + LOST_MS;
  while (!done()) {
    if (Date.now() > end) throw new Error(`${what()}: not within ${LOST_MS / 1000} s`);
    await delay(1);
  }
}

/** Where each control word lies, in bytes. */
const offsets = Object.fromEntries(layout.words.map(({ name, offset }) => [name, offset]));

export class Queue {
  constructor({ shape, capacity, start = 0, on = "eventfds" }) {
    const eventfds = on === "eventfds";
    const [ofEntries, ofMessages] = eventfds ? [SharedRing, SharedMessageRing] : [Ring, MessageRing];
    this.ring = shape === "messages" ? ofMessages.create({ capacity }) : ofEntries.create({ entry: u64, capacity });
    this.shape = shape;
    this.memory = this.ring.memory;
    this.view = new DataView(this.memory);
    this.words = new Int32Array(this.memory);
    this.set("tail", start);
    this.set("head", start);
  }

  get(word) {
    return Atomics.load(this.words, at(word)) >>> 0;
  }

  set(word, value) {
    Atomics.store(this.words, at(word), value);
  }

  describe() {
    return Object.keys(offsets)
      .map((word) => `${word} ${this.get(word)}`)
      .join(", ");
  }

  close() {
    this.ring.close?.();
  }
}

const at = (word) => {
  if (!(word in offsets)) throw new Error(`the queue has no word ${word}`);
  return offsets[word] >>> 2;
};

/** What comes from an end, line by line. */
class Lines {
  #lines = [];
  #waiting = [];
  #failure;

  push(line) {
    const waiting = this.#waiting.shift();
    if (waiting) waiting.resolve(line);
    else this.#lines.push(line);
  }

  fail(error) {
    this.#failure = error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  get length() {
    return this.#lines.length;
  }

  next() {
    if (this.#lines.length > 0) return Promise.resolve(this.#lines.shift());
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }
}

class ProcessEnd {
  #child;
  #lines = new Lines();

  constructor(command, { role, shape, wait, rest = [] }, queue) {
    const [file, ...args] = command;
    this.#child = spawn(file, [...args, role, shape, wait, ...rest], {
      stdio: ["pipe", "pipe", "pipe", ...queue.ring.fds],
    });
    this.pid = this.#child.pid;
    let stderr = "";
    this.#child.stderr.on("data", (data) => {
      stderr += data;
    });
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#lines.push(line));
    // Who has died takes no more requests; what it had said is read all the same.
    this.#child.stdin.on("error", () => {});
    this.ended = new Promise((resolve) => {
      this.#child.on("error", (error) => {
        stderr += error.message;
        resolve(-1);
      });
      this.#child.on("close", (code, signal) => {
        this.#lines.fail(new Error(`the ${role} (${file}) ended with ${code ?? signal}${stderr && `:\n${stderr}`}`));
        resolve(code ?? signal);
      });
    });
  }

  say(line) {
    this.#child.stdin.write(`${line}\n`);
  }

  get unread() {
    return this.#lines.length;
  }

  next() {
    return this.#lines.next();
  }

  async signal(name) {
    this.#child.kill(name);
    if (name === "SIGKILL") await this.ended;
    if (name === "SIGSTOP")
      await until(
        () => state(this.pid) === "T",
        () => `SIGSTOP of process ${this.pid}`,
      );
  }

  finish() {
    this.#child.stdin.end();
    return this.ended;
  }

  async destroy() {
    this.#child.kill("SIGKILL");
    await this.ended;
  }
}

/** The state of a process, by its letter. */
const state = (pid) => {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat[stat.lastIndexOf(")") + 2];
};

class ThreadEnd {
  #worker;
  #lines = new Lines();
  pid = process.pid;

  constructor(queue, { role, shape, wait, rest = [] }) {
    const { ring } = queue;
    const where = ring.handle === undefined ? { memory: ring.memory } : { handle: ring.handle };
    this.hearsOfDeath = ring.handle !== undefined;
    this.queue = queue;
    this.#worker = new Worker(new URL("./thread.mjs", import.meta.url), {
      workerData: { role, shape, wait, blocks: rest.includes("blocking"), ...where },
    });
    this.#worker.on("message", (line) => this.#lines.push(line));
    this.ended = new Promise((resolve) => {
      let failure = "";
      this.#worker.on("error", (error) => {
        failure = `:\n${error.stack}`;
      });
      this.#worker.on("exit", (code) => {
        this.#lines.fail(new Error(`the ${role} (a thread) ended with ${code}${failure}`));
        resolve(code);
      });
    });
  }

  say(line) {
    this.#worker.postMessage(line);
  }

  get unread() {
    return this.#lines.length;
  }

  next() {
    return this.#lines.next();
  }

  async signal(name) {
    if (name !== "SIGKILL") throw new Error(`a thread cannot be sent ${name}`);
    await this.#worker.terminate();
  }

  /** Without the addon nobody but the threads' owner notices that one has ended. */
  peerDied() {
    if (!this.hearsOfDeath) this.#worker.postMessage({ peerDied: true });
  }

  finish() {
    this.#worker.postMessage(null);
    return this.ended;
  }

  async destroy() {
    await this.#worker.terminate();
  }
}

const node = [process.execPath, fileURLToPath(new URL("./peer.mjs", import.meta.url))];

/** What can stand at an end of a queue, by name. Go and C++ are programs that were built before. */
export const programs = (built) => ({
  js: (queue, how) => new ProcessEnd(node, how, queue),
  "js-blocking": (queue, how) => new ProcessEnd(node, { ...how, rest: ["blocking"] }, queue),
  thread: (queue, how) => new ThreadEnd(queue, how),
  "thread-blocking": (queue, how) => new ThreadEnd(queue, { ...how, rest: ["blocking"] }),
  go: (queue, how) => new ProcessEnd([built.go], how, queue),
  cpp: (queue, how) => new ProcessEnd([built.cpp], how, queue),
});
