import { readFileSync } from "node:fs";
import * as L from "../layout.js";
import type { Sleeper } from "../wait/sleeper.js";
import { native, type Watch } from "./native.js";

/**
 * When a process began, in the system's ticks: field 22 of /proc/PID/stat, its low 32 bits. 0 if there is no such process.
 * The second field may hold anything, blanks and brackets included; the third comes after the last bracket.
 */
export function startOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(BigInt.asUintN(32, BigInt(fields[22 - 3] as string)));
  } catch {
    return 0;
  }
}

/** Linux counts no further. */
const PID_MAX = 2 ** 22;

/**
 * Sleeps on an eventfd, in the event loop or blocking, and notices the death of the process at the other end by its
 * pidfd. It begins to watch that process when it first sleeps with the other role taken.
 */
export class EventfdSleeper implements Sleeper {
  peerDied = false;
  private readonly words: Uint32Array;
  /** The other role's words, counted in 32 bits. */
  private readonly peer: { readonly role: number; readonly start: number };
  private watch: Watch | undefined;
  private peerWatch: Watch | undefined;
  private pidfd = -1;
  private watching = false;
  private readonly revoke: () => void;

  /** `own` is the eventfd on which this side sleeps, `other` the other side's. */
  constructor(
    memory: SharedArrayBuffer,
    role: "producer" | "consumer",
    private readonly own: number,
    private readonly other: number,
    private readonly onWake: () => void,
  ) {
    this.words = new Uint32Array(memory, 0, L.DATA >>> 2);
    const produces = role === "producer";
    this.peer = produces
      ? { role: L.WORD_CONSUMER >>> 2, start: L.WORD_CONSUMER_START >>> 2 }
      : { role: L.WORD_PRODUCER >>> 2, start: L.WORD_PRODUCER_START >>> 2 };
    this.revoke = native.atThreadEnd(
      new Uint8Array(memory),
      produces ? L.WORD_CLOSED : L.WORD_STOPPED,
      produces ? L.WORD_SLEEPING : L.WORD_SPACE,
      L.DIED,
      other,
    );
  }

  ring(): void {
    native.ringDoorbell(this.other);
  }

  /** Opens a pidfd for the process at the other end, once it is known. */
  private watchPeer(): void {
    if (this.watching) return;
    const pid = Atomics.load(this.words, this.peer.role);
    if (pid === 0) return;
    // A thread of this process leaves word in the memory. What can be no process id is none's.
    if (pid !== process.pid) {
      this.pidfd = pid > PID_MAX ? -1 : native.openPidfd(pid);
      const began = Atomics.load(this.words, this.peer.start);
      // The number of a process is used again: a younger one is somebody else.
      if (this.pidfd < 0 || (began !== 0 && startOf(pid) !== began)) this.peerDied = true;
    }
    // Not before: with no file descriptors left, the next wait tries again.
    this.watching = true;
  }

  private heardPeer(): void {
    this.peerDied = true;
    this.peerWatch?.close();
    this.peerWatch = undefined;
    this.onWake();
  }

  sleep(): boolean {
    this.watchPeer();
    if (this.peerDied) return false;
    if (this.watch === undefined) {
      this.watch = native.watchReadable(this.own, () => {
        // d: empty the doorbell, look again, and arm again before the next sleep.
        native.hearDoorbell(this.own);
        this.stop();
        this.onWake();
      });
    }
    if (this.pidfd >= 0 && this.peerWatch === undefined) {
      this.peerWatch = native.watchReadable(this.pidfd, () => this.heardPeer());
    }
    this.watch.start(true);
    this.peerWatch?.start(false);
    return true;
  }

  // It stays in the event loop's set, which costs two system calls to leave and to enter: a ring that nobody waits for
  // is heard, and that is all.
  stop(): void {
    this.watch?.start(false);
  }

  sleepSync(timeoutMs: number): void {
    this.watchPeer();
    if (this.peerDied) return;
    const ready = native.waitReadable(this.own, this.pidfd, timeoutMs);
    if ((ready & 1) !== 0) native.hearDoorbell(this.own);
    if ((ready & 2) !== 0) this.peerDied = true;
  }

  look(): void {
    this.watchPeer();
    if (this.pidfd >= 0 && native.waitReadable(this.pidfd, -1, 0) !== 0) this.peerDied = true;
  }

  close(): void {
    this.watch?.close();
    this.peerWatch?.close();
    this.watch = undefined;
    this.peerWatch = undefined;
    if (this.pidfd >= 0) native.closeFd(this.pidfd);
    this.pidfd = -1;
    this.revoke();
  }
}
