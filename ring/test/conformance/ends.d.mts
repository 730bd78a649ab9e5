/** A queue that the harness has made, and whose memory it looks into. */
export class Queue {
  constructor(options: {
    readonly shape: "entries" | "messages";
    readonly capacity: number;
    /** Where both indices begin; 0 unless said otherwise. */
    readonly start?: number;
    /** `eventfds`: for processes, and for threads with the addon. `notify`: for threads without it. */
    readonly on?: "eventfds" | "notify";
  });
  readonly shape: "entries" | "messages";
  readonly memory: SharedArrayBuffer;
  readonly view: DataView;
  /** A control word, by its name in layout.json. */
  get(word: string): number;
  set(word: string, value: number): void;
  /** Every control word, for a message to people. */
  describe(): string;
  close(): void;
}

export interface How {
  readonly role: "producer" | "consumer";
  readonly shape: "entries" | "messages";
  readonly wait: "spin" | "adaptive" | "sleep";
}

/** An end of a queue, which takes requests by the line and answers each by a line: ../peers.md. */
export interface End {
  readonly pid: number;
  say(line: string): void;
  /** The next line that it says. Rejects when it has ended without one. */
  next(): Promise<string>;
  /** Lines that it has said and nobody has read. */
  readonly unread: number;
  /** Resolves when the signal has done what it does. A thread can only be killed. */
  signal(name: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void>;
  /** Says that the thread at the other end has ended; only for threads without the addon. */
  peerDied?(): void;
  /** Ends its input, and resolves with its exit code when it has ended, or with the signal that has ended it. */
  finish(): Promise<number | string>;
  /** Resolves as {@link finish} does. */
  readonly ended: Promise<number | string>;
  /** Ends it, whatever it does. */
  destroy(): Promise<void>;
}

export type Program = "js" | "js-blocking" | "thread" | "thread-blocking" | "go" | "cpp";

/** What can stand at an end of a queue. `built`: the paths of the peers in Go and C++. */
export function programs(built: {
  readonly go?: string;
  readonly cpp?: string;
}): Record<Program, (queue: Queue, how: How) => End>;

/** Waits until it is so; throws with `what` after a time that no busy machine needs. */
export function until(done: () => boolean, what: () => string): Promise<void>;
